"""Refusals and apologies, by the phrases that models begin them with. Pure."""

import re

# They stand at the beginning: further on, somebody is quoted.
_CHARACTERS_MAX = 400
_MARKERS = re.compile(
    r"\b(?:"
    r"i(?:'m| am) (?:very |so |really |truly )?sorry|my apolog(?:y|ies)|i apologi[sz]e|apologies[,. ]"
    r"|(?:i|we) (?:can(?:no|')t|can not|could(?: not|n't)|am unable|are unable|am not able|won't|will not)\b"
    r"|i(?:'m| am) (?:unable|not able|not allowed|not permitted|prohibited)"
    r"|unable to (?:help|assist|comply|provide|fulfil)|as an ai\b|as a (?:large )?language model"
    r"|(?:against|violates?) (?:my|our|the) (?:guidelines|policy|policies|programming)"
    r"|es tut mir leid|tut mir leid|ich kann (?:dir |ihnen )?(?:dabei |das |damit )?nicht|entschuldigung"
    r"|je suis désolé|je ne peux pas|lo siento|no puedo|desculpe|não posso|mi dispiace|non posso"
    r")"
    r"|(?:抱歉|对不起|我无法|申し訳|できません|죄송)"
)


def refuses(text: str) -> bool:
    """Say whether an answer begins as a refusal or an apology does.

    Examples
    --------
    >>> refuses("I'm sorry, but I can't help with that."), refuses("Sorry seems to be the hardest word")
    (True, False)
    """
    return bool(_MARKERS.search(text[:_CHARACTERS_MAX].lower().replace("\u2019", "'")))
