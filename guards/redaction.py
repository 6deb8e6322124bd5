"""Replacing the characters that guards point at by labels. Which spans are replaced is the rail's matter."""

from collections.abc import Iterable

from core.domain import Span

UNLABELLED = "removed"


def within(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans cut to the text, in order; empty ones dropped, and all but the first of those over the same words."""
    places: dict[tuple[int, int], Span] = {}
    for span in spans:
        start, end = max(0, span.start), min(len(text), span.end)
        if start < end:
            places.setdefault((start, end), Span(start, end, span.label))
    return tuple(sorted(places.values(), key=lambda s: (s.start, -s.end)))


def redact(text: str, spans: Iterable[Span]) -> str:
    """The text with the union of the spans replaced by `[label]`; where spans overlap, the first one names it."""
    pieces: list[str] = []
    done = 0
    for span in within(text, spans):
        if span.end <= done:
            continue
        if span.start >= done:
            pieces += [text[done : span.start], f"[{span.label or UNLABELLED}]"]
        done = span.end
    return "".join([*pieces, text[done:]])
