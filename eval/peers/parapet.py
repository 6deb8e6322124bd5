"""Parapet as it ships: what `parapet ingest add` puts in, searched as an answer searches."""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from pathlib import Path

from chains.ingestion import open_ingester, open_library
from core.database import Database
from core.settings import Settings
from eval.peers.job import Built, Hit, Job, run


def build(job: Job) -> Built:
    """Ingest the documents into a home of its own, which goes when the process does."""
    home = tempfile.TemporaryDirectory()
    settings = Settings(home=Path(home.name))
    library = open_library(settings, Database(settings.database))
    with open_ingester(library) as ingester:
        ingester.add([Path(job.documents)])

    def search(question: str, _kept: object = home) -> list[Hit]:
        return [(p.chunk.source, p.chunk.start, p.chunk.end) for p in library.search(question, job.depth)]

    return Built(version("parapet"), library.size()[1], search)


if __name__ == "__main__":
    run(build)
