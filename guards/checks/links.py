"""Guard `links`: addresses that an answer may not carry. An address is fine when its host occurs in a passage.

A picture is never fine: its mere display tells a stranger what its address holds. The words of a link stay.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.domain import Span, Stage, Subject
from guards import options as given
from guards.guard import Finding, Guard, Kit

STAGES = frozenset({Stage.OUTPUT})
DOC = "pictures, links to hosts that no passage names, script and other active HTML"
TITLE = "addresses and active content"
ADVICE = "Open the document itself when you need its links."

LINK, IMAGE, ACTIVE = "link removed", "picture removed", "active content removed"
_IMAGE = re.compile(r"!\[[^\]\n]{0,1000}\](?:\([^)\n]{0,4000}\)?|\[[^\]\n]{0,200}\])?")
_INLINE = re.compile(r"\]\(\s{0,20}<?(?P<to>[^\s)>]{1,4000})[^)\n]{0,1000}\)?")
_DEFINED = re.compile(r"(?m)^[ \t>]{0,20}\[[^\]\n]{1,200}\]:[ \t]{0,20}<?(?P<to>\S{1,4000})")
_SCRIPT = re.compile(
    r"(?i)<(script|style|iframe|object|svg|math)\b[^>]{0,4000}>?(?:(?!</\1)[\s\S]){0,20000}(?:</\1\s{0,20}>?)?"
)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]{0,30})(?=[\s/>])[^<>]{0,4000}>?|<!--[\s\S]{0,4000}?(?:-->|$)")
_BARE = re.compile(r"(?i)(?<![\w@])(?:(?:https?|ftp|wss?|file)://|mailto:|www\.)[^\s<>\"'`]{1,4000}")
_SCHEME = re.compile(
    r"(?i)(?<!\w)(?:(?:java|vb|live)script:[^\s]{1,2000}|data:[a-z]{1,20}/[a-z0-9.+-]{1,40}[;,]\S{0,4000})"
)
_HOST = re.compile(
    r"(?i)(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}(?![\w-])|localhost|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}"
)
_OPENS = frozenset({"http", "https", "mailto"})
_ACTIVE_TAGS = frozenset(
    "a applet area audio base body button canvas embed form frame frameset head html iframe image img input link "
    "marquee math meta object script select source style svg template textarea title track video".split()
)
_HANDLER = re.compile(r"(?i)[\s/\"']on[a-z]{3,20}\s{0,5}=|\b(?:href|src|srcset|action|style|background|poster)\s{0,5}=")


@dataclass(frozen=True, slots=True)
class Links:
    """Points at every address and tag that may not be shown."""

    hosts: frozenset[str]

    def judge(self, subject: Subject) -> Finding:
        """1.0 when there is any."""
        allowed = self.hosts | {host.lower() for passage in subject.passages for host in _HOST.findall(passage)}
        taken: list[Span] = []
        for span in _find(subject.text, allowed):
            if all(span.end <= other.start or span.start >= other.end for other in taken):
                taken.append(span)
        if not taken:
            return Finding(0.0, "No unsafe links found.")
        kinds = sorted({span.label.removesuffix(" removed") for span in taken})
        return Finding(
            1.0,
            f"This holds what could lead elsewhere or act by itself ({', '.join(kinds)}) and stands in none of the "
            "documents, so it is left out.",
            tuple(sorted(taken, key=lambda span: span.start)),
        )


def build(options: Mapping[str, Any], kit: Kit) -> Guard:  # noqa: ARG001  every guard is built alike
    """Options: `hosts` that may always be linked to."""
    return Links(frozenset(host.lower() for host in given.read(options, hosts=())["hosts"]))


def _find(text: str, allowed: frozenset[str] | set[str]) -> Iterator[Span]:
    """What may not be shown, widest first."""
    for match in _SCRIPT.finditer(text):
        yield Span(*match.span(), ACTIVE)
    for match in _IMAGE.finditer(text):
        yield Span(*match.span(), IMAGE)
    for match in _TAG.finditer(text):
        name = (match[1] or "").lower()
        if name in _ACTIVE_TAGS or _HANDLER.search(match.group()):
            yield Span(*match.span(), IMAGE if name in {"img", "image"} else ACTIVE)
    for match in _INLINE.finditer(text):
        if not _fine(match["to"], allowed):
            yield Span(match.start() + 1, match.end(), LINK)  # the words in brackets stay
    for pattern in (_DEFINED, _BARE, _SCHEME):
        for match in pattern.finditer(text):
            address = match["to"] if pattern is _DEFINED else match.group().rstrip(".,;:!?)*_]")
            begin = match.start("to") if pattern is _DEFINED else match.start()
            if not _fine(address, allowed):
                yield Span(begin, begin + len(address), LINK)


def _fine(address: str, allowed: frozenset[str] | set[str]) -> bool:
    """Whether an address leads nowhere, or to a host that may be linked to."""
    plain = re.sub(r"[\x00-\x20]", "", html.unescape(address)).replace("\\", "/")
    if plain.lower().startswith("www."):
        plain = "https://" + plain
    try:
        parts = urlsplit(plain)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return plain.split("?")[0].rpartition("@")[2].lower() in allowed
    if not parts.scheme and not parts.netloc:
        return True  # an anchor or a file beside: nothing leaves
    return parts.scheme in _OPENS and "@" not in parts.netloc and host in allowed
