"""The corpora that retrieval and ingestion are measured on: NAME.questions.jsonl beside a folder NAME of documents."""

import shutil
from pathlib import Path


def copy_documents(data: Path, target: Path) -> Path:
    """Copies the documents without the questions about them, which lie beside; returns `target`."""
    for questions in sorted(data.glob("*.questions.jsonl")):
        name = questions.name.removesuffix(".questions.jsonl")
        shutil.copytree(data / name, target / name)
    return target
