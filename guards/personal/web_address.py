"""Web addresses that are somebody's own: a word beside them says so, or they lead to a person's profile.

The address of a company's page is no personal data, and answers could hardly do without it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guards.personal.found import Chosen, Found, Kind

_SIGN = re.compile(r"(?i)https?://|www\.|\.[a-z]{2,24}/")
_ADDRESS = re.compile(
    r"(?i)(?<![\w@.])(?:https?://|www\.)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?::\d{1,5})?"
    r"(?:[/?#][^\s<>\"'“”]{0,500})?"
)
_OWN = re.compile(
    r"(?i)\b(?:my|our|his|her|their|mine|\w{2,30}['’]s)(?: \w{1,12}){0,2} (?:web ?sites?|sites?|web ?pages?|"
    r"home ?pages?|pages?|blogs?|portfolios?|profiles?|channels?|shops?|stores?|domains?|urls?|links?|repos?)\b"
    r"|\b(?:shared|share|sent)\b.{0,30}\b(?:with|to) (?:you|me|him|her|us)\b"
    r"|\b(?:find|follow|visit|reach) (?:me|us|him|her)\b"
    r"|\bmeine[rmn]? (?:web ?site|seite|home ?page|blog)\b|\bmon (?:site|blog)\b|\bmi (?:sitio|pagina|web|blog)\b"
    r"|\bil mio (?:sito|blog)\b|\bmijn (?:web ?site|site|blog|pagina)\b"
)
_PROFILE = re.compile(
    r"(?i)(?<![\w@.-])(?:https?://)?(?:[a-z]{1,3}\.)?(?:linkedin\.com/(?:in|pub)|xing\.com/profile|orcid\.org)/[\w%.-]{3,80}"
    r"|(?<![\w@.-])(?:https?://)?(?:www\.)?facebook\.com/profile\.php\?id=\d{5,20}"
)
_REACH = 60  # characters before an address in which a word may say whose it is


def find(text: str, chosen: Chosen) -> Iterator[Found]:  # noqa: ARG001  every recogniser is asked alike
    """Addresses of a person's own pages, files and profiles."""
    if not _SIGN.search(text):
        return
    for match in _PROFILE.finditer(text):
        yield Found(*match.span(), Kind.WEB_ADDRESS, "web address", 0.8)
    for match in _ADDRESS.finditer(text):
        if _OWN.search(text, max(0, match.start() - _REACH), match.start()):
            end = match.end() - (len(match.group()) - len(match.group().rstrip(".,;:!?)]}")))
            yield Found(match.start(), end, Kind.WEB_ADDRESS, "web address", 0.6)
