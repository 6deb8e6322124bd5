"""The word index stems like the rest of Parapet, and takes any question without a syntax."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.words import content_stems
from ingest.lexical import LexicalIndex

TEXTS = {
    "a": "The guards were running late on Monday.",
    "b": "A guard re-indexes 1,204 documents.",
    "c": "Nothing of interest stands here.",
}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LexicalIndex]:
    """Three small texts."""
    made = LexicalIndex(tmp_path / "lexical")
    with made.writing() as writer:
        for key, text in TEXTS.items():
            writer.put(key, text)
        writer.commit()
    yield made


def test_words_are_matched_by_stem(index: LexicalIndex) -> None:
    """Another form of a word finds it, the text with more of the words first."""
    assert list(index.search("guarding runs", 5)) == ["a", "b"]


def test_a_question_has_no_syntax(index: LexicalIndex) -> None:
    """Marks that are operators elsewhere are nothing here."""
    assert set(index.search('guard" AND (body:late OR -monday) ^2 ~ [a TO b] \\', 5)) == {"a", "b"}
    assert index.search('"" () :', 5) == {}


def test_document_frequencies_take_the_stems_of_core(index: LexicalIndex) -> None:
    """Stems as the evidence gate makes them are found, a compound as its rarest part, a number too."""
    stems = content_stems("guards running re-indexes 1,204 elephants")
    found = dict(zip(stems, index.document_frequency(stems), strict=True))
    assert found["guard"] == 2
    assert found["run"] == 1
    assert found["1,204"] == 1
    assert found["eleph"] == 0
    assert found["index"] == 1


def test_scores_of_given_keys_are_those_of_a_search(index: LexicalIndex) -> None:
    """A candidate that the vectors brought gets the score that a search would have given."""
    assert index.scores("guard documents", ["b", "c"]) == {"b": pytest.approx(index.search("guard documents", 5)["b"])}


def test_only_allowed_keys_are_found(index: LexicalIndex) -> None:
    """Of some keys those that hold a word are found with the scores of a search among all, and none without a key."""
    whole = index.search("guard documents late", 5)
    assert index.search("guard documents late", 5, {"a", "c", "unknown"}) == {"a": pytest.approx(whole["a"])}
    assert index.search("guard", 5, frozenset()) == {}
    assert list(index.search("guard documents late", 1, {"a", "b", "c"})) == list(whole)[:1]


@pytest.mark.parametrize("every", [2, 3, 300])
def test_of_many_allowed_keys_the_best_are_found(tmp_path: Path, every: int) -> None:
    """Whether few or many keys are allowed, the best of them are found, though those of all are not among them."""
    index = LexicalIndex(tmp_path / "many")
    with index.writing() as writer:
        for number in range(900):
            # those that are not allowed hold the word more often
            writer.put(f"{number:03}", "otter " * (1 if number % every == 0 else 5) + "river " * (number % 7 + 1))
        writer.commit()
    allowed = {f"{number:03}" for number in range(0, 900, every)}
    whole = index.search("otter", 900)
    best = sorted(allowed, key=lambda key: -whole[key])[:10]
    found = index.search("otter", 10, allowed)
    assert found.keys() <= allowed
    assert list(found.values()) == pytest.approx([whole[key] for key in best])


@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_keys_come_page_by_page(index: LexicalIndex, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    """Every key comes once, however many fit a page (which is too large for a test to fill)."""
    monkeypatch.setattr("ingest.lexical._PAGE", page)
    assert sorted(index.keys()) == ["a", "b", "c"]


def test_what_was_not_committed_is_dropped(index: LexicalIndex) -> None:
    """A writer that fails leaves the index as it was."""
    with pytest.raises(RuntimeError), index.writing() as writer:
        writer.remove(["a"])
        raise RuntimeError
    assert sorted(index.keys()) == ["a", "b", "c"]
    assert index.count() == 3


def test_another_reader_sees_commits_after_reload(index: LexicalIndex, tmp_path: Path) -> None:
    """A reader that was open finds what was written since."""
    reader = LexicalIndex(tmp_path / "lexical")
    assert reader.count() == 3
    with index.writing() as writer:
        writer.remove(["a"])
        writer.put("b", "Only zebras now.")
        writer.commit()
    reader.reload()
    assert list(reader.search("zebra", 5)) == ["b"]
    assert reader.count() == 2


def test_a_commit_that_was_killed_is_done_again(tmp_path: Path) -> None:
    """What a process left that was killed just before its commit counted is not in the way of the same commit."""
    index = LexicalIndex(tmp_path)
    with index.writing() as writer:
        for number in range(3):
            writer.put(str(number), f"word{number}")
        writer.commit()
    before = (tmp_path / "meta.json").read_bytes()
    with index.writing() as writer:
        writer.remove(["1"])
        writer.commit()
    (tmp_path / "meta.json").write_bytes(before)
    again = LexicalIndex(tmp_path)
    assert again.count() == 3
    with again.writing() as writer:
        writer.remove(["1"])
        writer.commit()
    assert sorted(again.keys()) == ["0", "2"]
