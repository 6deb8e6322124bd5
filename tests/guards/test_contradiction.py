"""Guard `contradiction`: what nearly says what a passage says and differs, and what only looks like it."""

import json

import pytest

from core.domain import Stage, Subject
from core.errors import GuardFailure
from eval.train_guard.rows import OWN
from guards.checks.contradiction import AGREES, build
from guards.guard import Finding, Kit

PASSAGES = (
    "Customers may return an item within 30 days of delivery. Refunds are paid within 14 days. The deposit is $250.",
    "The museum opened on March 3, 1990 and was designed by Anna Weber. Dogs are allowed in the garden. Sales rose by "
    "12 percent in the second quarter. The pump must be serviced every 6 months. The pipe is 230 meters long. Staff in "
    "Berlin get 28 days of holiday, staff in Paris get 30 days.",
)


def judge(text: str, passages: tuple[str, ...] = PASSAGES) -> Finding:
    """What the guard finds in a text."""
    return build({}, Kit()).judge(Subject(text, Stage.OUTPUT, passages=passages))


@pytest.mark.parametrize(
    ("text", "said", "held"),
    [
        ("Items may be returned within 14 days of delivery.", "14 days", "30 days"),
        ("Refunds are paid within 14 weeks.", "14 weeks", "14 days"),
        ("The deposit is $300.", "$300", "$250"),
        ("The museum opened on May 3, 1990.", "May", "March"),
        ("The museum opened in 1991 and was designed by Anna Weber.", "1991", "1990"),
        ("The museum was designed by Karl Meyer.", "Karl", "Anna"),
        ("Dogs are forbidden in the garden.", "forbidden", "allowed"),
        ("Sales fell by 12 percent in the second quarter.", "fell", "rose"),
        ("Sales rose by 15% in the second quarter.", "15%", "12 percent"),
        ("The pump must be serviced every 6 weeks.", "6 weeks", "6 months"),
        ("Hello! The pipe is 320 metres long.", "320 metres", "230 meters"),
    ],
)
def test_both_wordings_are_told(text: str, said: str, held: str) -> None:
    """Another number, unit, date, name or an opposite word fires; the reason quotes both sides, the span one."""
    finding = judge(text)
    assert finding.score is not None
    assert finding.score >= 0.6
    assert finding.reason == f"The answer says “{said}”, the passage says “{held}”."
    (span,) = finding.spans
    assert said.strip("$").startswith(text[span.start : span.end])


@pytest.mark.parametrize(
    "text",
    [
        "Dogs are not allowed in the garden.",
        "No, dogs are not allowed in the garden.",
        "You can't return an item within 30 days of delivery.",
    ],
)
def test_a_denial_is_told_with_the_passage(text: str) -> None:
    """A sentence that denies what the passage says fires as a whole."""
    finding = judge(text)
    assert finding.score is not None
    assert finding.score >= 0.6
    assert "the passage denies it" in finding.reason
    assert [text[span.start : span.end] for span in finding.spans] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Customers may return an item within 30 days of delivery.",
        "An item can be returned within thirty days of delivery.",
        "Sales rose by twelve percent in the second quarter.",
        "The museum was designed by Anna Weber and opened on 3 March 1990.",
        "Staff in Berlin get 28 days of holiday.",
        "Staff in Paris get 30 days of holiday.",
        "The pipe is 230 metres long.",
        "The tower opened in 1875 and has 300 steps.",
        "Karl Meyer sells 40 kinds of cheese.",
        "No, but dogs are allowed in the garden.",
        "Not really, the museum was designed by Anna Weber.",
        "Is the deposit $300?",
        "I don't know whether dogs are allowed.",
    ],
)
def test_what_agrees_or_speaks_of_something_else_passes(text: str) -> None:
    """Other wordings of the same, other matters, and questions contradict nothing."""
    assert judge(text) == Finding(0.0, AGREES)


def test_a_passage_that_agrees_outweighs_one_that_differs() -> None:
    """Where one of two passages says the same as the sentence, it stands."""
    both = ("The fee for members is 20 euros.", "The fee for members is 25 euros.")
    assert judge("The fee for members is 25 euros.", both).score == 0.0
    assert judge("The fee for members was 25 euros.", both).score == 0.0
    assert judge("The fee for members was 30 euros.", both).score == 1.0


def test_without_passages_nothing_is_contradicted() -> None:
    """Support is another guard's matter."""
    assert judge("The deposit is $300.", ()) == Finding(0.0, AGREES)


def test_a_text_too_long_is_refused() -> None:
    """Beyond what it reads it says so."""
    with pytest.raises(GuardFailure, match="40,001 characters"):
        judge("a" * 40_001)


def test_its_own_set_is_told_apart() -> None:
    """Of the rows that the set holds for training, nothing that agrees fires, and most of the rest does."""
    rows = [json.loads(line) for line in (OWN / "contradiction.jsonl").read_text(encoding="utf-8").splitlines()]
    fired = {0: [], 1: []}  # type: dict[int, list[bool]]
    for row in rows:
        if row["split"] == "train":
            fired[row["label"]].append((judge(row["text"], tuple(row["passages"])).score or 0.0) >= 0.6)
    assert not any(fired[0])
    assert sum(fired[1]) >= 0.8 * len(fired[1])
