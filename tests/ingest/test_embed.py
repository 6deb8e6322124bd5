"""The bundled model's vectors, and the file that they come from."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.errors import LibraryError
from core.ports import Embedder
from ingest import embed, export
from ingest.embed import BundledEmbedder

TEXTS = ["A short text.", "Another one, which is a little longer than the first.", "word " * 400, ""]


def python(code: str) -> str:
    """What a fresh Python prints."""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_rows_have_length_one_and_keep_their_order(embedder: Embedder) -> None:
    """Each text gets the vector that it gets alone, whatever is embedded with it."""
    together = embedder.embed(TEXTS)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    for row, text in zip(together, TEXTS, strict=True):
        assert float(row @ embedder.embed([text])[0]) == pytest.approx(1.0, abs=1e-5)
    assert embedder.embed([]).shape == (0, embed.DIMENSIONS)


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


def test_the_export_is_the_published_model() -> None:
    """The file's record names the published weights and vectors equal to sentence-transformers'."""
    record = json.loads((export.exported_model() / "model.json").read_text())
    assert record["weights_sha256"] == export.WEIGHTS_SHA256
    assert record["least_cosine"] >= export.LEAST_COSINE
    assert record["onnx_sha256"] == export.sha256_of(export.exported_model() / "model.onnx")


def test_asking_for_the_export_again_is_cheap() -> None:
    """A second run says where the file lies in one line, without torch."""
    printed = python("import sys; from ingest import export; export.main(); assert 'torch' not in sys.modules")
    assert len(printed.splitlines()) == 1
    assert "model.onnx" in printed


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
    (tmp_path / "model.onnx").write_bytes(b"something else")
    (tmp_path / "model.json").write_text((export.exported_model() / "model.json").read_text())
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
