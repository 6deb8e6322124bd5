"""What a run has to tell: how far it is, and what became of each document, in the order that they were found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingest.report import DocumentReport, State


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is; bytes tell more than files, which differ in size."""

    done_bytes: float
    total_bytes: int  # 0: not known beforehand, as of a site
    done_files: int
    total_files: int  # 0: not known beforehand
    source: str  # what is being worked on


class Telling:
    """Gathers the reports of a run and tells its progress."""

    def __init__(self, progress: Callable[[Progress], None] | None) -> None:
        """Nothing told yet; `progress` hears how far the run is."""
        self._progress = progress
        self._reports: dict[int, list[DocumentReport]] = {}  # by place
        self._places = 0
        self._news: list[DocumentReport] = []  # not yet in the history
        self._total_bytes = self._total_files = self._done_files = self._done_bytes = 0

    @property
    def is_watched(self) -> bool:
        """Whether anybody hears of the progress."""
        return self._progress is not None

    def place(self) -> int:
        """The next place among the reports, for what is found now and known later."""
        self._places += 1
        return self._places

    def report(self, place: int, report: DocumentReport, *, as_before: bool = False) -> None:
        """Note what became of a document; what is as the last run left it is no news for the history."""
        self._reports.setdefault(place, []).append(report)
        if report.state is not State.UNCHANGED and not as_before:
            self._news.append(report)

    def reports(self) -> list[DocumentReport]:
        """What became of each document, in the order that they were found."""
        return [report for place in sorted(self._reports) for report in self._reports[place]]

    def take_news(self) -> list[DocumentReport]:
        """What the history has not heard of yet; each is given once."""
        news, self._news = self._news, []
        return news

    def expect(self, size: int) -> None:
        """One more file of this size will come."""
        self._total_bytes += size
        self._total_files += 1

    def advance(self, size: int) -> None:
        """A file of this size is done."""
        self._done_bytes += size
        self._done_files += 1

    def tell(self, source: str) -> None:
        """Say that this is being worked on."""
        if self._progress is not None:
            done = min(self._done_bytes, self._total_bytes) if self._total_bytes else self._done_bytes
            self._progress(Progress(done, self._total_bytes, self._done_files, self._total_files, source))
