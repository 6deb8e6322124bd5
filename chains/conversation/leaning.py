"""Whether a question leans on what was said before, and on which of its words.

A pronoun whose noun stands in the question itself does not lean (`What happens to a document when it is refused?`), nor
does an `it` that stands for nothing (`Is it possible to …`), a `that` that joins (`Does it say that …`), or a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from chains.conversation import lexicon as lex
from chains.conversation.frames import Phrase, Token, frame, phrases, tokens
from core.words import content_stems


class Kind(StrEnum):
    """What a leaning word may stand for."""

    THING = "it"
    THINGS = "they"
    PERSON = "she"
    ONE = "one"
    ONES = "ones"
    MATTER = "that"  # a thing, or all that was spoken of
    NAMED = "that one"  # `that setting`: the noun is said, which one is not
    REST = "the other"  # told only by all that was said


@dataclass(frozen=True, slots=True)
class Mention:
    """A leaning word with its place in the question."""

    kind: Kind
    start: int
    end: int
    possessive: bool = False


_THING = {"it": False, "its": True, "it's": False}
_THINGS = {"they": False, "them": False, "their": True, "theirs": True, "they're": False}
_PERSON = {"he": False, "him": False, "his": True, "she": False, "her": True, "hers": True}
_EXPLETIVE = re.compile(
    r"\b(?:is|was|isn't|wasn't|be|would|will) it (?:\w+ly )?(?:be )?(?:not )?(?:a |an |the |any )?"
    r"(?:raining|snowing|\w+ time|(?:possible|impossible"
    r"|necessary|true|safe|allowed|ok|okay|required|worth|better|best|enough|legal|needed"
    r"|important|easy|hard|difficult|dangerous|wise|normal|common|sensible|useful|good|bad|fine|right|wrong|problem"
    r"|idea|permitted|forbidden|recommended|advisable|risky|clear|known|planned|intended|\w+er)\b"
    r" (?:\w+ )?(?:to|that|for|if|when|whether|[a-z]+ing) \w)"
    r"|\b(?:does|did|will|would|can) it (?:take|matter|mean|cost|help|hurt|happen|make sense|follow|work)"
    r" (?:\w+ ){0,3}?(?:to|that|if|when|which|whether|what|how|who|where)\b"
    r"|\bit (?:is|was|takes|seems|happens|follows|makes sense|matters) (?:\w+ )?(?:to|that|if|when|whether)\b",
    re.IGNORECASE,
)
_DEICTIC = frozenset(
    "app application assistant case chat company computer conversation day documentation house library machine manual"
    " moment month morning organisation page product program project site system time today tool version way week year"
    " server sort kind".split()
)
_SAYING = frozenset(
    "say says said know knows mean means tell tells see sees sure think show shows ensure check checks prove proves"
    " claim believe assume true possible find so given except provided fact likely certain case promise"
    " guarantee".split()
)
_REST = re.compile(
    r"\bof (?:the two|both)\b"
    r"|\bthe (?:latter|former|two|others?|same|rest|first|second|third|last)(?=\s*(?:[?.!,]|$|ones?\b))"
    r"|\b(?:else|otherwise|instead|afterwards|then|there)(?=\s*(?:[?.!]|$))",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\s*(?:(?:and|but|or|so|then|also|ok|okay|well)\b[\s,]*)+", re.IGNORECASE)
_ABOUT = re.compile(r"\s*(?:what|how) about\s+", re.IGNORECASE)
_GOING_ON = re.compile(
    r"\W*(?:(?:please|can you|could you|and)\s+)*(?:tell (?:me|us) more|say more|go on|continue|elaborate"
    r"|explain(?: further| more)?|(?:some |any )?(?:more|further) (?:details?|information)|(?:in )?more detail"
    r"|give (?:me |us )?(?:an |another |some |more )?examples?|what do you mean|how so|how come)\W*",
    re.IGNORECASE,
)
_POLITE = re.compile(r"\W*(?:yes|no|ok|okay|thanks|thank you|hello|hi|hey|bye|great|sure|good|right)\W*", re.IGNORECASE)
_CLAUSES = frozenset("when if while before after until without unless once because".split())
MOST_WORDS = 60  # a longer question says enough by itself
_MOST_FRAGMENT = 12  # words


def mentions(question: str) -> tuple[Mention, ...]:
    """The leaning words of a question, in order; empty when every word is understood by itself."""
    words = tokens(question)
    if len(words) > MOST_WORDS:
        return ()
    nouns = phrases(question)
    idle = [match.span() for match in _EXPLETIVE.finditer(question)]
    found = []
    for i, word in enumerate(words):
        mention = _mention(words, i)
        if mention is None or any(a <= word.start < b and word.low == "it" for a, b in idle):
            continue
        if not _has_noun_here(words, i, nouns, mention):
            found.append(mention)
    rest = [Mention(Kind.REST, *match.span()) for match in _REST.finditer(question)]
    is_there = re.search(r"\b(?:is|are|was|were) there\W*$", question, re.IGNORECASE)
    return tuple(sorted(found + ([] if is_there else rest), key=lambda mention: mention.start))


def fragment(question: str) -> str | None:
    """What a question without a verb of its own adds to the one before: `in 2020` of `And in 2020?`; else None."""
    opening = _OPENING.match(question)
    about = _ABOUT.match(question, opening.end() if opening else 0)
    match = about or opening
    rest = question[match.end() if match else 0 :].strip(" ?!.")
    words = tokens(rest)
    if (
        not words
        or _POLITE.fullmatch(rest)
        or len(words) > _MOST_FRAGMENT
        or _whole(rest, words, asked_about=about is not None)
    ):
        return None
    by_itself = len(words) <= 2 and len(content_stems(rest)) < 2
    joined = words[0].low in lex.PREPOSITIONS or words[0].low in _CLAUSES
    return rest if opening or about or by_itself or joined else None


def _whole(rest: str, words: list[Token], *, asked_about: bool) -> bool:
    """Whether the words ask or tell something by themselves."""
    first = words[0].low
    comma = any(w.text in ",;" for w in words)
    clause = first in _CLAUSES and not (first == "when" and len(words) > 1 and words[1].low in lex.AUXILIARIES)
    if asked_about or (clause and not comma):
        return False
    helped = next((i for i, w in enumerate(words) if w.low in lex.AUXILIARIES), None)
    if helped is not None and not any(
        w.low in {"that", "which", "who", "when", "if"} for w in words[:helped] if helped
    ):
        return True
    commanded = first in lex.VERBS and len(words) > 1
    return commanded or (frame(rest) is not None and (helped is None or first in lex.WH)) or (clause and comma)


def says_too_little(question: str) -> bool:
    """Whether a question names nothing that it could be about: `Who decides?`, `Are there exceptions?`"""
    if _GOING_ON.fullmatch(question):
        return True
    if len(content_stems(question)) >= 2 or _POLITE.fullmatch(question):
        return False
    nouns = [p for p in phrases(question) if lex.singular(p.head) not in lex.RELATIONAL]
    return not nouns


def leans(question: str) -> bool:
    """Whether a question needs those before it to be understood."""
    return bool(mentions(question)) or fragment(question) is not None or says_too_little(question)


def _mention(words: list[Token], i: int) -> Mention | None:
    word = words[i]
    low, before, after = word.low, words[i - 1] if i else None, words[i + 1] if i + 1 < len(words) else None
    for kind, forms in ((Kind.THING, _THING), (Kind.THINGS, _THINGS), (Kind.PERSON, _PERSON)):
        if low in forms:
            noun_follows = after is not None and after.is_content
            return Mention(kind, word.start, word.end, forms[low] and (noun_follows or low in {"its", "their", "his"}))
    if low == "ones":
        return Mention(Kind.ONES, word.start, word.end)
    if low == "one":
        alone = after is None or not (after.is_content or after.low == "of")
        leans_on = before is not None and (before.is_content or before.low in lex.DETERMINERS | {"be", "been"})
        if before is not None and before.low == "which" and any(w.low == "or" for w in words):
            return None  # the choices are named
        return Mention(Kind.ONE, word.start, word.end) if alone and leans_on else None
    if low in {"this", "that", "these", "those"}:
        return _demonstrative(words, i, before, after)
    return None


def _demonstrative(words: list[Token], i: int, before: Token | None, after: Token | None) -> Mention | None:
    word = words[i]
    pronoun = Mention(Kind.THINGS if word.low in {"these", "those"} else Kind.MATTER, word.start, word.end)
    if after is None and before is not None and before.low in _SAYING - {"find", "check", "show"}:
        return Mention(Kind.REST, word.start, word.end)  # what was said, not what it was about
    if after is None or after.text in ",;:":
        return pronoun
    if word.low == "those" and after.low in {"who", "that", "which", "of", "in", "with"}:
        return None
    if after.is_content and lex.singular(after.low) in _DEICTIC and word.low != "that":
        return None
    if word.low == "that" and before is not None and (before.is_content or before.low in lex.CLAUSE_OPENERS):
        told = before.low in _SAYING or not lex_is_verb(before)
        follows = words[i + 2] if i + 2 < len(words) else None
        closed = follows is None or follows.low in lex.PREPOSITIONS
        if not told and after.low in lex.PREPOSITIONS:  # `Explain that in detail`
            return pronoun
        if told or not (after.is_content and closed):
            return None
    if after.is_content and not _acts(words, i):
        return Mention(Kind.NAMED, word.start, after.end)
    return pronoun


def lex_is_verb(word: Token) -> bool:
    """Whether a word may be a verb in its base form."""
    return word.low in lex.VERBS


def _acts(words: list[Token], i: int) -> bool:
    """Whether the word behind a demonstrative is what it does, not what it is: `Does that work?`"""
    asked = i > 0 and words[i - 1].low in lex.DO | lex.MODALS
    done = (
        i > 0
        and words[i - 1].low in lex.BE
        and (words[i + 1].low in lex.STATES | lex.PARTICIPLES or words[i + 1].low.endswith("ed"))
    )
    after = words[i + 2] if i + 2 < len(words) else None
    verb = words[i + 1].low in lex.VERBS and (after is None or not lex_is_verb(after))
    return (asked and verb) or done


def _has_noun_here(words: list[Token], i: int, nouns: list[Phrase], mention: Mention) -> bool:
    """Whether the question itself holds the noun, in another clause or, for a possessive, anywhere before."""
    if mention.kind in {Kind.ONE, Kind.NAMED, Kind.ONES, Kind.REST}:
        return False
    opened = bool(words) and words[0].low in lex.CLAUSE_OPENERS - lex.WH | {"when", "while"}
    for noun in nouns:
        if noun.end > words[i].start or not agrees(noun, mention.kind):
            continue
        between = [w for w in words[:i] if w.start >= noun.end]
        apart = any(w.low in lex.CLAUSE_OPENERS or w.text in ",;" for w in between)
        if apart or mention.possessive or (opened and any(w.low in lex.DO | lex.MODALS for w in between)):
            return True
    return False


def agrees(noun: Phrase, kind: Kind) -> bool:
    """Whether a noun phrase can be what such a word stands for."""
    if kind in {Kind.THINGS, Kind.ONES}:
        return noun.plural or noun.person
    if kind is Kind.PERSON:
        return noun.person or noun.full_name
    return not noun.plural and not noun.person
