"""Values that are secret by the name of their key, as patterns: in JSON, in code, in addresses and commands.

Each pattern has one group, what stays; what follows it is the secret.
"""

from collections.abc import Sequence

_SIGN = r"\s*(?::=|=>|={1,3}|:)\s*"
# What begins like this stands for a value that is elsewhere: $PASSWORD, {password}, <password>.
_FIRST = r"""[^\s"'`&;,()\[\]{}<>\\$*%]"""
_MORE = r"""[^\s"'`&;,()\[\]{}<>\\]"""
# To the end of the quotes or, in a text that was cut, of the text; then the same in a JSON string, where
# the quotes have one backslash more, and in a string in one, where they have three. A double quote ends a
# JSON string, and with it what single quotes began in it.
_IN_DOUBLE = r'(?:[^"\\]|\\.)+'
_IN_SINGLE = r"""(?:[^'"\\]|\\+[^"\\]|\\*"[^'"\\\s,:}\]])+"""
_IN_STRING = r'(?:[^"\\]|\\[^"\\]|\\\\[^"\\]|\\\\\\"|\\\\\\\\)+'
_IN_STRINGS = r'[^"\\]+(?:\\+[^"\\]+)*'
# Where the key is in no quotes, the quote after it may be the end of a JSON string: `"password: "}, {`.
_BEGINS = r"""\s*(?:[^"'\\\s,:}\]]|\\+[^"'\\nrt])"""


def in_quotes(names: str) -> Sequence[str]:
    """Return where key and value are in quotes: JSON, Python's repr."""
    return (
        rf'(?is:((?:{names})"\s*:\s*"){_IN_DOUBLE})',
        rf"(?is:((?:{names})'\s*:\s*'){_IN_SINGLE})",
        rf"""(?is:((?:{names})'\s*:\s*"){_BEGINS}(?:[^"\\]|\\.)*)""",
        *_in_strings(names),
    )


def lists(names: str) -> str:
    """Return where the value is a list of texts, as headers are: all of them are replaced by one mark."""
    kinds = (('"', _IN_DOUBLE), ("'", _IN_SINGLE), (r'\\"', _IN_STRING))
    return "|".join(
        rf"(?is:((?:{names}){quote}\s*:\s*\[\s*{quote}){text}(?:{quote}\s*,\s*{quote}{text})*)"
        for quote, text in kinds
    )


def anywhere(names: str) -> Sequence[str]:
    """Return that and assignments, headers, addresses, commands and variables of the environment.

    What is in no quotes is a value only if it has a digit, or if its place says so: prose has
    colons, and code has `password=password`.
    """
    key = rf"""(?:{names})["']?\]?{_SIGN}[bruf]?"""
    named = rf"[?&;]\s?[\w.-]*(?i:{names})|--[\w-]*(?i:{names})|\b[A-Z0-9_]*(?:{names.upper()})"
    digit = rf"{_FIRST}{_MORE}*[0-9]{_MORE}{{2,}}|{_FIRST}{_MORE}{{4,}}[0-9]{_MORE}*|[0-9]{_MORE}{{5,}}"
    return (
        rf'(?is:((?:{names})"\s*:\s*"){_IN_DOUBLE})',
        rf'(?is:({key}"){_BEGINS}(?:[^"\\]|\\.)*)',
        rf"(?is:({key}'){_BEGINS}(?:{_IN_SINGLE})?)",
        *_in_strings(names),
        rf"""(?i:((?:{names})\\*["']?\]?{_SIGN}\\+["']){_BEGINS}[^"'\\]*)""",
        rf"(?i:((?:{names})(?:=|\s?:\s))(?:{digit}))",
        rf"((?:{named})=){_FIRST}{_MORE}*",
    )


def number(names: str) -> str:
    """Return where the value is a number; the second group is the quotes to put it into: JSON stays JSON."""
    return rf"""(?i)((?:{names})(\\*["'])\s*:\s*)-?[0-9][0-9.eE+-]{{2,}}"""


def gate(names: str) -> str:
    """Return what stands in the bytes of a segment wherever one of those patterns finds something.

    0x12 begins the value of an attribute, whose key is before it.
    """
    return rf"""(?i:(?:{names})(?:[\x12"'\\\]]|\s*[:=]))"""


def whole(names: str) -> str:
    """Return names that are a whole word, with what is before them."""
    return rf"(?:^|[^A-Za-z])(?:{names})"


def _in_strings(names: str) -> Sequence[str]:
    return (
        rf'(?i:((?:{names})\\"\s*:\s*\\"){_IN_STRING})',
        rf'(?i:((?:{names})\\{{3,}}"\s*:\s*\\{{3,}}"){_IN_STRINGS})',
    )
