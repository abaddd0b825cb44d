"""What pages share: the shell around them, guards, markup, cards. Streamlit lives here and in the views."""
