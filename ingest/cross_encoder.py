"""Cross-encoders from checked local files: safetensors through sentence-transformers, ONNX through ONNX Runtime.

A door to both libraries. The model reads question and text together and gives one number, which a sigmoid brings to
0..1, whatever activation its files ask for (Nogueira and Cho 2019, "Passage Re-ranking with BERT"). No code of a model
runs, nothing is downloaded, and a pair longer than the model reads is cut at the end of its longer text.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any, Protocol

import numpy as np

from core.errors import LibraryError
from core.models import TrustedModel
from core.quiet import quiet, silence

MOST_TOKENS = 512  # of question and text together: the time grows with it, and passages are shorter
BATCH = 8
_TYPES_OF_ROWS = "input_ids attention_mask token_type_ids".split()


class LoadedCrossEncoder(Protocol):
    """A model in memory."""

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """A number from 0 to 1 a pair, in order."""
        ...


def load_cross_encoder(model: TrustedModel, folder: Path) -> LoadedCrossEncoder:
    """The model in this folder, which holds its listed files alone; LibraryError when they are no cross-encoder."""
    tokens = min(model.max_tokens or MOST_TOKENS, MOST_TOKENS)
    graphs = [file for file in model.files if PurePosixPath(file).suffix == ".onnx"]
    try:
        return OnnxCrossEncoder(folder, graphs[0], tokens) if graphs else TorchCrossEncoder(folder, tokens)
    except LibraryError:
        raise
    except Exception as error:  # whatever a library makes of files that are listed and yet wrong
        raise LibraryError(
            f"The model {model.name} can't be loaded: its files are the listed ones, but {type(error).__name__}: "
            f"{str(error).splitlines()[0] if str(error) else 'no details'}. List every file that it needs, such as "
            "config.json and tokenizer.json."
        ) from error


class TorchCrossEncoder:
    """A cross-encoder of safetensors in torch."""

    def __init__(self, folder: Path, tokens: int) -> None:
        """Load it; `tokens` of a pair are read."""
        quiet()
        with silence():
            from sentence_transformers import CrossEncoder
            from torch.nn import Sigmoid
            from transformers.utils.logging import disable_progress_bar

            disable_progress_bar()  # type: ignore[no-untyped-call]
            self._model: Any = CrossEncoder(
                str(folder),
                device="cpu",
                max_length=tokens,
                activation_fn=Sigmoid(),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        self._lock = Lock()  # its tokenizer can't cut for two threads at once
        if self._model.num_labels != 1:
            raise LibraryError(
                f"This model gives {self._model.num_labels} numbers for a pair, not one: no cross-encoder for ranking."
            )

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """A number from 0 to 1 a pair, in order."""
        with self._lock:
            found = self._model.predict([list(pair) for pair in pairs], batch_size=BATCH, show_progress_bar=False)
        return [float(score) for score in found]


class OnnxCrossEncoder:
    """A cross-encoder as an ONNX graph with its tokenizer: no torch, and each pair is scored by itself."""

    def __init__(self, folder: Path, graph: str, tokens: int) -> None:
        """Open the session; `tokens` of a pair are read."""
        quiet()
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1  # each core takes a pair of its own, which wastes less than sharing one
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / graph), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = [item.name for item in self._session.get_inputs()]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(tokens)
        self._threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="rerank")
        unknown = sorted(set(self._inputs) - set(_TYPES_OF_ROWS))
        if unknown:
            raise LibraryError(f"This graph asks for {', '.join(unknown)}, which a text has not: no cross-encoder.")

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """A number from 0 to 1 a pair, in order."""
        return list(self._threads.map(self._run, self._tokenizer.encode_batch(list(pairs))))

    def _run(self, encoding: Any) -> float:
        rows = zip(_TYPES_OF_ROWS, (encoding.ids, encoding.attention_mask, encoding.type_ids), strict=True)
        given = {name: np.array([row], dtype=np.int64) for name, row in rows if name in self._inputs}
        logits = np.asarray(self._session.run(None, given)[0], dtype=np.float64)
        if logits.size != 1:
            raise LibraryError(
                f"This graph gives {logits.size} numbers for a pair, not one: no cross-encoder for ranking."
            )
        return float(1 / (1 + np.exp(-np.clip(logits.item(), -60, 60))))
