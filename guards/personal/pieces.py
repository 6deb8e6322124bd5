"""Every piece of personal data in a text, without overlaps, at its place in the original: all recognisers together."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.domain import Span
from guards import normalise
from guards.overlap import Untaken
from guards.personal import bank_account, card, email, identity, ip_address, phone, web_address
from guards.personal.found import Chosen, Found, Kind

# surer kinds first, so that they win an overlap
RECOGNISERS = {
    Kind.EMAIL: email.find,
    Kind.BANK_ACCOUNT: bank_account.find,
    Kind.CARD: card.find,
    Kind.IDENTITY: identity.find,
    Kind.IP_ADDRESS: ip_address.find,
    Kind.PHONE: phone.find,
    Kind.WEB_ADDRESS: web_address.find,
}
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")


def pieces(
    text: str, chosen: Chosen, may_pass: Callable[[Found, str], bool] = lambda _found, _value: False
) -> list[tuple[Span, float]]:
    """Every piece with its risk, in the order of the text; `may_pass` lets one through by what it says."""
    view = normalise.fold(text)
    plain = view.text if view.text.isascii() else _FOREIGN_DIGIT.sub(lambda match: str(int(match[0])), view.text)
    untaken = Untaken(len(plain))
    found = [
        piece
        for kind, find in RECOGNISERS.items()
        if kind in chosen.kinds
        for piece in find(plain, chosen)
        if untaken.take(piece.start, piece.end) and not may_pass(piece, plain[piece.start : piece.end])
    ]
    found.sort(key=lambda piece: piece.start)
    return [(Span(*view.span(piece.start, piece.end), piece.label), piece.risk) for piece in found]
