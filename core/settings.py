"""What an operator can set: parapet.toml < environment PARAPET_* < flags. All faults are told at once.

The only reader of the environment. Secrets come from the environment, `.env` or a file named by `NAME_FILE`.
The tables `[guards.…]` are carried as they stand and read by `guards/policy.py`, whose faults join these.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from core.errors import SettingsError

CONFIG_NAME = "parapet.toml"
MODELS_NAME = "models.toml"  # the owner's list of trusted models, beside it
Check = Callable[[Any], list[str]]  # a setting's value -> its faults

# environment name -> field; those without the prefix are the providers' own names
_FOREIGN = {"OPENAI_API_KEY": "openai_api_key", "OPENAI_BASE_URL": "openai_base_url"}
_SECRET_FIELDS = frozenset({"openai_api_key", "local_api_key", "database_url"})
_NOT_SETTINGS = frozenset({"PARAPET_CONFIG"})
MASKABLE = frozenset({"secrets", "personal_data"})


class Settings(BaseModel):
    """Every setting, checked. Field names in parapet.toml; `PARAPET_` and upper case in the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(default=Path("data"), description="where documents, index, database and cache live")
    model: str = Field(
        default="extractive", description="provider:name, such as openai:gpt-5-mini, local:llama3.2, extractive"
    )
    embedding: Literal["bundled", "bundled-fp32"] = Field(
        default="bundled", description="the embedding model: bundled, in 8 bits, or bundled-fp32, slower and exact"
    )
    host: str = Field(default="127.0.0.1", description="address that `parapet serve` listens on")
    port: int = Field(default=8501, ge=1, le=65535, description="port that `parapet serve` listens on")
    chroma_url: str | None = Field(default=None, description="a Chroma server instead of the embedded one")
    database_url: SecretStr | None = Field(
        default=None, description="any SQLAlchemy URL; SQLite in the home when not set"
    )
    openai_api_key: SecretStr | None = Field(default=None, description="key of the commercial provider")
    openai_base_url: str | None = Field(
        default=None, description="address of the commercial provider, when not its default"
    )
    local_url: str = Field(default="http://127.0.0.1:11434/v1", description="an OpenAI-compatible local server")
    local_api_key: SecretStr | None = Field(default=None, description="key of the local server, when it wants one")
    script: Path | None = Field(default=None, description="what the scripted model plays back, a JSONL file")
    prompt: str = Field(default="answer", description="name of the prompt under chains/prompts")
    reranker: str = Field(
        default="",
        description="a cross-encoder of the trusted models that ranks the best passages anew; none when empty",
    )
    models: Path | None = Field(
        default=None, description="your own list of trusted models; models.toml beside parapet.toml when not set"
    )
    passages: int = Field(default=6, ge=1, le=50, description="passages that the model reads")
    evidence_threshold: float = Field(
        default=0.2, ge=0, le=1, description="least probability that the passages hold the answer"
    )
    answer_tokens: int = Field(default=600, ge=16, le=32_000, description="most tokens of an answer")
    context_tokens: int = Field(
        default=0, ge=0, description="tokens that the language model reads and writes at once; 0: by its name"
    )
    memory_tokens: int = Field(
        default=1500, ge=0, description="most tokens of earlier turns that the language model reads; 0: none"
    )
    model_timeout_seconds: float = Field(
        default=60.0, gt=0, le=3600, description="most seconds for one model call, whole"
    )
    max_file_bytes: int = Field(default=100_000_000, ge=1, description="a larger file is refused")
    reading_seconds: float = Field(default=60.0, gt=0, description="most seconds of reading a file without progress")
    reading_cpu_seconds: float = Field(
        default=20.0, gt=0, description="most processor seconds of reading a file without progress"
    )
    reading_total_seconds: float = Field(default=1800.0, gt=0, description="most seconds of reading one file")
    reading_memory_bytes: int = Field(
        default=1_000_000_000, ge=50_000_000, description="most memory that reading one file may take"
    )
    reading_output_bytes: int = Field(
        default=200_000_000, ge=1_000, description="most bytes that are read out of one file"
    )
    reading_workers: int = Field(
        default=1, ge=1, le=64, description="processes that read files, beside the one that embeds"
    )
    ocr: Literal["auto", "off"] = Field(
        default="auto", description="whether scans and pictures are recognised, where Tesseract is installed"
    )
    ocr_languages: str = Field(
        default="eng",
        pattern=r"^[A-Za-z_]+(\+[A-Za-z_]+)*$",
        description="languages of scans, as Tesseract names them: eng+deu",
    )
    json_fields: str = Field(
        default="", description="fields of JSON records that make the text, with commas; none: all text"
    )
    ingest_mask: str = Field(
        default="",
        description="what is masked in documents before embedding: secrets, personal_data, or both with a comma",
    )
    quarantine: Literal["on", "off"] = Field(
        default="on", description="whether documents with instructions to the assistant wait for a person"
    )
    web_allow_hosts: str = Field(
        default="", description="hosts that pages may be fetched from although their addresses are private, with commas"
    )
    web_delay_seconds: float = Field(default=1.0, ge=0, le=3600, description="seconds between two requests to a host")
    guards: dict[str, Any] = Field(default_factory=dict, description="guard policy, one table a stage")

    @field_validator("chroma_url", "openai_base_url", "local_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("must be an address such as http://127.0.0.1:8000")
        return value

    @field_validator("ingest_mask")
    @classmethod
    def _maskable(cls, value: str) -> str:
        wrong = sorted(set(_listed(value)) - MASKABLE)
        if wrong:
            raise ValueError(f"can only mask {', '.join(sorted(MASKABLE))}")
        return value

    @property
    def masked(self) -> frozenset[str]:
        """What is masked in documents before embedding."""
        return frozenset(_listed(self.ingest_mask))

    @property
    def json_field_names(self) -> tuple[str, ...]:
        """Fields of JSON records that make the text; none: all text."""
        return _listed(self.json_fields)

    @property
    def web_host_names(self) -> tuple[str, ...]:
        """Hosts that pages may be fetched from although their addresses are private."""
        return _listed(self.web_allow_hosts)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.home / 'parapet.db').resolve()}"


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def load(flags: Mapping[str, Any] | None = None, *, checks: Mapping[str, Check] | None = None) -> Settings:
    """Read parapet.toml, the environment and the flags; SettingsError names every fault of all three.

    `checks` judges single settings by what only upper floors know: the policy of the guards, the model's provider.
    """
    faults: list[str] = []
    values: dict[str, Any] = {}
    origin: dict[str, str] = {}
    environment = _environment()
    path = Path(environment.get("PARAPET_CONFIG", CONFIG_NAME))
    if path.exists():
        _take(_read_toml(path, faults), str(path), values, origin)
    elif "PARAPET_CONFIG" in environment:
        faults.append(f"PARAPET_CONFIG: no file at {path}")
    faults.extend(
        f"{path}: {name} is a secret: set {_variable(name)} in the environment or .env instead"
        for name in sorted(_SECRET_FIELDS & values.keys())
    )
    fields = {_variable(name): name for name in Settings.model_fields if name != "guards"}
    beside = path.with_name(MODELS_NAME)
    if "models" not in values and beside.is_file():
        values["models"], origin["models"] = beside, "trusted models"
    for variable, text in environment.items():
        _take_variable(variable, text, fields, values, origin, faults)
    _take({k: v for k, v in (flags or {}).items() if v is not None}, "flag", values, origin)
    settings = _validate(values, origin, faults)
    for name, check in (checks or {}).items():
        if name in values:
            faults.extend(f"{origin[name]}: {fault}" for fault in check(values[name]))
    if faults or settings is None:
        raise SettingsError(faults)
    return settings


def config_file() -> Path:
    """Where parapet.toml is looked for."""
    return Path(_environment().get("PARAPET_CONFIG", CONFIG_NAME))


def describe() -> list[tuple[str, str, str]]:
    """(variable, default, meaning) of every setting, for the manual and `parapet doctor`."""
    return [
        (_variable(name), "" if field.default is None else str(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
        if name != "guards"
    ]


def _environment() -> dict[str, str]:
    """`.env` of the working folder under the real environment; only names that are ours."""
    merged = {k: v for k, v in dotenv_values(".env").items() if v is not None} | dict(os.environ)
    ours = {name: value for name, value in merged.items() if name.startswith("PARAPET_")}
    for name in _FOREIGN:
        ours |= {n: merged[n] for n in (name, f"{name}_FILE") if merged.get(n)}
    return ours


def _variable(field: str) -> str:
    foreign = {v: k for k, v in _FOREIGN.items()}
    return foreign.get(field, f"PARAPET_{field.upper()}")


def _read_toml(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"{path}: can't be read as TOML: {error}")
        return {}


def _take(new: Mapping[str, Any], where: str, values: dict[str, Any], origin: dict[str, str]) -> None:
    for name, value in new.items():
        values[name] = value
        origin[name] = f"{where}: {name}"


def _take_variable(
    variable: str,
    text: str,
    fields: Mapping[str, str],
    values: dict[str, Any],
    origin: dict[str, str],
    faults: list[str],
) -> None:
    if variable in _NOT_SETTINGS:
        return
    if variable in fields:
        if text:  # an empty variable counts as not set, as `.env.example` leaves them
            _take({fields[variable]: text}, "environment", values, origin)
            origin[fields[variable]] = variable
        return
    of_file = fields.get(variable.removesuffix("_FILE"))
    if variable.endswith("_FILE") and of_file in _SECRET_FIELDS:
        try:
            values[of_file] = Path(text).read_text(encoding="utf-8").strip()
            origin[of_file] = variable
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{variable}: can't be read: {error}")
        return
    faults.append(f"{variable}: no such setting (known: {', '.join(sorted(fields))})")


def _validate(values: Mapping[str, Any], origin: Mapping[str, str], faults: list[str]) -> Settings | None:
    try:
        return Settings.model_validate(dict(values))
    except ValidationError as error:
        for item in error.errors():
            name = str(item["loc"][0])
            where = origin.get(name, name)
            if item["type"] == "extra_forbidden":
                faults.append(f"{where}: no such setting (known: {', '.join(sorted(Settings.model_fields))})")
            else:
                given = "" if name in _SECRET_FIELDS else f", not {item['input']!r}"
                faults.append(f"{where}: {item['msg'].removeprefix('Value error, ')}{given}")
        return None
