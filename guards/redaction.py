"""Replacing the characters that guards point at by labels. Which spans are replaced is the rail's matter."""

from collections.abc import Iterable

from core.domain import Span

UNLABELLED = "removed"


def within(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans cut to the text, in order; empty ones dropped."""
    cut = (Span(max(0, s.start), min(len(text), s.end), s.label) for s in spans)
    return tuple(sorted((s for s in cut if s.start < s.end), key=lambda s: (s.start, -s.end)))


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
