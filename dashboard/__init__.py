"""What people look at: Streamlit pages over the API, and nothing that the API does not say."""
