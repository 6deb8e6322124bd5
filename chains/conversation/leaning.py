"""Whether a question leans on what was said before: by a word, by being a fragment, or by naming nothing."""

from __future__ import annotations

import re

from chains.conversation import lexicon as lex
from chains.conversation.frames import Token, frame, phrases, tokens
from chains.conversation.mentions import mentions
from core.words import content_stems

_OPENING = re.compile(r"\s*(?:(?:and|but|or|so|then|also|ok|okay|well)\b[\s,]*)+", re.IGNORECASE)
_ABOUT = re.compile(
    r"\s*(?:(?:what|how) about\s+|(?:the )?same(?: question| thing)?(?=\s+(?:for|with|in|on|about))\s+)", re.IGNORECASE
)
_TELLING = frozenset("compare describe explain give list name show tell".split())
_GOING_ON = re.compile(
    r"\W*(?:(?:please|can you|could you|and)\s+)*(?:tell (?:me|us) more|say more|go on|continue|elaborate"
    r"|explain(?: further| more)?|(?:some |any )?(?:more|further) (?:details?|information)|more"
    r"|(?:in )?more detail|(?:an? )?examples?"
    r"|give (?:me |us )?(?:an |another |some |more )?examples?|what do you mean|how so|how come)\W*",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"\W*(?:yes|no|ok|okay|thanks|thank you|hello|hi|hey|bye|great|sure|good|right"
    r"|really|are you sure)\W*",
    re.IGNORECASE,
)
_CLAUSES = frozenset("when if while before after until without unless once because".split())
MOST_WORDS = 60  # a longer question says enough by itself
_MOST_FRAGMENT = 12  # words


def fragment(question: str) -> str | None:
    """What a question without a verb of its own adds to the one before: `in 2020` of `And in 2020?`; else None."""
    opening = _OPENING.match(question)
    about = _ABOUT.match(question, opening.end() if opening else 0)
    match = about or opening
    rest = question[match.end() if match else 0 :].strip(" ?!.")
    words = tokens(rest)
    if (
        not words
        or _GOING_ON.fullmatch(question)
        or _POLITE.fullmatch(rest)
        or len(words) > _MOST_FRAGMENT
        or _whole(rest, words, about=about is not None, joined=opening is not None)
    ):
        return None
    by_itself = len(words) <= 2 and len(content_stems(rest)) < 2
    joined = words[0].low in lex.PREPOSITIONS or words[0].low in _CLAUSES
    return rest if opening or about or by_itself or joined else None


def _whole(rest: str, words: list[Token], *, about: bool, joined: bool) -> bool:
    """Whether the words ask or tell something by themselves; `joined` to what was said by an `and`."""
    first = words[0].low
    asks = any(w.low in {"which", "what", "who", "whom", "whose", "how"} for w in words) or (
        len(words) > 1 and words[1].low in {"when", "where"}
    )
    if first in lex.PREPOSITIONS and asks and len(words) > 3:  # `In what order …`, `By when …`
        return True
    comma = any(w.text in ",;" for w in words)
    clause = first in _CLAUSES and not (first == "when" and len(words) > 1 and words[1].low in lex.AUXILIARIES)
    if about or (clause and not comma):
        return False
    helped = next((i for i, w in enumerate(words) if w.low in lex.AUXILIARIES), None)
    if helped is not None and not any(
        w.low in {"that", "which", "who", "when", "if"} for w in words[:helped] if helped
    ):
        return True
    commanded = first in lex.VERBS and len(words) > 1 and not (joined and first not in _TELLING)
    return commanded or (frame(rest) is not None and (helped is None or first in lex.WH)) or (clause and comma)


def says_too_little(question: str) -> bool:
    """Whether a question names nothing that it could be about: `Who decides?`, `Are there exceptions?`"""
    if _GOING_ON.fullmatch(question):
        return True
    if len(content_stems(question)) >= 2 or is_courtesy(question):
        return False
    if any(word.low == "you" for word in tokens(question)):  # `Who are you?`
        return False
    nouns = [p for p in phrases(question) if lex.singular(p.head) not in lex.RELATIONAL]
    return not nouns


def is_courtesy(question: str) -> bool:
    """Whether it asks nothing: `thanks`, `ok`."""
    return _POLITE.fullmatch(question) is not None


def is_english(question: str) -> bool:
    """Whether a question has no more function words of other languages than of English; one without any counts."""
    lows = [word.low for word in tokens(question)]
    if any(low in lex.WH - lex.FOREIGN for low in lows):
        return True
    english = sum(low in lex.FUNCTION and low not in lex.FOREIGN for low in lows)
    return sum(low in lex.FOREIGN and low not in lex.FUNCTION for low in lows) <= english


def leans(question: str) -> bool:
    """Whether a question needs those before it to be understood; one of another language than English is not judged."""
    if len(tokens(question)) > MOST_WORDS or not is_english(question):
        return False
    return bool(mentions(question)) or fragment(question) is not None or says_too_little(question)
