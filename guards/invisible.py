"""Characters that show nothing and yet carry a message: tag characters, variation selectors, zero-width codes.

What scripts and emoji need of them is no message: joiners, marks of direction, soft hyphens, a byte order mark, the
tags of a flag, and the padding that e-mails put before their first line.
"""

import re
from collections.abc import Iterator

LEAST_TAGS, LEAST_SELECTORS, LEAST_RUN = 4, 4, 16  # characters from which it is more than an accident
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{2,6}\U000e007f")
_TAG = re.compile("[\U000e0020-\U000e007e]")
_SELECTORS = re.compile(f"[\ufe00-\ufe0f\U000e0100-\U000e01ef]{{{LEAST_SELECTORS},}}")
_RUN = re.compile(f"[\u180e\u200b-\u200f\u2060-\u2064\ufeff]{{{LEAST_RUN},}}")


def messages(text: str) -> Iterator[tuple[str, str]]:
    """(what was found, what it says or where it stands) for each message."""
    if text.isascii():
        return
    tags = "".join(chr(ord(tag) - 0xE0000) for tag in _TAG.findall(_FLAG.sub("", text)))
    if len(tags) >= LEAST_TAGS:
        yield "invisible characters spell out", tags
    for match in _SELECTORS.finditer(text):
        yield "invisible characters spell out", bytes(map(_byte, match.group())).decode("utf-8", "replace")
    for match in _RUN.finditer(text):
        if _is_code(match.group()):
            place = text[max(0, match.start() - 60) : match.start()]
            yield f"{len(match.group())} invisible characters in a row may encode something, after", place


def _byte(selector: str) -> int:
    """The byte that a variation selector stands for, as smuggled text uses them."""
    number = ord(selector)
    return number - 0xFE00 if number <= 0xFE0F else number - 0xE0100 + 16


def _is_code(run: str) -> bool:
    """Whether different characters follow each other without the short period that padding has."""
    return all(run[period:] != run[:-period] for period in range(1, 5))
