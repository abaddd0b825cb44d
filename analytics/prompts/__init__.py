"""Prompts: with which system prompt and which tools agents ask their models, and when those changed."""
