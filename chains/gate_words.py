"""Words of questions and sentences as the evidence gate compares them: base forms, near spellings, opposites.

`core.words` is how documents are indexed; here more counts as the same word, as a question seldom has the document's
own form of it.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache

from core.words import STOP_WORDS, stem

_WORD = re.compile(r"[^\W_]+(?:[.,:/'’-][^\W_]+)*")
# forms that a stemmer does not bring together, the form to compare by first
_FORMS = """
begin began begun|break broke broken|bring brought|build built|buy bought|catch caught|choose chose chosen choice
come came|deal dealt|draw drew drawn|drive drove driven|eat ate eaten|fall fell fallen|feel felt|fight fought|find found
flee fled|fly flew flown|forget forgot forgotten|get got gotten|give gave given|go went gone|grow grew grown|hang hung
hear heard|hide hid hidden|hold held|keep kept|know knew known|lay laid|lead led|leave left|lend lent|lose lost loss
make made|mean meant|meet met|pay paid|ride rode ridden|rise rose risen|run ran|say said|see saw seen|seek sought
sell sold sale sales|send sent|shine shone|shoot shot|sing sang sung|sink sank sunk|sit sat|sleep slept
speak spoke spoken|spend spent|stand stood|steal stole stolen|stick stuck|strike struck|swear swore sworn|swim swam
take took taken|teach taught|tell told|think thought|throw threw thrown|understand understood|wear wore worn|win won
withdraw withdrew withdrawn|write wrote written|overthrow overthrew overthrown|become became|child children|man men
woman women|person people|foot feet|mouse mice|die dead death died|live life lives|birth born|strong strength
long length|high height|wide width|deep depth|one once|two twice|three thrice
"""
_OPPOSITES = """
before after|more less|more fewer|most least|most fewest|increase decrease|increase reduce|high low|higher lower
highest lowest|large small|larger smaller|largest smallest|north south|east west|northern southern|eastern western
first last|early late|earlier later|earliest latest|old new|oldest newest|old young|oldest youngest|long short
longer shorter|longest shortest|win lose|begin end|start end|start stop|above below|over under|inside outside
internal external|include exclude|accept reject|allow prohibit|allow forbid|permit forbid|support oppose|agree disagree
strong weak|stronger weaker|rich poor|public private|male female|man woman|mother father|king queen|left right
top bottom|front back|upper lower|positive negative|easy difficult|easy hard|easier harder|fast slow|faster slower
light heavy|hot cold|warm cool|wet dry|open closed|full empty|good bad|better worse|best worst|rise fall|arrive leave
enter leave|buy sell|import export|gain lose|create destroy|build destroy|attack defend|friend enemy|ally enemy
always never|many few|all none|maximum minimum|major minor|near far|up down|upward downward|true false|same different
similar different|simple complex|ancient modern|urban rural|liquid gas|solid liquid|rarely often|seldom often
common rare|success failure|succeed fail|cause prevent|join leave|past future|present absent|raise lower|raise reduce
grow shrink|expand shrink|expand contract|promote demote|permanent temporary|active passive|winter summer|day night
morning evening|spring autumn|minority majority|protestant catholic|conservative liberal|victory defeat|live die
birth death|husband wife|son daughter|brother sister|love hate|inner outer|shallow deep|thin thick|narrow wide
lead follow|teach learn|borrow lend|employer employee|question answer|supply demand|offensive defensive
domestic foreign|natural artificial|ascend descend|vertical horizontal|mandatory optional|required optional
enable disable|cheap expensive
"""
_DENYING_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non")
NUMBER_WORDS = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions
    billion billions trillion dozen half third quarter twice once double several few both
    """.split()
)
DEGREES = frozenset(
    """
    most least first last only largest smallest biggest highest lowest best worst oldest newest youngest earliest
    latest longest shortest main primary fewest greatest more less fewer
    """.split()
)
_LEAST_ALIKE = 5  # characters that near spellings have at least, and that forms of a word begin with


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text."""

    text: str  # in lower case, without a genitive's 's
    stem: str  # of its base form: what words are compared by
    place: int  # number in the text, from 0; the parts of a compound share one
    capital: bool  # begins with a capital, not at the beginning of the text
    number: bool  # holds a digit

    @property
    def content(self) -> bool:
        """Whether it carries content."""
        return self.text not in STOP_WORDS

    @property
    def counts(self) -> bool:
        """Whether it says how many."""
        return self.number or self.text in NUMBER_WORDS


@lru_cache(maxsize=16_384)  # the sentences of passages come again, question after question
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in order; behind a compound such as `re-index` its parts, too."""
    found: list[Word] = []
    for place, match in enumerate(_WORD.finditer(text)):
        raw = match.group()
        lower = raw.lower().replace("’", "'").removesuffix("'s")
        capital, number = place > 0 and raw[0].isupper(), any(map(str.isdigit, raw))
        parts = [] if number or "-" not in lower else [p for p in lower.split("-") if p not in STOP_WORDS]
        found.extend(Word(part, base_stem(part), place, capital, number) for part in (lower, *parts))
    return tuple(found)


@lru_cache(maxsize=65_536)
def base_stem(word: str) -> str:
    """The stem of a word's base form: `won` and `winning` both give that of `win`."""
    return stem(_bases().get(word, word))


@lru_cache(maxsize=65_536)
def alike(first: str, second: str) -> bool:
    """Whether two stems that differ are forms of one word or spellings of one name; never for numbers."""
    if min(len(first), len(second)) < _LEAST_ALIKE or any(map(str.isdigit, first + second)):
        return False
    same_beginning = first[:_LEAST_ALIKE] == second[:_LEAST_ALIKE] and abs(len(first) - len(second)) < _LEAST_ALIKE
    return same_beginning or _one_letter_apart(first, second)


def opposed(word: Word, stems: Set[str]) -> bool:
    """Whether the stems hold the opposite of a word and not the word itself."""
    if word.stem in stems:
        return False
    if any(other in stems for other in _opposites().get(word.stem, ())):
        return True
    denied = {base_stem(prefix + word.text) for prefix in _DENYING_PREFIXES}
    plain = {
        base_stem(word.text.removeprefix(prefix).lstrip("-"))
        for prefix in _DENYING_PREFIXES
        if word.text.startswith(prefix) and len(word.text) > len(prefix) + 3
    }
    return not stems.isdisjoint(denied | plain)


def _one_letter_apart(first: str, second: str) -> bool:
    """One letter more, one other, or two neighbours in the other order (Damerau 1964)."""
    short, long = sorted((first, second), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return swapped or short[at + 1 :] == long[at + 1 :]


@lru_cache(maxsize=1)
def _bases() -> dict[str, str]:
    forms = [line.split() for line in re.split(r"[|\n]", _FORMS.strip())]
    return {form: base for base, *others in forms for form in others}


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    pairs = [tuple(map(base_stem, line.split())) for line in re.split(r"[|\n]", _OPPOSITES.strip())]
    both = [*pairs, *((b, a) for a, b in pairs)]
    return {word: frozenset(b for a, b in both if a == word) for word, _ in both}
