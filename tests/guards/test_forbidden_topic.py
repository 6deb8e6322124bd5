"""What an owner forbids is found by words, patterns and meaning; lookalikes and ordinary answers pass."""

from typing import Any

import pytest

from core.domain import Decision, Stage, Subject
from core.errors import GuardFailure, SettingsError
from guards.checks import forbidden_topic
from guards.guard import Finding, Kit
from guards.policy import read_policy
from guards.rail import Rail

PAY: dict[str, Any] = {
    "description": "salaries of named people",
    "words": ["salary", "paid per month"],
    "patterns": [r"\b\d{2,3},\d{3} euros\b"],
}


def judge(text: str, *topics: Any, kit: Kit | None = None, question: str = "", **options: Any) -> Finding:
    """What the guard finds in an answer where these topics are forbidden."""
    guard = forbidden_topic.build({"topics": list(topics), **options}, kit or Kit())
    return guard.judge(Subject(text, Stage.OUTPUT, question))


def quoted(text: str, finding: Finding) -> list[str]:
    """The words that a finding points at."""
    return [text[span.start : span.end] for span in finding.spans]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The salaries rose.", ["salaries"]),
        ("SALARY bands exist.", ["SALARY"]),
        ("Their s\u200balary is known.", ["s\u200balary"]),
        ("She is paid, per months of work, little.", ["paid, per months"]),
        ("He gets 84,000 EUROS.", ["84,000 EUROS"]),
    ],
)
def test_words_in_every_form_and_patterns_are_found(text: str, words: list[str]) -> None:
    """By stem, phrase or pattern, also disguised; the reason names the topic and quotes the words."""
    finding = judge(text, PAY)
    assert finding.score == 1.0
    assert quoted(text, finding) == words
    assert "“salaries of named people”" in finding.reason
    assert {span.label for span in finding.spans} == {"salaries of named people"}


@pytest.mark.parametrize("text", ["The salad is fresh.", "Pay per month is fine.", "It costs 9 euros.", "", " "])
def test_what_only_looks_alike_passes(text: str) -> None:
    """Other words, half a phrase, a smaller sum, nothing."""
    assert judge(text, PAY).score == 0.0


FORBIDDEN = [
    "investment advice",
    {"description": "gambling", "examples": ["Bet on the third horse.", "You win at roulette by doubling your stake."]},
]


@pytest.mark.parametrize(
    ("text", "question", "topic"),
    [
        ("You should put your savings into this index fund.", "", "investment advice"),
        ("Yes, in the spring.", "Is gold a good investment for me now?", "investment advice"),
        ("The casino's odds favour those who bet on red.", "", "gambling"),
    ],
)
def test_meaning_is_found_without_the_words(kit: Kit, text: str, question: str, topic: str) -> None:
    """By a description alone or with examples; an answer that says little is read with its question."""
    finding = judge(text, *FORBIDDEN, kit=kit, question=question)
    assert finding.score is not None
    assert finding.score >= 0.5
    assert f"“{topic}”" in finding.reason


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Staff get 25 days of holiday a year.", "How many days of holiday do staff get?"),
        ("The pump is serviced every six months.", ""),
        ("Send the invoice to the office in Lyon.", "Where do I send the invoice?"),
        ("The horse stable opens at nine.", ""),
    ],
)
def test_ordinary_answers_pass(kit: Kit, text: str, question: str) -> None:
    """What is about something else stays far below the threshold."""
    score = judge(text, *FORBIDDEN, kit=kit, question=question).score
    assert score is not None
    assert score < 0.2


def test_the_sentence_that_is_about_it_is_pointed_at(kit: Kit) -> None:
    """Of several sentences only the one concerned is named."""
    text = "The office opens at nine. You should buy the shares before May. Bring your badge."
    assert quoted(text, judge(text, *FORBIDDEN, kit=kit)) == ["You should buy the shares before May."]


def test_a_thousand_sentences_are_read_to_the_end(kit: Kit) -> None:
    """In a long answer neighbours are compared together, the last one too."""
    text = "The office opens at nine. " * 300 + "Buy shares and gold; put all your savings into this fund. " * 7
    finding = judge(text, *FORBIDDEN, kit=kit)
    assert finding.score is not None
    assert finding.score >= 0.5


def test_without_an_embedding_model_words_still_count() -> None:
    """Topics with words are judged by them; one that has none can't be judged, and that is said."""
    assert judge("The salaries rose.", PAY, "legal advice").score == 1.0
    assert judge("It rained.", PAY).score == 0.0
    with pytest.raises(GuardFailure, match="No embedding model"):
        judge("It rained.", PAY, "legal advice")


def test_without_topics_nothing_is_forbidden() -> None:
    """The default judges nothing."""
    assert judge("Anything at all.") == Finding(0.0, "No topic is forbidden.")


def test_a_pattern_without_end_is_cut_off_and_named() -> None:
    """A pattern that would run for ages can't hold an answer up: the guard says which one it is."""
    with pytest.raises(GuardFailure, match=r"topics\[0\].patterns\[0\] takes more than 0.25 s"):
        judge("a" * 5_000 + "!", {"description": "x", "patterns": [r"(?:a|a|aa)+$"]})


def test_topics_may_be_tables_by_name() -> None:
    """The name of a table is its description where it gives none; by_meaning = false leaves meaning aside."""
    options = {"topics": {"named_salaries": {"words": ["salary"]}}, "by_meaning": False}
    finding = forbidden_topic.build(options, Kit()).judge(Subject("A salary.", Stage.OUTPUT))
    assert "“named salaries”" in finding.reason


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"topics": "legal"}, "topics: must be a list of topics, or tables by name, not 'legal'"),
        ({"topics": [3]}, "topics[0]: must be a description or a table, not 3"),
        ({"topics": [" "]}, "topics[0].description: must be a text of 1 to 1000 characters"),
        ({"topics": [{"words": ["x"]}]}, "topics[0].description: must be a text"),
        ({"topics": {"pay": {"word": []}}}, "topics.pay.word: no such key (known: description, words, patterns, ex"),
        ({"topics": {"pay": {"words": "x"}}}, "topics.pay.words: must be a list of texts, not 'x'"),
        ({"topics": {"pay": {"words": ["x", 1]}}}, "topics.pay.words[1]: must be a text"),
        ({"topics": {"pay": {"words": ["?!"]}}}, "topics.pay.words[0]: holds no word: '?!'"),
        ({"topics": {"pay": {"patterns": ["ok", "(["]}}}, "topics.pay.patterns[1]: is no regular expression"),
        ({"topics": ["legal advice"], "by_meaning": False}, "topics[0]: has neither words nor patterns"),
        ({"by_meaning": 1}, "by_meaning: must be true or false"),
        ({"topic": []}, "topic: no such option (known: by_meaning, characters, topics)"),
    ],
)
def test_a_wrong_option_is_named_exactly(options: dict[str, Any], fault: str) -> None:
    """The place of the fault, and what is allowed there."""
    with pytest.raises(SettingsError) as refused:
        forbidden_topic.build(options, Kit())
    assert any(told.startswith(fault) for told in refused.value.faults)


def test_a_topic_in_the_policy_holds_the_answer() -> None:
    """Set in parapet.toml, the answer waits for a person."""
    policy = read_policy({"output": {"forbidden_topic": {"options": {"topics": [PAY]}}}})
    subject = Subject("Salaries rose.", Stage.OUTPUT, passages=("Salaries rose.",))
    (verdict,) = [v for v in Rail(policy).screen(subject).verdicts if v.guard == "forbidden_topic"]
    assert verdict.decision is Decision.HOLD
