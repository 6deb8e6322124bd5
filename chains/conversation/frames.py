"""The frame of a question: what is asked for, the auxiliary, the subject, the verb, the rest; and its noun phrases.

No parser: closed classes of words and a list of verbs (lexicon.py) are enough for questions, which are short and built
alike. What does not fit has no frame, and is treated as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chains.conversation import lexicon as lex

TOKEN = re.compile(r"`[^`]+`|[“\"][^”\"]+[”\"]|--?\w[\w-]*|\w+(?:[.\-/'’&:+]\w+)*\+*|[,;:]")
_NAME = re.compile(r"[A-Z]\w*[A-Z0-9_]\w*|[`“\"].*|--?\w.*|\w+_\w+.*|\w+[.]\w+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text with its place."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """In lower case, with straight apostrophes."""
        return self.text.lower().replace("’", "'")

    @property
    def is_content(self) -> bool:
        """Whether it may be part of a noun phrase."""
        return self.low not in lex.FUNCTION and self.text not in ",;:"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase where it stands: its determiner, its words, and what `of` adds."""

    text: str
    start: int
    end: int
    determiner: str  # in lower case; empty when there is none
    head: str  # the noun, in lower case
    names: bool  # a proper name, a setting, a command

    @property
    def plural(self) -> bool:
        """Whether `they` would stand for it."""
        return lex.is_plural(self.head)

    @property
    def person(self) -> bool:
        """Whether `she` or `he` would stand for it."""
        return lex.singular(self.head) in lex.PEOPLE

    @property
    def full_name(self) -> bool:
        """Whether it looks like the name of a person: two words or more with capitals, no article."""
        words = self.text.split()
        capital = words[0][:1].isupper() and words[-1][:1].isupper()
        return len(words) > 1 and capital and not self.determiner and self.text.replace(" ", "").isalpha()

    @property
    def bare(self) -> str:
        """Without its determiner."""
        return self.text[len(self.determiner) :].lstrip()

    @property
    def definite(self) -> str:
        """As it is called once it is known: with `the` for `a` or a question word."""
        weak = self.determiner in {"a", "an", "which", "what", "any", "each", "every", "many", "much"}
        return f"the {self.bare}" if weak else self.text


@dataclass(frozen=True, slots=True)
class Frame:
    """A question taken apart; texts as they stand in it."""

    wh: str  # `How`, `Which hosts`, empty for a question of yes or no
    aux: str  # empty when the question word is the subject
    subject: str  # empty when the question word is the subject
    predicate: str  # verb and all that follows, or what a form of `be` says of the subject
    start: int  # where the wh or the auxiliary begins


def tokens(text: str) -> list[Token]:
    """The words of a text, and the commas between them."""
    return [Token(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text)]


def frame(question: str) -> Frame | None:
    """The frame of a question; None when it has another build."""
    words = tokens(question)
    begin = 1 if words and words[0].low in {"and", "but", "or", "so", "then", "also"} else 0
    at = next((i for i in range(begin, len(words)) if words[i].low in lex.AUXILIARIES), None)
    joined = len(words) > begin + 1 and words[begin].low in lex.PREPOSITIONS  # `In what order …`
    first_is_wh = len(words) > begin and words[begin + joined].low in lex.WH
    if len(words) > begin + 1 and words[begin + 1].low == "if":  # `What if …`
        return None
    if at is None or (at > begin and not first_is_wh) or at > begin + 6:
        return _subject_asked(question, words, begin) if first_is_wh else None
    wh = question[words[begin].start : words[at].start].strip() if at > begin else ""
    if wh and any(lex_verb(w) for w in words[begin + 1 : at]):
        return _subject_asked(question, words, begin)  # "Which guards judge what is asked": the verb comes first
    end = question.rstrip(" ?!.").__len__()
    cut = _subject_end(words, at)
    if cut >= len(words):
        return Frame(wh, words[at].text, question[words[at].end : end].strip(), "", words[begin].start)
    subject = question[words[at].end : words[cut].start].strip()
    return Frame(wh, words[at].text, subject, question[words[cut].start : end].strip(), words[begin].start)


def phrases(text: str) -> list[Phrase]:
    """The noun phrases of a question, in order; the verb of its frame belongs to none."""
    words = tokens(text)
    verbs = _verbs(text, words)
    found: list[Phrase] = []
    i = 0
    while i < len(words):
        j = i
        if words[j].low in lex.DETERMINERS and j + 1 < len(words):
            j += 1
        k = j
        while k < len(words) and words[k].is_content and k not in verbs:
            k += 1
        if k == j:
            i += 1
            continue
        head = words[k - 1]
        while k + 1 < len(words) and words[k].low == "of":  # a phrase goes on behind `of`
            m = k + 2 if words[k + 1].low in lex.DETERMINERS else k + 1
            n = m
            while n < len(words) and words[n].is_content and n not in verbs:
                n += 1
            if n == m:
                break
            k = n
        determiner = words[i].low if j > i else ""
        inside = text[words[i].start : words[k - 1].end]
        names = any(_is_name(w) for w in words[j:k])
        found.append(Phrase(inside, words[i].start, words[k - 1].end, determiner, head.low.strip("`"), names))
        i = k
    return found


def lex_verb(word: Token) -> bool:
    """Whether a word is a verb in its base form or with -s, taken by itself."""
    low = word.low
    return low in lex.VERBS or (low.endswith("s") and (low[:-1] in lex.VERBS or low[:-2] in lex.VERBS))


def _is_name(word: Token) -> bool:
    """A capital that does not begin the text, or the looks of a setting, command or file."""
    return bool(_NAME.fullmatch(word.text)) or (word.start > 0 and word.text[0].isupper())


def _subject_asked(question: str, words: list[Token], begin: int) -> Frame | None:
    """The frame of a question whose question word is the subject: `Which guards judge a question?`"""
    at_once = len(words) > begin + 1 and (words[begin + 1].low in lex.PASTS or words[begin + 1].low.endswith("ed"))
    verb = begin + 1 if at_once else next((i for i in range(begin + 1, len(words)) if lex_verb(words[i])), None)
    if verb is None or not all(w.is_content or w.low in lex.DETERMINERS for w in words[begin + 1 : verb]):
        return None
    wh = question[words[begin].start : words[verb].start].strip()
    end = len(question.rstrip(" ?!."))
    if wh.lower() not in lex.WH and not wh.lower().startswith(("which", "what", "whose", "how")):
        return None
    return Frame(wh, "", "", question[words[verb].start : end].strip(), words[begin].start)


def _subject_end(words: list[Token], aux: int) -> int:
    """Index of the first word behind the subject that follows the auxiliary at this index."""
    begin = aux + 1
    if begin >= len(words):
        return begin
    if words[begin].low in lex.SUBJECT_PRONOUNS | {"there", "this", "that", "these", "those"} and not (
        words[begin].low in lex.DETERMINERS
        and begin + 1 < len(words)
        and words[begin + 1].is_content
        and not lex_verb(words[begin + 1])
    ):
        return begin + 1
    stop = begin
    if words[stop].low in lex.DETERMINERS:
        stop += 1
    run = stop
    while run < len(words) and (words[run].is_content or (words[run].low == "of" and run > stop)):
        run += 2 if words[run].low == "of" and run + 1 < len(words) and words[run + 1].low in lex.DETERMINERS else 1
    run = min(run, len(words))
    if run < len(words) and run > stop and words[run].low in {"do", "have"}:
        return run
    if words[aux].low in lex.BE:
        done = [i for i in range(stop + 1, run) if _is_participle(words[i].low)]
        return done[-1] if done else run
    if run == stop or (run == stop + 1 and words[stop].low in lex.VERBS and stop == begin):
        return stop  # `Who may read a collection`: no subject
    if stop == begin and words[stop].low in lex.VERBS and words[stop].text.islower():
        return stop
    known = [i for i in range(stop + 1, run) if words[i].low in lex.VERBS]
    return known[-1] if known else max(run - 1, stop + 1)


def _opened(words: list[Token], i: int) -> bool:
    """Whether a clause opened a few words before: `If a guard fails, …`"""
    return any(w.low in {"if", "when", "once", "while", "before", "after", "unless"} for w in words[max(0, i - 4) : i])


def _is_participle(low: str) -> bool:
    return low in lex.PARTICIPLES or low in lex.STATES or (low.endswith("ed") and len(low) > 4)


def _verbs(text: str, words: list[Token]) -> set[int]:
    """Indexes of the words that are verbs where they stand."""
    found = set()
    built = frame(text)
    if built is not None and built.predicate:
        at = text.rfind(built.predicate)
        found |= {
            i
            for i, w in enumerate(words)
            if w.start == at and (built.aux.lower() not in lex.BE or _is_participle(w.low))
        }
    return found | {i for i in range(1, len(words)) if _is_verb(words, i)}


def _is_verb(words: list[Token], i: int) -> bool:
    """Whether a word is a verb by the words around it."""
    word, before = words[i], words[i - 1].low
    if before in lex.SUBJECT_PRONOUNS | lex.MODALS | {"to", "who", "that", "which", "not"}:
        return lex_verb(word)
    if before in lex.BE | {"be", "been"}:
        return _is_participle(word.low)
    if lex.is_plural(before) and word.low in lex.VERBS and _opened(words, i):
        return i + 1 == len(words) or not words[i + 1].is_content  # `when two commands run at once`
    if not (words[i - 1].is_content and word.low.endswith("s") and lex_verb(word)) or lex.is_plural(before):
        return False
    after = words[i + 1] if i + 1 < len(words) else None
    return after is not None and (after.low in lex.DETERMINERS or (after.text == "," and _opened(words, i)))
