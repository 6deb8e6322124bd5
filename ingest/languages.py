"""The language of a text, as its ISO 639-1 code; `und` when there is too little text to tell."""

import re

_LETTERS = re.compile(r"[^\W\d_]")
_SAMPLE = 4000
_LEAST_LETTERS = 20


def language_of(text: str) -> str:
    """The language of the beginning of a text."""
    sample = text[:_SAMPLE]
    if len(_LETTERS.findall(sample)) < _LEAST_LETTERS:
        return "und"
    from py3langid import classify

    return str(classify(sample)[0])
