"""Wires what puts documents in: the library with every embedder it may need, and the inspector of the guards.

Apart from `assemble.py`, so that the commands of ingestion load neither LangChain nor guardrails-ai.
"""

from __future__ import annotations

from typing import Any

from core.database import Database
from core.ports import Embedder, Inspector, Keeper
from core.settings import Settings
from guards.inspection import inspector
from ingest.embed import embedder_named, open_embedder
from ingest.index import Library
from ingest.pipeline import Ingester
from ingest.rerank import open_reranker


def open_library(settings: Settings, database: Database, embedder: Embedder | None = None) -> Library:
    """The library of these settings; nothing is loaded before it is used. Errors are those of `open_reranker`."""
    return Library(
        settings,
        database,
        embedder or open_embedder(settings),
        lambda name: embedder_named(name, settings),
        open_reranker(settings),
    )


def open_inspector(settings: Settings) -> Inspector:
    """What looks documents over before they go in."""
    return inspector(settings.masked, quarantine=settings.quarantine == "on")


def keepers(database: Database) -> list[Keeper]:
    """Everything that keeps words of documents outside of the library: what an erasure must reach."""
    from chains.turns import TurnStore
    from guards.flags import FlagDesk

    return [TurnStore(database), FlagDesk(database)]


def open_ingester(library: Library, **more: Any) -> Ingester:
    """What puts documents into a collection of this library; `more` are the fields of an Ingester."""
    return Ingester(library, inspector=open_inspector(library.settings), **more)
