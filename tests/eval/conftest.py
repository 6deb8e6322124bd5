"""A small folder of documents, and sets of cases about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DOCUMENTS = {
    "leave.md": "# Leave\n\nStaff get 25 days of paid holiday a year. Unused holiday lapses at the end of March.\n\n"
    "# Sick leave\n\nA doctor's note is needed from the fourth day of sickness. Send it to the personnel office.\n",
    "travel/expenses.md": "# Expenses\n\nTravel by train is paid in second class. Receipts must be handed in within "
    "thirty days of the journey.\n\nThe finance team pays expenses on the tenth day of each month.\n",
    "security.txt": "The front door is locked at seven in the evening. Visitors sign the book at the reception desk "
    "and wear a badge.\n",
}
QUESTIONS = (
    ("holiday", "How many days of paid holiday do staff get?", "leave.md", "25 days"),
    ("lapse", "When does unused holiday lapse?", "leave.md", "at the end of March"),
    ("train", "In which class is travel by train paid?", "expenses.md", "second class"),
    ("door", "When is the front door locked?", "security.txt", "seven in the evening"),
)
BEYOND = (
    ("moon", "Who first walked on the moon?"),
    ("whale", "What does a blue whale eat?"),
)
Write = Callable[..., Path]  # cases as dictionaries -> the file they were written to


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents as a folder."""
    folder = tmp_path_factory.mktemp("office")
    for name, text in DOCUMENTS.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes cases, dictionaries or lines as they stand, into a set."""

    def writing(*cases: dict[str, Any] | str, name: str = "set.jsonl") -> Path:
        path = tmp_path / name
        lines = [case if isinstance(case, str) else json.dumps(case, ensure_ascii=False) for case in cases]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return writing


def case_about(number: str, question: str, source: str, words: str) -> dict[str, Any]:
    """A case whose gold is these words of a document; the source is as short as a set may write it."""
    text = next(text for name, text in DOCUMENTS.items() if name.endswith(source))
    start = text.index(words)
    gold = {"source": source, "start": start, "end": start + len(words), "text": words}
    return {"id": number, "question": question, "answerable": True, "answers": [words], "gold": [gold]}


def whole_set() -> list[dict[str, Any]]:
    """Every question about the documents, and those beyond them."""
    return [case_about(*question) for question in QUESTIONS] + [
        {"id": number, "question": question, "answerable": False} for number, question in BEYOND
    ]
