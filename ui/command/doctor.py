"""`parapet doctor`: is all well here? Settings, versions, database, library, model, policy; timings when asked for."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import terminal

if TYPE_CHECKING:
    from chains.assemble import Parapet
    from core.settings import Settings
    from ui.timings import Timing

PACKAGES = tuple("parapet chromadb guardrails-ai langchain-core openai onnxruntime streamlit sqlalchemy".split())

CONNECT_SECONDS = 3
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    said: str  # what was found, and what to do when it isn't well


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON document.")] = False,
    timings: Annotated[
        bool, typer.Option(help="Also measure how long the command takes to start and to answer.")
    ] = False,
) -> None:
    """Print the settings and the policy in force, and check database, library and model. Exits with 1 on a fault."""
    from guards.policy import deviations
    from ui.command.session import open_parapet

    with open_parapet() as parapet:
        found: dict[str, Any] = {
            "settings": _settings(parapet.settings),
            "versions": _versions(),
            "checks": [
                _database(parapet),
                *_library(parapet),
                _scans(parapet.settings),
                _model(parapet.settings),
                _reranker(parapet.settings),
            ],
            "policy": [_rule(rule) for rule in parapet.policy.rules],
            "deviations": deviations(parapet.policy),
        }
    if timings:
        from ui.timings import measure

        found["timings"] = measure(terminal.Progress())
    ok = all(check.ok for check in found["checks"]) and all(timing.ok for timing in found.get("timings", []))
    if as_json:
        found["checks"] = [asdict(check) for check in found["checks"]]
        found["timings"] = [asdict(timing) | {"ok": timing.ok} for timing in found.get("timings", [])]
        terminal.say_json({"ok": ok} | found, indent=2)
    else:
        _say(found)
    if not ok:
        raise typer.Exit(1)


def _settings(settings: Settings) -> dict[str, str]:
    """Every setting in force; secrets as `***`."""
    values = settings.model_dump(exclude={"guards"})  # SecretStr prints itself masked
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def _database(parapet: Parapet) -> Check:
    from core.database import head

    url = parapet.database.engine.url.render_as_string(hide_password=True)
    return Check("database", True, f"{url}, schema {head()}")


def _library(parapet: Parapet) -> list[Check]:
    from core.clock import iso

    documents, chunks = parapet.library.size()
    as_of = parapet.library.as_of()
    if not documents:
        return [Check("library", True, "no documents yet: `parapet ingest add FOLDER`")]
    since = "" if as_of is None else f", as of {iso(as_of)}"
    held = Check("library", True, f"{documents:,} documents, {chunks:,} chunks{since}")
    faults = parapet.library.faults()
    return [held, Check("index", not faults, " ".join(faults) or "agrees with the database")]


def _scans(settings: Settings) -> Check:
    from ingest.formats.ocr import is_available

    if settings.ocr == "off":
        return Check("scans", True, "not recognised: PARAPET_OCR is off")
    if is_available():
        return Check("scans", True, f"recognised by Tesseract in {settings.ocr_languages}")
    return Check("scans", True, "refused: install Tesseract (the package tesseract-ocr) to have their words recognised")


def _model(settings: Settings) -> Check:
    provider, _, _ = settings.model.partition(":")
    addresses = {"openai": settings.openai_base_url, "local": settings.local_url}
    if provider not in addresses:
        return Check("model", True, f"{settings.model}: needs no server")
    address = addresses[provider]
    if address is None:
        return Check("model", True, f"{settings.model}: a key is set; its server is only called to answer")
    trouble = _unreachable(address)
    said = f"answers at {address}" if trouble is None else f"nothing answers at {address} ({trouble}): is it running?"
    return Check("model", trouble is None, f"{settings.model}: {said}")


def _reranker(settings: Settings) -> Check:
    from core.errors import ParapetError
    from ingest.rerank import open_reranker

    if not settings.reranker:
        return Check("reranker", True, "none: PARAPET_RERANKER is not set")
    try:
        open_reranker(settings)
    except ParapetError as error:
        return Check("reranker", False, str(error))
    return Check("reranker", True, f"{settings.reranker}: its files are the listed ones")


def _unreachable(address: str) -> str | None:
    """Why no connection to this address can be made; None when one can."""
    import socket
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname or "", parts.port or _PORTS[parts.scheme]), CONNECT_SECONDS).close()
    except OSError as error:
        return error.strerror or str(error)
    return None


def _rule(rule: Any) -> dict[str, Any]:
    return {
        "stage": rule.stage.value,
        "guard": rule.guard,
        "threshold": rule.threshold,
        "action": rule.action.label,
        "mode": rule.mode.value,
        "on_failure": rule.on_failure.label,
    }


def _say(found: dict[str, Any]) -> None:
    _table("Settings", found["settings"].items())
    _table("Versions", found["versions"].items())
    _table("Policy", ((f"{r['stage']}/{r['guard']}", _rule_line(r)) for r in found["policy"]))
    deviations = found["deviations"] or ["none: this is the default policy"]
    terminal.say("Deviations from the default policy\n" + "\n".join(f"  {line}" for line in deviations) + "\n")
    _table("Checks", ((c.name, ("ok    " if c.ok else "FAULT ") + c.said) for c in found["checks"]))
    timings: list[Timing] = found.get("timings", [])
    if timings:
        _table("Timings (median)", ((t.name, t.line) for t in timings))


def _rule_line(rule: dict[str, Any]) -> str:
    shadow = ", shadow" if rule["mode"] == "shadow" else ""
    return f"{rule['action']} at {rule['threshold']:.2f}, {rule['on_failure']} on failure{shadow}"


def _table(title: str, rows: Any) -> None:
    pairs = [(str(name), terminal.clean(str(value))) for name, value in rows]
    width = max((len(name) for name, _ in pairs), default=0)
    terminal.say(title + "\n" + "\n".join(f"  {name:<{width}}  {value}".rstrip() for name, value in pairs) + "\n")
