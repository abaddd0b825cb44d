"""API keys: made, listed and revoked in the state database, published to the receiver."""
