"""The guard `personal_data` beside Presidio's own recognisers: `python -m eval.personal_data --data FOLDER`.

FOLDER holds personal_data.jsonl, rows {"text", "spans": [[start, end, type]]}, of which the structured types count, and
input_injection.jsonl, whose harmless rows are ordinary text; --corpora names a folder of ordinary documents (*.txt).
A piece counts as found when one of its kind covers it to at least half, both ways. Presidio's recognisers run as they
come, without a language model and so without context words: counted once from their score .3 and once from .5.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from core.quiet import quiet
from guards.blocks import blocks
from guards.personal.found import Chosen
from guards.personal.pieces import pieces

TYPES = {  # as the set names them -> the guard's label
    "EMAIL_ADDRESS": "e-mail address",
    "PHONE_NUMBER": "phone number",
    "CREDIT_CARD": "payment card number",
    "IBAN_CODE": "bank account number",
    "US_SSN": "social security number",
    "IP_ADDRESS": "IP address",
    "DOMAIN_NAME": "web address",
}
STOCK = {  # Presidio's class -> the set's type
    "EmailRecognizer": "EMAIL_ADDRESS",
    "PhoneRecognizer": "PHONE_NUMBER",
    "CreditCardRecognizer": "CREDIT_CARD",
    "IbanRecognizer": "IBAN_CODE",
    "UsSsnRecognizer": "US_SSN",
    "IpRecognizer": "IP_ADDRESS",
    "UrlRecognizer": "DOMAIN_NAME",
}
WORDS, PASSAGE = 60, 1000  # of a question; characters of a passage
Piece = tuple[int, int, str]  # start, end, type
Find = Callable[[str], list[Piece]]


def main() -> None:
    """Print how each side does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, type=Path, help="folder with the sets of the guards")
    parser.add_argument("--corpora", type=Path, help="folder of ordinary documents")
    given = parser.parse_args()
    quiet()
    rows = _rows(given.data / "personal_data.jsonl")
    ordinary = [row["text"] for row in _rows(given.data / "input_injection.jsonl") if row["label"] == 0]
    documents = [] if given.corpora is None else list(_passages(given.corpora))
    for name, find in (("guard", _guard), ("Presidio from .3", _stock(0.3)), ("Presidio from .5", _stock(0.5))):
        _say(f"\n{name}\n")
        _tell_quality(find, rows)
        for what, texts in (("ordinary requests", ordinary), ("passages of documents", documents)):
            if texts:
                _tell_hits(find, what, texts)
        _tell_time(find, ordinary, documents)


def found(find: Find, rows: Sequence[dict[str, Any]]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How many pieces of each type were found, missed, and found where there is none."""
    hits, missed, false = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        gold = [(start, end, kind) for start, end, kind in row["spans"] if kind in TYPES]
        guessed = find(row["text"])
        for piece in gold:
            (hits if any(_same(piece, other) for other in guessed) else missed)[piece[2]] += 1
        for piece in guessed:
            false[piece[2]] += not any(_same(piece, other) for other in gold)
    return hits, missed, false


def _same(one: Piece, other: Piece) -> bool:
    common = min(one[1], other[1]) - max(one[0], other[0])
    return one[2] == other[2] and 2 * common >= max(one[1] - one[0], other[1] - other[0])


def _guard(text: str) -> list[Piece]:
    types = {label: kind for kind, label in TYPES.items()}
    return [(span.start, span.end, types.get(span.label, span.label)) for span, _ in pieces(text, Chosen())]


def _stock(least: float) -> Find:
    """Presidio's recognisers, each kind by itself, duplicates removed as Presidio does."""
    tldextract: Any = import_module("tldextract.tldextract")
    tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # it would ask the network
    presidio = import_module("presidio_analyzer.predefined_recognizers")
    recognisers = {kind: getattr(presidio, name)() for name, kind in STOCK.items()}
    distinct = import_module("presidio_analyzer").EntityRecognizer.remove_duplicates

    def find(text: str) -> list[Piece]:
        found = [
            (result.start, result.end, kind)
            for kind, recogniser in recognisers.items()
            for result in distinct(recogniser.analyze(text, recogniser.supported_entities, None))
            if result.score >= least
        ]
        mails = [piece for piece in found if piece[2] == "EMAIL_ADDRESS"]  # the domain within one is no piece by itself
        return [p for p in found if p in mails or not any(m[0] <= p[0] and p[1] <= m[1] for m in mails)]

    return find


def _tell_quality(find: Find, rows: Sequence[dict[str, Any]]) -> None:
    halves = [[row for row in rows if zlib.crc32(row["text"].encode()) % 2 == half] for half in (0, 1)]
    hits, missed, false = found(find, rows)
    for kind in TYPES:
        _say(f"  {kind:<14}{_figures(hits[kind], missed[kind], false[kind])}\n")
    _say(f"  {'all':<14}{_figures(hits.total(), missed.total(), false.total())}\n")
    for name, half in zip(("one half", "other half"), halves, strict=True):
        _say(f"  {name:<14}{_figures(*(counts.total() for counts in found(find, half)))}\n")


def _figures(hits: int, missed: int, false: int) -> str:
    precision = hits / (hits + false) if hits + false else float("nan")
    recall = hits / (hits + missed) if hits + missed else float("nan")
    f1 = 2 * hits / (2 * hits + missed + false) if hits + missed + false else float("nan")
    return (
        f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  ({hits} found, {missed} missed, {false} false)"
    )


def _tell_hits(find: Find, what: str, texts: Sequence[str]) -> None:
    kinds = [{piece[2] for piece in find(text)} for text in texts]
    counted = Counter(kind for hit in kinds for kind in hit)
    shown = ", ".join(f"{kind} {count}" for kind, count in counted.most_common()) or "none"
    _say(f"  {sum(map(bool, kinds))} of {len(texts)} {what} hold a piece ({shown})\n")


def _tell_time(find: Find, ordinary: Sequence[str], documents: Sequence[str]) -> None:
    questions = [" ".join(text.split()[:WORDS]) for text in ordinary if len(text.split()) >= WORDS][:200]
    batches = [documents[at : at + 6] for at in range(0, min(len(documents), 600), 6)]
    for what, texts in (("question of 60 words", [[text] for text in questions]), ("six passages", batches)):
        if texts:
            took = sorted(_ms(find, batch) for batch in texts)
            _say(f"  {what}: {statistics.median(took):.2f} ms median, {took[int(0.95 * len(took))]:.2f} ms p95\n")


def _ms(find: Find, texts: Sequence[str]) -> float:
    began = time.perf_counter()
    for text in texts:
        find(text)
    return (time.perf_counter() - began) * 1000


def _passages(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*.txt")):
        text = file.read_text(encoding="utf-8")
        yield from (text[start:end] for start, end in blocks(text, PASSAGE))


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]


def _say(text: str) -> None:
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
