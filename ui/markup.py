"""Foreign text for Streamlit's Markdown: answers, documents, questions and notes are data and never become markup.

Nothing in them turns into a link, an image, a heading, a formula, an icon or HTML. Streamlit parses CommonMark, tables,
formulas and `:directives[…]`, for which every punctuation mark is escaped. After parsing it looks through plain text
once more, for web addresses, e-mail addresses, `:shortcodes:` and arrows: an invisible word joiner breaks those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import cycle, pairwise

from core.domain import Span

JOINER = "\u2060"  # word joiner: no width, no break
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SECOND_LOOK = re.compile(
    r"(?P<address>https?(?=://)|www(?=\.)|(?<=[\w.+-])(?=@[\w-]+\.))"  # web and e-mail addresses
    r"|(?P<shortcode>:(?=[\w+/-]+:))"
    r"|(?P<arrow>(?<!\S)(?:<(?=-)|-(?=[->])|>(?==)|<(?==)|~(?==)))",
    re.IGNORECASE,
)
_CODE = re.compile(r"(`[^`\n]+`)")
WRAPPED = 60  # a line of this many characters was probably broken for its length
MARKS = ("yellow-background", "red-background")


def inline(text: str) -> str:
    """A text to stand within a line of Markdown: white space runs become one space."""
    return _escaped(" ".join(text.split()))


def escape(text: str) -> str:
    """A text as a block of Markdown that shows exactly these characters, lines kept."""
    return highlight(text, ())


def prose(text: str) -> str:
    """As `escape`, with `words between backticks` shown as code, as models and manuals write them."""
    pieces = _CODE.split(text)  # every second one is code; what stands between backticks on one line is literal
    return "".join(piece if odd else _glued(piece) for odd, piece in zip(cycle((False, True)), pieces, strict=False))


def highlight(text: str, spans: Iterable[Span], mark: str = MARKS[0]) -> str:
    """A text as a block of Markdown with these characters of it highlighted; overlapping spans become one."""
    merged = _merged(spans, text)
    paragraphs: list[list[str]] = [[]]
    offset = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            inside = [(start - offset, end - offset) for start, end in merged if end > offset]
            paragraphs[-1].append(_line(line.rstrip(), inside, mark))
        elif paragraphs[-1]:
            paragraphs.append([])
        offset += len(line)
    return "\n\n".join(_paragraph(lines) for lines in paragraphs if lines)


def visible(text: str) -> bool:
    """Whether there is anything to see in a text."""
    return any(character.isprintable() and not character.isspace() for character in text)


def clip(text: str, most: int) -> str:
    """A text cut to a length that a page can carry, saying how much is left out."""
    return text if len(text) <= most else f"{text[:most].rstrip()} … ({len(text) - most:,} more characters)"


def _glued(text: str) -> str:
    """An escaped piece of a block, with the white space that separates it from its neighbours."""
    shown = escape(text)
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :] if shown else ""
    return gap(before) + shown.removeprefix("\u00a0" * len(before)) + gap(after)


def gap(white_space: str) -> str:
    """White space between two pieces as Markdown keeps it: a paragraph, a line or a word apart."""
    breaks = white_space.count("\n")
    return "\n\n" if breaks > 1 else "  \n" if breaks else white_space[:1]


def _paragraph(lines: list[str]) -> str:
    """Lines that were broken for their length flow together again; two spaces at the end keep the other breaks."""
    pieces = [lines[0]]
    for before, after in pairwise(lines):
        flows = len(before) >= WRAPPED and after[0].isalnum()
        pieces += ["\n" if flows else "  \n", after]
    return "".join(pieces)


def _line(line: str, spans: Iterable[tuple[int, int]], mark: str) -> str:
    """One line: a highlight may not run over the end of a paragraph, so each line has its own."""
    at = len(line) - len(line.lstrip())
    pieces = ["\u00a0" * len(line[:at].expandtabs(4))]  # four plain spaces would make a block of code
    for start, end in ((max(start, at), min(end, len(line))) for start, end in spans):
        if start < end:
            pieces += [_escaped(line[at:start]), f":{mark}[{_escaped(line[start:end])}]"]
            at = end
    return "".join([*pieces, _escaped(line[at:])])


def _escaped(text: str) -> str:
    joined = _SECOND_LOOK.sub(lambda match: match.group() + JOINER, _CONTROL.sub("", text))
    return _PUNCTUATION.sub(r"\\\1", joined)


def _merged(spans: Iterable[Span], text: str) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, span.start), span.end) for span in spans if span.start < span.end):
        if merged and not text[merged[-1][1] : start].strip():  # they touch, or only white space lies between
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
