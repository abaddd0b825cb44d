"""What goes wrong in a way that the person at the command line can put right."""


class UserError(Exception):
    """Its text is the one sentence that the user reads; the command ends with code 2."""
