"""How a sentence is read, what a question asks for, and how probable it is that each sentence answers."""

import json
from pathlib import Path

import pytest

from chains.extract.asking import Kind, understand
from chains.extract.candidates import candidates
from chains.extract.evidence import Evidence, EvidencePassage
from chains.extract.features import FEATURES, features
from chains.extract.layout import Shape, blocks
from chains.extract.parting import compared, parts
from chains.extract.ranking import WEIGHTS, read_ranker
from chains.models.extractive import with_cosines
from core.ports import Embedder
from core.sentences import spans

TEXT = "The bridge was built in 1852. Ships pass under it.\n\nThe toll is two coins."
QUESTION = "When was the bridge built?"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was the bridge built?", Kind.TIME),
        ("In what year did it open?", Kind.TIME),
        ("How many ships pass?", Kind.AMOUNT),
        ("Who built the bridge?", Kind.NAME),
        ("Which river does it cross?", Kind.NAME),
        ("Why was it built?", Kind.REASON),
        ("How do I pay the toll?", Kind.WAY),
        ("Which colours are allowed?", Kind.MEMBERS),
        ("What is a toll?", Kind.DEFINITION),
        ("What did the mayor say?", Kind.OTHER),
    ],
)
def test_the_kind_of_thing_asked_for(question: str, kind: Kind) -> None:
    """The words that open a question tell what would answer it."""
    assert understand(question).kind is kind


def test_the_blocks_of_a_passage() -> None:
    """Headings, paragraphs, items, code and tables are told apart, and each covers its own lines."""
    text = "## Use\n\nDo this:\n- one\n  two\n* three\n\n```\n# not a heading\n```\n| a |\n|---|\n| b |\n> said\n"
    laid = blocks(text)
    assert [(block.shape, text[block.inner : block.stop]) for block in laid] == [
        (Shape.HEADING, "## Use"),
        (Shape.PROSE, "Do this:"),
        (Shape.ITEM, "one\n  two"),
        (Shape.ITEM, "three"),
        (Shape.CODE, "# not a heading"),
        (Shape.HEADER, "| a |\n|---|"),
        (Shape.ROW, "| b |"),
        (Shape.PROSE, "said"),
    ]


def test_a_candidate_is_exactly_its_words() -> None:
    """Footnote marks of the document, which would be read as citations, are left behind the quote."""
    passage = EvidencePassage(1, "The toll is two coins.[3][4] Ships pass under the bridge.", (), 1.0)
    assert [c.text for c in candidates(passage, 0)] == ["The toll is two coins.", "Ships pass under the bridge."]


def test_titles_and_endless_lines_are_no_candidates() -> None:
    """A line of its own without a full stop, and what runs on for more than a sentence can, are not quoted."""
    passage = EvidencePassage(1, "About the bridge\n\nThe toll is two coins.\n\n" + "bridge toll " * 100, (), 1.0)
    assert [c.text for c in candidates(passage, 0)] == ["The toll is two coins."]


def test_probabilities_add_up_and_the_answer_has_the_most() -> None:
    """One a sentence, together 1."""
    passage = EvidencePassage(1, TEXT, (), 1.0, tuple(0.5 for _ in spans(TEXT)))
    found = candidates(passage, 0)
    shares = read_ranker().probabilities(understand(QUESTION), found)
    assert sum(shares) == pytest.approx(1)
    assert found[shares.index(max(shares))].text == "The bridge was built in 1852."


def test_a_nearer_sentence_is_more_probable() -> None:
    """With the same words, the cosines of the evidence decide."""
    text = "Alpha beta gamma delta. Alpha beta gamma delta."
    low, high = EvidencePassage(1, text, (), 1.0, (0.2, 0.8)), EvidencePassage(1, text, (), 1.0, (0.8, 0.2))
    for passage, nearer in ((low, 1), (high, 0)):
        shares = read_ranker().probabilities(understand("What of beta?"), candidates(passage, 0))
        assert shares.index(max(shares)) == nearer


def test_every_feature_has_its_column() -> None:
    """The matrix is as wide as the names say."""
    passage = EvidencePassage(1, TEXT, ("Bridges",), 1.0, tuple(0.5 for _ in spans(TEXT)))
    found = candidates(passage, 0)
    assert features(understand(QUESTION), found).shape == (len(found), len(FEATURES))


def test_weights_for_other_features_are_refused(tmp_path: Path) -> None:
    """A file that was fitted before a feature changed names the command that fits it anew."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    data["features"] = data["features"][1:]
    path = tmp_path / "ranking.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ValueError, match=r"eval\.train_answerer"):
        read_ranker(path)


@pytest.mark.parametrize(
    ("question", "pieces"),
    [
        ("What is a toll?", ["What is a toll?"]),
        ("What is a toll and how is it paid?", ["What is a toll?", "how is it paid?"]),
        ("Where is the bridge? How long is it?", ["Where is the bridge?", "How long is it?"]),
        ("When and where was the bridge built?", ["When?", "where was the bridge built?"]),
        ("What do cats and dogs eat?", ["What do cats and dogs eat?"]),
    ],
)
def test_questions_in_a_question(question: str, pieces: list[str]) -> None:
    """Only what asks by itself is a part."""
    assert [part.text for part in parts(question)] == pieces


def test_a_part_that_points_back_is_about_the_other() -> None:
    """`it` in the second part means the toll of the first."""
    assert "toll" in parts("What is a toll and how is it paid?")[1].stems


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference between a heron and a stork?",
        "How does a heron differ from a stork?",
        "Heron vs. stork",
        "Compare the heron with the stork.",
        "What is a heron compared to a stork?",
    ],
)
def test_what_is_compared(question: str) -> None:
    """Both things are found, whatever words compare them."""
    pair = compared(question)
    assert pair is not None
    assert ("heron" in pair[0].stems, "stork" in pair[1].stems) == (True, True)


def test_a_plain_question_compares_nothing() -> None:
    """`between` alone is no comparison."""
    assert compared("What lies between the river and the road?") is None


def test_cosines_that_retrieval_tells_are_not_embedded_again(embedder: Embedder) -> None:
    """Only a passage without cosines, or with as many as it has not sentences, gets its own."""
    told = EvidencePassage(1, "The toll is two coins.", (), 1.0, (0.25,))
    untold = EvidencePassage(2, TEXT, (), 0.9)
    wrong = EvidencePassage(3, TEXT, (), 0.8, (0.25,))
    first, second, third = with_cosines(Evidence(QUESTION, (told, untold, wrong)), embedder).passages
    assert first.cosines == (0.25,)
    assert second.cosines == pytest.approx(third.cosines)
    assert max(second.cosines) == second.cosines[0]
