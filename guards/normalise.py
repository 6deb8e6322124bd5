"""Undoing disguises before text is judged: what a person or a model would read in it, with the way back to its offsets.

`fold` makes look-alike characters equal and drops invisible ones. `views` adds further readings (decoded, turned,
put together) of which a guard takes the riskiest; a disguise within a disguise is undone too. Nothing here judges.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from guards import ciphers, encodings, lookalikes, spacing
from guards.readings import View, rewritten

__all__ = ["MOST_VIEWS", "View", "fold", "views"]

DEPTH = 3  # disguises within each other
MOST_VIEWS = 8  # readings of one text
_ODD = re.compile(r"[^\t\n\r\x20-\x7e]")  # all but the characters that look like themselves


def fold(text: str) -> View:
    """The text as it looks: compatibility forms, look-alikes and invisible characters undone."""
    if text.isascii() and not _ODD.search(text):
        return View(text, range(len(text)), len(text))
    return _folded(View(text, range(len(text)), len(text)))


def views(text: str) -> Iterator[View]:
    """The plain reading first, then each other one that undoes a disguise; at most MOST_VIEWS."""
    plain = fold(text)
    yield plain
    seen = {plain.text}
    waiting = deque([(plain, 0)])
    hidden = list(encodings.invisible(text))
    if hidden:
        shown = rewritten(View(text, range(len(text)), len(text)), hidden, "invisible characters")
        waiting.append((_folded(shown), 1))
    while waiting and len(seen) < MOST_VIEWS:
        view, depth = waiting.popleft()
        if view.text not in seen:
            seen.add(view.text)
            yield view
        if depth < DEPTH:
            waiting.extend((found, depth + 1) for found in _undone(view) if found.text not in seen)


def _undone(view: View) -> Iterator[View]:
    """Each reading that has one disguise less."""
    for how, pieces in encodings.encoded(view.text):
        yield _folded(rewritten(view, pieces, how))
    for how, pieces in spacing.spaced(view.text):
        yield rewritten(view, pieces, how)
    for how, pieces, turned in ciphers.ciphered(view.text):
        yield rewritten(view, pieces, how, turned=turned)


def _folded(view: View) -> View:
    """The reading with each character as it looks."""
    if view.text.isascii() and not _ODD.search(view.text):
        return view
    parts: list[str] = []
    offsets: list[int] = []
    done = 0
    for match in _ODD.finditer(view.text):
        at = match.start()
        plain = lookalikes.plain(match.group())
        parts += (view.text[done:at], plain)
        offsets.extend(view.offsets[done:at])
        offsets.extend([view.offsets[at]] * len(plain))
        done = at + 1
    parts.append(view.text[done:])
    offsets.extend(view.offsets[done:])
    return replace(view, text="".join(parts), offsets=tuple(offsets))
