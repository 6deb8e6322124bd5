"""The library as a LangChain retriever: documents whose metadata carries the passage with its scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from core.domain import Filters, Passage, Retrieval, Trace

EVERYTHING = Filters()
KEPT_OUT = "kept out by a guard"
EVERYONE = ""  # a reader who may read only what is open to all


class Searcher(Protocol):
    """What finds passages: `ingest.index.Library`."""

    def retrieve(
        self, query: str, k: int = 6, *, filters: Filters = EVERYTHING, reader: str | None = None
    ) -> Retrieval:
        """The k best passages that this reader may read, best first, and how they were found."""
        ...


class IndexRetriever(BaseRetriever):
    """Retrieves the passages of a question from the library.

    `invoke(question, reader=ASKER, filters=FILTERS, hear=CALL)` looks into what that asker may read, without a reader
    into what everyone may; `hear` is called with the trace of the search.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    library: SkipValidation[Searcher]
    passages: int = 6

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        reader: str = EVERYONE,
        filters: Filters = EVERYTHING,
        hear: Callable[[Trace], None] | None = None,
    ) -> list[Document]:
        found = self.library.retrieve(query, self.passages, filters=filters, reader=reader)
        if hear is not None:
            hear(found.trace)
        return [as_document(passage) for passage in found.passages]


def as_document(passage: Passage) -> Document:
    """A passage as LangChain's document: its text, and where it stands."""
    chunk = passage.chunk
    return Document(
        page_content=chunk.text,
        metadata={
            "collection": chunk.collection,
            "source": chunk.source,
            "title": chunk.title,
            "page": chunk.page,
            "start": chunk.start,
            "end": chunk.end,
            "score": passage.score,
            "passage": passage,
        },
    )


def traced(
    trace: Trace | None, rewritten: str, passages: Sequence[Passage], evidence: float, threshold: float
) -> Trace | None:
    """The trace with what came after the search: passages that guards kept out, and the weighing of the evidence."""
    if trace is None:
        return None
    admitted = {passage.rank for passage in passages}
    candidates = tuple(
        replace(one, rank=None, dropped=KEPT_OUT) if one.rank is not None and one.rank not in admitted else one
        for one in trace.candidates
    )
    return replace(trace, rewritten=rewritten, candidates=candidates, evidence=evidence, threshold=threshold)


def as_passages(documents: Sequence[Document]) -> tuple[Passage, ...]:
    """The passages that the retriever's documents carry."""
    return tuple(document.metadata["passage"] for document in documents)
