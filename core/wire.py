"""The JSON form of an answer and of verdicts, as the contract gives it; and back, for snapshots in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.clock import iso
from core.domain import (
    Answer,
    Chunk,
    Citation,
    Decision,
    Mode,
    Outcome,
    Passage,
    Sentence,
    Span,
    Stage,
    Support,
    Tokens,
    Verdict,
)


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict, spans as pairs with their labels beside them."""
    return {
        "guard": verdict.guard,
        "stage": verdict.stage.value,
        "decision": verdict.decision.label,
        "score": None if verdict.score is None else round(verdict.score, 4),
        "threshold": verdict.threshold,
        "reason": verdict.reason,
        "spans": [[span.start, span.end] for span in verdict.spans],
        "labels": [span.label for span in verdict.spans],
        "mode": verdict.mode.value,
        "ms": round(verdict.ms, 2),
        "about": verdict.about,
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
        "vector": None if passage.vector is None else round(passage.vector, 4),
        "lexical": None if passage.lexical is None else round(passage.lexical, 4),
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
    }


def _sentence_json(sentence: Sentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "lead": sentence.lead,
        "support": None if sentence.support is None else round(sentence.support, 4),
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
    as_of = data["index_as_of"]
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
    )


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
    return Passage(chunk, score=data["score"], rank=data["rank"], vector=data["vector"], lexical=data["lexical"])


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
    )
