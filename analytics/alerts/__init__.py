"""Telling others: messages, their outbox, and the sender that delivers them to webhooks."""
