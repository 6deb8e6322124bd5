"""`parapet keys`: the keys by which programs call the HTTP API: make, list, revoke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import terminal

if TYPE_CHECKING:
    from core.keys import Key

app = typer.Typer(help="Make and revoke the keys of the HTTP API.", no_args_is_help=True)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Program or person that the key is for.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON document.")] = False,
) -> None:
    """Make a key and print it, this once: only its hash is kept."""
    from ui.command.session import open_keys

    with open_keys() as keys:
        identity, secret = keys.add(name)
    if as_json:
        terminal.say_json({"id": identity, "name": name.strip(), "key": secret})
    else:
        terminal.say(secret)
        terminal.note(f"This is the key {identity}. It is not shown again: keep it where the program finds it.")


@app.command("ls")
def ls(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """List the keys, revoked ones too, newest first."""
    from ui.command.session import open_keys

    with open_keys() as keys:
        found = keys.list()
    for key in found:
        if as_json:
            terminal.say_json(key_json(key))
        else:
            terminal.say(f"{key.id}  {key.prefix}…  {_state(key):<24}  {terminal.one_line(key.name)}")
    if not found and not as_json:
        terminal.note("There are no keys; `parapet keys add NAME` makes one.")


@app.command("revoke")
def revoke(
    identity: Annotated[str, typer.Argument(metavar="ID", help="Id of the key.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the revoked key as one JSON document.")] = False,
) -> None:
    """Let a key in no more, from the next call on."""
    from ui.command.session import open_keys

    with open_keys() as keys:
        key = keys.revoke(identity)
    if as_json:
        terminal.say_json(key_json(key))
    else:
        terminal.say(f"{key.id} {terminal.clean(key.name)} revoked")


def key_json(key: Key) -> dict[str, Any]:
    """What is known of a key."""
    from core.clock import iso

    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "created_at": iso(key.created_at),
        "last_used_at": key.last_used_at and iso(key.last_used_at),
        "revoked_at": key.revoked_at and iso(key.revoked_at),
    }


def _state(key: Key) -> str:
    if key.revoked_at:
        return f"revoked {key.revoked_at:%Y-%m-%d %H:%M}"
    return f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
