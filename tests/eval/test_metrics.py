"""What single metrics make of passages and answers, beyond the ends of their scales."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from core.domain import Answer, Chunk, Citation, Outcome, Passage, Sentence, Support
from eval.cases import Case, Gold
from eval.metrics import (
    abstention,
    abstention_auroc,
    answer_containment,
    citation_precision,
    citation_recall,
    citation_validity,
    gold_share,
    ndcg,
    recall,
    reciprocal_rank,
    support,
    token_iou,
)
from eval.results import Answered, Retrieved

TEXT = "one two three four five six seven eight nine ten"


@dataclass(frozen=True)
class Shelf:
    """A document of ten words; a word is a token."""

    def text(self, collection: str, source: str) -> str:
        """The ten words, under one name."""
        return TEXT if source == "a.md" else ""

    def tokens(self, texts: Sequence[str]) -> list[int]:
        """Words of each."""
        return [len(text.split()) for text in texts]


def gold(words: str) -> Gold:
    """These words of the document as gold."""
    start = TEXT.index(words)
    return Gold("a.md", start, start + len(words), words, "c")


def passage(words: str, rank: int = 1) -> Passage:
    """These words of the document as a passage."""
    start = TEXT.index(words)
    return Passage(Chunk("a.md", "A", words, start, start + len(words), collection="c"), 1.0, rank)


def retrieved(*words: str, asked: int = 20, holding: tuple[str, ...] = ()) -> Retrieved:
    """Passages in this order; `holding`: the chunks that hold gold."""
    chunks = tuple(("c", "a.md", TEXT.index(one), TEXT.index(one) + len(one)) for one in holding)
    return Retrieved(tuple(passage(one, rank) for rank, one in enumerate(words, 1)), asked, Shelf(), chunks)


def answered(*sentences: Sentence, outcome: Outcome = Outcome.ANSWERED, passages: tuple[Passage, ...] = ()) -> Answered:
    """An answer of these sentences."""
    text = " ".join(sentence.text for sentence in sentences)
    return Answered(Answer("t", "?", outcome, text, sentences, passages), Shelf())


def cite(words: str, at: int | None = None) -> Citation:
    """A citation of these words, at the offset given or where they stand."""
    start = TEXT.index(words) if at is None else at
    return Citation(1, "a.md", "A", None, words, start, start + len(words))


THREE = Case("1", "?", gold=(gold("three"),))


def test_rank_measures_look_at_the_first_passage_that_holds_gold_whole() -> None:
    """A passage with half of the gold words is no hit; depths beyond what was asked for are unscored."""
    case = Case("1", "?", gold=(gold("three four"),))
    found = retrieved("two three", "one", "two three four five", asked=5, holding=("two three four five",))
    assert [recall.score(case, found, at).value for at in ("1", "3", "5", "10")] == [0, 1, 1, None]
    found = replace(found, asked=20)
    assert reciprocal_rank.score(case, found, "10").value == pytest.approx(1 / 3)
    assert ndcg.score(case, found, "10").value == pytest.approx(0.5)


def test_a_joined_passage_stands_for_the_chunks_in_it() -> None:
    """Neighbours that were joined are one relevant passage, not one found and two missed."""
    joined = retrieved("one two three four", holding=("one two three", "three four"))
    assert ndcg.score(THREE, joined, "10").value == 1.0
    apart = retrieved("one two three", holding=("one two three", "three four"))
    assert 0 < (ndcg.score(THREE, apart, "10").value or 0) < 1


def test_gold_share_counts_all_gold_once() -> None:
    """Of two gold places of one length one is read: a half, however often it is read."""
    case = Case("1", "?", gold=(gold("three"), gold("seven")))
    assert gold_share.score(case, retrieved("two three", "three four"), "5").value == 0.5
    assert gold_share.score(case, retrieved("one", "two three", "six seven"), "5").value == 1.0


def test_gold_share_within_tokens_reads_what_fits_whole() -> None:
    """Room for three tokens: the first passage fits, the second does not, and nothing after it is read."""
    case = Case("1", "?", gold=(gold("four five six"),))
    found = retrieved("one two", "four five", "six")
    assert [gold_share.score(case, found, at).value for at in ("2t", "3t", "4t", "5t")] == pytest.approx(
        [0, 0, 9 / 13, 12 / 13]
    )


def test_token_iou_is_lowered_by_what_else_is_read() -> None:
    """One gold token in a passage of two; read twice, the union grows."""
    assert token_iou.score(THREE, retrieved("two three"), "5").value == pytest.approx(1 / 2)
    assert token_iou.score(THREE, retrieved("two three", "three four"), "5").value == pytest.approx(1 / 4)
    assert token_iou.score(THREE, retrieved(), "5").value == 0.0


def test_auroc_is_the_chance_of_the_right_order() -> None:
    """Of four pairs three are in order; a tie is half; one kind alone is no number."""
    labels = np.array([True, True, False, False])
    assert abstention_auroc.combine(np.array([0.9, 0.3, 0.4, 0.1]), labels) == 0.75
    assert abstention_auroc.combine(np.array([0.5, 0.5, 0.5, 0.5]), labels) == 0.5
    assert np.isnan(abstention_auroc.combine(np.array([0.5, 0.5]), np.array([True, True])))


def test_containment_tells_how_early_the_wording_stands() -> None:
    """In the third of four sentences; whole words only, in any case."""
    sentences = [Sentence(text) for text in ("Well.", "Then.", "It is ELEVEN, they say.", "So.")]
    case = Case("1", "?", answers=("twelve", "eleven"))
    assert [answer_containment.score(case, answered(*sentences), at).value for at in ("1", "3", "all")] == [0, 1, 1]
    assert answer_containment.score(replace(case, answers=("leven",)), answered(*sentences), "all").value == 0
    declined = answered(*sentences, outcome=Outcome.ABSTAINED)
    assert answer_containment.score(case, declined, "all").value == 0


def test_citations_are_looked_up_in_the_stored_document() -> None:
    """One that stands, one shifted, one of a passage that the answer has not."""
    sentence = Sentence("x", citations=(cite("three"), cite("three", 0), replace(cite("three"), passage=9)))
    case = Case("1", "?", gold=(gold("three four"),))
    found = answered(sentence, passages=(passage("two three"),))
    found = replace(found, texts=Strict())
    assert citation_validity.score(case, found).value == pytest.approx(1 / 3)
    assert citation_precision.score(case, found).value == pytest.approx(1 / 3)
    assert citation_recall.score(case, found).value == pytest.approx(5 / 10)


class Strict(Shelf):
    """Knows the collection too."""

    def text(self, collection: str, source: str) -> str:
        """The ten words, for the collection they are in."""
        return super().text(collection, source) if collection == "c" else ""


def test_what_was_declined_quotes_no_gold_and_what_was_stopped_is_unscored() -> None:
    """Citation recall is 0 for an answer that was declined wrongly; precision has nothing to look at."""
    declined = answered(outcome=Outcome.ABSTAINED)
    assert citation_recall.score(THREE, declined).value == 0.0
    assert citation_precision.score(THREE, declined).value is None
    assert citation_recall.score(THREE, answered(outcome=Outcome.HELD)).value is None
    assert abstention.score(replace(THREE, answerable=False), declined).value == 1.0
    assert abstention.score(THREE, declined).value == 0.0


def test_support_looks_at_claims_alone() -> None:
    """Of two claims one is supported; a greeting is no claim."""
    sentences = (Sentence("a", state=Support.SUPPORTED), Sentence("b", state=Support.UNSUPPORTED), Sentence("Hello."))
    assert support.score(THREE, answered(*sentences)).value == 0.5
