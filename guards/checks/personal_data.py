"""Guard `personal_data`: e-mail addresses, phone, card, account, social security numbers, addresses of machines.

Each kind is a pattern and a proof (checksum, numbering plan, range), so that order numbers, versions and dates stay.
Names of people are not found: that takes a trained tagger.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import Span, Stage, Subject
from guards import normalise
from guards import options as given
from guards.guard import Finding, Guard, Kit
from guards.overlap import Untaken

STAGES = frozenset({Stage.INPUT, Stage.CONTEXT, Stage.OUTPUT})
DOC = "e-mail addresses, phone, payment card, IBAN and US social security numbers, public IP addresses"
TITLE = "personal data"
ADVICE = "Leave out what tells who somebody is, or ask a person who may see it."

REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "BE", "CH", "AT", "AU")  # whose phone numbers are known
_EMAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w@])")
_CARD = re.compile(r"(?<![\w.-])\d(?:[ -]?\d){11,18}(?![\w-]|\.\d)")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}")
_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d\d\1(?!0000)\d{4}(?![\w-])")
_IPV4 = re.compile(r"(?<![\w.-])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])")
_PHONE = re.compile(r"(?<![\w.,/+-])\+?\(?\d(?:[ ().–-]{0,2}\d){6,16}(?!\w|-\d|[.,]\d)")
# what stands in every match and is found faster: most stretches of a long text hold none of it
_AT, _IBAN_SIGN, _MANY_DIGITS = re.compile("@"), re.compile(r"[A-Z]{2}\d\d"), re.compile(r"\d(?:[ ().–-]{0,2}\d){6}")
_IPV4_SIGN, _IPV6_SIGN = re.compile(r"\d\.\d{1,3}\.\d"), re.compile(r":[0-9a-fA-F]{0,4}:")
_ABOUT_PHONE = re.compile(
    r"(?i)\b(?:phone|tel|telephone|call|mobile|cell ?phone|fax|whatsapp|text|sms|ring|dial|contact number|"
    r"office|messages|registered)\b"
)
_SURELY_PHONE = re.compile(r"(?i)\b(?:phone|tel|telephone|call|mobile|cell ?phone|fax|whatsapp|office|sms)\b")
_ABOUT_VERSION = re.compile(
    r"(?i)\b(?:version|release|v|ver|build|section|chapter|isbn|order|invoice|serial|part)\b\W{0,3}\w{0,8}\W{0,3}$"
)
_ABOUT_CARD = re.compile(r"(?i)\b(?:card|credit|debit|visa|mastercard|amex|cc)\b")
_ABOUT_SSN = re.compile(r"(?i)\b(?:ssn|social security)\b")
_GROUPED = re.compile(r"^(?:\+|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$|0\d)")

_DATE = re.compile(
    r"^\d{1,2}([./ -])\d{1,2}\1\d{2,4}$|^(?:19|20)\d\d([./ -])\d{1,2}\2\d{1,2}\b|^(?:19|20)\d\d \d{1,3} "
)

# lengths by first digits, as the card schemes publish them
_CARDS = (
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"6011|64[4-9]|65|62"), {16, 17, 18, 19}),
    (re.compile(r"30[0-5]|36|38|39"), {14, 16, 19}),
    (re.compile(r"35(?:2[89]|[3-8])"), {16, 19}),
    (re.compile(r"1800|2131"), {15}),
    (re.compile(r"5018|5020|5038|5[678]\d\d|6304|6390|6759|676[1-3]|0604"), set(range(12, 20))),
)
_IBAN_LENGTHS = dict(
    pair.split(":")
    for pair in (
        "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BR:29 CH:21 CR:22 CY:28 CZ:24 DE:22 DK:18 DO:28 EE:20 "
        "EG:29 ES:24 FI:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HR:21 HU:28 IE:22 IL:23 IS:26 IT:27 JO:30 "
        "KW:30 KZ:20 LB:28 LI:21 LT:20 LU:20 LV:21 MC:27 MD:24 ME:22 MK:19 MR:27 MT:31 MU:30 NL:18 NO:15 PK:24 PL:28 "
        "PS:29 PT:25 QA:29 RO:24 RS:22 SA:24 SE:24 SI:19 SK:24 SM:27 TN:24 TR:26 UA:29 VG:24 XK:20"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data, by its place in the folded text."""

    start: int
    end: int
    label: str
    risk: float


def find(text: str, regions: tuple[str, ...]) -> Iterator[Found]:
    """Every piece of personal data in a folded text; surer kinds first, so that they win an overlap."""
    for sign, pattern, label, prove in (
        (_AT, _EMAIL, "e-mail address", _sure),
        (_IBAN_SIGN, _IBAN, "bank account number", _iban),
        (_MANY_DIGITS, _CARD, "payment card number", _card),
        (_MANY_DIGITS, _SSN, "social security number", _ssn),
        (_IPV4_SIGN, _IPV4, "IP address", _ip),
        (_IPV6_SIGN, _IPV6, "IP address", _ip),
        (_MANY_DIGITS, _PHONE, "phone number", lambda match: _phone(match, regions)),
    ):
        check: Callable[[re.Match[str]], float] = prove
        if not sign.search(text):
            continue
        for match in pattern.finditer(text):
            risk = check(match)
            if risk > 0:
                end = match.start() + _iban_size(match.group()) if pattern is _IBAN else match.end()
                yield Found(match.start(), end, label, risk)


def pieces(
    text: str, regions: tuple[str, ...], may_pass: Callable[[str], bool] = lambda _: False
) -> list[tuple[Span, float]]:
    """Every piece with its risk, in the order of the text, without overlaps; `may_pass` lets values through."""
    view = normalise.fold(text)
    untaken = Untaken(len(view.text))
    found = [
        piece
        for piece in find(view.text, regions)
        if not may_pass(view.text[piece.start : piece.end]) and untaken.take(piece.start, piece.end)
    ]
    found.sort(key=lambda piece: piece.start)
    return [(Span(*view.span(piece.start, piece.end), piece.label), piece.risk) for piece in found]


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Finds personal data; in an answer, only what the asker did not write themselves."""

    regions: tuple[str, ...]
    allowed: frozenset[str]

    def judge(self, subject: Subject) -> Finding:
        """The risk of the surest piece found."""
        asked = _bare(subject.question) if subject.stage is Stage.OUTPUT else ""
        found = pieces(
            subject.text,
            self.regions,
            lambda value: self._is_allowed(value) or bool(asked and _bare(value) in asked),
        )
        if not found:
            return Finding(0.0, "No personal data found.")
        kinds = ", ".join(sorted({span.label for span, _ in found}))
        told = f"This holds personal data ({kinds}), which is left out here."
        return Finding(max(risk for _, risk in found), told, tuple(span for span, _ in found))

    def _is_allowed(self, value: str) -> bool:
        folded = value.lower()
        return folded in self.allowed or ("@" in folded and folded[folded.index("@") :] in self.allowed)


def build(options: Mapping[str, Any], kit: Kit) -> Guard:  # noqa: ARG001  every guard is built alike
    """Options: `regions`, whose phone numbers are known; `allow`, values or `@domain` that may pass."""
    read = given.read(options, regions=REGIONS, allow=())
    return PersonalData(tuple(read["regions"]), frozenset(value.lower() for value in read["allow"]))


def _bare(text: str) -> str:
    """Letters and digits only, so that the way a number is grouped does not matter."""
    return "".join(character for character in normalise.fold(text).text.lower() if character.isalnum())


def _digits(text: str) -> str:
    return "".join(character for character in text if character in "0123456789")


def _sure(match: re.Match[str]) -> float:  # noqa: ARG001  the form is proof enough
    return 1.0


def _card(match: re.Match[str]) -> float:
    digits = _digits(match.group())
    told = _ABOUT_CARD.search(match.string, max(0, match.start() - 40), match.start())
    if not told and not any(len(digits) in lengths and begin.match(digits) for begin, lengths in _CARDS):
        return 0.0
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return 1.0 if sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0 else 0.0


def _iban_size(text: str) -> int:
    """How many characters of the match are the number itself, blanks counted; 0 when it is none."""
    wanted, seen = int(_IBAN_LENGTHS.get(text[:2], "0")), 0
    for place, character in enumerate(text):
        seen += character != " "
        if wanted and seen == wanted:
            return place + 1
    return 0


def _iban(match: re.Match[str]) -> float:
    size = _iban_size(match.group())
    after = match.string[match.start() + size : match.start() + size + 1]
    if not size or after.isalnum():
        return 0.0
    compact = match.group()[:size].replace(" ", "")
    number = "".join(str(int(character, 36)) for character in compact[4:] + compact[:4])
    return 1.0 if int(number) % 97 == 1 else 0.0


def _ssn(match: re.Match[str]) -> float:
    if match[1] == "-":
        return 0.9
    return 0.9 if _ABOUT_SSN.search(match.string, max(0, match.start() - 60), match.end() + 30) else 0.0


def _ip(match: re.Match[str]) -> float:
    try:
        address = ipaddress.ip_address(match.group())
    except ValueError:
        return 0.0
    before = match.string[max(0, match.start() - 24) : match.start()]
    return 0.8 if address.is_global and not _ABOUT_VERSION.search(before) else 0.0


def _phone(match: re.Match[str], regions: tuple[str, ...]) -> float:
    import phonenumbers  # numbering plans of every country: only where something looks like a number

    text = match.group()
    before = match.string[max(0, match.start() - 40) : match.start()]
    beside = before.rpartition("\n")[2] + " | " + match.string[match.end() : match.end() + 10].partition("\n")[0]
    told = bool(_ABOUT_PHONE.search(beside)) and not _ABOUT_VERSION.search(before)
    international = text.lstrip("(").startswith("+")
    if _DATE.match(text) or not (told or _GROUPED.match(text)):
        return 0.0
    for region in (None,) if international else regions:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return 0.9 if told or international else 0.6
    # a country that isn't among the regions: the word beside it and the grouping tell enough
    return 0.6 if told and _SURELY_PHONE.search(beside) and re.search(r"\d[ ().–-]+\d", text) else 0.0
