"""The evidence gate: what it looks at, and what becomes of a question that is changed by a word."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from chains.assemble import Parapet, evidence_gate
from chains.gate import WEIGHTS, EvidenceGate, read_weights
from chains.gate_features import ANSWER, RELEVANCE
from chains.gate_words import alike, base_stem, opposed, words_of
from core.domain import Chunk, Passage
from core.errors import UsageError
from core.ports import Embedder, Vectors
from core.sentences import split
from core.settings import Settings

TEXT = (
    "Braddock led about 1,500 army troops on an expedition in June 1755. The expedition was a disaster. "
    "The water is warmer than the steam in the upper boiler."
)
THRESHOLD = Settings.model_fields["evidence_threshold"].default


class Refusing:
    """An embedder that must not be asked: to show that nothing is embedded."""

    name = "refusing"
    max_tokens = 254

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Fails."""
        raise AssertionError(f"embedded {texts}")

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Fails."""
        raise AssertionError(f"counted {texts}")


def passage(text: str = TEXT, cosines: Sequence[float] | None = None, **more: Any) -> Passage:
    """A passage whose sentences have these cosines; none given: a half each."""
    chunk = Chunk("a.txt", "a", text, 0, len(text), **more)
    found = tuple(cosines) if cosines is not None else tuple(0.5 for _ in split(text))
    return Passage(chunk, 1.0, 1, vector=0.6, lexical=8.0, cosines=found)


def seen(question: str, *passages: Passage, embedder: Embedder | None = None) -> dict[str, float]:
    """The features of a question by their names, in a library of 100 chunks where each word stands in one."""
    gate = EvidenceGate(embedder or Refusing(), lambda stems, _: ([1] * len(stems), 100), read_weights())
    values = gate.features(question, passages or (passage(),))
    return dict(zip(RELEVANCE, values.relevance, strict=True)) | dict(zip(ANSWER, values.answer, strict=True))


@pytest.mark.parametrize(
    ("question", "feature"),
    [
        ("Who led the expedition in June 1745?", "numbers_missing"),
        ("Who led two expeditions in June 1755?", "numbers_missing"),
        ("Who did not lead an expedition in June 1755?", "denied"),
        ("Is the water colder than the steam in the lower boiler?", "opposites"),
        ("Who led Washington on the expedition?", "names_missing"),
        ("Who led the largest expedition?", "degrees_missing"),
        ("Is the steam warmer than the water?", "out_of_order"),
        ("Who led the vaccination?", "plain_missing"),
    ],
)
def test_a_word_that_the_sentence_does_not_bear_out_is_counted(question: str, feature: str) -> None:
    """A changed number, a denial, an opposite, a name, a superlative, an order or a word is seen as what it is."""
    assert seen(question)[feature] >= 1


@pytest.mark.parametrize(
    "feature",
    ["numbers_missing", "denied", "opposites", "names_missing", "degrees_missing", "out_of_order", "plain_missing"],
)
def test_a_question_in_the_words_of_the_sentence_has_none_of_these(feature: str) -> None:
    """Nothing is counted against a question that the sentence bears out."""
    assert seen("Who led army troops on an expedition in June 1755?")[feature] == 0


def test_other_forms_and_spellings_of_a_word_are_held() -> None:
    """An irregular verb, another suffix and a slip of the pen count as the document's word."""
    assert seen("Who is leading Bradock's disastrous expeditions?")["coverage_best"] == 1
    assert seen("Who is leading Bradock's disastrous expeditions?")["coverage_exact"] < 1


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("kilbrandon", "kllbrandon", True),
        ("govern", "government", True),
        ("recieve", "receive", True),
        ("huguenots", "huguenot", True),
        ("1755s", "1745s", False),
        ("abc123", "abc124", False),
        ("north", "south", False),
        ("cat", "cats", False),
    ],
)
def test_what_counts_as_alike(first: str, second: str, same: bool) -> None:
    """One letter or one ending apart is alike, in either order; numbers and short words never are."""
    assert (alike(first, second), alike(second, first)) == (same, same)


def test_base_forms_are_compared() -> None:
    """Forms that a stemmer leaves apart have one stem."""
    assert base_stem("won") == base_stem("winning") == base_stem("win")
    assert base_stem("children") == base_stem("child")


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("lower", "the upper deck", True),
        ("lower", "the upper and the lower deck", False),
        ("legal", "an illegal act", True),
        ("unpaid", "the work is paid", True),
        ("non-Muslim", "the Muslim world", True),
        ("until", "a till", False),
    ],
)
def test_opposites_are_words_of_a_list_or_denied_by_a_prefix(word: str, text: str, expected: bool) -> None:
    """A word is opposed by its opposite alone, and not where it stands itself."""
    assert opposed(words_of(word)[0], {found.stem for found in words_of(text)}) is expected


def test_known_cosines_are_used_and_nothing_is_embedded() -> None:
    """The likeliest sentence is the one that the library's cosines say."""
    found = seen("What is it?", passage(cosines=(0.1, 0.9, 0.2)))
    assert (found["best_sentence"], found["cosine"]) == (0.9, 0.9)


def test_sentences_are_embedded_where_the_cosines_are_not_of_this_text(embedder: Embedder) -> None:
    """A passage that a guard changed no longer has the sentences that its cosines were of."""
    question = "Was the expedition a disaster?"
    vectors = embedder.embed([question, *split(TEXT)])
    found = seen(question, passage(cosines=(0.9,)), passage(cosines=(0.3, 0.2, 0.1)), embedder=embedder)
    assert found["first_sentence"] == pytest.approx(max(vectors[1:] @ vectors[0]), abs=1e-5)


def test_a_heading_holds_words_too() -> None:
    """What the heading says need not stand in the passage."""
    assert seen("How did the Monongahela expedition end?")["names_missing"] == 1
    assert seen("How did the Monongahela expedition end?", passage(heading=("Monongahela",)))["names_missing"] == 0


@pytest.mark.parametrize("text", ["", "\n \n", "..."])
@pytest.mark.parametrize("question", ["", "?", "the of", "Who led it?", "\ud800 什么"])
def test_any_text_gives_a_probability(question: str, text: str) -> None:
    """Questions without words and passages without sentences are judged like others."""
    gate = EvidenceGate(Refusing(), lambda stems, _: ([0] * len(stems), 0), read_weights())
    assert 0 <= gate.probability(question, [passage(text)]) <= 1


def test_without_passages_there_is_no_evidence() -> None:
    """Nothing found, nothing known: the probability is 0."""
    assert EvidenceGate(Refusing(), lambda _, __: ([], 0), read_weights()).probability("Who?", []) == 0.0


def test_words_are_counted_in_what_the_reader_may_read() -> None:
    """The frequencies are asked for this reader, by the stems of the index."""
    asked: list[tuple[list[str], str | None]] = []

    def frequencies(stems: Sequence[str], reader: str | None) -> tuple[list[int], int]:
        asked.append((list(stems), reader))
        return [1] * len(stems), 10

    EvidenceGate(Refusing(), frequencies, read_weights()).probability("Who led expeditions?", [passage()], "ann")
    assert asked == [(["led", "expedit"], "ann")]


def test_what_the_handbook_says_is_told_from_what_it_does_not(scripted: Callable[..., Parapet]) -> None:
    """Over the threshold what stands there, under it what does not; a denial makes a question less probable."""
    parapet = scripted()
    gate = evidence_gate(parapet.library, parapet.embedder)

    def probability(question: str) -> float:
        return gate.probability(question, parapet.library.search(question))

    assert probability("How many days of holiday do staff get?") >= THRESHOLD
    assert probability("When are dogs welcome in the office?") >= THRESHOLD
    assert probability("Who painted the Mona Lisa?") < THRESHOLD
    assert probability("Which treaty ended the war of 1812?") < THRESHOLD
    assert probability("On which days are dogs not welcome?") < probability("On which days are dogs welcome?")


def test_weights_for_other_features_are_refused(tmp_path: Path) -> None:
    """Numbers that were fitted to something else are not applied; the message says how to fit them anew."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    data["stages"]["answer"]["features"].pop("denied")
    path = tmp_path / "gate.json"
    path.write_text(json.dumps(data))
    with pytest.raises(UsageError, match=r"eval\.calibration"):
        read_weights(path)
    path.write_text('{"features": ["best_vector"]}')
    with pytest.raises(UsageError, match=r"eval\.calibration"):
        read_weights(path)
