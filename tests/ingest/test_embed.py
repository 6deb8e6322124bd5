"""The bundled model's vectors, and the file that they come from."""

import json
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.errors import LibraryError
from core.ports import Embedder
from core.settings import Settings
from ingest import embed, export, graph
from ingest.embed import BundledEmbedder, embedder_named, open_embedder, token_counter

TEXTS = ["A short text.", "Another one, which is a little longer than the first.", "word " * 400, ""]


PASSAGE = (
    "The bridge over the Aller was closed in March, when divers found cracks in two of its nine piers. Repairs took "
    "four months and cost 1.2 million euros, a third more than planned; since then a sensor counts every lorry."
)


def python(code: str) -> str:
    """What a fresh Python prints."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_rows_have_length_one_and_keep_their_order(embedder: Embedder) -> None:
    """Each text gets the vector that it gets alone, to the last bit, whatever is embedded with it."""
    together = embedder.embed(TEXTS)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    for row, text in zip(together, TEXTS, strict=True):
        assert np.array_equal(row, embedder.embed([text])[0])
    assert embedder.embed([]).shape == (0, embed.DIMENSIONS)


def test_many_threads_get_the_same_vectors(tmp_path: Path) -> None:
    """Threads that come at once, the first ones included, share one model and get equal rows."""
    embedder = BundledEmbedder(tmp_path)
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(embedder.embed, [TEXTS] * 4))
    assert all(np.array_equal(found[0], rows) for rows in found)


def test_eight_bits_stay_near_to_thirty_two(tmp_path: Path) -> None:
    """Both forms give nearly the same vector, for a passage more so than for the least text."""
    exact, fast = (BundledEmbedder(tmp_path, form).embed([PASSAGE, *TEXTS]) for form in (export.FLOAT, export.INT8))
    cosines = (exact * fast).sum(axis=1)
    assert cosines[0] >= 0.99
    assert min(cosines) >= 0.98


def test_the_setting_names_the_embedder_and_each_is_found_by_its_name(tmp_path: Path) -> None:
    """An index finds the embedder that built it, whatever the setting says meanwhile."""
    fast, exact = (Settings(home=tmp_path), Settings(home=tmp_path, embedding="bundled-fp32"))
    names = [open_embedder(settings).name for settings in (fast, exact)]
    assert names == ["all-MiniLM-L6-v2@53aa5117/onnx-int8-1", "all-MiniLM-L6-v2@53aa5117/onnx-fp32"]
    for name in names:
        found = embedder_named(name, fast)
        assert found is not None
        assert found.name == name
    assert embedder_named("another-model@1234/onnx-fp32", fast) is None


def test_meaning_is_nearer_than_chance(embedder: Embedder) -> None:
    """A paraphrase is nearer than another subject."""
    question, near, far = embedder.embed(
        ["How do I reset my password?", "Steps to change a forgotten login secret", "Otters eat fish"]
    )
    assert question @ near > question @ far + 0.2


def test_tokens_are_counted_uncut(embedder: Embedder) -> None:
    """Counting goes on past what the model reads, which is 256 with its two marks."""
    assert embedder.count_tokens(["one two three", "word " * 400, ""]) == [3, 400, 0]
    assert embedder.max_tokens == 254


def test_counting_needs_the_tokenizer_alone() -> None:
    """A process that only cuts texts loads no model, and can be handed the counter."""
    assert pickle.loads(pickle.dumps(token_counter()))(["one two three", ""]) == [3, 0]
    python(
        "import sys; from ingest.embed import token_counter\n"
        "assert token_counter()(['a text']) == [2]\n"
        "assert not {'onnx', 'onnxruntime', 'torch', 'transformers'} & sys.modules.keys()"
    )


@pytest.mark.parametrize("form", export.LEAST_COSINE)
def test_the_export_is_the_published_model(form: str) -> None:
    """A file's record names the published weights and vectors near enough to sentence-transformers'."""
    record = json.loads((export.exported_model() / f"{form}.json").read_text())
    assert record["weights_sha256"] == export.WEIGHTS_SHA256
    assert record["least_cosine"] >= export.LEAST_COSINE[form]
    assert record["onnx_sha256"] == export.sha256_of(export.exported_model() / f"{form}.onnx")


def test_a_file_whose_vectors_are_off_is_not_accepted(tmp_path: Path) -> None:
    """Weights that give other vectors than the original never become a file."""
    weights, shape = export._read(export.package_model())
    wrong = dict(weights) | {"encoder.layer.3.output.dense.weight": -weights["encoder.layer.3.output.dense.weight"]}
    tokens = [np.array([[101, 2019, 2742, 102]])]
    expected = BundledEmbedder(tmp_path, export.FLOAT).embed(["an example"])
    with pytest.raises(LibraryError, match="differs from the original"):
        export._accept(tmp_path, export.FLOAT, graph.write(wrong, shape), tokens, expected)
    assert not list(tmp_path.iterdir())
    export._accept(tmp_path, export.FLOAT, graph.write(weights, shape), tokens, expected)
    assert (tmp_path / "fp32.json").is_file()


def test_only_channels_far_larger_than_the_others_are_divided() -> None:
    """The divisors are powers of two, and 1 for what is of ordinary size."""
    assert graph.divisors_of(np.array([1, 1, 2, 3, 24, 0], np.float32)).tolist() == [1, 1, 1, 1, 4, 1]


def test_asking_for_the_export_again_is_cheap() -> None:
    """A second run says where the file lies in one line, without torch."""
    printed = python("import sys; from ingest import export; export.main(); assert 'torch' not in sys.modules")
    assert len(printed.splitlines()) == 1
    assert "ready in" in printed


def test_embedding_needs_no_torch_and_opening_loads_nothing() -> None:
    """At run time there is neither torch nor transformers, and before the first text not even ONNX Runtime."""
    python(
        "import sys; from pathlib import Path; from ingest.embed import open_embedder\n"
        "from core.settings import Settings\n"
        "embedder = open_embedder(Settings(home=Path('unused')))\n"
        "assert not {'onnxruntime', 'tokenizers'} & sys.modules.keys()\n"
        "embedder.embed(['text'])\n"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & sys.modules.keys()"
    )


def test_a_changed_model_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is not what the export wrote is never loaded."""
    (tmp_path / "int8-1.onnx").write_bytes(b"something else")
    (tmp_path / "int8-1.json").write_text((export.exported_model() / "int8-1.json").read_text())
    monkeypatch.setattr(embed, "exported_model", lambda _: tmp_path)  # the real one must not be damaged
    with pytest.raises(LibraryError, match="was changed"):
        BundledEmbedder(tmp_path).embed(["text"])


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that are not the published ones are never exported."""
    (tmp_path / "model.safetensors").write_bytes(b"poison")
    monkeypatch.setattr(export, "package_model", lambda: tmp_path)  # the package's own must not be damaged
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "environment"))
    with pytest.raises(LibraryError, match="not the published"):
        export.exported_model()
