"""docs/redaction.md from the rules: ``python -m collector.redaction.document > docs/redaction.md``."""

import sys

from collector.redaction.rule import Rule, rules

_PAGE = """# What is redacted

<!-- Written by `make docs` from collector/redaction/rules.toml; a test compares. -->

Agents put into spans what they are given, secrets too. What a rule finds is replaced by a mark, `[redacted:
password]`, before anything is stored: in attributes (nested ones, lists and JSON in JSON too), in what a
resource, a scope, an event or a link says, in names, status messages and the trace state, in bodies and
attributes of logs, and so in all that is made of these: inputs, outputs, errors, findings, alerts. JSON
stays JSON. The span says `redacted:3` among its marks, which the dashboard shows: how often the words of a
mark stand in it.

| rule | finds | by default | after |
|---|---|---|---|
{rows}

Card numbers are on: 15 or 16 digits that stand alone, begin as an issuer's do and pass Luhn's check are
rarely anything else. E-mail addresses are off: they are who an agent works for, and are in every other
conversation.

## Other rules

```toml
# doldrums.toml
redaction_off = ["card-number"]
redaction_on = ["email"]

[[redaction_rules]]
name = "employee-number"
pattern = '\\bEMP-[0-9]{{6}}\\b'
```

In the environment: `DOLDRUMS_REDACTION_OFF=card-number`, `DOLDRUMS_REDACTION_RULES='[{{"name": ...,
"pattern": ...}}]'`. A pattern is [RE2](https://github.com/google/re2/wiki/Syntax); one that is not is an
error at the start. Own patterns are asked of every text, which costs more than one of ours; the others only
of spans in which something looks like a secret. They see texts as they are stored: in a list or a map, as
JSON, with `\\/` for `/`. What is stored stays as it is when rules change.

## What is not

- The journal, its archive and the quarantine keep requests as they came, readable by the service's user
  alone (0600); the archive for 24 hours at most (`archive_age_h_max`), the quarantine until somebody
  empties it.
- A secret that no rule knows: "my password is rosebud" in prose, one in base64, in an image, with escapes
  such as `\\u0073`, or beginning in one span and ending in another. Without quotes or a place that says so,
  `password=` is followed by a secret only if there is a digit in it: code has `password=password`.
- A map under a key that is secret, `{{"api_key": {{"value": ...}}}}`, but for what its own keys and rules
  say; of a list, texts after a number or another list. A secret in quotes that begins with `,`, `:`, `}}` or
  `]`, where its key is in none: there a JSON string ends. In `u:p@ss@host`, `ss`; in `u:pa/ss1@host`, all.
- Names of attributes; numbers that are no text, but by the name of their attribute; card numbers beside a
  letter that is not ASCII, or at the beginning of a text of 5,760 to 15,743 bytes in a segment in which
  nothing else looks like a card number.
- What is more than 16 KiB behind the length to which a value is cut is not looked at, and not kept; a
  token longer than that, across the cut, may be kept in part.
- Bytes, and what is nested more than two levels deep and so is kept as bytes: where a rule may find
  something, all of it is replaced, `[redacted: bytes]`. A client that writes `[redacted: ...]` itself is
  believed.
- A list in no map that begins with a card number, `[4111111111111111]`, as JSON in JSON: it is no JSON then.
"""


def page() -> str:
    """Return the page as Markdown."""
    return _PAGE.format(rows="\n".join(map(_row, rules())))


def _row(rule: Rule) -> str:
    return f"| `{rule.name}` | {rule.says} | {'on' if rule.on else 'off'} | {rule.source} |"


if __name__ == "__main__":
    sys.stdout.write(page())
