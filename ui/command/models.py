"""`parapet models`: which models are trusted, whether their files are the listed ones, which are in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import terminal

if TYPE_CHECKING:
    from core.models import TrustedModel
    from core.settings import Settings

app = typer.Typer(
    help="The trusted models: what may be loaded, and from where.", no_args_is_help=True, rich_markup_mode=None
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
NOT_WHOLE = frozenset({"missing", "changed"})


@app.command("ls")
def list_models(as_json: Json = False) -> None:
    """List the trusted models, whether their files are here, and which of them the settings use."""
    settings, models = _opened()
    for model in models.values():
        row = _row(model, settings, hashed=False)
        if as_json:
            terminal.say_json(row)
        else:
            used = f", in use by {row['used_by']}" if row["used_by"] else ""
            terminal.say(terminal.clean(f"{model.name}  {model.kind}, {model.licence}, {_here(row)}{used}"))


@app.command()
def show(name: Annotated[str, typer.Argument(help="The model.")], as_json: Json = False) -> None:
    """Print what the list says of a model, and how each of its files stands; an unknown one's entry to add."""
    settings, models = _opened()
    row = _row(_known(name, settings, models), settings, hashed=True)
    if as_json:
        terminal.say_json(row, indent=2)
        return
    for key, value in row.items():
        if key == "files":
            for file, found in value.items():
                terminal.say(f"file        {terminal.clean(file)}  {found['state']}  {found['sha256']}")
        elif value not in ("", None, []):
            text = ", ".join(value) if isinstance(value, list) else str(value)
            terminal.say(f"{key:<11} {terminal.clean(text)}")


@app.command()
def verify(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Which; none: all.")] = None,
    as_json: Json = False,
) -> None:
    """Compare files with the listed hashes. Exits with 1 when one is changed, or missing though it is needed."""
    settings, models = _opened()
    chosen = [_known(name, settings, models) for name in names] if names else list(models.values())
    faults = 0
    for model in chosen:
        row = _row(model, settings, hashed=True)
        wrong = {file: found["state"] for file, found in row["files"].items() if found["state"] in NOT_WHOLE}
        absent = set(wrong.values()) == {"missing"} and len(wrong) == len(row["files"])
        ok = not wrong or (absent and not row["used_by"] and not names)  # listed, and not brought here: no fault
        faults += not ok
        if as_json:
            terminal.say_json({"name": model.name, "ok": ok, "folder": row["folder"], "wrong": wrong})
        else:
            said = "; ".join(f"{file} is {state}" for file, state in wrong.items())
            found = "not here" if absent and ok else said or ("as listed" if row["files"] else "has no files")
            terminal.say(terminal.clean(f"{'ok   ' if ok else 'FAULT'}  {model.name}: {found}"))
    if faults:
        raise typer.Exit(1)


def _opened() -> tuple[Settings, dict[str, TrustedModel]]:
    from core.models import trusted_models
    from ui.command.session import settings

    chosen = settings()
    return chosen, trusted_models(chosen)


def _known(name: str, settings: Settings, models: dict[str, TrustedModel]) -> TrustedModel:
    from core.errors import UsageError
    from core.weights import entry_to_add

    if name not in models:
        raise UsageError(
            f"{name!r} is not a trusted model (known: {', '.join(models)}). The entry to add to "
            f"{settings.models or 'models.toml'}, if you trust it:\n\n{entry_to_add(name, settings.home)}"
        )
    return models[name]


def _row(model: TrustedModel, settings: Settings, *, hashed: bool) -> dict[str, Any]:
    """What is told of a model, as JSON has it."""
    from core.models import in_use
    from core.weights import file_states, folder_of

    states = file_states(model, settings.home, hashed=hashed)
    return {
        "name": model.name,
        "kind": model.kind,
        "source": model.source,
        "revision": model.revision,
        "licence": model.licence,
        "card": model.card,
        "languages": list(model.languages),
        "max_tokens": model.max_tokens,
        "folder": str(folder_of(model, settings.home)) if model.files else "",
        "files": {file: {"sha256": model.files[file], "state": state.value} for file, state in states.items()},
        "used_by": in_use(settings).get(model.name, ""),
    }


def _here(row: dict[str, Any]) -> str:
    missing = sum(found["state"] == "missing" for found in row["files"].values())
    if not row["files"]:
        return "no files"
    if not missing:
        return "files here"
    return "not here" if missing == len(row["files"]) else f"{missing} of {len(row['files'])} files missing"
