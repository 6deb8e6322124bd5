"""Cutting text into sentences, with offsets: for chunks, for answers, and for streams that are judged as they come."""

import re
from collections.abc import Iterator

# Words before a full stop that seldom end a sentence; those that a number follows; those that a capital tells apart.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sr st vs e.g i.e cf ca approx dept est gen col lt sgt rev hon gov ed eds".split()
)
_BEFORE_NUMBER = frozenset("no nos fig figs vol p pp sec ch jan feb mar apr jun jul aug sep sept oct nov dec".split())
_MAY_END = frozenset("etc al inc ltd co corp jr u.s u.k a.m p.m resp".split())
# A mark that may end a sentence, closing quotes or brackets, then white space or a citation; or a line break that ends
# a block. The characters that may begin one stand in front, alone: the search skips to them, many times as fast.
_AFTER = r"(?=\s|$|\[\d{1,3}[\],;–-]|【\d)"
_CLOSE = r"[\"'”’»」』）)\]*_]*+"
_END = re.compile(
    r"[.!?…。！？\n](?:"
    rf"(?<=[.!?…])(?<![.!?…]{{2}})(?P<more>[.!?…]*+){_CLOSE}{_AFTER}"
    rf"|(?<=[。！？])(?<![。！？]{{2}})[。！？]*+(?:{_CLOSE}{_AFTER}|[”’」』）]*+)"
    r"|(?<=\n)(?P<block>[ \t]*)(?=\n|[-*+•] |\d+[.)] |#|\||>))"
)
_LAST_WORD = re.compile(r"[\w.]+$")
_LIST_NUMBER = re.compile(r"(?:^|\n)[ \t]*\d{1,3}$")
_CITATION_AFTER = re.compile(r"(?:[ \t]*(?:\[\d{1,3}(?:[ ,;–-]+\d{1,3})*\]|【\d{1,3}[^】\n]{0,40}】))+")


def spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, trimmed of white space around it; together they hold every visible character."""
    found: list[tuple[int, int]] = []
    begin = 0
    for end in _ends(text):
        _keep(text, begin, end, found)
        begin = end
    _keep(text, begin, len(text), found)
    return found


def split(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[a:b] for a, b in spans(text)]


def complete(text: str) -> int:
    """How much of a growing text is whole sentences: the offset up to which it can be judged now.

    The last sentence counts only when something after it shows that it has ended (and that no citation follows).
    """
    last = 0
    for end in _ends(text):
        if text[end:].lstrip(" \t")[:1] not in ("", "[", "【"):
            last = end
    return last


def _ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        if match["block"] is not None:
            yield match.start()
            continue
        before = text[max(0, match.start() - 24) : match.start()]
        is_one_stop = text[match.start()] == "." and match["more"] == ""
        if is_one_stop and _is_abbreviation(before, text[match.end() : match.end() + 12]):
            continue
        after = _CITATION_AFTER.match(text, match.end())
        yield after.end() if after else match.end()


def _is_abbreviation(before: str, after: str) -> bool:
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    token = word.group().lower().strip(".")
    if _LIST_NUMBER.search(before):
        return True
    following = after.lstrip()[:1]
    if token in _MAY_END:
        return not following.isupper()
    if token in _BEFORE_NUMBER:
        return following.isdigit()
    return token in _ABBREVIATIONS or (len(token) == 1 and word.group()[0].isupper() and following.isupper())


def _keep(text: str, begin: int, end: int, found: list[tuple[int, int]]) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin < end:
        found.append((begin, end))
