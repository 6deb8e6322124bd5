"""One reading of a text with the way back to the original, and how a part of it is put in other words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a text: `offsets[i]` is where its i-th character came from in the original."""

    text: str
    offsets: tuple[int, ...] | range
    end: int  # length of the original
    how: str = ""  # the disguise that was undone; empty for the plain reading

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where characters of this reading stand in the original."""
        if not self.text or start >= len(self.text):
            return (self.end, self.end)
        last = min(end, len(self.text)) - 1
        a, b = self.offsets[start], self.offsets[max(start, last)]
        return (min(a, b), max(a, b) + 1)


Piece = tuple[int, int, str]  # start and end in a reading, and what stands there once the disguise is undone


def rewritten(view: View, pieces: Iterable[Piece], how: str, *, turned: bool = False) -> View:
    """The reading with these stretches, in order, put in other words; `turned`: what stands there runs backwards.

    Characters of a decoded stretch point evenly across the stretch that they were decoded from.
    """
    texts: list[str] = []
    offsets: list[int] = []
    done = 0
    for start, end, text in pieces:
        texts += (view.text[done:start], text)
        offsets.extend(view.offsets[done:start])
        width, length = end - 1 - start, max(1, len(text) - 1)
        places = [view.offsets[start + width * i // length] for i in range(len(text))]
        offsets.extend(reversed(places) if turned else places)
        done = end
    texts.append(view.text[done:])
    offsets.extend(view.offsets[done:])
    return View("".join(texts), tuple(offsets), view.end, f"{how} in {view.how}" if view.how else how)
