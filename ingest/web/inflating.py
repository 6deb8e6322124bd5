"""Decompresses gzip within bounds: a small body that swells without end is refused, not unpacked."""

from __future__ import annotations

import zlib

from core.errors import RefusedDocument

_GZIP = zlib.MAX_WBITS | 16
MAGIC = b"\x1f\x8b"


class Inflater:
    """Takes compressed pieces in turn and gives what they hold, never more than `most` bytes in all."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._given = 0
        self._stream = zlib.decompressobj(_GZIP)

    def feed(self, data: bytes) -> bytes:
        """What this piece adds; RefusedDocument when it is damaged or too much."""
        parts = []
        while data:
            if self._stream.eof:
                if not data.startswith(MAGIC):
                    break  # padding behind the last member
                self._stream = zlib.decompressobj(_GZIP)
            parts.append(self._bounded(data))
            data = self._stream.unused_data
        return b"".join(parts)

    def _bounded(self, data: bytes) -> bytes:
        try:
            part = self._stream.decompress(data, self._most - self._given + 1)
        except zlib.error as error:
            raise RefusedDocument("broken", f"its compressed body is damaged: {error}") from error
        self._given += len(part)
        check_size(self._given, self._most)
        return part

    def finish(self) -> None:
        """RefusedDocument unless the last member came to its end."""
        if not self._stream.eof:
            raise RefusedDocument("broken", "its compressed body was cut off")


def inflated(data: bytes, most: int) -> bytes:
    """A whole gzip file unpacked; RefusedDocument when it is damaged or larger than `most` bytes."""
    inflater = Inflater(most)
    content = inflater.feed(data)
    inflater.finish()
    return content


def check_size(size: int, most: int) -> None:
    """Refuse a body of more than `most` bytes."""
    if size > most:
        raise RefusedDocument("too_large", f"its body has more than the {most:,} bytes that are allowed")
