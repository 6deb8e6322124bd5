"""Finding the mark of the hidden instructions in an answer, however it was written: spaced out, reversed, encoded.

The mark is drawn by chance for each turn, so that any trace of it is certain.
"""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Iterable, Iterator

from guards import normalise

LEAST = 6  # characters of a mark; a shorter one would be found by accident
_LONG_PART = 12  # characters in a row of a longer mark that give it away as well


def find(views: Iterable[normalise.View], mark: str) -> tuple[int, int] | None:
    """Where in the original the mark stands, by these readings; None when it does not or is too short to tell."""
    bare = "".join(c for c in mark.lower() if c.isalnum())
    if len(bare) < LEAST:
        return None
    for view in views:
        for exact in (False, True):
            letters = [(c if exact else c.lower(), i) for i, c in enumerate(view.text) if c.isalnum()]
            compact = "".join(c for c, _ in letters)
            for form in _exact(mark) if exact else _forms(bare):
                at = compact.find(form)
                if at >= 0:
                    return view.span(letters[at][1], letters[at + len(form) - 1][1] + 1)
    return None


def _forms(bare: str) -> Iterator[str]:
    """Ways to write the mark in which capitals don't count."""
    parts = [bare[i : i + _LONG_PART] for i in range(len(bare) - _LONG_PART + 1)] if len(bare) > _LONG_PART else [bare]
    for part in parts:
        yield part
        yield part[::-1]
    yield codecs.encode(bare, "rot13")
    yield bare.encode().hex()
    yield "".join(f"x{byte:02x}" for byte in bare.encode())
    yield "".join(str(byte) for byte in bare.encode())


def _exact(mark: str) -> Iterator[str]:
    """Base64 of the mark at each of the three places where it may begin, and base32; only what depends on it alone."""
    for plain in {mark, mark.upper(), mark[::-1]}:
        for shift in range(3):
            code = base64.b64encode(b"\0" * shift + plain.encode()).decode().rstrip("=")
            inner = re.sub(r"[^A-Za-z0-9]", "", code[(0, 2, 3)[shift] : -1])
            if len(inner) >= LEAST:
                yield inner
        yield base64.b32encode(plain.encode()).decode().rstrip("=")[:-1]
