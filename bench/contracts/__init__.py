"""How often learned contracts are wrong, how much they find, and what they cost."""
