"""The library as a LangChain retriever: documents whose metadata carries the passage with its scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from core.domain import Passage

EVERYONE = ""  # a reader who may read only what is open to all


class Searcher(Protocol):
    """What finds passages: `ingest.index.Library`."""

    def search(self, query: str, k: int = 6, *, reader: str | None = None) -> list[Passage]:
        """The k best passages that this reader may read, best first; none when the library is empty."""
        ...


class IndexRetriever(BaseRetriever):
    """Retrieves the passages of a question from the library.

    `invoke(question, reader=ASKER)` looks into what that asker may read; without a reader, into what everyone may.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    library: SkipValidation[Searcher]
    passages: int = 6

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, reader: str = EVERYONE
    ) -> list[Document]:
        return [as_document(passage) for passage in self.library.search(query, self.passages, reader=reader)]


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


def as_passages(documents: Sequence[Document]) -> tuple[Passage, ...]:
    """The passages that the retriever's documents carry."""
    return tuple(document.metadata["passage"] for document in documents)
