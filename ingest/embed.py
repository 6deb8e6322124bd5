"""Text to vectors: the bundled model through ONNX Runtime, without torch. The only door to onnxruntime and tokenizers.

Making the ONNX files is `ingest/export.py`'s work; nothing is loaded before the first text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from core.errors import LibraryError
from core.ports import Embedder, Vectors
from core.quiet import quiet
from core.settings import Settings
from ingest.export import FLOAT, INT8, MODEL, WEIGHTS_SHA256, exported_model, package_model, sha256_of

MAX_TOKENS = 254  # 256 with the model's marks at both ends
DIMENSIONS = 384
COUNTED_AT_ONCE = 1024
_FORMS = {"bundled": INT8, "bundled-fp32": FLOAT}  # setting -> form of the model


def open_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name, at no cost before its first use."""
    return BundledEmbedder(settings.home / "models", _FORMS[settings.embedding])


def embedder_named(name: str, settings: Settings) -> Embedder | None:
    """The embedder of this `Embedder.name`, whatever the settings say; None when there is none such any more."""
    known = (BundledEmbedder(settings.home / "models", form) for form in _FORMS.values())
    return next((embedder for embedder in known if embedder.name == name), None)


def token_counter() -> Callable[[Sequence[str]], list[int]]:
    """Counts the tokens of each text, uncut; loads the tokenizer alone, and can be sent to another process."""
    return _count_tokens


class BundledEmbedder:
    """all-MiniLM-L6-v2 as ONNX; safe to use from many threads."""

    def __init__(self, fallback: Path, form: str = INT8) -> None:
        """Keep where the model may be made when the environment can't be written; load nothing."""
        self._fallback = fallback
        self._form = form
        self._lock = Lock()
        self._encoder: OnnxEncoder | None = None

    @property
    def name(self) -> str:
        """Model, hash of its weights, form."""
        return f"{MODEL}@{WEIGHTS_SHA256[:8]}/onnx-{self._form}"

    @property
    def max_tokens(self) -> int:
        """Tokens that the model reads of one text, without its own marks."""
        return MAX_TOKENS

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 a text, in order."""
        return self._loaded().embed(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, uncut; loads only the tokenizer."""
        return _count_tokens(texts)

    def _loaded(self) -> OnnxEncoder:
        with self._lock:
            if self._encoder is None:
                folder = exported_model(self._fallback)
                _verify(folder, self._form)
                self._encoder = OnnxEncoder(folder / f"{self._form}.onnx", package_model() / "tokenizer.json")
            return self._encoder


class OnnxEncoder:
    """An ONNX file with its tokenizer: the part that needs neither a package nor a home."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        """Open the session; the machine's cores each take a text of their own, which wastes less than sharing one."""
        quiet()
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._tokenizer = _open_tokenizer(tokenizer, MAX_TOKENS + 2)
        self._threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="embed")

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; a text's vector does not depend on what it is embedded with."""
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        made = map(self._run, ids) if len(ids) < 2 else self._threads.map(self._run, ids)
        return np.array(list(made), dtype=np.float32).reshape(len(ids), DIMENSIONS)

    def _run(self, ids: list[int]) -> Vectors:
        made: Vectors = self._session.run(["embedding"], {"input_ids": np.array([ids], dtype=np.int64)})[0][0]
        return made


def _count_tokens(texts: Sequence[str]) -> list[int]:
    tokenizer = _counting_tokenizer()
    counts: list[int] = []
    for begin in range(0, len(texts), COUNTED_AT_ONCE):  # a book at once would take gigabytes
        part = list(texts[begin : begin + COUNTED_AT_ONCE])
        counts.extend(len(found) for found in tokenizer.encode_batch_fast(part, add_special_tokens=False))
    return counts


@cache
def _counting_tokenizer() -> Any:
    return _open_tokenizer(package_model() / "tokenizer.json", None)


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


def _verify(folder: Path, form: str) -> None:
    """Refuse a model file that is not the one that the export wrote."""
    try:
        expected = json.loads((folder / f"{form}.json").read_text(encoding="utf-8"))["onnx_sha256"]
        found = sha256_of(folder / f"{form}.onnx")
    except (OSError, ValueError, KeyError) as error:
        raise LibraryError(f"The embedding model in {folder} can't be read ({error}): delete that folder.") from error
    if found != expected:
        raise LibraryError(f"{folder / f'{form}.onnx'} was changed after it was made: delete that folder.")
