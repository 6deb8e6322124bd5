"""Texts that say the same are given once; texts that differ in what matters are both given."""

from __future__ import annotations

import pytest

from ingest.index import Library
from ingest.searching.duplicates import repeated
from ingest.searching.passages import SAYS_THE_SAME
from ingest.searching.terms import of_passage
from tests.ingest.searching.conftest import Hold

POLICY = (
    "Staff who travel for the company keep every receipt and hand them in at the office within 30 days. The office "
    "pays the whole amount back by bank transfer at the end of the month, unless the journey was private. Receipts "
    "that come later are paid with the next salary."
)
ASKED = "When does the office pay travel receipts back?"


def same(one: str, other: str, heading: str = "") -> bool:
    """Whether the other text is held to say the same as the one."""
    held = [of_passage((), one), of_passage((heading,) if heading else (), other)]
    return repeated(held) == [None, 0]


def test_equal_text_in_two_documents_is_one_candidate(library: Library, hold: Hold) -> None:
    """The same words under two names are indexed once and given from the first of both."""
    hold({"b.md": POLICY, "a.md": POLICY})
    found = library.retrieve(ASKED)
    assert [passage.chunk.source for passage in found.passages] == ["a.md"]
    assert [one.source for one in found.trace.candidates] == ["a.md"]
    assert found.trace.chunks == 1


@pytest.mark.parametrize(
    "other",
    [f"# Journeys\n\n{POLICY}", POLICY.replace("whole amount", "full amount"), POLICY.upper(), f"{POLICY} Thank you."],
)
def test_a_copy_that_differs_a_little_is_dropped(library: Library, hold: Hold, other: str) -> None:
    """Another heading, a changed word, capitals, a farewell: one of both is given, and the trace says why."""
    hold({"a.md": POLICY, "copy.md": other, "far.md": "The kitchen has two ovens and a fridge for the lunch of staff."})
    found = library.retrieve(ASKED)
    given = [passage.chunk.source for passage in found.passages]
    assert len({"a.md", "copy.md"} & set(given)) == 1
    (dropped,) = [one for one in found.trace.candidates if one.dropped]
    (kept,) = {"a.md", "copy.md"} & set(given)
    assert dropped.source == ({"a.md", "copy.md"} - {kept}).pop()
    assert (dropped.rank, dropped.dropped) == (None, f"{SAYS_THE_SAME} [{given.index(kept) + 1}]")


def test_a_copy_in_another_collection_is_dropped(library: Library, hold: Hold) -> None:
    """Collections have indexes of their own, and still the asker reads the same words once."""
    hold({"a.md": POLICY}, "one")
    hold({"b.md": POLICY}, "two")
    found = library.retrieve(ASKED)
    assert len(found.passages) == 1
    assert len(found.trace.candidates) == found.trace.chunks == 2
    assert [one.dropped for one in found.trace.candidates] == ["", f"{SAYS_THE_SAME} [1]"]


def test_a_copy_of_what_is_not_among_the_best_says_so(library: Library, hold: Hold) -> None:
    """Where the better one is not given either, no number is told."""
    better = "The office pays travel receipts back when staff ask for it, says the travel office."
    hold({"better.md": better, "a.md": POLICY, "copy.md": POLICY.replace("whole amount", "full amount")})
    found = library.retrieve(ASKED, 1)
    fates = {one.source: one.dropped for one in found.trace.candidates}
    assert (fates.pop("better.md"), found.passages[0].chunk.source) == ("", "better.md")
    assert sorted(fates.values()) == ["not among the best 1", f"{SAYS_THE_SAME} a better one"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("30 days", "60 days"),
        ("30 days", "thirty days"),
        ("every receipt", "two receipts"),
        ("unless the journey was private", "if the journey was private"),
        ("pays the whole", "does not pay the whole"),
        ("pays the whole", "doesn't pay the whole"),
        ("pays the whole", "doesn’t pay the whole"),
        ("pays the whole", "never pays the whole"),
    ],
)
def test_another_number_or_a_not_keeps_both(library: Library, hold: Hold, before: str, after: str) -> None:
    """Nearly the same words that mean another thing are both given."""
    assert before in POLICY
    hold({"a.md": POLICY, "b.md": POLICY.replace(before, after)})
    found = library.retrieve(ASKED)
    assert {passage.chunk.source for passage in found.passages} == {"a.md", "b.md"}
    assert all(one.dropped == "" for one in found.trace.candidates)


def test_the_order_of_numbers_matters() -> None:
    """A price list with two prices swapped is not the same list."""
    list_ = f"{POLICY} The ticket costs {{}} euros and the room {{}} euros."
    assert same(list_.format(20, 30), list_.format(20, 30), heading="Prices")
    assert not same(list_.format(20, 30), list_.format(30, 20))


def test_each_is_compared_with_those_that_are_kept() -> None:
    """Of three alike the first is kept and named by both others; what is unlike is kept; nothing gives nothing."""
    texts = [POLICY, "The kitchen has two ovens.", POLICY.replace("whole", "full"), f"{POLICY} Thanks."]
    assert repeated([of_passage((), text) for text in texts]) == [None, None, 0, 0]
    assert repeated([]) == []
