"""Cutting a long text into blocks at its own seams, so that looking at one costs memory by the block only."""

from collections.abc import Iterator

_SEAMS = ("\n\n", "\n", ". ", " ")


def blocks(text: str, most: int) -> Iterator[tuple[int, int]]:
    """Start and end of each block, at most so long, that together are the text."""
    start = 0
    while start < len(text):
        end = min(start + most, len(text))
        if end < len(text):
            end = _seam(text, start + most // 2, end)
        yield start, end
        start = end


def _seam(text: str, least: int, most: int) -> int:
    """The last place to cut, at the best kind of seam that there is."""
    for seam in _SEAMS:
        at = text.rfind(seam, least, most)
        if at >= 0:
            return at + len(seam)
    return most
