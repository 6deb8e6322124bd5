"""Payment cards: the schemes' first digits and lengths, and the Luhn check.

Presidio's pattern knows neither Maestro nor Mastercard's second series nor JCB's cards of 15 digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guards.personal import beside
from guards.personal.found import Chosen, Found, Kind

_SIGN = re.compile(r"\d(?:[ .-]?\d){11}")
_CARD = re.compile(r"(?<![\w.-])(?:\d{4}(?:\.\d{4}){3}|\d(?:[ -]?\d){11,18})(?![\w-]|\.\d| \d{4} \d{4})")
_USUAL = frozenset({15, 16})  # lengths that speak for themselves; old and rare ones need a word beside them
_FOURS = re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?= \d{1,4})")  # what follows may be the month of its end
_GROUPED = re.compile(r"\d{4}([ .-])\d{4}\1\d{4}\1\d{1,7}$|\d{4}([ .-])\d{6}\2\d{4,5}$")
# lengths by first digits, as the card schemes publish them
_SCHEMES = (
    (re.compile(r"4"), {13, 16, 19}),
    (re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), {16}),
    (re.compile(r"3[47]"), {15}),
    (re.compile(r"6011|64[4-9]|65|62"), {16, 17, 18, 19}),
    (re.compile(r"30[0-5]|36|38|39"), {14, 16, 19}),
    (re.compile(r"35(?:2[89]|[3-8])"), {16, 19}),
    (re.compile(r"1800|2131"), {15}),
    (re.compile(r"5018|5020|5038|5[678]\d\d|6304|6390|6759|676[1-3]|0604"), set(range(12, 20))),
)
_WORDS = {
    "en": "card,cards,card number,credit,debit,visa,mastercard,amex,american express,maestro,discover,diners,jcb,cc,"
    "ccn,pan,cvv,cvc,expires,charge,charged,billed,payment,pay",
    "de": "karte,kreditkarte,kartennummer,girocard,debitkarte,zahlkarte",
    "fr": "carte,carte bancaire,carte bleue,numero de carte",
    "es": "tarjeta",
    "it": "carta,carta di credito,carta di debito",
    "nl": "kaart,creditcard,pinpas,kaartnummer",
    "pt": "cartao",
    "pl": "karta,karty,karte",
    "sv": "kort,kortnummer,kreditkort",
    "fi": "kortti,kortin,luottokortti",
}


def find(text: str, chosen: Chosen) -> Iterator[Found]:
    """Numbers that pass the check and that a scheme gives out, or that a word beside them calls a card."""
    if not _SIGN.search(text):
        return
    words = beside.words(*beside.spoken(_WORDS, chosen.languages))
    for match in _CARD.finditer(text):
        told = bool(words.search(text, max(0, match.start() - 60), match.end() + 25))
        for number in (match.group(), *(fours.group() for fours in [_FOURS.match(match.group())] if fours)):
            if _is_card(number, told=told, other=beside.is_other(text, match.start())):
                end = match.start() + len(number)
                yield Found(match.start(), end, Kind.CARD, "payment card number", 1.0 if told else 0.8)
                break


def _is_card(number: str, *, told: bool, other: bool) -> bool:
    """Whether the check holds and a scheme or a word speaks for it, and nothing calls it an order's number."""
    digits = beside.digits(number)
    if not beside.luhn(digits) or len(set(digits)) == 1:
        return False
    issued = any(len(digits) in lengths and begin.match(digits) for begin, lengths in _SCHEMES)
    if told:
        return issued or not other
    usual = len(digits) in _USUAL and not digits.startswith(("1", "2131"))
    return issued and (usual or bool(_GROUPED.match(number))) and not other
