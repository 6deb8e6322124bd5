"""What a source offers: a file or a page that may become a document, or why it can't."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file as it lay on the disk when it was looked at, or a page as it was fetched."""

    source: str
    path: Path  # where it is read from; of a page, a name whose suffix tells the format
    size: int
    modified_ns: int  # 0: so fresh that the time tells nothing, or a page
    origin: str  # absolute path or URL
    root: str  # the folder, file or site that it was found by
    content: bytes | None = None  # of a page
    web: Mapping[str, Any] | None = None  # of a page: what makes the next request conditional, and its links


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A page that its server says is as it was."""

    source: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A page that its server no longer has, or no longer wants in any index."""

    source: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A path or page that did not go in, and why."""

    source: str
    code: str
    reason: str
    below: str | None = None  # of a folder that can't be looked into: its path within the root; what it holds is kept
    partial: bool = False  # what lies behind it was not seen: nothing is gone for not having been seen
