"""From a set of cases to a run: opens what is asked, asks, scores. What the command `parapet eval` calls."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chains.assemble import Parapet, assemble
from chains.ingestion import open_library
from core.clock import iso, now
from core.database import Database
from core.settings import Settings
from eval.answers import ask_assistant
from eval.cases import Case, draw, read_cases
from eval.documents import StoredTexts, Tell, home_for, ingest, located
from eval.measures import Kind
from eval.retrieval import PASSAGES, ask_library
from eval.runs import CaseResult, Fact, Run, settings_of, versions
from ingest.embed import open_embedder
from ingest.index import Library
from ingest.remember import RememberingEmbedder

Ask = Callable[[Sequence[Case], StoredTexts], list[CaseResult]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be evaluated."""

    set: Path  # cases as JSONL
    documents: Path | None = None  # a folder to ask in place of the library in force
    collections: tuple[str, ...] = ()  # searched; none: all
    k: int = PASSAGES  # passages asked for, where retrieval is evaluated
    sample: int = 0  # cases; 0: all
    seed: int = 0  # that the sample is drawn by


def evaluate(kind: Kind, wish: Wish, settings: Settings, tell: Tell) -> Run:
    """Ask every case and score what comes of it; `tell` takes lines of progress.

    UsageError when the set is wrong or none of its documents is there; settings are those in force, the model included.
    """
    cases = read_cases(wish.set)
    opened = _retrieval if kind == "retrieval" else _answers
    with home_for(settings, wish.documents) as chosen, opened(chosen, wish, tell) as (library, ask):
        notes = ingest(library, wish.documents, tell) if wish.documents else ()
        texts = StoredTexts(library)
        known = located(library, cases, wish.collections, texts)
        results = ask(draw(known.cases, wish.sample, wish.seed), texts)
        documents, chunks = library.size()
        return Run(
            kind=kind,
            set=wish.set.name,
            set_sha256=hashlib.sha256(wish.set.read_bytes()).hexdigest(),
            made_at=iso(now()),
            asked=_asked(kind, wish),
            library={"documents": documents, "chunks": chunks, "embedder": library.embedder.name},
            settings=settings_of(chosen),
            versions=versions(),
            cases=tuple(results),
            notes=notes + known.notes,
        )


def _asked(kind: Kind, wish: Wish) -> dict[str, Fact]:
    shared: dict[str, Fact] = {"collections": ", ".join(wish.collections), "sample": wish.sample, "seed": wish.seed}
    return shared | ({"k": wish.k} if kind == "retrieval" else {})


@contextmanager
def _retrieval(settings: Settings, wish: Wish, tell: Tell) -> Iterator[tuple[Library, Ask]]:
    """The library alone, and how it is asked."""
    database = Database(settings.database)
    try:
        library = open_library(settings, database, RememberingEmbedder(open_embedder(settings)))
        yield (
            library,
            lambda cases, texts: ask_library(library, cases, texts, tell, k=wish.k, collections=wish.collections),
        )
    finally:
        database.close()


@contextmanager
def _answers(settings: Settings, wish: Wish, tell: Tell) -> Iterator[tuple[Library, Ask]]:
    """The library of the whole assistant, and how that is asked."""
    parapet: Parapet = assemble(settings)
    try:
        yield parapet.library, lambda cases, texts: ask_assistant(parapet, cases, texts, tell, wish.collections)
    finally:
        parapet.close()
