"""What nobody should send, through the whole rail: judged or refused with a reason, never passed by silence."""

import pytest

from core.domain import Decision, Screening, Stage, Subject
from guards.guard import Kit
from guards.policy import default_policy
from guards.rail import Rail

BAD = {
    "100,000 characters": "word " * 20_000,
    "only emoji": "😀🏽‍🚀" * 500,
    "only zero-width": "\u200b\u200d\ufeff" * 500,
    "lone surrogates": "a\ud800b\udfff " * 200,
    "brackets 10,000 deep": "(" * 10_000 + "a" + ")" * 10_000,
    "a regular-expression bomb": "a" * 50_000 + "!",
    "another bomb": "(a+)+$ " * 500 + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
    "addresses without end": "http://a." + "a." * 20_000,
    "one line of columns": "password: " * 5_000,
    "nothing": "",
}


@pytest.fixture(scope="module")
def rail(kit: Kit) -> Rail:
    """The guards as they ship."""
    made = Rail(default_policy(), kit)
    made.warm()
    return made


def gaps(rail: Rail, stage: Stage, screening: Screening) -> list[str]:
    """The guards of the stage that said nothing although no gate barred the way."""
    said = [verdict.guard for verdict in screening.verdicts]
    rules = rail.policy.stage(stage)
    barred = bool(said) and any(r.guard == said[-1] and r.gate for r in rules)
    return [rule.guard for rule in rules if rule.guard not in said and not barred]


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("stage", list(Stage))
def test_bad_input_is_judged_or_refused(rail: Rail, bad: str, stage: Stage) -> None:
    """Each guard gives a verdict with a reason; one that could not judge gives what its rule says, never silence."""
    subject = Subject(BAD[bad], stage, question="Where is it?", passages=("It is in the cellar.",))
    screening = rail.screen(subject)
    assert gaps(rail, stage, screening) == []
    assert all(verdict.reason for verdict in screening.verdicts)
    rules = {rule.guard: rule for rule in rail.policy.stage(stage)}
    for verdict in screening.verdicts:
        if verdict.score is None:
            assert verdict.decision is rules[verdict.guard].on_failure


@pytest.mark.parametrize("bad", ["100,000 characters", "only zero-width", "brackets 10,000 deep", "nothing"])
def test_what_is_no_question_is_refused(rail: Rail, bad: str) -> None:
    """A question that nobody can have written, or that shows nothing, does not get through to the model."""
    screening = rail.screen(Subject(BAD[bad], Stage.INPUT))
    assert screening.decision is Decision.BLOCK
    assert screening.reasons
