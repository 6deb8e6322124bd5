"""`parapet ingest quarantine`: documents that wait for a person, and what that person decides."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import terminal

if TYPE_CHECKING:
    from ingest.rows.asides import Aside

app = typer.Typer(
    help="Documents that were set aside for a person to look at.", no_args_is_help=True, rich_markup_mode=None
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Name = Annotated[str, typer.Argument(metavar="SOURCE", help="A name or id as `quarantine ls` has it.")]
Reviewer = Annotated[str, typer.Option("--reviewer", help="Who decides.")]


@app.command("ls")
def list_waiting(
    as_json: Json = False, every: Annotated[bool, typer.Option("--all", help="Rejected ones too.")] = False
) -> None:
    """List the documents that wait, with the reason."""
    from ingest.quarantine import Quarantine
    from ui.command.session import open_library

    with open_library() as library:
        desk = Quarantine(library)
        found = desk.waiting() + (desk.rejected() if every else [])
    for one in found:
        if as_json:
            terminal.say_json(_json(one))
        else:
            terminal.say(
                f"{one.state}  {one.id}  {terminal.one_line(one.source, 80)}: {terminal.one_line(one.reason, 200)}"
            )
    if not found and not as_json:
        terminal.note("No document waits.")


@app.command()
def show(name: Name, as_json: Json = False) -> None:
    """Show the words that speak against a document, and its text."""
    from ingest.quarantine import Quarantine
    from ui.command.session import open_library

    with open_library() as library:
        one = Quarantine(library).get(name)
    if as_json:
        terminal.say_json(_json(one) | {"text": None if one.document is None else one.document["text"]})
        return
    terminal.say(f"{terminal.clean(one.source)} ({one.collection}), {one.state}")
    terminal.say(f"from {terminal.clean(one.origin)}")
    terminal.say(f"reason: {terminal.clean(one.reason)}")
    for words in one.suspects:
        terminal.say(f"  “{terminal.one_line(words, 300)}”")
    if one.document is not None:
        terminal.say()
        terminal.say(terminal.clean(str(one.document["text"])))


@app.command()
def admit(name: Name, reviewer: Reviewer = "operator") -> None:
    """Let a document in, as it was looked at."""
    from ingest.quarantine import Quarantine
    from ui.command.session import open_library

    with open_library() as library:
        one = Quarantine(library).admit(name, reviewer=reviewer, notice=terminal.note)
    terminal.say(f"{terminal.clean(one.source)} is in the collection {one.collection} now.")


@app.command()
def reject(
    name: Name,
    reviewer: Reviewer = "operator",
    note: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Keep a document out until it changes."""
    from ingest.quarantine import Quarantine
    from ui.command.session import open_library

    with open_library() as library:
        one = Quarantine(library).reject(name, reviewer=reviewer, note=note)
    terminal.say(f"{terminal.clean(one.source)} stays out until its content changes.")


def _json(one: Aside) -> dict[str, Any]:
    from core.clock import iso

    values = {name: value for name, value in asdict(one).items() if name != "document"}
    values["found_at"] = iso(one.found_at)
    values["decided_at"] = None if one.decided_at is None else iso(one.decided_at)
    return values
