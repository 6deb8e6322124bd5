"""Keeping stretches of one text apart: whoever takes characters first keeps them, however many there are."""


class Untaken:
    """The characters of a text that nothing has taken yet."""

    def __init__(self, length: int) -> None:
        """All of a text of this length."""
        self._taken = bytearray(length)

    def take(self, start: int, end: int) -> bool:
        """Take these characters; False when one of them is gone already."""
        if self._taken.find(1, start, end) >= 0:
            return False
        self._taken[start:end] = b"\x01" * (end - start)
        return True
