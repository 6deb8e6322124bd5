"""Words of a text for comparing texts: folded, stemmed, without stop words."""

import re
from collections.abc import Sequence
from functools import lru_cache
from threading import local

from Stemmer import Stemmer

_WORD = re.compile(r"[^\W_]+(?:[.,:/'’-][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
STOP_WORDS = frozenset(
    """
    a an and are as at be been being but by can could did do does for from had has have he her his how i if in into
    is it its me my no nor not of on or our shall she should so some such than that the their them then there these
    they this those to was we were what when where which who whom whose why will with would you your about also any
    all am
    """.split()
)
_thread = local()  # a stemmer keeps state: one a thread


def words(text: str) -> list[str]:
    """Every word, in lower case, in order; numbers such as 1,204.5 stay whole."""
    return [match.group().lower().replace("’", "'") for match in _WORD.finditer(text)]


def stem(word: str) -> str:
    """The stem of a word in lower case (English Snowball)."""
    return str(_stemmer().stemWord(word))


def stems(words: Sequence[str]) -> list[str]:
    """The stem of each word in lower case, in order."""
    found: list[str] = _stemmer().stemWords(words)
    return found


def _stemmer() -> Stemmer:
    stemmer = getattr(_thread, "stemmer", None)
    if stemmer is None:
        stemmer = _thread.stemmer = Stemmer("english")
    return stemmer


@lru_cache(maxsize=4096)
def content_stems(text: str) -> tuple[str, ...]:
    """The stems of the words that carry content, in order; compounds such as `re-index` by their parts too."""
    found = []
    for word in words(text):
        if word in STOP_WORDS:
            continue
        found.append(stem(word))
        parts = _PART.findall(word)
        if len(parts) > 1 and not word[0].isdigit():
            found.extend(stem(part) for part in parts if part not in STOP_WORDS and len(part) > 1)
    return tuple(found)
