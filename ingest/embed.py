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
from ingest.graph import OUTPUT, TOKENS

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

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Vectors, list[Vectors]]:
        """One row of length 1 a text, and for each text one a part of it: the mean of the part's tokens.

        The tokens were read within the whole text, so a part costs nothing of its own and its pronouns mean something
        (late chunking, Günther et al. 2024).
        """
        return self._loaded().embed_with_parts(texts, parts)

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

    def embed_with_parts(
        self, texts: Sequence[str], parts: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Vectors, list[Vectors]]:
        """One row a text, and for each text one row a part."""
        encoded = self._tokenizer.encode_batch(list(texts))
        made = list(self._threads.map(self._run_with_parts, encoded, parts))
        rows = np.array([row for row, _ in made], dtype=np.float32).reshape(len(made), DIMENSIONS)
        return rows, [of_parts for _, of_parts in made]

    def _run(self, ids: list[int]) -> Vectors:
        made: Vectors = self._session.run([OUTPUT], {"input_ids": np.array([ids], dtype=np.int64)})[0][0]
        return made

    def _run_with_parts(self, encoding: Any, parts: Sequence[tuple[int, int]]) -> tuple[Vectors, Vectors]:
        ids = np.array([encoding.ids], dtype=np.int64)
        (row,), (tokens,) = self._session.run([OUTPUT, TOKENS], {"input_ids": ids})
        return row, means_of_parts(tokens, encoding.offsets, parts)


def means_of_parts(tokens: Vectors, offsets: Sequence[tuple[int, int]], parts: Sequence[tuple[int, int]]) -> Vectors:
    """For each part of a text the mean of the rows of its tokens, stretched to length 1; zeros where it has none.

    `offsets`: first character of each token and one past its last; the model's own marks have none.
    """
    rows = np.zeros((len(parts), tokens.shape[1]), dtype=np.float32)
    begins, ends = np.array(offsets, dtype=np.int64).reshape(-1, 2).T
    for number, (start, end) in enumerate(parts):
        inside = (begins < ends) & (begins >= start) & (ends <= end)
        if inside.any():
            mean = tokens[inside].mean(axis=0)
            rows[number] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return rows


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
