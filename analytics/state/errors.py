"""What can go wrong with the state database."""


class StateError(Exception):
    """The state database cannot be used; the message is one sentence for the person running it."""
