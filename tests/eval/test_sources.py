"""Which documents a set's sources mean, and what is left out when they aren't there."""

import pytest

from core.errors import UsageError
from eval.cases import Case, Gold
from eval.sources import Places, locate

TEXTS = {("default", "squad/normans.txt"): "The Normans came.", ("default", "other/notes.md"): "Notes"}


def text_of(collection: str, source: str) -> str:
    """The stored text."""
    return TEXTS[collection, source]


@pytest.mark.parametrize("source", ["squad/normans.txt", "normans.txt", "corpora/squad/normans.txt"])
def test_a_source_matches_behind_a_folder(source: str) -> None:
    """Equal, shorter or longer by whole folders; the case then has the library's name and words."""
    found = locate([Case("1", "?", gold=(Gold(source, 4, 11),))], Places(TEXTS), text_of)
    assert found.cases[0].gold == (Gold("squad/normans.txt", 4, 11, "Normans", "default"),)
    assert found.notes == ()


def test_part_of_a_name_is_no_match() -> None:
    """`mans.txt` is not `normans.txt`, nor is a document of the same name in another folder."""
    places = Places(TEXTS)
    assert places.find("mans.txt") is None
    assert places.find("squad2/normans.txt") is None


def test_an_equal_source_goes_before_one_behind_a_folder() -> None:
    """With both `a.md` and `x/a.md`, the set's `a.md` is the equal one."""
    assert Places([("default", "x/a.md"), ("default", "a.md")]).find("a.md") == ("default", "a.md")


@pytest.mark.parametrize("places", [[("d", "x/a.md"), ("d", "y/a.md")], [("d", "a.md"), ("e", "a.md")]])
def test_an_ambiguous_source_is_an_error(places: list[tuple[str, str]]) -> None:
    """Two folders or two collections that hold it: which is meant must be said."""
    with pytest.raises(UsageError, match=r"'a\.md' may be any of 2 documents.*--collection"):
        Places(places).find("a.md")


def test_none_of_the_documents_is_an_error_that_says_what_to_do() -> None:
    """A set about other documents is not a set of misses."""
    with pytest.raises(UsageError, match=r"None of the set's documents is in the library.*--documents"):
        locate([Case("1", "?", gold=(Gold("else.md", 0, 4),))], Places(TEXTS), text_of)


def test_what_is_not_there_is_left_out_and_told() -> None:
    """A missing document, changed words and offsets past the end; a case keeps the gold that still stands."""
    cases = [
        Case("kept", "?", gold=(Gold("normans.txt", 4, 11, "Normans"), Gold("gone.md", 0, 2))),
        Case("moved", "?", gold=(Gold("normans.txt", 0, 7, "Normans"),)),
        Case("past", "?", gold=(Gold("notes.md", 3, 9),)),
        Case("no gold", "?", answerable=False),
    ]
    found = locate(cases, Places(TEXTS), text_of)
    assert [case.id for case in found.cases] == ["kept", "no gold"]
    assert len(found.cases[0].gold) == 1
    assert "not in the library: 1, such as gone.md" in found.notes[0]
    assert "do not stand there in the library: 2" in found.notes[1]
    assert "Questions not asked" in found.notes[2]


def test_a_set_without_gold_can_always_be_asked() -> None:
    """Nothing is looked for, nothing is missing."""
    assert locate([Case("1", "?")], Places([]), text_of).cases == (Case("1", "?"),)
