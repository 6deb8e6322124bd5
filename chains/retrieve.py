"""The library as a LangChain retriever: documents whose metadata carries the passage with its scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, SkipValidation

from core.domain import Passage


class Searcher(Protocol):
    """What finds passages: `ingest.index.Library`."""

    def search(self, query: str, k: int = 6) -> list[Passage]:
        """The k best passages, best first; none when the library is empty."""
        ...


class IndexRetriever(BaseRetriever):
    """Retrieves the passages of a question from the library."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    library: SkipValidation[Searcher]
    passages: int = 6

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [as_document(passage) for passage in self.library.search(query, self.passages)]


def as_document(passage: Passage) -> Document:
    """A passage as LangChain's document: its text, and where it stands."""
    chunk = passage.chunk
    return Document(
        page_content=chunk.text,
        metadata={
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
