"""The models that may be used: the list that ships, `models.toml`, and the owner's own beside it.

What an entry says is checked here; the files that it names are `core/weights.py`'s. Nothing is ever downloaded.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from core.errors import SettingsError
from core.settings import Settings

Kind = Literal["embedder", "cross-encoder", "classifier", "llm"]
SHIPPED = Path(__file__).with_name("models.toml")
BUNDLED = "all-MiniLM-L6-v2"  # the embedder of the settings `bundled` and `bundled-fp32`
WEIGHTS = frozenset({".safetensors", ".onnx"})
BESIDE_WEIGHTS = frozenset({".json", ".txt", ".model"})  # shape, vocabulary: data, which no loader runs
_SHA256 = re.compile(r"[0-9a-f]{64}")
FOLDER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class TrustedModel:
    """One model that may be used, as its entry `[models.NAME]` says."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=False)

    name: str
    kind: Kind
    source: str  # where it comes from, such as ORGANISATION/NAME on a model hub
    licence: str  # SPDX identifier
    card: str  # address of the page that says what it was made of and for
    revision: str = ""  # commit or version at the source
    languages: tuple[str, ...] = ()  # codes such as en; empty: many, or not said
    max_tokens: int | None = None  # tokens that it reads at once, its own marks included
    files: Mapping[str, str] = field(default_factory=dict)  # path in its folder -> SHA-256, in hexadecimal digits
    path: Path | None = None  # its folder, when not PARAPET_HOME/models/NAME
    risky_label: str = ""  # of a classifier: which of its labels is the risk, where their names don't tell
    package: str = ""  # installed package that carries it; `path` is then a folder of the package


_ENTRY = TypeAdapter(TrustedModel)


def trusted_models(settings: Settings) -> dict[str, TrustedModel]:
    """Every model of the shipped list and the owner's, by name; SettingsError names every fault of both."""
    models, faults = _read(SHIPPED)
    if settings.models is not None:
        own, more = _read(settings.models)
        taken = sorted(own.keys() & models.keys())
        faults += more + [f"{settings.models}: models.{name}: ships with Parapet: take it out" for name in taken]
        models |= own
    if faults:
        raise SettingsError(faults)
    return models


def check_models(value: Any) -> list[str]:
    """What is wrong with the owner's list at this path, if anything."""
    return _read(Path(str(value)))[1]


def in_use(settings: Settings) -> dict[str, str]:
    """The models that the settings name, each with the setting that names it."""
    used = {BUNDLED: "PARAPET_EMBEDDING"}
    if settings.reranker:
        used[settings.reranker] = "PARAPET_RERANKER"
    _, _, language_model = settings.model.partition(":")
    return used | ({language_model: "PARAPET_MODEL"} if language_model else {})


def _read(path: Path) -> tuple[dict[str, TrustedModel], list[str]]:
    """The entries of a file that are right, and the faults of those that are not."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return {}, [f"{path}: can't be read as a list of models: {error}"]
    tables = data.pop("models", {})
    faults = [f"{path}: {key}: no such key; a model is a table [models.NAME]" for key in data]
    if not isinstance(tables, Mapping):
        return {}, [*faults, f"{path}: models: must be tables [models.NAME]"]
    models = {}
    for name, table in tables.items():
        wrong, model = _entry(name, table)
        faults += [f"{path}: models.{name}{fault}" for fault in wrong]
        if model is not None:
            models[name] = model
    return models, faults


def _entry(name: str, table: Any) -> tuple[list[str], TrustedModel | None]:
    """What is wrong with an entry, or the model that it says."""
    if not isinstance(table, Mapping):
        return [": must be a table; quote a name with a dot in it"], None
    try:
        model = _ENTRY.validate_python({**table, "name": name})
    except ValidationError as error:
        return [f"{_place(item['loc'])}: {item['msg']}" for item in error.errors()], None
    wrong = list(_faults(model))
    return wrong, None if wrong else model


def _place(location: tuple[int | str, ...]) -> str:
    return "".join(f".{part}" for part in location)


def _faults(model: TrustedModel) -> Iterator[str]:
    """What the types alone don't rule out."""
    for name in ("source", "licence", "card"):
        if not getattr(model, name).strip():
            yield f".{name}: must say something"
    if model.kind != "llm" and (model.max_tokens is None or model.max_tokens < 8):
        yield ".max_tokens: must be the number of tokens that it reads at once, 8 or more"
    if model.files and not FOLDER_NAME.fullmatch(model.name):
        yield ": a model with files is named like a folder: letters, digits, dots, dashes, underscores"
    for file, digest in model.files.items():
        yield from _file_faults(file, digest)
    weights = {PurePosixPath(file).suffix for file in model.files} & WEIGHTS
    if len(weights) != 1 and (model.files or model.kind != "llm"):
        yield f".files: must name weights in one of {', '.join(sorted(WEIGHTS))}, each with its SHA-256"


def _file_faults(file: str, digest: str) -> Iterator[str]:
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or "\\" in file:
        yield f'.files."{file}": must lie inside of the model\'s folder'
    if path.suffix not in WEIGHTS | BESIDE_WEIGHTS:
        yield (
            f'.files."{file}": only {", ".join(sorted(WEIGHTS | BESIDE_WEIGHTS))} are loaded; a pickled file (.bin, '
            ".pt) can run code: convert it to safetensors"
        )
    if not _SHA256.fullmatch(digest):
        yield f'.files."{file}": must be a SHA-256 of 64 hexadecimal digits, in lower case'
