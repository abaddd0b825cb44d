"""From the API's models to what a page says: sentences, rows, cards. Pure, no Streamlit."""
