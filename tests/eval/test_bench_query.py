"""The benchmark of searches: what it builds is searched by both sides, and what it prints is what it measured."""

from pathlib import Path

import numpy as np
import pytest

from core.ports import Embedder
from core.settings import Settings
from eval import bench_query
from eval.bench_libraries import build_parapet, build_tutorial
from eval.recombined import CHUNKS_A_DOCUMENT, Pool, RecombinedEmbedder, made_document, pool_of
from ingest.index import Library

QUESTIONS = [f"What does the {thing} do?" for thing in ("port", "guard", "model", "policy", "index")]


@pytest.fixture(scope="module")
def pool(embedder: Embedder) -> Pool:
    """A few chunks of two pages of the manual."""
    pages = [Path("docs") / name for name in ("policy.md", "web.md")]
    return pool_of(pages, embedder, 6)


def test_made_documents_are_the_same_each_time_and_all_different(pool: Pool) -> None:
    """A document of a number is made again as it was, no text comes twice, and vectors have length 1."""
    entry, vectors = made_document(pool, 3)
    again, same = made_document(pool, 3)
    assert entry == again
    assert all(np.array_equal(vectors[text], same[text]) for text in vectors)
    assert len(vectors) == len(entry.chunks) == CHUNKS_A_DOCUMENT
    assert not vectors.keys() & made_document(pool, 4)[1].keys()
    assert np.linalg.norm(list(vectors.values()), axis=1) == pytest.approx(np.ones(len(vectors)), abs=1e-5)
    assert all(entry.document.text[one.start : one.end] == one.text for one in entry.chunks)


def test_sentences_of_made_up_texts_have_vectors_near_their_chunks_the_same_each_time(
    pool: Pool, embedder: Embedder
) -> None:
    """Sentences get rows of length 1 near the chunk's, and each its own; a text that isn't made up gets real ones."""
    entry, vectors = made_document(pool, 3)
    made, asked = entry.chunks[0].text, "Guards judge. Models answer."
    recombined = RecombinedEmbedder(embedder)
    recombined.known = vectors
    spans = [[(0, 5), (6, 9)], [(0, 13), (14, 28)]]
    rows, (of_made, of_asked) = recombined.embed_with_parts([made, asked], spans)
    assert np.array_equal(rows[0], vectors[made])
    assert of_made @ rows[0] == pytest.approx(np.full(2, 0.89), abs=0.06)
    assert of_made @ of_made.T == pytest.approx(np.array([[1, 0.8], [0.8, 1]]), abs=0.1)
    assert np.array_equal(of_made, recombined.embed_with_parts([made], spans[:1])[1][0])
    real, (of_real,) = embedder.embed_with_parts([asked], spans[1:])
    assert np.array_equal(rows[1], real[0])
    assert np.array_equal(of_asked, of_real)


def test_building_goes_on_and_both_sides_answer(pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that was begun is finished, and each side is measured whole and by part over each question."""
    monkeypatch.setattr(bench_query, "WARMING", 1)
    ours, theirs = tmp_path / "parapet-300", tmp_path / "tutorial-300"
    build_parapet(ours, 100, pool)
    build_parapet(ours, 300, pool)
    build_tutorial(theirs, 100, pool)
    build_tutorial(theirs, 300, pool)
    for measured in (bench_query.measure_parapet(ours, QUESTIONS), bench_query.measure_tutorial(theirs, QUESTIONS)):
        assert measured.chunks == 300
        assert {len(times) for times in measured.parts.values()} == {len(QUESTIONS) - 1}
        assert measured.parts.keys() >= {bench_query.WHOLE, "embedding", "Chroma"}
        assert measured.memory > 10
        assert measured.disk > 0.1


def test_what_was_built_can_be_searched_as_any_library(pool: Pool, library: Library, settings: Settings) -> None:
    """The app finds what the benchmark wrote: words of a made-up text bring that text, with its sentences weighed."""
    build_parapet(settings.home, 100, pool)
    wanted = made_document(pool, 0)[0].chunks[5]
    found = [passage for passage in library.search(wanted.text, 3) if wanted.text in passage.chunk.text]
    assert found
    assert found[0].sentence is not None


def test_the_plot_and_the_report_say_what_was_measured(tmp_path: Path) -> None:
    """Quantiles of the times stand in the report, and the plot names each side."""
    times = tuple(float(number) for number in range(1, 101))
    parts = {bench_query.WHOLE: times, bench_query.PROCESSOR: times, "Chroma": tuple(time / 2 for time in times)}
    found = [
        bench_query.Figures(side, size, 9.0, parts, 1.0, 1.0) for side in ("parapet", "tutorial") for size in (1, 9)
    ]
    report = bench_query._report(found[0])
    assert "p50   50.5 ms, p95   95.0 ms" in report[1]
    assert "p50   25.2 ms, p95   47.5 ms" in report[3]
    bench_query._draw(found, tmp_path / "plot.svg")
    assert "tutorial, p95" in (tmp_path / "plot.svg").read_text(encoding="utf-8")


def test_sizes_are_whole_documents() -> None:
    """Sizes are read from a list, rounded to documents, and too small ones are refused."""
    assert bench_query._sizes("100000,10050") == [10_000, 100_000]
    with pytest.raises(Exception, match="at least 100"):
        bench_query._sizes("50")
