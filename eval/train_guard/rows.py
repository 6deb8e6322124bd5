"""Rows to learn from and to measure on, read from files of JSON lines, and the licences of where they come from."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDS = 5
OWN = Path(__file__).parents[1] / "sets" / "guards"  # texts written for Parapet
_LICENCES = {  # by how the source begins
    "deepset": "Apache-2.0",
    "gptfuzzer": "MIT",
    "jailbreak_llms": "MIT at its origin; the copy that was used came without a licence file",
    "banking77": "CC BY 4.0",
    "self_instruct": "Apache-2.0",
    "awesome": "CC0-1.0",
    "user_oriented": "Apache-2.0",
    "mitre": "MIT",
    "bipia": "MIT",
    "squad": "CC BY-SA 4.0",
    "chunking": "MIT",
    "composed": "those of the sources it is composed of",
    "own_framed": "Apache-2.0 (frames written for Parapet) around requests of given sets (MIT, Apache-2.0)",
    "own": "Apache-2.0 (written for Parapet)",
    "passages_begin": "CC BY-SA",
    "begin": "CC BY-SA",
    "passages_wice": "ODC-BY",
    "wice": "ODC-BY",
    "advbench": "Apache-2.0",
    "malicious_instruct": "Apache-2.0",
    "tdc2023": "Apache-2.0",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One text to learn from or to measure on."""

    text: str
    label: int  # 1: what the guard must find
    source: str  # the set that it comes from; own texts: "own_" and their family
    split: str = "train"  # train or dev
    passages: tuple[str, ...] = ()  # evidence, for claims
    span: tuple[int, int] | None = None  # where the planted instruction stands

    @property
    def fold(self) -> int:
        """Which part of the train split it falls in, 0 to FOLDS - 1; the same at each run."""
        return zlib.crc32(self.text.encode("utf-8", "replace")) % FOLDS


def read(path: Path) -> Iterator[Row]:
    """The rows of a given set; a row without a source is of our own writing and is named by its family."""
    for line in path.read_text(encoding="utf-8").rstrip("\n").split("\n"):  # texts hold other line ends
        if not line:
            continue
        data = json.loads(line)
        span = tuple(data["span"]) if data.get("span") else None
        source = data.get("source") or f"own_{data['family']}"
        split = data.get("split", "train")
        yield Row(data["text"], data["label"], source, split, tuple(data.get("passages", ())), span)


def own(name: str) -> Iterator[Row]:
    """The rows of a set of our own writing, `eval/sets/guards/NAME.jsonl`; none where there is no such file."""
    path = OWN / f"{name}.jsonl"
    if path.is_file():
        yield from read(path)


def licence(source: str) -> str:
    """The licence of a source, for the card."""
    return next((text for begin, text in _LICENCES.items() if source.lower().startswith(begin)), "unknown")
