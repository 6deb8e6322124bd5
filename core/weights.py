"""The files of a trusted model: where they lie, whether they are the listed ones, and how a loader gets to see them.

A loader sees the listed files and no others, so that nothing unlisted in a folder can change what is loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import LibraryError
from core.models import BESIDE_WEIGHTS, FOLDER_NAME, TrustedModel


class FileState(StrEnum):
    """What was found where a file of a model should lie."""

    THERE = "there"  # not looked into
    RIGHT = "right"  # its hash is the listed one
    CHANGED = "changed"  # its hash is another
    MISSING = "missing"


def folder_of(model: TrustedModel, home: Path) -> Path:
    """Where the model's files must lie; LibraryError when the package that carries them is not installed."""
    if not model.package:
        return model.path or home / "models" / model.name
    spec = find_spec(model.package)
    if spec is None or spec.origin is None:
        raise LibraryError(
            f"The package {model.package}, which carries {model.name}, is not installed: run `make setup`."
        )
    return Path(spec.origin).parent / (model.path or "")


def file_states(model: TrustedModel, home: Path, *, hashed: bool = True) -> dict[str, FileState]:
    """How each listed file stands; without hashes when only their presence is asked for, which costs nothing."""
    folder = folder_of(model, home)
    return {file: _state(folder / file, digest, hashed) for file, digest in model.files.items()}


def check_files(model: TrustedModel, home: Path) -> None:
    """LibraryError, naming every fault, unless each file is there and is the listed one."""
    states = file_states(model, home)
    wrong = [f"{file} is {state}" for file, state in states.items() if state is not FileState.RIGHT]
    if wrong:
        raise LibraryError(
            f"The model {model.name} can't be loaded: in {folder_of(model, home)} {'; '.join(wrong)}. Put there the "
            f"files of {model.source}{f' at {model.revision}' if model.revision else ''}: nothing is downloaded, and "
            "what the list of models does not name by its hash is not loaded."
        )


@contextmanager
def checked_files(model: TrustedModel, home: Path) -> Iterator[Path]:
    """A folder with the listed files alone, their hashes just checked; for as long as a loader reads them."""
    check_files(model, home)
    folder = folder_of(model, home).resolve()
    with TemporaryDirectory(prefix="parapet-model-") as shown:
        for file in model.files:
            link = Path(shown) / file
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(folder / file)
        yield Path(shown)


def entry_to_add(name: str, home: Path) -> str:
    """The entry by which this model would be trusted, with the hashes of what lies in its folder, if anything does."""
    found = _loadable(home / "models" / name) if FOLDER_NAME.fullmatch(name) else []
    files = [f'"{path.name}" = "{sha256_of(path)}"' for path in found] or ['"model.safetensors" = "its SHA-256"']
    return "\n".join(
        [
            f'[models."{name}"]',
            'kind = "cross-encoder"  # or embedder, llm',
            'source = "ORGANISATION/NAME"',
            'revision = "COMMIT"',
            'licence = "SPDX identifier"',
            'card = "address of its model card"',
            'languages = ["en"]',
            "max_tokens = 512",
            "",
            f'[models."{name}".files]',
            *files,
        ]
    )


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _state(path: Path, digest: str, hashed: bool) -> FileState:
    if not path.is_file():
        return FileState.MISSING
    if not hashed:
        return FileState.THERE
    return FileState.RIGHT if sha256_of(path) == digest else FileState.CHANGED


def _loadable(folder: Path) -> list[Path]:
    """The files of a folder that an entry would name: safetensors before ONNX, as an entry has weights of one form."""
    present = sorted(path for path in folder.glob("*") if path.is_file())
    weights = [path for suffix in (".safetensors", ".onnx") for path in present if path.suffix == suffix]
    chosen = [path for path in weights if path.suffix == weights[0].suffix]
    return [*chosen, *(path for path in present if path.suffix in BESIDE_WEIGHTS)]
