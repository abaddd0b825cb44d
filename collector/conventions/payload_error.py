r"""Payload errors: what the answer of a tool says of its own failure, whatever the status of its span says.

Only what the answer says of itself as a whole counts, for tools hand on documents and logs of others that
speak of errors, too. Of a text that is how it begins; of JSON, and of how Python prints it, members that
stand before all that is nested in it, or behind. In a JSON string quotes are escaped (``\"error\":``), so
what is quoted is none.

Whose: MCP's ``isError``, LangChain's ``status``, Google ADK's ``status``, the texts that LangGraph, AutoGen
and OpenAI Agents make of an exception.
"""

# What frameworks wrap a text in: LangChain's messages by OpenInference and by OpenLLMetry, MCP's content, and
# how Python prints a message.
_WRAPPED = (
    r'(?:\{"type": "tool", "data": \{"content": |\{"output": \{"lc": 1, .{0,300}?"kwargs": \{"content": '
    r'|(?:\{"content": ?)?\[?\{"type": ?"text", ?"text": ?|content=)?["\']?\s*'
)
_EXCEPTION = r"(?:\w{1,80}\.){0,8}[A-Z]\w{0,80}(?:Error|Exception)\b"
_TRACEBACK = rf"Traceback \(most recent call last\)(?:(?s:.*?)\n{_EXCEPTION}.{{0,150}})?"
_RAISED = rf"{_EXCEPTION}(?:: |\().{{0,150}}"
_DOING = r"(?: (?:executing|calling|invoking|running|while|during|in|code|from)\b[^:\n]{0,100})?"
_ERROR = r"(?i:(?:tool |api |server |internal |execution |unexpected )?error" + _DOING + r": ?)[^\s:].{0,150}"
_OPENAI_AGENTS = r"An error occurred while running the tool"
_REASON = (
    r"(?:Client Error|Server Error|Bad Request|Unauthorized|Forbidden|Not Found|Method Not Allowed|Conflict"
    r"|Gone|Unprocessable|Too Many Requests|Internal Server Error|Bad Gateway|Service Unavailable"
    r"|Gateway Time-?out)\b"
)
_PROTOCOL = r"(?i:HTTP(?:/\d(?:\.\d)?)?(?: ?status| error| code){0,2}:? ?|status(?: ?code)?[:=]? ?)"
_HTTP = rf"{_PROTOCOL}?[45]\d\d:? {_REASON}|{_PROTOCOL}[45]\d\d(?:$|[:;,(\n])"
_EXIT_CODE = r"(?i:exit ?(?:code|status)|exited with (?:code|status)|return ?code)[:= ]{1,3}-?[1-9]\d{0,9}\b"
_SAID = f"{_TRACEBACK}|{_RAISED}|{_ERROR}|{_OPENAI_AGENTS}|{_HTTP}|{_EXIT_CODE}"

_NAMED = r"[\"']\s{0,2}:\s{0,2}"
_MEMBER = "|".join(
    [
        rf"[\"'](?i:is_?error){_NAMED}(?i:true)\b",
        # one with a text or an object; a number is a rate, and null, false and '' are none
        rf"[\"']error{_NAMED}(?:[\"'][^\"'\\]|\{{\s{{0,3}}[\"']|(?i:true)\b)[^{{}}\[\]\n]{{0,150}}",
        rf"[\"']success{_NAMED}(?i:false)\b",
        rf"[\"']status{_NAMED}[\"']error[\"']",
        rf"[\"'](?:status|statusCode|status_code|http_status){_NAMED}[45]\d\d\b",
        rf"[\"'](?:exit_?[cC]ode|return_?[cC]ode){_NAMED}-?[1-9]\d{{0,9}}\b",
    ]
)

PATTERN = (
    rf"^\s*{_WRAPPED}({_SAID})"
    rf"|^\s*\{{[^{{}}\[\]]*?({_MEMBER})"
    rf"|({_MEMBER})[^{{}}\[\]]*\}}[\s}}]{{0,8}}$"
)
"""A regular expression (RE2) of which one group at most finds something: what says that the call failed."""

BEGINNING_CHARACTERS = 400
BEGINNING_GATES = (
    r"Traceback \(|An error",
    r"(?i)(?:error|exception)[ :(]",
    r"(?i)http[ /0-9]|status(?: ?code)?[:= ]{1,2}[45]",
    r"[45]\d\d:? [A-Z]",
    r"(?i)(?:exit|return) ?(?:code|status)[:= ]|exited",
)
"""Regular expressions for vectorscan, asked of how an answer begins."""

MEMBER_GATES = (
    r"(?i)is_?error[\"']\s{0,2}:\s{0,2}true",
    r"[\"']error[\"']\s{0,2}:\s{0,2}[^\s0-9nNfF]",
    r"[\"']success[\"']\s{0,2}:\s{0,2}[fF]alse",
    r"[\"']status[\"']\s{0,2}:\s{0,2}[\"']error",
    r"(?:[sS]tatus|_code|Code)[\"']\s{0,2}:\s{0,2}[45]\d\d",
    r"(?:exit|return)_?[cC]ode[\"']\s{0,2}:\s{0,2}-?[1-9]",
)
"""As `BEGINNING_GATES`, of all of it: where no gate finds anything, `PATTERN` does not either."""

NOTHING_IN_IT = (
    rf"^\s*\{{\s*[\"'](?:results?|output|data|content|items|documents|matches){_NAMED}"
    r"(?:(?i:null)|None|\[\s*\]|\{\s*\}|\"\"|'')\s*\}\s*$"
)
"""A regular expression of an answer with one member, in which there is nothing."""

DENIED = (
    r"^[\"']error[\"']\s{0,2}:\s{0,2}[\"']\s{0,3}(?i:none|null|nil|no|no errors?|n/?a|false|0|ok|success\w*)?"
    r"[\s.!]{0,3}[\"']"
)
"""A regular expression of a member that says that there is no error."""

STATUS = r"^[\"']status[\"']\s{0,2}:\s{0,2}[45]"
"""A regular expression of a member that may as well be that of an order: `ABOUT_HTTP` says that it is not."""

ABOUT_HTTP = (
    r"[\"'](?i:title|detail|message|msg|error|reason|body|headers|url|path|timestamp|status_?text)[\"']"
    r"\s{0,2}:"
)
"""A regular expression of what stands beside the status of HTTP (RFC 9457 among others)."""
