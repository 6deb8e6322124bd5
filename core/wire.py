"""The JSON form of an answer and of verdicts, as the contract gives it; and back, for snapshots in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.clock import iso
from core.domain import (
    Answer,
    Candidate,
    Chunk,
    Citation,
    Decision,
    Filters,
    Mode,
    Outcome,
    Passage,
    Sentence,
    Span,
    Stage,
    Support,
    Tokens,
    Trace,
    Verdict,
)


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict, spans as pairs with their labels beside them."""
    return {
        "guard": verdict.guard,
        "stage": verdict.stage.value,
        "decision": verdict.decision.label,
        "score": _rounded(verdict.score),
        "threshold": verdict.threshold,
        "reason": verdict.reason,
        "spans": [[span.start, span.end] for span in verdict.spans],
        "labels": [span.label for span in verdict.spans],
        "mode": verdict.mode.value,
        "ms": round(verdict.ms, 2),
        "about": verdict.about,
        "advice": verdict.advice,
    }


def passage_json(passage: Passage) -> dict[str, Any]:
    """A passage; this is also what a search hit looks like."""
    chunk = passage.chunk
    return {
        "rank": passage.rank,  # what citations name; a passage that a guard kept out leaves a gap
        "collection": chunk.collection,
        "source": chunk.source,
        "version": chunk.version,
        "title": chunk.title,
        "heading": list(chunk.heading),
        "page": chunk.page,
        "start": chunk.start,
        "end": chunk.end,
        "score": round(passage.score, 4),
        "vector": _rounded(passage.vector),
        "lexical": _rounded(passage.lexical),
        "sentence": _rounded(passage.sentence),
        "text": chunk.text,
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer, wherever it is given as JSON."""
    return {
        "outcome": answer.outcome.value,
        "text": answer.text,
        "notice": answer.notice,
        "question": answer.question,
        "sentences": [_sentence_json(sentence) for sentence in answer.sentences],
        "passages": [passage_json(passage) for passage in answer.passages],
        "verdicts": [verdict_json(verdict) for verdict in answer.verdicts],
        "flag": answer.flag,
        "model": answer.model,
        "prompt": answer.prompt,
        "tokens": {"in": answer.tokens.into, "out": answer.tokens.out, "estimated": answer.tokens.estimated},
        "cost_usd": answer.cost_usd,
        "ms": dict(answer.ms),
        "turn": answer.turn,
        "index_as_of": None if answer.index_as_of is None else iso(answer.index_as_of),
        "trace": None if answer.trace is None else trace_json(answer.trace),
    }


def trace_json(trace: Trace) -> dict[str, Any]:
    """How passages were found: what was sought, where, and every candidate with what became of it."""
    filters = trace.filters
    return {
        "sought": trace.sought,
        "rewritten": trace.rewritten,
        "filters": {
            "collections": list(filters.collections),
            "sources": list(filters.sources),
            "languages": list(filters.languages),
            "after": None if filters.after is None else iso(filters.after),
        },
        "chunks": trace.chunks,
        "candidates": [_candidate_json(candidate) for candidate in trace.candidates],
        "more": trace.more,
        "evidence": _rounded(trace.evidence),
        "threshold": trace.threshold,
    }


def _candidate_json(candidate: Candidate) -> dict[str, Any]:
    return {
        "collection": candidate.collection,
        "source": candidate.source,
        "title": candidate.title,
        "page": candidate.page,
        "start": candidate.start,
        "end": candidate.end,
        "score": round(candidate.score, 4),
        "vector": _rounded(candidate.vector),
        "vector_rank": candidate.vector_rank,
        "sentence": _rounded(candidate.sentence),
        "lexical": _rounded(candidate.lexical),
        "lexical_rank": candidate.lexical_rank,
        "rank": candidate.rank,
        "dropped": candidate.dropped,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _sentence_json(sentence: Sentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "lead": sentence.lead,
        "support": _rounded(sentence.support),
        "state": sentence.state.value,
        "citations": [
            {
                "passage": citation.passage,
                "source": citation.source,
                "title": citation.title,
                "page": citation.page,
                "quote": citation.quote,
                "start": citation.start,
                "end": citation.end,
            }
            for citation in sentence.citations
        ],
    }


def answer_from_json(data: Mapping[str, Any]) -> Answer:
    """The answer that `answer_json` wrote."""
    as_of, trace = data["index_as_of"], data.get("trace")  # snapshots of before there were traces have none
    return Answer(
        turn=data["turn"],
        question=data["question"],
        outcome=Outcome(data["outcome"]),
        text=data["text"],
        notice=data["notice"],
        sentences=tuple(_sentence(item) for item in data["sentences"]),
        passages=tuple(_passage(item) for item in data["passages"]),
        verdicts=tuple(_verdict(item) for item in data["verdicts"]),
        flag=data["flag"],
        model=data["model"],
        prompt=data["prompt"],
        tokens=Tokens(data["tokens"]["in"], data["tokens"]["out"], data["tokens"]["estimated"]),
        cost_usd=data["cost_usd"],
        ms=dict(data["ms"]),
        index_as_of=None if as_of is None else datetime.fromisoformat(as_of),
        trace=None if trace is None else _trace(trace),
    )


def _trace(data: Mapping[str, Any]) -> Trace:
    narrowed = data["filters"]
    after = narrowed["after"]
    filters = Filters(
        collections=tuple(narrowed["collections"]),
        sources=tuple(narrowed["sources"]),
        languages=tuple(narrowed["languages"]),
        after=None if after is None else datetime.fromisoformat(after),
    )
    candidates = tuple(Candidate(**candidate) for candidate in data["candidates"])
    return Trace(**{**data, "filters": filters, "candidates": candidates})


def _sentence(data: Mapping[str, Any]) -> Sentence:
    return Sentence(
        text=data["text"],
        lead=data["lead"],
        citations=tuple(Citation(**item) for item in data["citations"]),
        support=data["support"],
        state=Support(data["state"]),
    )


def _passage(data: Mapping[str, Any]) -> Passage:
    chunk = Chunk(
        source=data["source"],
        title=data["title"],
        text=data["text"],
        start=data["start"],
        end=data["end"],
        heading=tuple(data["heading"]),
        page=data["page"],
        collection=data.get("collection", ""),  # snapshots of before there were collections have none
        version=data.get("version", ""),
    )
    return Passage(
        chunk,
        score=data["score"],
        rank=data["rank"],
        vector=data["vector"],
        lexical=data["lexical"],
        sentence=data.get("sentence"),
    )


def _verdict(data: Mapping[str, Any]) -> Verdict:
    spans = tuple(Span(a, b, label) for (a, b), label in zip(data["spans"], data["labels"], strict=True))
    return Verdict(
        guard=data["guard"],
        stage=Stage(data["stage"]),
        decision=Decision.named(data["decision"]),
        score=data["score"],
        threshold=data["threshold"],
        reason=data["reason"],
        spans=spans,
        mode=Mode(data["mode"]),
        ms=data["ms"],
        about=data["about"],
        advice=data.get("advice", ""),
    )
