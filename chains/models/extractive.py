"""The answerer without a language model: it quotes the sentences of the passages that answer best, with citations.

How they are ranked, chosen and joined is the matter of `chains/extract/`; here the similarities that the evidence
lacks are embedded, and the quotes become the text that a chat model streams.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from langchain_core.language_models import BaseChatModel
from pydantic import ConfigDict, SkipValidation

from chains.extract import composing
from chains.extract.evidence import Evidence
from chains.extract.ranking import read_ranker
from chains.models._pieces import PieceModel
from core.ports import Embedder
from core.sentences import split
from core.settings import Settings

DOC = "no language model: quotes the best-supported sentences of the documents (the default)"


class ExtractiveModel(PieceModel):
    """Quotes its evidence; the same question over the same passages always gives the same answer."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    embedder: SkipValidation[Embedder]

    @property
    def _llm_type(self) -> str:
        return "extractive"

    def pieces(self, evidence: Evidence) -> Iterator[str]:
        """Each quote with its citation."""
        return compose(evidence, self.embedder)


def build(settings: Settings, name: str, embedder: Embedder) -> BaseChatModel:
    """The extractive model over this embedder."""
    return ExtractiveModel(embedder=embedder)


def compose(evidence: Evidence, embedder: Embedder) -> Iterator[str]:
    """The answer piece by piece: each quote, the white space before it, its citation behind it."""
    for quote in composing.compose(with_cosines(evidence, embedder), read_ranker()):
        yield f"{quote.lead}{quote.text} [{quote.passage}]"


def with_cosines(evidence: Evidence, embedder: Embedder) -> Evidence:
    """The evidence, each passage with the cosine of each of its sentences; embeds only what retrieval didn't tell."""
    groups = [split(passage.text) for passage in evidence.passages]
    lacking = [i for i, group in enumerate(groups) if len(evidence.passages[i].cosines) != len(group)]
    if not lacking:
        return evidence
    vectors = embedder.embed([evidence.question, *(sentence for i in lacking for sentence in groups[i])])
    similar = iter((vectors[1:] @ vectors[0]).tolist())
    passages = list(evidence.passages)
    for i in lacking:
        passages[i] = replace(passages[i], cosines=tuple(next(similar) for _ in groups[i]))
    return replace(evidence, passages=tuple(passages))
