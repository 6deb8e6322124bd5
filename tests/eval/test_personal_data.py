"""Counting what a recogniser of personal data finds, misses and makes up."""

from typing import Any

from eval.personal_data import Piece, found

ROW: dict[str, Any] = {
    "text": "Mail a@b.example, call 030 901820",
    "spans": [[5, 16, "EMAIL_ADDRESS"], [23, 33, "PHONE_NUMBER"]],
}


def test_a_piece_counts_when_its_kind_covers_half_of_it() -> None:
    """Another kind, or less than half, is a miss and a false piece; types that aren't structured don't count."""

    def find(text: str) -> list[Piece]:
        return [(5, 14, "EMAIL_ADDRESS"), (23, 26, "PHONE_NUMBER"), (23, 33, "US_SSN")]

    row = {**ROW, "spans": [*ROW["spans"], [0, 4, "PERSON"]]}
    hits, missed, false = found(find, [row])
    assert (dict(hits), dict(missed)) == ({"EMAIL_ADDRESS": 1}, {"PHONE_NUMBER": 1})
    assert {kind: count for kind, count in false.items() if count} == {"PHONE_NUMBER": 1, "US_SSN": 1}
