"""Passages that are trimmed to fit: around the evidence, never within a sentence, the weakest left out last."""

import pytest

from chains.tokens import rough
from chains.trimming import MARK, fitted
from core.domain import Chunk, Passage
from core.sentences import split

QUESTION = "When do unused days of holiday lapse?"
SENTENCES = [f"Sentence number {n} speaks of something else entirely, at some length." for n in range(20)]
SENTENCES[9] = "Unused days of holiday lapse at the end of March."


def passage(rank: int, text: str, score: float = 0.9, cosines: tuple[float, ...] = ()) -> Passage:
    """A passage of this text."""
    return Passage(Chunk("a.md", "A", text, 0, len(text)), score, rank, cosines=cosines)


def test_what_fits_is_left_whole() -> None:
    """Nothing is changed where there is room."""
    passages = (passage(1, " ".join(SENTENCES)), passage(2, "Short."))
    assert fitted(passages, QUESTION, 10_000, rough) == passages


@pytest.mark.parametrize("room", [100, 150, 200, 300, 400])
def test_a_passage_is_trimmed_around_the_sentence_that_answers(room: int) -> None:
    """That sentence and its neighbours stay, cuts are marked, every sentence is whole and in order."""
    (shown,) = fitted([passage(1, " ".join(SENTENCES))], QUESTION, room, rough)
    text = shown.chunk.text
    assert SENTENCES[9] in text
    assert rough(text) <= room
    kept = [s for s in split(text.replace(MARK, "\n\n")) if s]
    assert kept == [s for s in SENTENCES if s in kept]
    assert text.startswith(MARK)
    assert text.endswith(MARK)
    if room >= 150:
        assert SENTENCES[8] in text or SENTENCES[10] in text


def test_known_similarities_go_before_shared_words() -> None:
    """Where the passage carries the similarity of each sentence, the most similar one stays."""
    cosines = tuple(0.9 if n == 3 else 0.1 for n in range(20))
    (shown,) = fitted([passage(1, " ".join(SENTENCES), cosines=cosines)], QUESTION, 110, rough)
    assert SENTENCES[3] in shown.chunk.text
    assert SENTENCES[9] not in shown.chunk.text
    (other,) = fitted([passage(1, " ".join(SENTENCES), cosines=cosines[:5])], QUESTION, 110, rough)
    assert SENTENCES[9] in other.chunk.text  # as many as there are sentences, or they are of another text


def test_the_weakest_passage_is_left_out_last() -> None:
    """As long as a sentence of each fits every passage stays; then the one of the lowest score goes."""
    passages = [passage(n, " ".join(SENTENCES), score=1 - n / 10) for n in (1, 2, 3)]
    assert [p.rank for p in fitted(passages, QUESTION, 260, rough)] == [1, 2, 3]
    assert [p.rank for p in fitted(passages, QUESTION, 160, rough)] == [1, 2]
    assert fitted(passages, QUESTION, 40, rough) == ()


def test_offsets_and_source_of_a_trimmed_passage_stay_those_of_the_whole() -> None:
    """Only the text that is shown is shorter."""
    whole = passage(1, " ".join(SENTENCES))
    (shown,) = fitted([whole], QUESTION, 150, rough)
    assert (shown.chunk.start, shown.chunk.end, shown.rank) == (whole.chunk.start, whole.chunk.end, whole.rank)


def test_a_list_keeps_its_line_breaks() -> None:
    """What stands between two sentences that stay is not touched."""
    text = "Steps for holiday:\n\n1. Open the form.\n2. Name the days.\n\n" + " ".join(SENTENCES[:9])
    (shown,) = fitted([passage(1, text, cosines=(0.9, 0.9, 0.9, *([0.0] * 9)))], QUESTION, 110, rough)
    assert "1. Open the form.\n2. Name the days." in shown.chunk.text
