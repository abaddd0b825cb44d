"""What is secret in what agents send, and how the loading SQL replaces it before it is stored."""
