"""Looking a document over before it goes in: personal data and secrets counted, planted instructions found.

It works where files are parsed, so words and forms are all it goes by: no model. What gives instructions away is in
`planted.py` and `invisible.py`. A task that names no assistant ("write a poem about …" in the middle of an e-mail)
can't be told from content here; the guard `document_injection` looks at each passage again when a question is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from core.domain import Document, Inspection, Span
from core.errors import SettingsError
from core.ports import Inspector
from core.settings import MASKABLE
from guards import invisible, planted
from guards.blocks import blocks
from guards.checks import secrets
from guards.guard import shown
from guards.personal import pieces
from guards.personal.found import Chosen

RULES = 3  # goes up whenever the same document would be judged otherwise
MOST_SUSPECTS, MOST_CHARACTERS = 10, 300
MOST_REASONS = 3
MOST_FOUND = 200  # a text that repeats one instruction for ever needs no reading to its end
_CHOSEN = Chosen()  # every kind, country and language
_BLOCK = 4000  # characters that are searched for personal data at a time


@dataclass(frozen=True, slots=True)
class Suspect:
    """Words that speak against a document."""

    why: str  # what they are, as a reason begins
    words: str
    how: str = ""  # the disguise, when there was one

    @property
    def reason(self) -> str:
        """One line for a person."""
        hidden = f" (hidden as {self.how})" if self.how else ""
        return f"{self.why}: “{shown(self.words)}”{hidden}"


@dataclass(frozen=True, slots=True)
class DocumentInspector:
    """Counts what is private, points at what policy masks, and says what a person must look at first."""

    mask: frozenset[str]  # which of MASKABLE is masked before anything is embedded
    quarantine: bool  # whether planted instructions are looked for

    @property
    def version(self) -> str:
        """The rules, and what was chosen."""
        return f"{RULES}:{'+'.join(sorted(self.mask))}:{'quarantine' if self.quarantine else ''}"

    def __call__(self, document: Document) -> Inspection:
        """What was found in the document."""
        found = {"personal_data": _private(document.text), "secrets": [span for span, _ in secrets.find(document.text)]}
        masks = sorted((span for kind in self.mask for span in found[kind]), key=lambda span: (span.start, span.end))
        suspects = list(islice(_suspects(document), MOST_SUSPECTS)) if self.quarantine else []
        return Inspection(
            personal_data=len(found["personal_data"]),
            secrets=len(found["secrets"]),
            masks=tuple(masks),
            quarantine="; ".join(suspect.reason for suspect in suspects[:MOST_REASONS]),
            suspects=tuple(shown(suspect.words, MOST_CHARACTERS) for suspect in suspects),
        )


def inspector(mask: Collection[str] = (), *, quarantine: bool = True) -> Inspector:
    """An inspector that masks these of MASKABLE; SettingsError when one is unknown."""
    unknown = sorted(set(mask) - MASKABLE)
    if unknown:
        known = ", ".join(sorted(MASKABLE))
        raise SettingsError([f"ingest_mask: {name} can't be masked (known: {known})" for name in unknown])
    return DocumentInspector(frozenset(mask), quarantine)


def _private(text: str) -> list[Span]:
    return [
        Span(start + span.start, start + span.end, span.label)
        for start, end in blocks(text, _BLOCK)
        for span, _ in pieces.pieces(text[start:end], _CHOSEN)
    ]


def _suspects(document: Document) -> Iterator[Suspect]:
    """Words that speak against the document, the gravest kind first; the same words once."""
    seen: set[str] = set()
    for suspect in islice(_all_suspects(document), MOST_FOUND):
        if suspect.words not in seen:
            seen.add(suspect.words)
            yield suspect


def _all_suspects(document: Document) -> Iterator[Suspect]:
    for text in document.hidden:
        for found in planted.hidden(text):
            yield Suspect("hidden text tells the assistant what to do", found.words, found.how)
    for text in (document.title, document.text, *document.hidden):
        for what, words in invisible.messages(text):
            yield Suspect(what, words)
    for text in (document.title, document.text):
        for found in planted.shown(text):
            yield Suspect(f"the text tells the assistant what to do ({found.what})", found.words, found.how)
