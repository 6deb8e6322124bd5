"""Asks a library each question of a set and scores the passages that it finds, without guards or a language model."""

from __future__ import annotations

from collections.abc import Sequence

from chains.assemble import evidence_gate
from chains.gate import EvidenceGate
from core.clock import Stopwatch
from core.domain import Filters
from eval.cases import Case
from eval.documents import StoredTexts, Tell
from eval.measures import Measure, measures
from eval.results import Retrieved
from eval.runs import CaseResult
from eval.sources import Place
from eval.stretches import Stretch, holds, of_gold
from ingest.index import Library

PASSAGES = 20  # asked for: enough for ten places and, as chunks are cut, for some 1,000 tokens


def ask_library(
    library: Library, cases: Sequence[Case], texts: StoredTexts, tell: Tell, *, k: int, collections: Sequence[str] = ()
) -> list[CaseResult]:
    """One result a case, in order, of searching for k passages in these collections (none named: all).

    The evidence gate weighs as many passages as the assistant reads, and only where some cases are answerable and
    others not. Milliseconds are those of the search, the embedding of the question included.
    """
    asking = _Asking(library, texts, k, collections, measures("retrieval"))
    if len({case.answerable for case in cases}) == 2:
        asking.gate = evidence_gate(library, library.embedder)
    library.search("warm", 1)  # what is loaded once is no part of a question
    results = []
    for number, case in enumerate(cases, 1):
        results.append(asking.result(case))
        tell(f"asked {number:,} of {len(cases):,} questions")
    return results


class _Asking:
    """Asks one case after another."""

    def __init__(
        self, library: Library, texts: StoredTexts, k: int, collections: Sequence[str], taken: Sequence[Measure]
    ) -> None:
        self.gate: EvidenceGate | None = None
        self._library, self._texts, self._k = library, texts, k
        self._collections, self._measures = tuple(collections), taken
        self._chunks: dict[Place, list[Stretch]] = {}

    def result(self, case: Case) -> CaseResult:
        """What retrieval finds for a case, by every figure."""
        watch = Stopwatch()
        with watch.step("search"):
            passages = tuple(
                self._library.search(case.question, self._k, filters=Filters(collections=self._collections))
            )
        read = passages[: self._library.settings.passages]
        found = Retrieved(
            passages=passages,
            asked=self._k,
            texts=self._texts,
            holding=self._holding(case),
            probability=None if self.gate is None else self.gate.probability(case.question, read),
        )
        scores = {measure.name: measure.score(case, found) for measure in self._measures}
        return CaseResult(case.id, case.question, case.answerable, scores, watch.ms["search"])

    def _holding(self, case: Case) -> tuple[Stretch, ...]:
        """Every chunk of the library that holds a gold place whole."""
        gold = of_gold(case.gold)
        places = dict.fromkeys((collection, source) for collection, source, _, _ in gold)
        chunks = [chunk for place in places for chunk in self._chunks_of(place)]
        return tuple(chunk for chunk in chunks if any(holds(chunk, one) for one in gold))

    def _chunks_of(self, place: Place) -> list[Stretch]:
        if place not in self._chunks:
            collection, source = place
            row = self._library.document_row(source, collection)
            chunks = [] if row is None else self._library.chunks(row)
            self._chunks[place] = [(collection, source, chunk.start, chunk.end) for chunk in chunks]
        return self._chunks[place]
