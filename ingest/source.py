"""The file that a loader gets: its bytes, already read, and what it is called. Reading it is for `reading.py`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file, read whole."""

    source: str  # what the document will be called: the path relative to the folder added, or as given
    path: Path  # where it was read from
    content: bytes

    @property
    def suffix(self) -> str:
        """The last suffix of the name, in lower case, with its dot."""
        return self.path.suffix.lower()

    @property
    def stem(self) -> str:
        """The name without folder and suffix: a title for want of a better one."""
        return self.path.stem
