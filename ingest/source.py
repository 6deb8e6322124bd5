"""The file that a loader gets: its bytes, already read, and what it is called. Reading it is for `reading.py`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What an operator chose about reading; part of what decides whether a document is read anew."""

    json_fields: tuple[str, ...] = ()  # fields of JSON records that make the text; none: every text field
    ocr: bool = True  # whether pages without text and pictures are recognised, where Tesseract is installed
    ocr_languages: str = "eng"  # as Tesseract names them, joined by +

    @property
    def version(self) -> str:
        """A short name of what was chosen."""
        return ",".join((*self.json_fields, self.ocr_languages if self.ocr else ""))


def _nothing() -> None:
    """Nobody waits to hear that reading goes on."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file, read whole."""

    source: str  # what the document will be called: the path relative to the folder added, or as given
    path: Path  # where it was read from, or what it is called: its suffix tells the format
    content: bytes
    options: ReadOptions = field(default_factory=ReadOptions)
    alive: Callable[[], None] = field(default=_nothing, compare=False)  # called after each slow step, such as a page

    @property
    def suffix(self) -> str:
        """The last suffix of the name, in lower case, with its dot."""
        return self.path.suffix.lower()

    @property
    def stem(self) -> str:
        """The name without folder and suffix: a title for want of a better one."""
        return self.path.stem
