"""What a turn works with, handed over by assemble.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from langchain_core.language_models import BaseChatModel

from chains.composing import Composer
from chains.gate import EvidenceGate
from chains.prompt import Prompt
from chains.retrieve import IndexRetriever
from core.activity import AskerActivity
from guards.flags import FlagDesk
from guards.rail import Rail
from guards.statistics import GuardTally


class LibraryState(Protocol):
    """What a turn asks of the library besides passages."""

    def as_of(self, reader: str | None = None) -> datetime | None:
        """The moment of the newest change of what this reader may read, None when nothing was ingested."""
        ...

    def size(self, reader: str | None = None) -> tuple[int, int]:
        """Documents and chunks that this reader may read."""
        ...

    def document_frequency(self, stems: Sequence[str], reader: str | None = None) -> Sequence[int]:
        """In how many chunks that this reader may read each stem stands."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a turn works with."""

    library: LibraryState
    retriever: IndexRetriever
    rail: Rail
    gate: EvidenceGate
    evidence_threshold: float
    prompt: Prompt
    composer: Composer  # of that prompt
    model: BaseChatModel
    model_name: str
    fallback: BaseChatModel  # extractive: answers when the model can't
    flags: FlagDesk
    tally: GuardTally
    activity: AskerActivity
    model_timeout_seconds: float
