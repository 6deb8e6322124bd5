"""What a leaning question stands for: its leaning words replaced by the nouns, or it put in place of its like."""

from __future__ import annotations

import re

from chains.conversation import lexicon as lex
from chains.conversation.frames import Frame, Phrase, frame, lex_verb, phrases, tokens
from chains.conversation.leaning import fragment, says_too_little
from chains.conversation.mentions import Kind, Mention, agrees, mentions
from chains.conversation.swapping import swapped
from core.sentences import split

_VAGUE = frozenset("case kind moment step thing time way".split())  # nouns that are not what anything is about
SELF = "parapet"  # what everything here is about is seldom what a pronoun means


def resolved(question: str, base: str, answer: str) -> str:
    """The question understood from `base`, the one before it as it stands alone, and the answer to that.

    The question itself when it does not lean.
    """
    question = _with_deed(question, base)
    pieces = mentions(question)
    if pieces and (text := _replaced(question, pieces, base, answer)) != question:
        question = text
        if not fragment(question):
            return _without_opening(question)
    if (rest := fragment(question)) is not None:
        return swapped(rest, base) or _beside(question, base)
    if pieces or says_too_little(question):
        return _beside(question, base)
    return question


def matter(base: str, *, clause: bool = False) -> str:
    """What a question is about, as a noun: `removing a document` of `How do I remove a document?`

    `clause` keeps a question word that is the subject: `who may release an answer`, not `releasing an answer`.
    """
    built = frame(base)
    if built is None:
        return base.strip(" ?!.")
    subject, predicate = built.subject, built.predicate
    if built.aux.lower() in lex.BE:
        if subject.lower() == "there":
            return predicate or _noun(built.wh)
        if not predicate:
            return subject
        return f"{subject} being {predicate}"
    verb, _, rest = predicate.partition(" ")
    doing = f"{lex.gerund(_base_form(verb.lower()))} {rest}".strip()
    asked = _noun(built.wh)
    if not subject:
        if clause or _base_form(verb.lower()) not in lex.VERBS:
            return f"{built.wh[:1].lower()}{built.wh[1:]} {built.aux} {predicate}".replace("  ", " ")
        return f"{asked} {doing}".strip()
    if subject.lower() in lex.SUBJECT_PRONOUNS or subject.lower() == "we":
        return f"{doing} {asked}".strip()
    if verb.lower() in {"mean", "do", "have"}:
        return f"{asked} of {subject}" if asked else subject
    return f"{subject} {doing} {asked}".strip()


def _with_deed(question: str, base: str) -> str:
    """`do that` by what was done: `Who can do this?` becomes `Who can release an answer?`"""
    built = frame(base)
    if built is None or built.aux.lower() not in lex.DO | lex.MODALS or not built.predicate or not built.subject:
        return question
    return re.sub(
        r"\bdo (?:this|that|it|so)\b(?! \w+ (?:is|was))", built.predicate, question, count=1, flags=re.IGNORECASE
    )


def _replaced(question: str, pieces: tuple[Mention, ...], base: str, answer: str) -> str:
    """The question with its leaning words replaced; those of a kind that came before keep standing for the same."""
    done: dict[Kind, str] = {}
    used: list[str] = []
    text, shift = question, 0
    for piece in pieces:
        if piece.kind in done:
            continue
        stands_for = _referent(question, piece, base, answer, used)
        if not stands_for or stands_for.lower() in question.lower():
            continue
        done[piece.kind] = stands_for
        used.append(stands_for)
        new = _possessive(stands_for) if piece.possessive else stands_for
        if question[piece.start : piece.end].lower().replace("’", "'") in {"it's", "they're"}:
            new += " is" if piece.kind is Kind.THING else " are"
        start, end = piece.start + shift, piece.end + shift
        text = text[:start] + new + text[end:]
        shift += len(new) - (end - start)
    return text[:1].upper() + text[1:] if question[:1].isupper() else text


def _referent(question: str, piece: Mention, base: str, answer: str, used: list[str]) -> str:
    """The words that a leaning word stands for; empty when nothing before fits. What is `used` stands for another."""
    nouns = [noun for noun in phrases(base) if noun.definite not in used]
    if piece.kind is Kind.REST:
        return ""
    if piece.kind is Kind.NAMED:
        return _named(question[piece.start : piece.end], nouns)
    if piece.kind in {Kind.THING, Kind.MATTER} and _means_the_matter(question, piece, base):
        return matter(base, clause=not question[piece.end :].strip(" ?!."))
    chosen = (
        nouns[0]
        if piece.kind is Kind.ONE and nouns
        else _best(nouns, piece.kind) or _best(_of_answer(answer), piece.kind)
    )
    if chosen is None and piece.kind is Kind.THINGS and base.lower().startswith("who"):
        return ""
    if chosen is None:
        chosen = _best(nouns, None)
    if chosen is None:
        return ""
    if piece.kind is Kind.ONE:
        return _one(question[: piece.start], chosen)
    if piece.kind is Kind.ONES or (piece.kind is Kind.THINGS and question[: piece.start].rstrip().endswith("the")):
        return chosen.bare
    return chosen.definite


def _best(nouns: list[Phrase], kind: Kind | None) -> Phrase | None:
    """The phrase that a word of this kind most likely stands for: the first that agrees, the assistant itself last."""
    fit = [noun for noun in nouns if (kind is None or agrees(noun, kind)) and noun.head not in _VAGUE]
    return next((noun for noun in fit if noun.head != SELF), fit[0] if fit else None)


def _of_answer(answer: str) -> list[Phrase]:
    """The noun phrases of an answer's first sentence that carry a name or an article."""
    first = next(iter(split(answer)), "")
    return [p for p in phrases(first) if p.determiner or p.names or p.start == 0]


def _means_the_matter(question: str, piece: Mention, base: str) -> bool:
    """Whether `it` or `that` stands for all that was asked, as in `How long does that take?` after `How do I …?`"""
    built = frame(base)
    if built is None:
        return piece.kind is Kind.MATTER
    acting = built.subject.lower() in lex.SUBJECT_PRONOUNS | {"we"}
    if not acting and built.subject and built.aux.lower() in lex.BE and not built.predicate:
        return False  # `What is X?`: X
    after = tokens(question[piece.end :])
    subject = bool(after) and after[0].low in lex.VERBS | {"not"}
    if piece.kind is Kind.MATTER:
        return acting or not built.subject or not _best(phrases(base), Kind.THING)
    return acting and subject and not piece.possessive


def _named(said: str, nouns: list[Phrase]) -> str:
    """`that setting` by its name, or as the phrase that has the same noun."""
    noun = tokens(said)[-1].low
    same = next((p for p in nouns if lex.singular(p.head) == lex.singular(noun)), None)
    named = next((p for p in nouns if p.names and p.head != SELF), None)
    chosen = same or named or _best(nouns, None)
    if chosen is None:
        return ""
    return chosen.definite if chosen in (same, named) else f"the {noun} of {chosen.definite}"


def _one(before: str, chosen: Phrase) -> str:
    """`one` as a noun: with an article unless a word before it has that place."""
    last = tokens(before)[-1:] if before else []
    bare = chosen.bare.replace(chosen.head, lex.singular(chosen.head), 1) if chosen.plural else chosen.bare
    if last and (last[0].low in lex.DETERMINERS or (last[0].is_content and not lex_verb(last[0]))):
        return bare
    return f"{'an' if bare[:1].lower() in 'aeiou' else 'a'} {bare}"


def _possessive(noun: str) -> str:
    return noun + ("'" if noun.endswith("s") else "'s")


def _noun(wh: str) -> str:
    """`tokens` of `How many tokens`; empty for a question word alone."""
    return re.sub(r"^(?:how (?:many|much)|which|what|whose|how \w+|\w+)\s*", "", wh, flags=re.IGNORECASE)


def _base_form(verb: str) -> str:
    if verb in lex.VERBS:
        return verb
    return next((verb[:-n] for n in (1, 2) if verb[:-n] in lex.VERBS and verb.endswith("s")), verb)


def _without_opening(question: str) -> str:
    """Without an `and` that only goes on from what was said."""
    rest = re.sub(r"^(?:(?:and|but|so|then|also)\b[\s,]*)+", "", question, flags=re.IGNORECASE)
    return rest[:1].upper() + rest[1:]


def _beside(question: str, base: str) -> str:
    """The question with what the one before was about beside it, where no place in it is known."""
    asked = question.strip(" ?!.")
    built: Frame | None = frame(base)
    if (
        built is not None
        and not built.wh
        and (why := re.fullmatch(r"(?:and |but |so )?why( not)?", asked, re.IGNORECASE))
    ):
        return f"Why{' not:' if why[1] else ''} {base[built.start :][:1].lower()}{base[built.start :][1:]}"
    return f"{asked} ({matter(base)})?"
