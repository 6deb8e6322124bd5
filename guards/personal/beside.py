"""The words beside a number, which tell an order number from a phone number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

# what a number is that is none of a person's; stands right before it
_OTHER = re.compile(
    r"(?i)\b(?:versions?|release|v|ver|build|section|chapter|clause|page|isbn|issn|doi|patent|orders?|invoice|receipt|"
    r"serial|part|parts|sku|item|article|artikel|model|product|barcode|ean|gtin|upc|tracking|shipment|parcel|"
    r"ticket|case|issue|bug|reference|ref|transaction|batch|lot|asset|commit|port|po|rechnung|rechnungsnummer|"
    r"auftrag|bestellung|bestellnummer|artikelnummer|commande|facture|pedido|factura|fattura|ordine|zamowienie|"
    r"total|sum|amount|(?:customer|account|member|membership|employee|client|user|student|policy|contract|claim|booking|"
    r"reservation|grant|registration|company|kunden|vertrags|mitglieds)[ -]?(?:numbers?|nummer|nos?|nr|id|code))"
    r"(?: ?(?:numbers?|nummer|num|nos?|nr|id|code))?\b(?: (?:is|was|ist|est|es))?\W{0,3}(?:[A-Za-z]{1,4}-?)?$"
)


@cache
def words(*alternatives: str) -> re.Pattern[str]:
    """A pattern of whole words, whatever their case; blanks in them stand for any one or two separators."""
    patterns = (re.escape(word).replace(r"\ ", r"[\s_-]{1,2}") for word in alternatives)
    return re.compile(rf"(?i)(?<![^\W_])(?:{'|'.join(patterns)})(?![^\W_])")


def spoken(by_language: Mapping[str, str], languages: Iterable[str]) -> tuple[str, ...]:
    """The words of these languages from lists that are separated by commas, each once."""
    listed = (word.strip() for language in languages for word in by_language.get(language, "").split(","))
    return tuple(dict.fromkeys(word for word in listed if word))


def before(text: str, at: int, most: int = 40) -> str:
    """What stands before a place on its line, at most so many characters."""
    return text[max(0, at - most) : at].rpartition("\n")[2]


def after(text: str, at: int, most: int = 12) -> str:
    """What stands from a place on its line, at most so many characters."""
    return text[at : at + most].partition("\n")[0]


def is_other(text: str, at: int) -> bool:
    """Whether the words right before say that the number is an order's, a version's, a page's or the like."""
    return _OTHER.search(before(text, at)) is not None


def digits(text: str) -> str:
    """The digits of a text."""
    return "".join(character for character in text if character in "0123456789")


def luhn(number: Sequence[str]) -> bool:
    """Whether digits pass the check of ISO/IEC 7812-1, annex B."""
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(number))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
