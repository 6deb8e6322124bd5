"""Pieces that a guard points at beside those that a set names: matched by overlap and kind.

A set's types are known by Presidio's names (CREDIT_CARD) or by the guard's own. A type that the guard doesn't look for,
such as PERSON, is left out of the figures and told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.domain import Span
from eval.bootstrap import Column
from guards.personal.found import Kind

_TYPES = {
    "CREDIT_CARD": Kind.CARD,
    "PHONE_NUMBER": Kind.PHONE,
    "EMAIL_ADDRESS": Kind.EMAIL,
    "IBAN_CODE": Kind.BANK_ACCOUNT,
    "US_BANK_NUMBER": Kind.BANK_ACCOUNT,
    "IP_ADDRESS": Kind.IP_ADDRESS,
    "DOMAIN_NAME": Kind.WEB_ADDRESS,
    "URL": Kind.WEB_ADDRESS,
} | dict.fromkeys(
    (
        "US_SSN US_ITIN US_PASSPORT US_DRIVER_LICENSE UK_NHS UK_NINO ES_NIF ES_NIE IT_FISCAL_CODE IT_VAT_CODE "
        "IT_PASSPORT IT_IDENTITY_CARD PL_PESEL SG_NRIC_FIN AU_TFN AU_MEDICARE AU_ABN AU_ACN IN_AADHAAR IN_PAN "
        "IN_PASSPORT FI_PERSONAL_IDENTITY_CODE KR_RRN TH_TNIN"
    ).split(),
    Kind.IDENTITY,
)
_LABELS = {
    "e-mail address": Kind.EMAIL,
    "phone number": Kind.PHONE,
    "payment card number": Kind.CARD,
    "bank account number": Kind.BANK_ACCOUNT,
    "IP address": Kind.IP_ADDRESS,
    "web address": Kind.WEB_ADDRESS,
}


@dataclass(frozen=True, slots=True)
class Pieces:
    """How many pieces of one text were named, found, pointed at, and rightly so."""

    named: int = 0  # by the set
    found: int = 0  # of those
    pointed: int = 0  # at by the guard
    right: int = 0  # of those

    def __add__(self, other: Pieces) -> Pieces:
        """Both together."""
        return Pieces(
            self.named + other.named, self.found + other.found, self.pointed + other.pointed, self.right + other.right
        )


def kind_of_type(name: str) -> str | None:
    """The kind that a set's type is, by the guard's names; None when no guard looks for it."""
    if name in _TYPES:
        return _TYPES[name].value
    return name.lower() if name.lower() in set(Kind) else None


def kind_of_label(label: str) -> str:
    """The kind of what a guard's label says; whatever is none of the others is an identity number."""
    return _LABELS.get(label, Kind.IDENTITY).value


def match(named: Sequence[Span], pointed: Sequence[Span]) -> dict[str, Pieces]:
    """The pieces of one text by kind; overlap by one character counts, as guards cut a piece more or less widely."""
    wanted = [(span, kind) for span in named if (kind := kind_of_type(span.label))]
    given = [(span, kind_of_label(span.label)) for span in pointed]
    counts: dict[str, Pieces] = {}
    for span, kind in wanted:
        hit = any(kind == other and _overlap(span, one) for one, other in given)
        counts[kind] = counts.get(kind, Pieces()) + Pieces(named=1, found=int(hit))
    for span, kind in given:
        hit = any(kind == other and _overlap(span, one) for one, other in wanted)
        counts[kind] = counts.get(kind, Pieces()) + Pieces(pointed=1, right=int(hit))
    return counts


def precision(named: Column, found: Column, pointed: Column, right: Column) -> float:  # noqa: ARG001  as f1
    """Share of the pieces pointed at that are right, over texts; not a number when there are none."""
    return _over(right.sum(), pointed.sum())


def recall(named: Column, found: Column, pointed: Column, right: Column) -> float:  # noqa: ARG001  as f1
    """Share of the named pieces that are found, over texts; not a number when there are none."""
    return _over(found.sum(), named.sum())


def f1(named: Column, found: Column, pointed: Column, right: Column) -> float:
    """Harmonic mean of the two."""
    p, r = precision(named, found, pointed, right), recall(named, found, pointed, right)
    return 0.0 if p + r == 0 else 2 * p * r / (p + r)


def columns(counts: Sequence[Pieces]) -> tuple[Column, Column, Column, Column]:
    """Four columns (texts,): named, found, pointed, right."""
    table = np.array([(one.named, one.found, one.pointed, one.right) for one in counts], dtype=float).reshape(-1, 4)
    return table[:, 0], table[:, 1], table[:, 2], table[:, 3]


def _over(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
