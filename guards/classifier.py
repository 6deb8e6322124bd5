"""Classifiers of the trusted models, which a policy may name in place of a learnt head: texts in, risks out.

A door to transformers and torch, or to ONNX Runtime. Files are checked against the list before they are loaded; no code
of a model runs, nothing is downloaded, and a text longer than the model reads is cut (guards give it windows).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from core.errors import GuardFailure, LibraryError
from core.models import TrustedModel, trusted_models
from core.ports import Classifier
from core.quiet import quiet, silence
from core.settings import Settings
from core.weights import checked_files

MOST_TOKENS = 512
BATCH = 8
SAFE_LABELS = frozenset({"safe", "benign", "legit", "negative", "label_0", "0", "no"})
_UNNAMED = {0: "LABEL_0", 1: "LABEL_1"}  # what transformers calls two labels that a model does not name
Logits = npt.NDArray[np.float64]
Run = Callable[[Sequence[str]], Logits]  # texts -> logits, shape (texts, labels)


def trusted_classifiers(settings: Settings) -> Callable[[str], Classifier]:
    """Gives a classifier of the trusted models by its name; each is loaded at its first text and then kept.

    The function raises GuardFailure when no classifier of this name is trusted.
    """

    @cache
    def named(name: str) -> Classifier:
        model = trusted_models(settings).get(name)
        if model is None or model.kind != "classifier":
            raise GuardFailure(f"{name} is no classifier of the trusted models: add it to the list, or take it out")
        return TrustedClassifier(model, settings.home)

    return named


class TrustedClassifier:
    """A model that sorts texts by labels of which one is the risk; safe for many threads."""

    def __init__(self, model: TrustedModel, home: Path) -> None:
        """Keep which one; load nothing."""
        self._model = model
        self._home = home
        self._lock = Lock()
        self._loaded: tuple[Run, int] | None = None

    @property
    def name(self) -> str:
        """Its name in the list."""
        return self._model.name

    def risks(self, texts: Sequence[str]) -> list[float]:
        """The risk of each text, 0 to 1, in order; GuardFailure when the files are not right or it gives no numbers."""
        try:
            with self._lock:
                if self._loaded is None:
                    self._loaded = _load(self._model, self._home)
                run, risky = self._loaded
                parts = [run(texts[i : i + BATCH]) for i in range(0, len(texts), BATCH)]
        except LibraryError as error:
            raise GuardFailure(str(error)) from error
        risks = [float(risk) for part in parts for risk in _risks(part, risky)]
        if not all(map(np.isfinite, risks)):
            raise GuardFailure(f"the classifier {self.name} gave something that is no number")
        return risks


def _risks(logits: Logits, risky: int) -> Logits:
    """The probability of the risky label: of all labels together, or of the only one by itself."""
    if logits.shape[1] == 1:
        single: Logits = 1 / (1 + np.exp(-np.clip(logits[:, 0], -60, 60)))
        return single
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Logits = raised[:, risky] / raised.sum(axis=1)
    return found


def _load(model: TrustedModel, home: Path) -> tuple[Run, int]:
    """How it is run, and which of its labels is the risk; LibraryError when its files are no classifier."""
    graphs = [file for file in model.files if PurePosixPath(file).suffix == ".onnx"]
    tokens = min(model.max_tokens or MOST_TOKENS, MOST_TOKENS)
    try:
        with checked_files(model, home) as folder, silence():
            labels = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("id2label")
            run = _graph(folder, graphs[0], tokens) if graphs else _weights(folder, tokens)
    except LibraryError:
        raise
    except Exception as error:  # whatever a library makes of files that are listed and yet wrong
        told = str(error).splitlines()[0] if str(error) else "no details"
        raise LibraryError(
            f"The model {model.name} can't be loaded as a classifier: {type(error).__name__}: {told}. List every file "
            "that it needs, such as config.json and tokenizer.json."
        ) from error
    named = {int(place): str(label) for place, label in (labels or _UNNAMED).items()}
    return run, _risky(model, named)


def _risky(model: TrustedModel, labels: dict[int, str]) -> int:
    """The place of the label that the entry names as the risk, or of the one that does not say it is safe."""
    if len(labels) == 1:
        return 0
    wanted = model.risky_label.lower()
    found = [
        i for i, label in labels.items() if (label.lower() == wanted if wanted else label.lower() not in SAFE_LABELS)
    ]
    if len(found) != 1:
        raise LibraryError(
            f"The model {model.name} has the labels {', '.join(labels.values())}: say in its entry which one is the "
            "risk (risky_label)."
        )
    return found[0]


def _weights(folder: Path, tokens: int) -> Run:
    """Safetensors in torch."""
    quiet()
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]

    tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    model: Any = AutoModelForSequenceClassification.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False, use_safetensors=True
    ).eval()

    def run(texts: Sequence[str]) -> Logits:
        rows = tokenizer(list(texts), truncation=True, max_length=tokens, padding=True, return_tensors="pt")
        with torch.no_grad():
            found: Logits = model(**rows).logits.double().numpy()
        return found

    return run


def _graph(folder: Path, graph: str, tokens: int) -> Run:
    """An ONNX graph with its tokenizer; texts are run one by one, so that none is padded."""
    quiet()
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session: Any = onnxruntime.InferenceSession(str(folder / graph), options, providers=["CPUExecutionProvider"])
    inputs = [item.name for item in session.get_inputs()]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(tokens)

    def run(texts: Sequence[str]) -> Logits:
        rows = []
        for encoding in tokenizer.encode_batch(list(texts)):
            given = {
                "input_ids": encoding.ids,
                "attention_mask": encoding.attention_mask,
                "token_type_ids": encoding.type_ids,
            }
            fed = {name: np.array([given[name]], np.int64) for name in inputs}
            rows.append(np.asarray(session.run(None, fed)[0], np.float64)[0])
        return np.stack(rows)

    return run
