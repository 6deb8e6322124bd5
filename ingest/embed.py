"""Text to vectors: the bundled model through ONNX Runtime, without torch. The only door to onnxruntime and tokenizers.

Making the ONNX file is `ingest/export.py`'s work; nothing is loaded before the first text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from core.errors import LibraryError
from core.ports import Embedder, Vectors
from core.quiet import quiet
from core.settings import Settings
from ingest.export import MODEL, WEIGHTS_SHA256, exported_model, package_model, sha256_of

MAX_TOKENS = 254  # 256 with the model's marks at both ends
DIMENSIONS = 384
BATCH = 8  # faster than 1 and than 32 on a CPU, for texts sorted by length
COUNTED_AT_ONCE = 1024
NAME = f"{MODEL}@{WEIGHTS_SHA256[:8]}/onnx-fp32"


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name, at no cost before its first use."""
    return BundledEmbedder(settings.home / "models")


def embedder_named(name: str, settings: Settings) -> Embedder | None:
    """The embedder of this name, by which an index was made; None when this program has none."""
    return open_embedder(settings) if name == NAME else None


def token_counter() -> Callable[[Sequence[str]], list[int]]:
    """Counts the tokens of texts as the bundled model does, uncut; loads its tokenizer only."""
    tokenizer = _open_tokenizer(package_model() / "tokenizer.json", None)

    def count(texts: Sequence[str]) -> list[int]:
        return [len(found.ids) for found in tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    return count


class BundledEmbedder:
    """all-MiniLM-L6-v2 as ONNX; safe to use from many threads."""

    def __init__(self, fallback: Path) -> None:
        """Keep where the model may be made when the environment can't be written; load nothing."""
        self._fallback = fallback
        self._lock = Lock()
        self._encoder: OnnxEncoder | None = None
        self._tokenizer: Any = None

    @property
    def name(self) -> str:
        """Model, hash of its weights, form."""
        return NAME

    @property
    def max_tokens(self) -> int:
        """Tokens that the model reads of one text, without its own marks."""
        return MAX_TOKENS

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 a text, in order."""
        return self._loaded().embed(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, uncut; loads only the tokenizer."""
        with self._lock:
            if self._tokenizer is None:
                self._tokenizer = _open_tokenizer(package_model() / "tokenizer.json", None)
        counts: list[int] = []
        for begin in range(0, len(texts), COUNTED_AT_ONCE):  # a book at once would take gigabytes
            part = list(texts[begin : begin + COUNTED_AT_ONCE])
            counts.extend(len(found) for found in self._tokenizer.encode_batch_fast(part, add_special_tokens=False))
        return counts

    def _loaded(self) -> OnnxEncoder:
        with self._lock:
            if self._encoder is None:
                folder = exported_model(self._fallback)
                _verify(folder)
                self._encoder = OnnxEncoder(folder / "model.onnx", package_model() / "tokenizer.json")
            return self._encoder


class OnnxEncoder:
    """An ONNX file with its tokenizer: the part that needs neither a package nor a home."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        """Open the session, which uses the machine's cores."""
        quiet()
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = _open_tokenizer(tokenizer, MAX_TOKENS + 2)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; worked off by length, so that little padding is computed."""
        rows = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i]))
        for begin in range(0, len(order), BATCH):
            batch = order[begin : begin + BATCH]
            rows[batch] = self._run([encodings[i].ids for i in batch])
        return rows

    def _run(self, ids: list[list[int]]) -> Vectors:
        width = max(map(len, ids))
        tokens = np.zeros((len(ids), width), dtype=np.int64)
        mask = np.zeros_like(tokens)
        for row, found in enumerate(ids):
            tokens[row, : len(found)] = found
            mask[row, : len(found)] = 1
        feed = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        made: Vectors = self._session.run(["embedding"], feed)[0]
        return made


def _open_tokenizer(path: Path, max_tokens: int | None) -> Any:
    quiet()
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    if max_tokens is None:
        tokenizer.no_truncation()
    else:
        tokenizer.enable_truncation(max_tokens)
    return tokenizer


def _verify(folder: Path) -> None:
    """Refuse a model file that is not the one that the export wrote."""
    try:
        expected = json.loads((folder / "model.json").read_text(encoding="utf-8"))["onnx_sha256"]
        found = sha256_of(folder / "model.onnx")
    except (OSError, ValueError, KeyError) as error:
        raise LibraryError(f"The embedding model in {folder} can't be read ({error}): delete that folder.") from error
    if found != expected:
        raise LibraryError(f"{folder / 'model.onnx'} was changed after it was made: delete that folder.")
