"""Numbers and names as sentences are compared by: read from figures and words, from capitals and initials."""

import pytest

from chains.agreement import agrees, denies
from guards.grounding.anchors import names, numbers, terms


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("25 days", {"25"}),
        ("twenty-five days", {"25"}),
        ("two hundred and five", {"205"}),
        ("1,204,500 and 3.5", {"1204500", "3.5"}),
        ("1.5 million, 2 billion, 3k", {"1500000", "2000000000", "3000"}),
        ("half past 9:30, at 9:00", {"9:30", "9:00", "9"}),
        ("the 4th and the fourth", {"4"}),
        ("version 1.2.3", {"1.2.3"}),
        ("on 3 March", {"3", "march"}),
        ("one of us", set()),
        ("often, bone, tent", set()),
    ],
)
def test_numbers_are_read_by_value(text: str, values: set[str]) -> None:
    """Figures and words, thousands, sizes and times of day come out as the same keys."""
    assert values <= {key for number in numbers(text) for key in number.keys}
    assert bool(values) == bool(numbers(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The letter came from Ann Lee's office.", ["Ann", "Lee"]),
        ("Bergmann wrote it.", ["Bergmann"]),
        ("Office hours. Staff come early.", []),
        ("Staring at it, they left.", []),
        ("It is in the U.S. today, in March.", ["U.S."]),
        ("Die Mitarbeiter der Firma haben Urlaub im Sommer und im Winter.", []),
    ],
)
def test_names_are_told_by_capitals(text: str, found: list[str]) -> None:
    """Common words that begin a sentence are none, uncommon ones are; German, where every noun has one, has none."""
    assert [text[name.start : name.end] for name in names(text)] == found


def test_terms_hold_each_way_of_saying_it() -> None:
    """Stems, values of numbers, abbreviations without their stops, and the initials of a name in several words."""
    held = terms("The Food and Drug Administration of the U.S. met at nine.")
    assert {"food", "fda", "us", "9", "met"} <= held


@pytest.mark.parametrize(
    ("sentence", "quote", "context", "right"),
    [
        ("Ann Lee runs it.", "Lee runs it.", "", True),
        ("Ann Lee runs it.", "Bob Lee runs it.", "", False),
        ("Lisbon opens at nine.", "It opens at 9:00.", "Lisbon", True),
        ("It opens at ten.", "It opens at 9:00.", "Lisbon", False),
        ("It is not open.", "It is closed.", "", True),
        ("It is open.", "It is closed.", "", False),
        ("It may be used before and after.", "It may be used after.", "", True),
        ("I get a badge.", "Staff get a badge.", "", False),
        ("I get a badge.", "I get a badge on Monday.", "", True),
    ],
)
def test_agreement_is_of_numbers_names_and_denials(sentence: str, quote: str, context: str, right: bool) -> None:
    """What stands over a quote gives names and numbers; opposites and denials count, two of them cancel out."""
    assert agrees(sentence, quote, context) is right


def test_a_denial_before_words_counts_in_their_clause_only() -> None:
    """Words behind `not true that` are denied; words in the next clause, or in the next sentence, are not."""
    text = "It is not true that staff get a yacht, but dogs are welcome. Tea is free."
    assert denies(text, text.index("staff"))
    assert not denies(text, text.index("dogs"))
    assert not denies(text, text.index("Tea"))
