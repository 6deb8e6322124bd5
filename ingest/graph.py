"""The embedding model as an ONNX graph, written node by node: one text of any length in, one vector of length 1 out.

The vectors of its tokens are given too: what a sentence means within its text is their mean over the sentence.

One text at a time needs no padding and no mask, and on a CPU it is as fast as a batch. In 8 bits the numbers of a text
share one scale, so that the few channels which are far larger than the others would cost all of them their precision:
those are divided by a power of two and their weights multiplied by it. Files are `ingest/export.py`'s matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
OPSET = 17
OUTPUT = "embedding"
TOKENS = "tokens"  # one row a token, of which the embedding is the mean stretched to length 1
_MICROSOFT = "com.microsoft"
_THEIRS = frozenset({"MultiHeadAttention", "Gelu", "MatMulIntegerToFloat"})
_LARGEST = 64  # 7 bits: sums of two products of 8 bits then fit in 16, which AVX2 adds them in
_OUTLIER = 3.0  # times the median channel


@dataclass(frozen=True, slots=True)
class Shape:
    """What the model's configuration says beyond its weights."""

    layers: int
    heads: int
    epsilon: float  # of the layers' normalisation


class Graph:
    """Nodes and weights as they are added."""

    def __init__(self, weights: Mapping[str, Floats], divisors: Mapping[str, Floats] | None) -> None:
        """In 8 bits where there are divisors (see `divisors_of`), else in 32."""
        self._weights = weights
        self._divisors = divisors
        self._nodes: list[Any] = []
        self._stored: list[Any] = []
        self.inputs: list[str] = []  # of the products: PLACE.input, named by the first place that reads it

    def node(self, kind: str, *inputs: str, outputs: Sequence[str] = (), **attributes: Any) -> str:
        """Add a node; returns the name of its first output."""
        from onnx import helper

        names = outputs or [f"{kind}.{len(self._nodes)}"]
        domain = _MICROSOFT if kind in _THEIRS else ""
        self._nodes.append(helper.make_node(kind, inputs, names, name=names[0], domain=domain, **attributes))
        return names[0]

    def store(self, name: str, values: npt.NDArray[Any]) -> str:
        """Add a constant; returns its name."""
        from onnx import numpy_helper

        self._stored.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def normalised(self, value: str, place: str, epsilon: float) -> str:
        """The layer normalisation of this place."""
        scale = self.store(f"{place}.weight", self._weights[f"{place}.weight"])
        shift = self.store(f"{place}.bias", self._weights[f"{place}.bias"])
        return self.node("LayerNormalization", value, scale, shift, axis=-1, epsilon=epsilon)

    def products(self, value: str, *places: str) -> list[str]:
        """The value times the weights of each place, plus its bias."""
        if self._divisors is None:
            value = self.node("Identity", value, outputs=[f"{places[0]}.input"])
            self.inputs.append(value)
            return [self._float_product(value, place) for place in places]
        divisor = self._divisors[places[0]]
        if (divisor > 1).any():
            value = self.node("Mul", value, self.store(f"{places[0]}.factor", 1 / divisor))
        parts = [f"{places[0]}.{part}" for part in ("in8", "in8_scale", "in8_zero")]
        self.node("DynamicQuantizeLinear", value, outputs=parts)
        return [self._int8_product(parts, place, divisor) for place in places]

    def embeddings(self, epsilon: float) -> str:
        """Words, their positions and the one kind of text that there is."""
        weights = {name: self._weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position")}
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        words = self.node("Gather", self.store("words", weights["word"]), "input_ids")
        length = self.node("Shape", "input_ids", start=1, end=2)
        first = self.store("first", np.array([0], np.int64))
        places = self.node("Slice", self.store("places", weights["position"] + kind), first, length)
        return self.normalised(self.node("Add", words, places), "embeddings.LayerNorm", epsilon)

    def written(self, outputs: Sequence[str]) -> bytes:
        """The whole as the content of an ONNX file."""
        from onnx import TensorProto, helper

        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["text", "token"])],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
            self._stored,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        content: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
        return content

    def _float_product(self, value: str, place: str) -> str:
        weight = self.store(f"{place}.weight", self._weights[f"{place}.weight"].T)
        bias = self.store(f"{place}.bias", self._weights[f"{place}.bias"])
        return self.node("Add", self.node("MatMul", value, weight), bias)

    def _int8_product(self, parts: Sequence[str], place: str, divisor: Floats) -> str:
        weight = self._weights[f"{place}.weight"].T * divisor[:, None]
        scale = np.abs(weight).max(axis=0) / _LARGEST
        rounded = np.round(weight / scale).clip(-_LARGEST, _LARGEST).astype(np.int8)
        whole, whole_scale, whole_zero = parts
        return self.node(
            "MatMulIntegerToFloat",
            whole,
            self.store(f"{place}.weight8", rounded),
            whole_scale,
            self.store(f"{place}.scale", scale.astype(np.float32)),
            whole_zero,
            self.store(f"{place}.zero", np.zeros(len(scale), np.int8)),
            self.store(f"{place}.bias", self._weights[f"{place}.bias"]),
        )


def write(
    weights: Mapping[str, Floats],
    shape: Shape,
    *,
    divisors: Mapping[str, Floats] | None = None,
    observed: bool = False,
) -> bytes:
    """The content of the ONNX file; `observed`: it also gives what the products read, as PLACE.input."""
    graph = Graph(weights, divisors)
    value = graph.embeddings(shape.epsilon)
    for layer in range(shape.layers):
        value = _layer(graph, value, f"encoder.layer.{layer}", shape)
    value = graph.node("Identity", value, outputs=[TOKENS])
    mean = graph.node("ReduceMean", value, axes=[1], keepdims=0)
    graph.node("Div", mean, graph.node("ReduceL2", mean, axes=[1], keepdims=1), outputs=[OUTPUT])
    return graph.written([OUTPUT, TOKENS, *(graph.inputs if observed else ())])


def divisors_of(largest: Floats) -> Floats:
    """The power of two that each channel is divided by, from the largest size that it takes: 1 for most."""
    excess = np.maximum(largest / (_OUTLIER * np.median(largest)), 1)
    divisors: Floats = np.exp2(np.round(np.log2(excess))).astype(np.float32)
    return divisors


def _layer(graph: Graph, value: str, place: str, shape: Shape) -> str:
    """Attention and feed-forward network, each added to what it read and normalised."""
    attention = f"{place}.attention"
    asked = graph.products(value, *(f"{attention}.self.{part}" for part in ("query", "key", "value")))
    heard = graph.node("MultiHeadAttention", *asked, num_heads=shape.heads)
    (said,) = graph.products(heard, f"{attention}.output.dense")
    value = graph.normalised(graph.node("Add", said, value), f"{attention}.output.LayerNorm", shape.epsilon)
    (wide,) = graph.products(value, f"{place}.intermediate.dense")
    (narrow,) = graph.products(graph.node("Gelu", wide), f"{place}.output.dense")
    return graph.normalised(graph.node("Add", narrow, value), f"{place}.output.LayerNorm", shape.epsilon)
