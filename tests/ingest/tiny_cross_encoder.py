"""A tiny cross-encoder of random weights, made on disk as model hubs have them: BERT, safetensors or ONNX."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.weights import sha256_of

WORDS = (
    "how many days of paid holiday do staff get 25 the a year in is tea served at four invoices are by friday".split()
)
MAX_TOKENS = 32
NEEDED = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")


def make(folder: Path, *, labels: int = 1) -> Path:
    """Write a model whose scores spread over 0..1; returns the folder."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    folder.mkdir(parents=True)
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(),
        model_max_length=MAX_TOKENS,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        **special,
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(7)
    shape = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    config = BertConfig(vocab_size=len(tokenizer), max_position_embeddings=64, num_labels=labels, **shape)
    model = BertForSequenceClassification(config).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if name.endswith("weight") and "LayerNorm" not in name:
                weight.normal_(0, 0.6)  # as they are made, all scores would be near one half
    model.save_pretrained(folder)
    return folder


def make_graph(folder: Path) -> Path:
    """The model of this folder as `model.onnx` in it."""
    import torch
    from transformers import BertForSequenceClassification

    model = BertForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval()
    ids = torch.ones((1, 8), dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (ids, ids, ids),
            str(folder / "model.onnx"),
            dynamo=False,
            opset_version=17,
            input_names=names,
            output_names=["logits"],
            dynamic_axes={name: {0: "pairs", 1: "tokens"} for name in names},
        )
    return folder / "model.onnx"


def entry(name: str, folder: Path, files: tuple[str, ...] = NEEDED, **other: Any) -> str:
    """The entry of a list of models that trusts these files, with other fields over the usual ones."""
    fields: Mapping[str, Any] = {
        "kind": "cross-encoder",
        "source": "nobody/tiny",
        "licence": "Apache-2.0",
        "card": "https://example.org/card",
        "languages": ["en"],
        "max_tokens": MAX_TOKENS,
    } | other
    lines = [f"{key} = {json.dumps(value)}" for key, value in fields.items()]
    hashes = [f'"{file}" = "{sha256_of(folder / file)}"' for file in files]
    return "\n".join([f"[models.{name}]", *lines, f"[models.{name}.files]", *hashes]) + "\n"


def _tokenizer() -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    letters = [*"abcdefghijklmnopqrstuvwxyz0123456789.,?", *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz0123456789")]
    pieces = dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS, *letters])
    made = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return made
