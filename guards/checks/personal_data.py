"""Guard `personal_data`: contact data, payment data and identity numbers. The recognisers are the room guards/personal.

What may stand in an answer, by the option `shown`: always what the asker wrote; with "contacts", the default, also
e-mail addresses, phone numbers and web addresses that stand in the passages, for those were found among what this asker
may read and a directory must be able to answer; with "passages" all that stands there; with "question" nothing more.
Cards, accounts and identity numbers thus leave a document only where policy says so. Names of people are not found:
that takes a trained tagger.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain import Stage, Subject
from core.errors import SettingsError
from guards import normalise
from guards import options as given
from guards.guard import Finding, Guard, Kit
from guards.personal import pieces
from guards.personal.found import CONTACTS, LANGUAGES, REGIONS, Chosen, Kind

STAGES = frozenset({Stage.INPUT, Stage.CONTEXT, Stage.OUTPUT})
DOC = (
    "e-mail addresses; phone, payment card, bank account and identity numbers (of 24 countries); IP and own web "
    "addresses; an answer may repeat the question and contact data of its passages"
)
TITLE = "personal data"
ADVICE = "Leave out what tells who somebody is, or ask a person who may see it."
SHOWN = ("question", "contacts", "passages")  # what an answer may repeat, each more than the one before
_REGION = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Finds personal data; in an answer, only what its asker may not be told."""

    chosen: Chosen
    allowed: frozenset[str]  # values and @domains in small letters
    shown: str  # one of SHOWN

    def judge(self, subject: Subject) -> Finding:
        """The risk of the surest piece found; the reason names kinds and never a value."""
        told = _Told(subject, self.shown)
        found = pieces.pieces(
            subject.text, self.chosen, lambda piece, value: self._is_allowed(value) or told.already(piece.kind, value)
        )
        if not found:
            return Finding(0.0, "No personal data found.")
        kinds = ", ".join(sorted({span.label for span, _ in found}))
        return Finding(
            max(risk for _, risk in found), f"This holds personal data: {kinds}.", tuple(span for span, _ in found)
        )

    def prepare(self, subject: Subject) -> None:
        """Load what recognisers borrow from vendors, so that no answer waits for it."""
        pieces.pieces(_EVERY_KIND, self.chosen)

    def _is_allowed(self, value: str) -> bool:
        small = value.lower()
        return small in self.allowed or ("@" in small and small[small.index("@") :] in self.allowed)


def build(options: Mapping[str, Any], kit: Kit) -> Guard:  # noqa: ARG001  every guard is built alike
    """A guard with these options, each a list of texts but for `shown`; SettingsError names every fault.

    `kinds` that count; `regions`, countries whose phone and identity numbers are known; `languages` whose words beside
    a number speak of it; `allow`, values or `@domain` that may pass; `shown`, what an answer may repeat.
    """
    read = given.read(options, kinds=tuple(Kind), regions=REGIONS, languages=LANGUAGES, allow=(), shown="contacts")
    faults = [
        *_unknown("kinds", read["kinds"], tuple(Kind)),
        *_unknown("languages", read["languages"], LANGUAGES),
        *_unknown("shown", [read["shown"]], SHOWN),
        *(
            f"regions: must be ISO codes such as GB, not {code!r}"
            for code in read["regions"]
            if not _REGION.fullmatch(code)
        ),
    ]
    if faults:
        raise SettingsError(faults)
    chosen = Chosen(frozenset(map(Kind, read["kinds"])), tuple(read["regions"]), tuple(read["languages"]))
    return PersonalData(chosen, frozenset(value.lower() for value in read["allow"]), read["shown"])


# a text with a sign of each vendor's: a phone number that must be looked up, words of identity numbers
_EVERY_KIND = "Telephone 030 901820, passport 123456789, NHS 943 476 5919"


class _Told:
    """What the asker was told already or wrote; read only when something was found."""

    def __init__(self, subject: Subject, shown: str) -> None:
        at_output = subject.stage is Stage.OUTPUT
        self._question = subject.question if at_output else ""
        self._passages: Sequence[str] = subject.passages if at_output and shown != "question" else ()
        self._kinds = CONTACTS if shown == "contacts" else frozenset(Kind)

    def already(self, kind: Kind, value: str) -> bool:
        """Whether this value of this kind may be repeated, however it is written."""
        bare = _bare(value)
        if self._question and bare in _bare(self._question):
            return True
        return kind in self._kinds and any(bare in _bare(passage) for passage in self._passages)


def _unknown(option: str, values: Sequence[str], known: Sequence[str]) -> list[str]:
    return [f"{option}: must be among {', '.join(known)}, not {value!r}" for value in values if value not in known]


def _bare(text: str) -> str:
    """Letters, digits and @ only, so that the way a number is grouped does not matter."""
    return "".join(
        character for character in normalise.fold(text).text.lower() if character.isalnum() or character == "@"
    )
