"""Guard `links`: addresses and active content that an answer may not carry. Which addresses may is in `addresses.py`.

A picture is never fine: its mere display tells a stranger what its address holds. The words of a link stay.
"""
# ruff: noqa: E501  a pattern is read in one piece

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import Span, Stage, Subject
from guards import normalise
from guards import options as given
from guards.addresses import MOST_LABEL, Surroundings, is_fine
from guards.guard import Finding, Guard, Kit
from guards.overlap import Untaken

STAGES = frozenset({Stage.OUTPUT})
DOC = "pictures, links to hosts that no passage names or that could carry words away, script and other active HTML"
TITLE = "addresses and active content"
ADVICE = "Open the document itself when you need its links."

LINK, IMAGE, ACTIVE = "link removed", "picture removed", "active content removed"
_IMAGE = re.compile(r"!\[[^\]\n]{0,1000}\](?:\([^)\n]{0,4000}\)?|\[[^\]\n]{0,200}\])?")
_INLINE = re.compile(r"\]\(\s{0,20}(?P<to><[^<>\n]{1,4000}|[^\s)>]{1,4000})[^)\n]{0,1000}\)?")
_DEFINED = re.compile(r"(?m)^[ \t>]{0,20}\[[^\]\n]{1,200}\]:[ \t]{0,20}\n?[ \t]{0,20}<?(?P<to>[^\s>]{1,4000})")
_SCRIPT = re.compile(
    r"(?i)<(script|style|iframe|object|svg|math)\b[^>]{0,4000}>?(?:(?!</\1)[\s\S]){0,20000}(?:</\1\s{0,20}>?)?"
)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]{0,30})(?=[\s/>])[^<>]{0,4000}>?|<!--[\s\S]{0,4000}?(?:-->|$)")
_BARE = re.compile(
    r"(?i)(?<![\w@])(?P<to>(?:(?:https?|ftp|wss?|file|sftp|smb|gopher|ldap)s?:[/\\]{2}|mailto:|www\.)[^\s<>\"'`]{1,4000})"
)
_SCHEME = re.compile(
    r"(?i)(?<!\w)(?P<to>(?:(?:java|vb|live)script:[^\s]{1,2000}|data:[a-z]{1,20}/[a-z0-9.+-]{1,40}[;,]\S{0,4000}|"
    r"(?:blob|filesystem|view-source|feed|jar|intent|search-ms|ms-[a-z]{2,20}):[^\s]{3,2000}))"
)
_RELATIVE = re.compile(r"(?i)(?<![\w:/\\.])(?P<to>[/\\]{2}(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}[^\s<>\"'`)]{0,2000})")
_HOST_ONLY = re.compile(
    r"(?i)(?<![\w@./\\:=-])(?P<to>(?:(?P<host>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}(?P<last>[a-z]{2,24}|xn--[a-z0-9-]{2,59}))|(?P<ip>\d{1,3}(?:\.\d{1,3}){3}))"
    r"(?P<rest>(?::\d{1,5})?(?:[/?#][^\s<>\"'`]{0,2000})?))"
)
_NETWORK = re.compile(r"/\d{1,3}(?!\w)")  # the size of a network after its address
# endings of files that are endings of hosts nowhere, or seldom
_FILES = frozenset(
    "js ts jsx tsx json txt yaml yml toml html htm php css scss xml csv pdf doc docx xls xlsx ppt pptx png jpg jpeg gif "
    "ini cfg conf lock log bak java cpp hpp cs go rb kt swift sql ipynb env gz tar exe dll so".split()
)
# endings of hosts of more than two letters: a bare word with another ending is a word, and no program makes a link of it
_ENDINGS = frozenset(
    "com org net edu gov mil int info biz name pro aero coop museum jobs mobi travel app dev page site online store shop "
    "tech cloud host website space live link click top xyz icu club vip work today world news blog wiki email chat "
    "social network systems services solutions digital agency company group team zone center support help download "
    "stream video tools run ngrok cyou sbs rest fun best buzz monster quest bond lol pics skin hair arpa onion example "
    "test invalid localhost local internal lan corp home zip mov".split()
)
_BOTH = frozenset("md py sh rs pl zip mov ps".split())
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?")
_ACTIVE_TAGS = frozenset(
    "a applet area audio base body button canvas embed form frame frameset head html iframe image img input link "
    "marquee math meta object picture portal script select source style svg template textarea title track video".split()
)
_HANDLER = re.compile(
    r"(?i)[\s/\"']on[a-z]{3,20}\s{0,5}=|\b(?:href|src|srcset|action|formaction|style|background|poster|ping|lowsrc|dynsrc|cite|manifest|longdesc)\s{0,5}="
)


@dataclass(frozen=True, slots=True)
class Links:
    """Points at every address and tag that may not be shown."""

    hosts: frozenset[str]

    def judge(self, subject: Subject) -> Finding:
        """1.0 when there is any."""
        around = Surroundings(self.hosts, subject.passages, subject.question)
        untaken = Untaken(len(subject.text))
        taken = [span for span in _find(subject.text, around) if untaken.take(span.start, span.end)]
        if not taken:
            return Finding(0.0, "No unsafe links found.")
        taken.sort(key=lambda span: span.start)
        kinds = sorted({span.label.removesuffix(" removed") for span in taken})
        return Finding(
            1.0,
            f"This holds what could lead elsewhere or act by itself ({', '.join(kinds)}) and does not "
            "stand so in the documents, so it is left out.",  # not quoted: what it carries must not leave in a verdict
            tuple(taken),
        )


def build(options: Mapping[str, Any], kit: Kit) -> Guard:  # noqa: ARG001  every guard is built alike
    """Options: `hosts` that may always be linked to."""
    return Links(frozenset(host.lower() for host in given.read(options, hosts=())["hosts"]))


def _find(text: str, around: Surroundings) -> Iterator[Span]:
    """What may not be shown, widest first."""
    for match in _SCRIPT.finditer(text):
        yield Span(*match.span(), ACTIVE)
    for match in _IMAGE.finditer(text):
        yield Span(*match.span(), IMAGE)
    for match in _TAG.finditer(text):
        name = (match[1] or "").lower()
        if name in _ACTIVE_TAGS or _HANDLER.search(match.group()):
            yield Span(*match.span(), IMAGE if name in {"img", "image", "picture", "source"} else ACTIVE)
    yield from _links(text, around)


def _links(text: str, around: Surroundings) -> Iterator[Span]:
    """Addresses that may not be shown, read as a browser reads them."""
    view = _read(text)
    for match in _INLINE.finditer(view.text):
        written = text[slice(*_span(view, *match.span("to")))]
        if not is_fine(match["to"].lstrip("<"), written.lstrip("<"), around):
            start, end = _span(view, match.start() + 1, match.end())
            yield Span(start, end, LINK)  # the words in brackets stay
    for pattern in (_DEFINED, _BARE, _SCHEME, _RELATIVE, _HOST_ONLY):
        for match in pattern.finditer(view.text):
            address = match["to"] if pattern is _DEFINED else match["to"].rstrip(".,;:!?)*_]}")
            start, end = _span(view, match.start("to"), match.start("to") + len(address))
            if pattern is _HOST_ONLY:
                if _is_no_address(match, address):
                    continue
                address = "https://" + address if address not in "\n".join(around.passages) else address
                written = "https://" + text[start:end] if address.startswith("https://") else text[start:end]
            else:
                written = text[start:end]
            if not is_fine(address, written, around):
                yield Span(start, end, LINK)


def _span(view: normalise.View, start: int, end: int) -> tuple[int, int]:
    """Where characters of a reading stand in the original, codes and hidden characters within them included."""
    if start >= len(view.text):
        return view.end, view.end
    return view.offsets[start], view.offsets[end] if end < len(view.text) else view.end


def _is_no_address(match: re.Match[str], address: str) -> bool:
    """Whether dots and slashes make a file, a version, a network or a word rather than an address."""
    rest = address[match.end("ip" if match["ip"] else "host") - match.start("to") :]
    if match["ip"]:
        return "/" not in rest or _NETWORK.fullmatch(rest) is not None
    last = match["last"].lower()
    if len(last) > 2 and last not in _ENDINGS and "xn--" not in match["host"].lower():
        return True
    if len(rest) <= 1:
        return max(map(len, match["host"].split("."))) <= MOST_LABEL and "xn--" not in match["host"].lower()
    return last in _FILES or (
        last in _BOTH and "?" not in rest and rest.count("/") < 2 and match["host"].count(".") < 2
    )


def _read(text: str) -> normalise.View:
    """The text with entities, look-alikes and hidden characters undone, and the way back to its own offsets."""
    if "&" not in text:
        return normalise.fold(text)
    parts: list[str] = []
    offsets: list[int] = []
    done = 0
    for match in _ENTITY.finditer(text):
        plain = html.unescape(match.group())
        parts += (text[done : match.start()], plain)
        offsets.extend(range(done, match.start()))
        offsets.extend([match.start()] * len(plain))
        done = match.end()
    parts.append(text[done:])
    offsets.extend(range(done, len(text)))
    folded = normalise.fold("".join(parts))
    return normalise.View(folded.text, tuple(offsets[i] for i in folded.offsets), len(text), "entities")
