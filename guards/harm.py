"""The learnt heads of the guard `harmful` and the kinds of harm that it can name. No decisions are taken here.

`heads/harmful.json` holds a head for requests (`input`), one for text that is shown (`output`), and a linear head over
the embedding that says which kind of harm a request is about. `python -m eval.train_guard harmful` makes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from core.domain import Stage
from core.errors import GuardFailure
from guards.head import HEADS, Numbers, TextHead

SELF_HARM = "self-harm"
KINDS = {  # family in eval/sets/guards/harmful.jsonl -> as a reason names it
    "violence": "violence",
    "weapons": "weapons or explosives",
    "self_harm": SELF_HARM,
    "hate": "hatred against a group",
    "minors": "sexual abuse of children",
    "crime": "a crime",
    "fraud": "fraud or deceit",
    "drugs": "illegal drugs",
    "malware": "breaking into computers",
    "privacy": "spying on people",
    "harassment": "harassment or threats",
    "extremism": "terror or extremism",
    "disinformation": "false reports meant to mislead",
}
SURE = 0.4  # a kind is named from this probability on; there are thirteen, so chance is 0.08
_OF_ONESELF = re.compile(
    r"\b(?:kill|hurt|hang|cut|poison|harm|starve|drown|shoot|burn)(?:ing)? (?:myself|my ?self|me)\b"
    r"|\bsuicid(?:e|al)\b|\bself[- ](?:harm|injury)|\b(?:end|take|taking|ending) my (?:own )?life\b"
    r"|\bi (?:really |just )?(?:want|wish|have decided|'?ve decided|decided) to die\b|\boverdos(?:e|ing)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Kinds:
    """A softmax over kinds of harm, linear in the embedding."""

    names: tuple[str, ...]  # keys of KINDS
    weights: Numbers  # shape (kinds, dimensions)
    biases: Numbers  # shape (kinds,)

    def named(self, vector: npt.NDArray[np.float32]) -> str:
        """The kind of harm as a reason names it, from an embedding of shape (dimensions,); empty when not sure."""
        logits = self.weights @ np.asarray(vector, np.float64) + self.biases
        odds = np.exp(logits - logits.max())
        likeliest = int(odds.argmax())
        return KINDS[self.names[likeliest]] if odds[likeliest] / odds.sum() >= SURE else ""


def of_oneself(text: str) -> bool:
    """Whether a folded text speaks of suicide or of hurting oneself: its writer may be in need of help."""
    return _OF_ONESELF.search(text) is not None


@cache
def harm_head(stage: Stage) -> TextHead:
    """The head for texts at this stage (input or output); GuardFailure when the file can't be read."""
    part = _read()["heads"][stage.value]
    return TextHead(
        embedder=_read()["embedder"],
        vector=np.array(part["vector"]),
        vector_bias=part["vector_bias"],
        words={term: (idf, weight) for term, idf, weight in part["words"]},
        words_bias=part["words_bias"],
        joint=tuple(part["joint"]),
        alone=tuple(part["alone"]),
    )


@cache
def kinds() -> Kinds:
    """The head over kinds of harm; GuardFailure when the file can't be read."""
    part = _read()["kinds"]
    return Kinds(tuple(part["names"]), np.array(part["weights"]), np.array(part["biases"]))


def forget() -> None:
    """Read the file anew at the next text: training has written it."""
    for read in (_read, harm_head, kinds):
        read.cache_clear()


@cache
def _read() -> Mapping[str, Any]:
    path = HEADS / "harmful.json"
    try:
        data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GuardFailure(f"The head guards/heads/{path.name} can't be read: {error}") from error
    return data
