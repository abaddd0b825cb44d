"""What the API says, and what it said last when it does not answer. No Streamlit here."""
