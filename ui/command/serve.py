"""`parapet serve`: the pages in the browser and the HTTP API, until Ctrl-C."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.command import terminal


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on, in place of the setting.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on, in place of the setting.")] = None,
    insecure_without_login: Annotated[
        bool,
        typer.Option(
            "--insecure-without-login", help="Listen beyond this machine although there is no login: anyone can read."
        ),
    ] = False,
    api_only: Annotated[
        bool, typer.Option("--api-only", help="Serve only the HTTP API, health and metrics, without the pages.")
    ] = False,
) -> None:
    """Serve the pages in the browser and the HTTP API, and print the address once they are ready."""
    from ui.command.session import settings

    chosen = settings({"host": host, "port": port})
    from ui import address  # light; the server itself brings Streamlit

    if not address.is_loopback(chosen.host):
        _warn(chosen.host, api_only=api_only, insecure=insecure_without_login)
    with address.listen(chosen.host, chosen.port) as listener:
        if api_only:
            from ui.web import serve_api as run
        else:
            from ui.server import serve as run

        terminal.note("Starting Parapet …")
        url = address.url(chosen.host, listener.getsockname()[1])
        run(chosen, listener, lambda: terminal.say(f"Parapet is ready at {url}"))
    terminal.note("Parapet has stopped.")


def _warn(host: str, *, api_only: bool, insecure: bool) -> None:
    """Say what others can do who reach this address; UsageError when that is everything and nobody asked for it."""
    from core.errors import UsageError

    if api_only:
        terminal.note(f"On {host} every call needs a key: make one with `parapet keys add NAME`.")
        return
    if not insecure:
        raise UsageError(
            f"{host} can be reached from other machines, and Parapet has no login yet: whoever reaches it "
            "can ask, read every document and review. Use 127.0.0.1 with a tunnel or a proxy that asks for a "
            "login, or add --insecure-without-login if that is what you want. `--api-only` needs neither: the API "
            "has keys."
        )
    terminal.note(f"Warning: serving on {host} without a login. Whoever reaches this address can read all.")
