"""Questions about the documents or an owner's topics pass, others don't; without telling nothing is refused."""

from collections.abc import Sequence
from typing import Any

import pytest

from core.domain import Mode, Stage, Subject
from core.errors import GuardFailure, SettingsError
from core.ports import Embedder, Vectors
from guards.checks import off_topic
from guards.guard import Finding, Kit
from guards.policy import default_policy
from ingest.index import Library
from ingest.pipeline import add

MANUAL = """# Travel expenses

Staff who travel for work are paid back train tickets in second class, hotels up to 120 euros a night, and meals.
Send the receipts within thirty days to the travel office. Taxis are paid only when no train runs.

# Holiday

Everyone has 25 days of holiday a year. Unused days lapse at the end of March. Holiday is asked for in the calendar.
"""


class Near:
    """Nearness that is the same for every text, and who asked for it."""

    def __init__(self, *cosines: float) -> None:
        self.cosines = cosines
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def __call__(self, text: str, reader: str, collections: Sequence[str] = ()) -> list[float]:
        """These cosines."""
        self.asked.append((reader, tuple(collections)))
        return list(self.cosines)


def judge(text: str, kit: Kit, **options: Any) -> Finding:
    """What the guard finds in a question."""
    return off_topic.build(options, kit).judge(Subject(text, Stage.INPUT, asker="ann", collections=("hr",)))


@pytest.fixture
def about_travel(library: Library, embedder: Embedder, tmp_path: Any) -> Kit:
    """A kit that is near to a small manual of travel and holidays."""
    (tmp_path / "manual.md").write_text(MANUAL, encoding="utf-8")
    add(library, [str(tmp_path / "manual.md")])
    return Kit(embedder, nearness=lambda text, reader, collections=(): library.nearest(text, ""))


def test_questions_about_the_documents_pass_and_others_do_not(about_travel: Kit) -> None:
    """Answerable or not, what is about travel or holidays passes; cooking, films and sport don't."""
    for text in ("Who pays my hotel in Rome?", "Can I take holiday in May?", "Are taxis to the airport paid back?"):
        score = judge(text, about_travel).score
        assert score is not None
        assert score < 0.5
    for text in ("How long do I boil an egg?", "Which guitar chords does this song have?", "Write a poem about cats."):
        finding = judge(text, about_travel)
        assert finding.score is not None
        assert finding.score >= 0.5
        assert finding.reason == f"This does not seem to be about the documents: “{text}”."
        assert finding.spans[0].end == len(text)


def test_the_risk_falls_with_nearness() -> None:
    """Full risk far from every chunk, next to none near one, the middle where the curve was set."""
    risks = [judge("Where do I report it broken?", Kit(nearness=Near(best))).score for best in (0.0, 0.24, 0.5)]
    assert risks == [pytest.approx(1, abs=0.01), pytest.approx(0.5, abs=0.05), pytest.approx(0, abs=0.01)]


def test_only_what_the_asker_may_read_counts() -> None:
    """Nearness is asked for this asker and these collections."""
    near = Near(0.9)
    judge("Where do I report it broken?", Kit(nearness=near))
    assert near.asked == [("ann", ("hr",))]


@pytest.mark.parametrize(
    ("text", "kit", "said"),
    [
        ("How long do I boil an egg?", Kit(), "no documents"),
        ("How long do I boil an egg?", Kit(nearness=Near()), "no documents"),
        ("And in May?", Kit(nearness=Near(0.0)), "too little"),
        ("", Kit(nearness=Near(0.0)), "too little"),
        ("Wie lange muss ich ein Ei kochen?", Kit(nearness=Near(0.0)), "Only questions in English"),
    ],
)
def test_what_cannot_be_told_is_not_refused(text: str, kit: Kit, said: str) -> None:
    """No documents, a question that says nothing by itself, another language: no risk, and the reason says why."""
    finding = judge(text, kit)
    assert finding.score == 0.0
    assert said in finding.reason


TOPICS = [
    "travel expenses",
    {"description": "holidays", "examples": ["How many days of holiday do I get?", "When does unused holiday lapse?"]},
]


def test_topics_of_an_owners_choice_decide_where_documents_are_left_aside(kit: Kit) -> None:
    """By a description, or one with examples; the reason names the topics."""
    for text in ("Are taxis a travel expense?", "Can I take my holiday in May?"):
        score = judge(text, kit, topics=TOPICS, documents=False).score
        assert score is not None
        assert score < 0.5
    finding = judge("Which guitar chords does this song have?", kit, topics=TOPICS, documents=False)
    assert finding.score is not None
    assert finding.score >= 0.5
    assert "about “travel expenses” or “holidays”: “Which guitar" in finding.reason


def test_near_to_either_is_on_topic(embedder: Embedder) -> None:
    """What the documents know passes without being a topic, and what is a topic passes without documents about it."""
    text = "Which guitar chords does this song have?"
    assert judge(text, Kit(embedder, nearness=Near(0.8)), topics=TOPICS).score == pytest.approx(0, abs=0.01)
    far = Kit(embedder, nearness=Near(0.0))
    assert judge("Are taxis a travel expense?", far, topics=TOPICS).reason == "This is about what is answered here."
    assert "the documents or “travel expenses”" in judge(text, far, topics=TOPICS).reason


def test_cosines_of_another_model_are_not_misread() -> None:
    """A model that the curves were not fitted to can't be judged by."""

    class Other:
        name = "another-model@1234/onnx-fp32"
        max_tokens = 10

        def embed(self, texts: Sequence[str]) -> Vectors:
            raise AssertionError

        embed_with_parts = count_tokens = embed

    with pytest.raises(GuardFailure, match="calibrated for all-MiniLM-L6-v2"):
        judge("Where do I report it broken?", Kit(Other(), nearness=Near(0.0)))  # type: ignore[arg-type]


def test_a_wrong_topic_is_named() -> None:
    """Words and patterns are another guard's."""
    with pytest.raises(SettingsError, match=r"topics\[0\].words: no such key \(known: description, examples\)"):
        off_topic.build({"topics": [{"description": "pay", "words": ["salary"]}]}, Kit())


def test_by_default_it_only_records() -> None:
    """The evidence gate abstains anyway: owners enforce this guard where they want to."""
    (rule,) = [rule for rule in default_policy().rules if rule.guard == "off_topic"]
    assert rule.mode is Mode.SHADOW
