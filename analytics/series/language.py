"""The language of a text, by its script and its commonest words. Pure.

Made to notice that answers change their language, not to tell Norwegian from Danish: what is short, mixed or
not listed is `UNKNOWN`, and that is counted as well.
"""

import re
from collections import Counter

UNKNOWN = "unknown"
# A longer text is judged by its beginning.
_CHARACTERS_MAX = 2_000
# Letters it takes to judge a script, and words that have to be among the commonest of a language.
_LETTERS_MIN = 10
_WORDS_MIN = 2
# The first language has so many times the words of the second.
_AHEAD = 1.2
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")

# Scripts that are of one language, or of languages that are told as one.
_SCRIPTS = {
    "Japanese": re.compile("[\u3040-\u30ff]"),
    "Korean": re.compile("[\u1100-\u11ff\uac00-\ud7af]"),
    "Chinese": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "Arabic": re.compile("[\u0600-\u06ff]"),
    "Hebrew": re.compile("[\u0590-\u05ff]"),
    "Greek": re.compile("[\u0370-\u03ff]"),
    "Hindi": re.compile("[\u0900-\u097f]"),
    "Thai": re.compile("[\u0e00-\u0e7f]"),
    "Russian": re.compile("[\u0400-\u04ff]"),
}
# A tenth of kana makes a text Japanese, which is full of Chinese characters.
_SHARES = {"Japanese": 0.1}

_WORDS = {
    "English": "the of and to in is that it for you with this are be not have or was can from will your",
    "German": "der die das und ist nicht ein eine zu den mit sich auf für von dem sie wird auch es im bei",
    "French": "le la les des et est une que pour dans qui pas sur vous nous avec ce au par du sont cette",
    "Spanish": "el los las y que es una para con por se del su al como está más pero este son no",
    "Portuguese": "o os as e que é uma para com por não do da em se mais como mas você são ao dos",
    "Italian": "il lo gli e che è una per con non di del della sono come più questo ma nel alla si",
    "Dutch": "de het een en van is dat niet op te zijn voor met die aan er ook om als bij wordt naar",
    "Swedish": "och att det som en är på för av med inte den till har ett om kan jag från vi eller",
    "Danish": "og at det som en er på for af med ikke den til har et om kan jeg fra vi eller der",
    "Polish": "i w na z do że się nie jest to dla od jak przez po oraz są ale być może tym który",
    "Czech": "a v na se že je to s z do pro jako by není ale jsou nebo podle které kde tak pokud",
    "Turkish": "ve bir bu için ile da de olarak daha çok en olan gibi ne kadar sonra var değil her mi",
    "Indonesian": "yang dan di untuk dengan tidak ini dari dalam itu adalah pada akan ke anda atau bisa",
    "Vietnamese": "và của là có không cho được các một trong với những này để người đã khi bạn từ",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)

LANGUAGES = (*_SCRIPTS, *_WORDS)


def language(text: str) -> str:
    """Return in which language a text is, or `UNKNOWN`.

    Examples
    --------
    >>> language("The order is with the courier and you will have it on Monday.")
    'English'
    >>> language("Die Bestellung ist bei dem Kurier und wird am Montag zugestellt.")
    'German'
    >>> language("注文は宅配業者に渡されました。月曜日に届きます。"), language("OK"), language("{}")
    ('Japanese', 'unknown', 'unknown')
    """
    text = text[:_CHARACTERS_MAX].lower()
    return _by_script(text) or _by_words(text)


def _by_script(text: str) -> str:
    letters = 0 if text.isascii() else len(_LETTER.findall(text))
    if letters < _LETTERS_MIN:
        return ""
    for name, script in _SCRIPTS.items():
        if len(script.findall(text)) >= letters * _SHARES.get(name, 0.5):
            return name
    return ""


def _by_words(text: str) -> str:
    found = Counter(one for word in _WORD.findall(text) for one in _LANGUAGES_OF.get(word, ()))
    (first, most), (_, next_) = [*found.most_common(2), (UNKNOWN, 0), (UNKNOWN, 0)][:2]
    return first if most >= _WORDS_MIN and most >= _AHEAD * next_ else UNKNOWN
