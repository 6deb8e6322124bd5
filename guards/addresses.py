"""Whether an address may stand in an answer: which hosts the passages name, and whether it could carry words away.

An address that stands in a passage is fine as it stands there. Another path on a host that a passage names is fine
when it is short and plain and has no query: whoever reads the host's log must learn nothing of the conversation.
Nothing is fetched or resolved.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit

from guards.secrets.randomness import is_random

MOST_SEGMENT = 40  # characters of a part of a path that are no message yet
MOST_PATH = 120
MOST_LABEL = 24  # characters of one label of a host
LEAST_RUN = 4  # words of the conversation in a row that make a path a message

_HOST = re.compile(
    r"(?i)(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![\w-])|localhost|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}"
)
_ADDRESS = re.compile(r"(?i)(?:https?://|mailto:|www\.|//)?[^\s<>\"'`()\[\]{}|\\]{4,2000}")
_END = re.compile(r"[.,;:!?*_~]+$")
_WORD = re.compile(r"[^\W_]{3,}")
_OPENS = frozenset({"http", "https", "mailto"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an address is held against."""

    trusted: frozenset[str]  # hosts that policy lets through
    passages: tuple[str, ...]
    question: str = ""

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts that the passages name, in lower case."""
        return _named(self.passages)


def is_fine(address: str, written: str, around: Surroundings) -> bool:
    """Whether an address may stay; `written` is how it stood before look-alikes and hidden characters were undone."""
    plain = _plain(address)
    if address.strip() in _standing(around.passages) and _scheme(plain) in _OPENS | {""}:
        return True
    if written != address and html.unescape(written) != address:
        return False  # it was disguised, and does not stand so in a passage
    try:
        parts = urlsplit(plain)
        host, _ = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if _scheme(unquote(plain)) not in _OPENS | {""} or (not parts.scheme and _hides_host(plain)):
        return False
    if parts.scheme == "mailto":
        return "?" not in plain and plain.rpartition("@")[2].lower() in around.hosts | around.trusted
    if not parts.scheme and not parts.netloc:
        return True  # an anchor or a file beside: nothing leaves
    if parts.scheme not in _OPENS | {""} or "@" in parts.netloc or not host.isascii():
        return False
    return host in around.hosts | around.trusted and _tells_nothing(parts, around)


def _plain(address: str) -> str:
    """The address as a browser would read it; one that starts with a bare host gets its scheme."""
    plain = re.sub(r"[\x00-\x20]", "", html.unescape(html.unescape(address))).replace("\\", "/")
    return "https://" + plain if plain.lower().startswith("www.") else plain


def _scheme(address: str) -> str:
    """What stands before the colon in lower case, when that is a scheme."""
    match = re.match(r"\s{0,20}([A-Za-z][A-Za-z0-9+.-]{1,30}):", address)
    return match[1].lower() if match and "." not in match[1] and match[1].lower() != "localhost" else ""


def _hides_host(address: str) -> bool:
    """Whether a relative address leads to a host once its codes are undone."""
    return unquote(address).replace("\\", "/").startswith("//") and not address.startswith("//")


def _tells_nothing(parts: SplitResult, around: Surroundings) -> bool:
    """Whether path, query and fragment are too plain to carry words of the conversation."""
    if parts.query and (parts.hostname or "").lower() not in around.trusted:
        return False
    told = [*parts.path.split("/"), *re.split(r"[&=;]", parts.query), parts.fragment]
    if len(parts.path) > MOST_PATH or any(_is_message(part) for part in told):
        return False
    return not _runs(" ".join(told), around)


def _is_message(part: str) -> bool:
    """Whether a part is long, encoded, drawn by chance, a long number or an e-mail address."""
    digits = re.search(r"\d{9}", re.sub(r"[ .-]", "", part))
    return (
        len(part) > MOST_SEGMENT or "%" in part or "@" in part or bool(digits) or (len(part) >= 12 and is_random(part))
    )


def _runs(told: str, around: Surroundings) -> bool:
    """Whether words follow each other in it as they do in the question or a passage."""
    words = [word.lower() for word in _WORD.findall(told)]
    if len(words) < LEAST_RUN:
        return False
    grams = {tuple(words[i : i + LEAST_RUN]) for i in range(len(words) - LEAST_RUN + 1)}
    return any(not grams.isdisjoint(_grams(text)) for text in (around.question, *around.passages))


@lru_cache(maxsize=64)
def _grams(text: str) -> frozenset[tuple[str, ...]]:
    words = [word.lower() for word in _WORD.findall(text[:50_000])]
    return frozenset(tuple(words[i : i + LEAST_RUN]) for i in range(len(words) - LEAST_RUN + 1))


@lru_cache(maxsize=16)
def _named(passages: tuple[str, ...]) -> frozenset[str]:
    return frozenset(host.lower() for passage in passages for host in _HOST.findall(passage))


@lru_cache(maxsize=16)
def _standing(passages: tuple[str, ...]) -> frozenset[str]:
    """Every address that stands in a passage, as it stands there and without the marks that end a sentence."""
    return frozenset(_addresses(passages))


def _addresses(passages: tuple[str, ...]) -> Iterator[str]:
    for passage in passages:
        for match in _ADDRESS.finditer(passage):
            if "." in match.group() or ":" in match.group():
                yield match.group()
                yield _END.sub("", match.group())
