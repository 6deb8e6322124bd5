"""What tells an instruction to the assistant from the sentences around it, as numbers for a learnt head.

Each row is one segment of a passage (segments.py). It is looked at alone: what it says and means, whether it asks,
orders or speaks of a reply. And within its passage: how far off the topic it is, and how much the others look like
instructions too, as they do in a recipe or a manual.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.ports import Vectors

Numbers = npt.NDArray[np.float64]
BEGIN = "0begin "  # stands before a segment's words, so that "write" at its beginning is a term of its own
_ADDRESSES = re.compile(
    r"(?i)\b(?:your (?:reply|response|answer|message|summary|output|code|solution|final|next)|assistants?|ai|"
    r"the (?:reply|response|answer|summary|output|user|reader|asker)|language model|chatbot|model|users?|reader|"
    r"respond|reply|answer)\b"
)
_YOU = re.compile(r"(?i)\byour?\b")
_ASKS = re.compile(r"(?i)^\W{0,20}(?:what|who|how|why|when|where|which|can|could|would|is|are|do|does)\b")
_QUESTION = re.compile(r"\?[\"')\s]{0,8}$")
_PLEASE = re.compile(r"(?i)\b(?:please|kindly)\b")
_WORD = re.compile(r"[A-Za-z']{1,40}")
_QUOTED = re.compile("[\"“”']")
_ADDRESS = re.compile(r"https?:|www\.|@|\.com")
_CODE = re.compile(r"```|\{")
_COMMENT = re.compile(r"<!--|/\*|^\s{0,20}(?:#|//)")
_FORM = (
    "addresses", "you", "asks", "question", "please", "length", "short", "capital", "quoted", "address", "digits",
    "code", "comment",
)  # fmt: skip
_RANGE = 12.0  # logits beyond it say no more
_LONE = -6.0  # what a passage of one segment has for the others' logits
LEXICAL = (
    "said", "risk", "risk_squared", "second", "mean", "median", "above", "first", "last", "only", "count", "wording",
    *_FORM, *(f"others_{name}" for name in _FORM[:6]),
)  # fmt: skip
FULL = (*LEXICAL, "meant", "topic", "nearest", "neighbour", "off_topic", "off_nearest")


def features(
    texts: Sequence[str],
    wordings: Sequence[float] | Numbers,
    said: Numbers,
    meant: Numbers | None,
    vectors: Vectors | None,
) -> Numbers:
    """One row a segment of one passage, in order, with the columns LEXICAL, or FULL where there are vectors.

    `wordings`: the weight of known wordings in each, 0 to 1; `said`, `meant`: the logits of its words and its vector.
    """
    said = np.clip(said, -_RANGE, _RANGE)
    logits = said if meant is None else (said + np.clip(meant, -_RANGE, _RANGE)) / 2
    forms = np.array([_form(text) for text in texts])
    columns = [said, *_risks(logits), *_places(len(texts)), np.asarray(wordings, np.float64), *forms.T]
    columns.extend(_of_others(forms[:, :6]).T)
    if meant is not None and vectors is not None:
        topic, nearest, neighbour = _distances(np.asarray(vectors, np.float64))
        columns += [np.clip(meant, -_RANGE, _RANGE), topic, nearest, neighbour]
        columns += [logits * (1 - topic) / 3, np.maximum(logits, 0) * (1 - nearest)]
    return np.stack(columns, axis=1)


def _form(text: str) -> list[float]:
    words = len(_WORD.findall(text))
    digits = sum(map(str.isdigit, text)) / max(1, len(text))
    return [
        min(len(_ADDRESSES.findall(text)), 3) / 3,
        min(len(_YOU.findall(text)), 3) / 3,
        *(float(bool(pattern.search(text))) for pattern in (_ASKS, _QUESTION, _PLEASE)),
        min(words, 60) / 60,
        float(words < 5),
        float(text[:1].isupper()),
        *(float(bool(pattern.search(text))) for pattern in (_QUOTED, _ADDRESS)),
        digits,
        *(float(bool(pattern.search(text))) for pattern in (_CODE, _COMMENT)),
    ]


def _risks(logits: Numbers) -> list[Numbers]:
    """The logit, its signed square, and how the other segments of the passage compare."""
    count = len(logits)
    if count == 1:
        lone = np.full(1, _LONE)
        return [logits, logits * np.abs(logits) / 6, lone, lone, lone, np.minimum(logits - _LONE, 6)]
    order = np.sort(logits)
    second = np.where(logits >= order[-1], order[-2], order[-1])
    mean = (logits.sum() - logits) / (count - 1)
    median = np.full(count, np.median(logits))
    others = [np.clip(value, -8, 8) for value in (second, mean, median)]
    return [logits, logits * np.abs(logits) / 6, *others, np.minimum(logits - second, 6)]


def _places(count: int) -> list[Numbers]:
    places = np.arange(count)
    return [
        (places == 0).astype(float),
        (places == count - 1).astype(float),
        np.full(count, float(count == 1)),
        np.full(count, np.log1p(count)),
    ]


def _of_others(values: Numbers) -> Numbers:
    """For each row the mean of the other rows; zeros where there are none."""
    found: Numbers = (values.sum(axis=0) - values) / max(1, len(values) - 1)
    return found


def _distances(vectors: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Cosine of each segment to the mean of the others, to the nearest other and to the nearer neighbour."""
    count = len(vectors)
    if count == 1:
        return np.zeros(1), np.zeros(1), np.zeros(1)
    rest = vectors.sum(axis=0) - vectors
    topic = (vectors * rest).sum(axis=1) / np.maximum(np.linalg.norm(rest, axis=1), 1e-6)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    beside = np.diagonal(cosines, 1)
    neighbour = np.maximum(np.append(beside, -1), np.insert(beside, 0, -1))
    return topic, cosines.max(axis=1), neighbour
