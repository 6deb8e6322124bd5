"""What a recogniser finds, the kinds that there are, and what may be chosen of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# numbering plans and identity numbers that are known unless policy chooses others; ISO 3166 codes
REGIONS = tuple("US GB CA AU NZ IE IN SG DE AT CH FR BE NL ES PT IT PL SE FI NO DK BR KR TH NG".split())
LANGUAGES = tuple("en de fr es it nl pt pl sv fi".split())  # whose words beside a number count; ISO 639-1 codes


class Kind(StrEnum):
    """What personal data can be, by the names that policy uses."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    BANK_ACCOUNT = "bank_account"
    IDENTITY = "identity"  # numbers that a state gives a person: social security, tax, health, passport
    IP_ADDRESS = "ip_address"
    WEB_ADDRESS = "web_address"  # only where it is somebody's own


CONTACTS = frozenset({Kind.EMAIL, Kind.PHONE, Kind.WEB_ADDRESS})  # ways to reach somebody, made to be passed on


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data, by its place in the text that was searched."""

    start: int  # first character
    end: int  # one past the last character
    kind: Kind
    label: str  # for a person: "phone number"
    risk: float  # from 0 to 1 that it is what the label says


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is looked for."""

    kinds: frozenset[Kind] = frozenset(Kind)
    regions: tuple[str, ...] = REGIONS
    languages: tuple[str, ...] = LANGUAGES
