"""`parapet serve`: the pages in the browser, until Ctrl-C."""

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
) -> None:
    """Serve the pages in the browser and print their address once they are ready."""
    from core.errors import UsageError
    from ui.command.session import settings

    chosen = settings({"host": host, "port": port})
    from ui import address  # light; the server itself brings Streamlit

    if not address.is_loopback(chosen.host):
        if not insecure_without_login:
            raise UsageError(
                f"{chosen.host} can be reached from other machines, and Parapet has no login yet: whoever reaches it "
                "can ask, read every document and review. Use 127.0.0.1 with a tunnel or a proxy that asks for a "
                "login, or add --insecure-without-login if that is what you want."
            )
        terminal.note(f"Warning: serving on {chosen.host} without a login. Whoever reaches this address can read all.")
    with address.listen(chosen.host, chosen.port) as listener:
        from ui.server import serve as run

        terminal.note("Starting Parapet …")
        url = address.url(chosen.host, listener.getsockname()[1])
        run(chosen, listener, lambda: terminal.say(f"Parapet is ready at {url}"))
    terminal.note("Parapet has stopped.")
