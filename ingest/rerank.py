"""Ranks the best passages anew by a cross-encoder, where the settings name one (PARAPET_RERANKER).

A passage's new score is half of what retrieval gave it and half of what the cross-encoder gives; passages beyond the
first TOP are not read by it and count as scored 0. Scores stay within 0..1, and order and scores agree over the whole
list: what was read never falls behind what was not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock

from core.domain import Passage
from core.errors import LibraryError, SettingsError
from core.models import TrustedModel, trusted_models
from core.ports import Reranker
from core.settings import MODELS_NAME, Settings
from core.weights import check_files, checked_files, entry_to_add
from ingest.cross_encoder import LoadedCrossEncoder, load_cross_encoder

TOP = 20  # passages that it reads: its time grows with each
SHARE = 0.5  # of the cross-encoder in the new score; not measured, since no cross-encoder ships


def rerank(question: str, passages: Sequence[Passage], reranker: Reranker, *, top: int = TOP) -> list[Passage]:
    """The passages in their new order, `score` and `rank` anew; equal ones keep the order that they came in."""
    read = passages[:top]
    if not read:
        return list(passages)
    given = reranker.scores(question, [passage.chunk.embedded for passage in read])
    padded = [*given, *[0.0] * (len(passages) - len(read))]
    blended = [
        replace(passage, score=(1 - SHARE) * passage.score + SHARE * score)
        for passage, score in zip(passages, padded, strict=True)
    ]
    ordered = sorted(blended, key=lambda passage: -passage.score)
    return [replace(passage, rank=rank) for rank, passage in enumerate(ordered, 1)]


def open_reranker(settings: Settings) -> Reranker | None:
    """The cross-encoder that the settings name, loaded at its first use; None when they name none.

    Its files are checked here already, so that a fault shows at the start: SettingsError when it is not trusted or no
    cross-encoder, LibraryError when files are missing or changed.
    """
    if not settings.reranker:
        return None
    model = _chosen(settings)
    check_files(model, settings.home)
    return TrustedReranker(model, settings.home)


class TrustedReranker:
    """A cross-encoder of the trusted models; safe for many threads."""

    def __init__(self, model: TrustedModel, home: Path) -> None:
        """Keep which one; load nothing."""
        self._model = model
        self._home = home
        self._lock = Lock()
        self._loaded: LoadedCrossEncoder | None = None

    @property
    def name(self) -> str:
        """Its name in the list."""
        return self._model.name

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """A score from 0 to 1 a text, in order; LibraryError when its files have changed or it gives no numbers."""
        if not texts:
            return []
        found = self._ready().score([(question, text) for text in texts])
        if not all(math.isfinite(score) for score in found):
            raise LibraryError(
                f"The model {self.name} gave something that is no number: take it out of PARAPET_RERANKER."
            )
        return found

    def _ready(self) -> LoadedCrossEncoder:
        with self._lock:
            if self._loaded is None:
                with checked_files(self._model, self._home) as folder:
                    self._loaded = load_cross_encoder(self._model, folder)
            return self._loaded


def _chosen(settings: Settings) -> TrustedModel:
    name, models = settings.reranker, trusted_models(settings)
    if name not in models:
        entry = entry_to_add(name, settings.home)
        own = settings.models or MODELS_NAME
        raise SettingsError(
            [
                f"PARAPET_RERANKER: {name!r} is not a trusted model. If you trust it, add this to {own} "
                f"(compare each hash with the one that its authors publish):\n\n{entry}"
            ]
        )
    if models[name].kind != "cross-encoder":
        raise SettingsError([f"PARAPET_RERANKER: {name} is a model of kind {models[name].kind}, not a cross-encoder"])
    return models[name]
