"""International bank account numbers (ISO 13616): length by country and the check of ISO 7064, modulus 97.

Presidio checks the same; its file loads spaCy, and it does not see small letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guards.personal.found import Chosen, Found, Kind

_SIGN = re.compile(r"[A-Za-z]{2}\d\d")
_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}")
_LEAST_DIGITS = 10
_LENGTHS = dict(
    pair.split(":")
    for pair in (
        "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 CH:21 CR:22 CY:28 CZ:24 DE:22 DK:18 DO:28 EE:20 "
        "EG:29 ES:24 FI:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HR:21 HU:28 IE:22 IL:23 IS:26 IT:27 JO:30 "
        "KW:30 KZ:20 LB:28 LI:21 LT:20 LU:20 LV:21 MC:27 MD:24 ME:22 MK:19 MR:27 MT:31 MU:30 NL:18 NO:15 PK:24 PL:28 "
        "PS:29 PT:25 QA:29 RO:24 RS:22 SA:24 SE:24 SI:19 SK:24 SM:27 TN:24 TR:26 UA:29 VG:24 XK:20"
    ).split()
)


def find(text: str, chosen: Chosen) -> Iterator[Found]:  # noqa: ARG001  every recogniser is asked alike
    """Account numbers, each as long as its country says; the check is proof enough."""
    if not _SIGN.search(text):
        return
    for match in _IBAN.finditer(text):
        size = _size(match.group())
        end = match.start() + size
        if size and not text[end : end + 1].isalnum() and _passes(match.group()[:size]):
            yield Found(match.start(), end, Kind.BANK_ACCOUNT, "bank account number", 1.0)


def _size(text: str) -> int:
    """How many characters are the number itself, separators counted; 0 when it is none."""
    wanted, seen = int(_LENGTHS.get(text[:2].upper(), "0")), 0
    for place, character in enumerate(text):
        seen += character not in " -"
        if wanted and seen == wanted:
            return place + 1
    return 0


def _passes(text: str) -> bool:
    compact = text.replace(" ", "").replace("-", "").upper()
    number = "".join(str(int(character, 36)) for character in compact[4:] + compact[:4])
    return int(number) % 97 == 1 and sum(character.isdigit() for character in compact) >= _LEAST_DIGITS
