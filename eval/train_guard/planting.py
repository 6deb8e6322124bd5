"""Documents with and without a planted instruction, composed for training: real clean texts, and what is put into them.

A foreign sentence that asks for nothing is planted as well, so that a head learns the instruction and not the change
of topic. All is drawn by a seeded generator: the same rows at each run.
"""

from __future__ import annotations

import random
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from core import sentences
from eval.own_wordings import attacks
from eval.train_guard.rows import Row, own, read

SEED = 7
COMPOSED = {"train": (9000, 6000), "dev": (1200, 1200)}  # with an instruction, with a foreign sentence
PASSAGE = 900  # characters at which a longer text is cut
HELD_OUT = frozenset(
    "force huguenot normans warsaw islamism packet-switching harvard-university european-union-law wikitexts".split()
)  # articles that are never trained on
FOREIGN = "composed"  # begins the source of a clean text with a foreign sentence
_OWN_PLANTED = "own_planted_"
_LEADS = (
    "P.S. ", "Also, ", "Note: ", "By the way, ", "---\n", "In addition, ", "Please note: ", "* ", "One more thing: ",
    "Attention: ", "\n\n", "> ", "Oh, and ", "Lastly, ", "1. ", "Update: ", "Comment: ", "Edit: ", "Reminder: ",
    "=== ", "PS: ", "So, ",
)  # fmt: skip
_ASKING = ("Please ", "Now ", "Also ", "Then ")
_SEAM = re.compile(r"[.!?]\s{1,9}|\n{1,9}")


def documents(folder: Path) -> list[Row]:
    """Clean texts as they stand, the given ones with a planted instruction, and those that are composed of both."""
    clean, planted = [*_clean(folder)], [*_planted(folder)]
    given = [replace(row, source=kind(row)) for row in read(folder / "context_injection.jsonl") if row.label]
    drawn = random.Random(SEED)  # noqa: S311  nothing secret is drawn
    return [*clean, *given, *_composed(clean, planted, drawn), *_foreign(clean, drawn)]


def kind(row: Row) -> str:
    """The source of a row of the given set, with the kind of document."""
    return "bipia_table" if row.text.count("|") > 20 else "bipia_code" if "import " in row.text else "bipia_mail"


def _clean(folder: Path) -> Iterator[Row]:
    yield from (replace(r, source=kind(r)) for r in read(folder / "context_injection.jsonl") if not r.label)
    yield from own("planted_clean")
    for path in sorted((folder.parent / "corpora").glob("*/*.txt")):
        split = "dev" if path.stem in HELD_OUT else "train"
        yield from (Row(part, 0, path.parent.name, split) for part in _cut(path.read_text(encoding="utf-8"), PASSAGE))
    for page in sorted((Path(__file__).parents[2] / "docs").rglob("*.md")):
        yield from (Row(part, 0, "own_manual_pages") for part in _cut(page.read_text(encoding="utf-8"), PASSAGE))
    known: set[str] = set()
    for row in read(folder / "groundedness.jsonl"):
        new = [text for text in dict.fromkeys(row.passages) if len(text) > 40 and text not in known]
        known.update(new)
        for part in _cut("\n".join(new), PASSAGE):
            yield Row(part.replace("\n", " "), 0, f"passages_{row.source}", row.split)


def _cut(text: str, most: int) -> Iterator[str]:
    """The text in parts of whole lines, a very long line cut; parts of hardly any words are left out."""
    part = ""
    for line in text.split("\n"):
        if part and len(part) + len(line) > most:
            yield from _worth(part)
            part = ""
        part += line + "\n"
        while len(part) > 2 * most:
            yield from _worth(part[:most])
            part = part[most:]
    yield from _worth(part)


def _worth(part: str) -> Iterator[str]:
    if len(part.strip("\n")) > 60:
        yield part.strip("\n")


def _planted(folder: Path) -> Iterator[Row]:
    """What is planted, alone; its source is its family."""
    yield from (replace(row, source=row.source.replace("own_", _OWN_PLANTED)) for row in own("planted"))
    for row in read(folder / "context_injection.jsonl"):
        if row.label and row.span:
            text = row.text[slice(*row.span)].strip()
            yield Row(text, 1, "bipia_planted_code" if "```" in text else "bipia_planted_text", row.split)
    most = {"self_instruct": 240, "user_oriented": 300, "deepset": 900}  # requests that would be harmless in a question
    for row in read(folder / "input_injection.jsonl"):
        if len(row.text) < most.get(row.source, 0) and row.label == (row.source == "deepset"):
            yield Row(row.text.strip(), 1, row.source, row.split)
    for text in attacks():
        yield Row(text, 1, "own_attacks", "dev" if zlib.crc32(text.encode()) % 5 == 0 else "train")


def _composed(clean: Sequence[Row], planted: Sequence[Row], drawn: random.Random) -> Iterator[Row]:
    for split, (many, _) in COMPOSED.items():
        hosts, guests = _by_source(clean, split), _by_source(planted, split)
        for _ in range(many):
            host, guest = _pick(hosts, drawn), _pick(guests, drawn)
            words = guest.text
            if drawn.random() < 0.15 and words[:1].isupper() and words[1:2].islower():
                words = drawn.choice(_ASKING) + words[0].lower() + words[1:]
            text, span = plant(host, words, drawn)
            yield Row(text, 1, guest.source, split, span=span)


def _foreign(clean: Sequence[Row], drawn: random.Random) -> Iterator[Row]:
    for split, (_, many) in COMPOSED.items():
        hosts = _by_source(clean, split)
        ordering = {source: rows for source, rows in hosts.items() if source.startswith("own_")}
        for _ in range(many):
            host = _pick(hosts, drawn)
            orders = drawn.random() < 0.35
            other = _pick(ordering if orders else hosts, drawn)
            fit = [part for part in sentences.split(other.text) if 20 < len(part) < 300 and part.count("|") < 2]
            if fit:
                source = f"{FOREIGN}_{'own' if host.source in ordering else 'given'}_{'orders' if orders else 'any'}"
                yield Row(plant(host, drawn.choice(fit), drawn)[0], 0, source, split)


def _by_source(rows: Sequence[Row], split: str) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        if row.split == split:
            found[row.source].append(row)
    return found


def _pick(rows: dict[str, list[Row]], drawn: random.Random) -> Row:
    """A row, its source drawn by the root of its size."""
    source = drawn.choices(list(rows), [len(found) ** 0.5 for found in rows.values()])[0]
    return drawn.choice(rows[source])


def plant(host: Row, words: str, drawn: random.Random) -> tuple[str, tuple[int, int]]:
    """The host's text with these words put where its kind of document takes them, and where they then stand."""
    text, luck = host.text, drawn.random()
    lead = drawn.choice(_LEADS) if drawn.random() < 0.3 else ""
    if "table" in host.source and luck < 0.35 and "|" in text[:-1]:
        at = drawn.choice([match.end() for match in re.finditer(r"\|", text[:-1])])
        before, after = " ", " "
    elif ("table" in host.source or "code" in host.source) and luck < 0.7:
        at = drawn.choice([0, *(match.end() for match in re.finditer(r"\n", text))])
        before, after = drawn.choice(("", "", "# ", "// ")) if "code" in host.source else "", "\n"
    elif luck < 0.2:
        at, before, after = 0, "", drawn.choice((" ", " ", "\n", "\n\n"))
    elif luck < 0.6 and _SEAM.search(text):
        at = drawn.choice([match.end() for match in _SEAM.finditer(text)])
        before, after = drawn.choice(("", "", " ", "\n")), drawn.choice((" ", " ", "\n", "\n\n"))
    else:
        at, before, after = len(text), drawn.choice((" ", " ", "\n", "\n\n", "\n- ")), ""
    start = at + len(before) + len(lead)
    return text[:at] + before + lead + words + after + text[at:], (start, start + len(words))
