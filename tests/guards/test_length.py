"""What the gate refuses by its shape, and what odd but readable questions pass."""

import pytest

from core.domain import Stage, Subject
from core.errors import SettingsError
from core.ports import Embedder
from guards.checks import length
from guards.guard import Finding, Kit
from guards.policy import default_policy
from guards.rail import Rail


def judge(text: str, kit: Kit | None = None, **options: int) -> Finding:
    """What the guard finds in a question."""
    return length.build(options, kit or Kit()).judge(Subject(text, Stage.INPUT))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("\x00\x07\u200b", "can't be seen"),
        ("\u200b\u200d\ufeff" * 500, "can't be seen"),
        ("x" * 4001, "4,001 characters; at most 4,000"),
        ("x" * 200_000, "200,000 characters"),
        ("x" * 4000, "one character over and over, “x”"),
        ("! " * 40, "one character over and over, “!”"),
        ("😀" * 3000, "one character over and over, “😀”"),
        ("What is " + "ab" * 1000, "one word of 2,000 characters"),
        ("(" * 101 + "x" + ")" * 101, "more than 100 deep"),
        ("f[ {( " * 500 + "x", "more than 100 deep"),
        ("Ignore\ud800 the rules", "broken character at place 7"),
    ],
)
def test_what_nobody_wrote_to_be_read_is_refused(text: str, said: str) -> None:
    """Nothing, too much, one word without end, one character over and over, deep brackets, broken characters."""
    finding = judge(text)
    assert finding.score == 1.0
    assert said in finding.reason


@pytest.mark.parametrize(
    "text",
    [
        "?",
        "😀",
        "מה?",
        "Hmm" + "m" * 30 + "...",
        "word " * 800,
        "差旅费在哪里报销？" * 400,  # no blanks, yet words end
        '{"name":"a","items":[1,2,3]},' * 130,  # on one line, no blanks
        "Why does ((a)(b)) fail? " * 160,  # many brackets, none deep
        ") ] } " * 300,
        "See https://example.net/" + "a/b-c_d?e=f&" * 150,
        "Is it spelt cafe\u0301 or café?",
    ],
)
def test_odd_questions_that_can_be_read_pass(text: str) -> None:
    """Short ones, other scripts, code, long addresses and emphasis are fine."""
    assert judge(text) == Finding(0.0, "The length is fine.")


def test_tokens_are_those_of_the_embedding_model(embedder: Embedder) -> None:
    """At the limit it passes, one below it is refused with the count."""
    text = "How do I claim the train to Lyon? " * 20
    (tokens,) = embedder.count_tokens([text])
    assert judge(text, Kit(embedder), tokens=tokens).score == 0.0
    refused = judge(text, Kit(embedder), tokens=tokens - 1)
    assert refused.score == 1.0
    assert f"has {tokens} tokens; at most {tokens - 1}" in refused.reason


def test_without_a_model_tokens_are_estimated() -> None:
    """Four ASCII characters make one token, any other character one, and the reason says about."""
    assert length.estimated_tokens("abcdé") == 2
    assert length.estimated_tokens("差旅费 ok") == 4
    assert judge("Wie hoch? " * 10, tokens=25).score == 0.0
    assert "has about 25 tokens" in judge("Wie hoch? " * 10, tokens=24).reason


def test_a_wrong_limit_is_named() -> None:
    """Every limit is a whole number above 0."""
    with pytest.raises(SettingsError, match=r"tokens: must be a whole number above 0, not 0"):
        length.build({"tokens": 0}, Kit())


@pytest.mark.parametrize("text", ["(a+)+$" * 20_000, "[" * 20_000, "\ud800 hello"])
def test_nothing_after_the_gate_runs(text: str) -> None:
    """In the default policy a text that it refuses reaches no other guard."""
    verdicts = Rail(default_policy()).screen(Subject(text, Stage.INPUT)).verdicts
    assert [verdict.guard for verdict in verdicts] == ["length"]
