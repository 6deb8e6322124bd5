"""Counts in the text format of Prometheus (version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from core.telemetry import BUCKETS_SECONDS, Counts

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


def exposition(counts: Counts, gauges: Mapping[str, tuple[str, int]]) -> str:
    """All counts, and gauges by name with what they mean."""
    lines = [
        *_counter("parapet_turns_total", "Turns by face and outcome.", ("face", "outcome"), counts.turns.items()),
        *_counter(
            "parapet_verdicts_total",
            "Verdicts that fired, by guard, stage, decision and mode.",
            ("guard", "stage", "decision", "mode"),
            counts.fired.items(),
        ),
        *_counter(
            "parapet_unjudged_total",
            "Verdicts of guards that could not judge, by guard and stage.",
            ("guard", "stage"),
            counts.unjudged.items(),
        ),
        *_histogram("parapet_turn_seconds", "Seconds from question to whole answer.", counts),
    ]
    for name, (meaning, value) in gauges.items():
        lines += [*_head(name, meaning, "gauge"), f"{name} {value}"]
    return "\n".join(lines) + "\n"


def _counter(
    name: str, meaning: str, labels: Iterable[str], values: Iterable[tuple[tuple[str, ...], int]]
) -> Iterator[str]:
    yield from _head(name, meaning, "counter")
    for key, value in sorted(values):
        pairs = ",".join(f'{label}="{text.translate(_ESCAPES)}"' for label, text in zip(labels, key, strict=True))
        yield f"{name}{{{pairs}}} {value}"


def _histogram(name: str, meaning: str, counts: Counts) -> Iterator[str]:
    yield from _head(name, meaning, "histogram")
    bounds = [*map(str, BUCKETS_SECONDS), "+Inf"]
    for bound, value in zip(bounds, accumulate(counts.seconds), strict=True):
        yield f'{name}_bucket{{le="{bound}"}} {value}'
    yield f"{name}_sum {counts.seconds_total:.3f}"
    yield f"{name}_count {sum(counts.seconds)}"


def _head(name: str, meaning: str, kind: str) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"
