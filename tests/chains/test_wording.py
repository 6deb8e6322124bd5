"""What Parapet says when it declines: what was looked for, what no document holds, what comes nearest, what to do."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from chains.absent import absent_words
from chains.assemble import Parapet
from chains.wording import abstained, narrowing
from core.clock import new_id
from core.domain import Chunk, Filters, Outcome, Passage, Question
from core.words import content_stems

Make = Callable[..., Parapet]


def passage(title: str, *heading: str, page: int | None = None, rank: int = 1) -> Passage:
    """A passage of a document, found for some question."""
    return Passage(Chunk("x.md", title, "text", 0, 4, heading=heading, page=page), score=0.5, rank=rank)


def test_declining_names_the_nearest_places_once() -> None:
    """Title, page and heading of the nearest documents, at most three, each once, then what to do."""
    near = [
        passage("Handbook", "Handbook", "Leave", page=3),
        passage("Handbook", "Handbook", "Leave", page=3),
        passage("Expenses"),
        passage("Rules", "Rules"),
        passage("Far away"),
    ]
    assert abstained(near) == (
        "The documents do not answer this question.\n\n"
        "Nearest: Handbook, page 3 (Leave); Expenses; Rules\n\n"
        "Try other words, or ask the people who keep the documents."
    )


def test_declining_tells_what_was_looked_for() -> None:
    """A question that was put anew is shown as searched, with the words that no document holds and the filters."""
    said = abstained([], sought="Who pays for the sabbatical?", absent=("sabbatical",), narrowed="language en")
    assert said.splitlines()[2:5] == [
        "Searched for: “Who pays for the sabbatical?”",
        "Searched only in: language en",
        "No document holds: “sabbatical”",
    ]
    assert said.endswith(
        "Try other words for “sabbatical”, search more widely, or ask the people who keep the documents."
    )


def test_filters_are_put_in_words() -> None:
    """Each filter in force is named; without any, nothing is said."""
    since = datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert narrowing(Filters()) == ""
    assert narrowing(Filters(("hr", "it"), ("policies/*",), ("en",), since)) == (
        "collections hr, it; source policies/*; language en; written or changed since 31 Jan 2026, 09:00 UTC"
    )


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("Who pays for the sabbatical in Lisbon?", ("sabbatical", "Lisbon")),
        ("May I bring “dogs” to the office, please?", ()),
        ("What is the re-booking fee?", ("re-booking", "fee")),
        ("Are train-tickets for dogs?", ()),
        ("", ()),
        ("Is it so?", ()),
    ],
)
def test_absent_words_are_those_that_no_document_holds(question: str, absent: tuple[str, ...]) -> None:
    """Other endings and parts of a compound count as held, common words never count, spelling is the asker's."""
    held = set(content_stems("The company pays train tickets. A dog is welcome in the office."))
    assert absent_words(question, lambda stems: [int(stem in held) for stem in stems]) == absent


def test_a_turn_that_declines_names_words_and_places(scripted: Make) -> None:
    """Over a real library: the words that stand nowhere, the nearest headings, and how a follow-up was searched."""
    assistant = scripted("Never said.").assistant
    answer = assistant.invoke("Who painted the Mona Lisa?")
    assert answer.outcome is Outcome.ABSTAINED
    assert "No document holds: “painted”, “Mona”, “Lisa”" in answer.text
    assert "Nearest: " in answer.text
    earlier = (("Who painted the Mona Lisa?", "The documents do not answer this question."),)
    again = assistant.invoke(Question("And when was it painted?", turn=new_id(), earlier=earlier))
    assert again.outcome is Outcome.ABSTAINED
    assert "Searched for: “" in again.text
    assert "Mona Lisa" in again.text
