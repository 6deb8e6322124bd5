"""The vector index on its own: nearest keys, pages of keys, and files that went missing."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from core.errors import LibraryError
from ingest.vectors import VectorIndex


def rows(count: int) -> dict[str, np.ndarray]:
    """Vectors of length 1 under numbered keys."""
    made = np.random.default_rng(1).normal(size=(count, 16)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return {f"{number:032x}": row for number, row in enumerate(made)}


def test_put_find_remove(tmp_path: Path) -> None:
    """A vector is nearest to itself; putting it again is no second one; removed, it is gone."""
    index, vectors = VectorIndex(tmp_path, None, "test"), rows(20)
    index.put(vectors)
    index.put(vectors)
    key = f"{7:032x}"
    assert index.search(vectors[key], 1) == {key: pytest.approx(1.0, abs=1e-5)}
    assert index.cosines(vectors[key], [key, "unknown"]) == {key: pytest.approx(1.0, abs=1e-5)}
    index.remove([key, "unknown"])
    assert (index.count(), key in index.search(vectors[key], 20)) == (19, False)
    assert VectorIndex(tmp_path, None, "other").count() == 0


def nearest(vectors: dict[str, np.ndarray], vector: np.ndarray, k: int) -> list[str]:
    """The k nearest keys, by comparing with each."""
    return sorted(vectors, key=lambda key: -float(vectors[key] @ vector))[:k]


@pytest.mark.parametrize("count", [0, 3, 50])
def test_among_few_keys_the_nearest_are_exact(tmp_path: Path, count: int) -> None:
    """Of a few allowed keys the nearest are found, in order, and keys that are not there are passed over."""
    index, vectors = VectorIndex(tmp_path, None, "test"), rows(1000)
    index.put(vectors)
    few = {key: vectors[key] for key in list(vectors)[::20][:count]}
    asked = vectors[f"{7:032x}"]
    found = index.search(asked, 10, {*few, "unknown"})
    assert list(found) == nearest(few, asked, 10)
    assert list(found.values()) == sorted(found.values(), reverse=True)


@pytest.mark.parametrize(("every", "share"), [(2, 0.9), (20, 0.9)])
def test_among_many_keys_only_those_are_found(tmp_path: Path, every: int, share: float) -> None:
    """Of many allowed keys, half or a few of the hundred, as many as were asked for are found and nearly all right."""
    index, vectors = VectorIndex(tmp_path, None, "test"), rows(6000)
    index.put(vectors)
    many = {key: vector for number, (key, vector) in enumerate(vectors.items()) if number % every == 0}
    for number in range(1, 200, 20):
        asked = vectors[f"{number:032x}"]
        found = index.search(asked, 30, many.keys())
        assert (len(found), found.keys() <= many.keys()) == (30, True)
        assert len(found.keys() & set(nearest(many, asked, 30))) >= share * 30


def test_the_nearest_of_all_may_be_none_of_those_allowed(tmp_path: Path) -> None:
    """Where all that is near is not allowed, what is allowed and far is found all the same."""
    index, vectors = VectorIndex(tmp_path, None, "test"), rows(4000)
    index.put(vectors)
    asked = vectors[f"{7:032x}"]
    far = set(nearest(vectors, -asked, 2000))
    assert len(index.search(asked, 30, far)) == 30
    assert index.search(asked, 30, far).keys() <= far


@pytest.mark.parametrize("page", [1, 7, 20, 21])
def test_keys_come_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    """Every key comes once, however many fit a page (which is too large for a test to fill)."""
    monkeypatch.setattr("ingest.vectors._KEYS_A_PAGE", page)
    index, vectors = VectorIndex(tmp_path, None, "test"), rows(20)
    index.put(vectors)
    assert sorted(index.keys()) == sorted(vectors)


def test_missing_files_are_noticed_and_cleared(tmp_path: Path) -> None:
    """Where the files of the vectors are gone Chroma still counts them: asking for some of them tells."""
    vectors = rows(2500)
    index = VectorIndex(tmp_path, None, "test")
    index.put(vectors)
    assert index.holds(list(vectors)[:5])
    assert sorted(index.keys()) == sorted(vectors)
    for folder in [path for path in tmp_path.iterdir() if path.is_dir()]:
        shutil.rmtree(folder)
    index.reopen()
    assert index.count() == 2500
    assert not index.holds(list(vectors)[:5])
    index.clear()
    assert index.count() == 0
    index.put(rows(5))
    assert index.holds(list(vectors)[:5])


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """The message names the address and what to look at."""
    index = VectorIndex(tmp_path, "http://127.0.0.1:9", "test")
    with pytest.raises(LibraryError, match=r"http://127\.0\.0\.1:9 .*PARAPET_CHROMA_URL"):
        index.count()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are counted as Linux shows them")
def test_reopening_holds_no_files(tmp_path: Path) -> None:
    """A reader that follows a busy writer for hours does not run out of files: each old client frees its own."""
    index, vectors = VectorIndex(tmp_path, None, "test"), rows(20)
    index.put(vectors)
    index.reopen()
    before = len(list(Path("/proc/self/fd").iterdir()))
    times = 60
    for _ in range(times):
        index.reopen()
        assert index.search(vectors[f"{7:032x}"], 1)
    # a client that is kept holds two files or more; what else the process opens meanwhile is a handful
    assert len(list(Path("/proc/self/fd").iterdir())) < before + times
