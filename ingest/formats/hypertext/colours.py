"""Colours as web pages write them, and whether words can be told from what lies beneath them."""

from __future__ import annotations

import re

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
_NAMED: dict[str, Colour] = {
    "white": WHITE,
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "mintcream": (245, 255, 250),
    "azure": (240, 255, 255),
    "whitesmoke": (245, 245, 245),
}
_HEX = re.compile(r"#(?:([0-9a-f]{3})[0-9a-f]?|([0-9a-f]{6})(?:[0-9a-f]{2})?)$")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})")
_NEAR = 24  # of 255, in each channel: less can't be read


def colour(value: str) -> Colour | None:
    """The colour that a style names; None when it is not plain, such as a picture or a variable."""
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if match := _HEX.match(value):
        digits = match[2] or "".join(digit * 2 for digit in match[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if match := _RGB.match(value):
        return int(match[1]), int(match[2]), int(match[3])
    return None


def is_clear(value: str) -> bool:
    """Whether a colour lets everything through."""
    value = value[:100].replace(" ", "").lower()
    return value == "transparent" or bool(re.match(r"(?:rgba|hsla)\(.*,0?\.?0+%?\)$", value))


def are_alike(one: Colour, other: Colour) -> bool:
    """Whether words in one colour can't be told from a ground in the other."""
    return all(abs(a - b) < _NEAR for a, b in zip(one, other, strict=True))
