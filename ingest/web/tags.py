"""What a page asks of robots: not to be kept in an index, or its links not to be followed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ADDRESSED = re.compile(r"\s*([\w-]+)\s*:(.*)")
_VALUED = {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """Both wishes that concern a crawl; the others are about how results are shown."""

    noindex: bool = False
    nofollow: bool = False

    def __or__(self, other: Wishes) -> Wishes:
        """What either of them asks."""
        return Wishes(self.noindex or other.noindex, self.nofollow or other.nofollow)


def from_headers(values: Iterable[str], robot: str) -> Wishes:
    """The wishes of a page's X-Robots-Tag headers; those addressed to other robots are not ours."""
    return _wishes(word for value in values for word in _ours(value, robot))


def _ours(value: str, robot: str) -> Iterator[str]:
    """The words of one header that are for everybody or for us: a robot's name holds for all words behind it."""
    ours = True
    for part in value.split(","):
        addressed = _ADDRESSED.fullmatch(part)
        if addressed is None or addressed[1].lower() in _VALUED:
            word = part
        else:
            ours, word = addressed[1].lower() == robot.lower(), addressed[2]
        if ours:
            yield word


def from_meta(tags: Iterable[tuple[str, str]], robot: str) -> Wishes:
    """The wishes of a page's meta tags, each a name and its content."""
    names = {"robots", robot.lower()}
    return _wishes(word for name, content in tags if name.strip().lower() in names for word in content.split(","))


def _wishes(words: Iterable[str]) -> Wishes:
    asked = {word.strip().lower() for word in words}
    return Wishes(bool(asked & {"noindex", "none"}), bool(asked & {"nofollow", "none"}))
