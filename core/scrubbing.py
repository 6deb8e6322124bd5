"""Takes the words of an erased document out of stored answers. What was asked, when and with what outcome stays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, Text, cast, select, update

ERASED = "[erased]"
ANSWER_ERASED = "This answer was erased together with a document that it was written from."


def scrub(connection: Connection, table: Table, collection: str, source: str, **more: Any) -> int:
    """Scrub the answers in a table (columns `id` and `answer`) that were written from this document.

    `more`: what other columns of such a row become. Returns how many rows were changed.
    """
    named = cast(table.c.answer, Text).contains(json.dumps(source)[1:-1], autoescape=True)
    changed = 0
    for row in connection.execute(select(table.c.id, table.c.answer).where(named)).all():
        scrubbed = without(row.answer, collection, source)
        if scrubbed is not None:
            connection.execute(update(table).where(table.c.id == row.id).values(answer=scrubbed, **more))
            changed += 1
    return changed


def without(answer: Mapping[str, Any], collection: str, source: str) -> dict[str, Any] | None:
    """The JSON of an answer without a document's words; None when it holds none of them.

    Every sentence goes, as any may rest on the document; of its passages, and of what its trace tells of candidates,
    only the place is kept.
    """
    trace = _trace_without(answer.get("trace"), collection, source)
    if not any(_is_of(passage, collection, source) for passage in answer["passages"]):
        return None if trace == answer.get("trace") else dict(answer) | {"trace": trace}
    return dict(answer) | {
        "text": ANSWER_ERASED,
        "sentences": [],
        "passages": [
            passage | {"text": "", "title": "", "heading": []} if _is_of(passage, collection, source) else passage
            for passage in answer["passages"]
        ],
        "verdicts": [
            verdict | {"reason": ERASED} if verdict["stage"] != "input" else verdict for verdict in answer["verdicts"]
        ],
        "trace": trace,
    }


def _trace_without(trace: Mapping[str, Any] | None, collection: str, source: str) -> Mapping[str, Any] | None:
    """The trace without the document's title, and without a question that was put anew from what was said before."""
    if trace is None or not any(_is_of(candidate, collection, source) for candidate in trace["candidates"]):
        return trace
    candidates = [
        candidate | {"title": "", "dropped": ""} if _is_of(candidate, collection, source) else candidate
        for candidate in trace["candidates"]
    ]
    return dict(trace) | {"sought": ERASED if trace["rewritten"] else trace["sought"], "candidates": candidates}


def _is_of(passage: Mapping[str, Any], collection: str, source: str) -> bool:
    return passage["source"] == source and passage.get("collection", "") in {"", collection}
