"""The `parapet` command: which sub-commands there are, and the edge at which every error becomes a message.

Nothing heavy is imported here or at the top of a sub-command's file: `parapet --help` must answer at once.
"""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import click
import typer

from core.errors import ParapetError
from ui.command import ask, collections, doctor, guard, ingest, keys, models, review, search, serve
from ui.command import eval as evaluation

INTERRUPTED = 130
COULD_NOT_RUN = 2


@dataclass
class Run:
    """What holds for one run of the command."""

    debug: bool = False  # show tracebacks


app = typer.Typer(
    name="parapet",
    help="Answers from your own documents, with guardrails on both sides of the language model.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 done with refusals or findings, 2 could not run.",
)
app.command("ask")(ask.ask)
app.command("search")(search.search)
app.add_typer(ingest.app, name="ingest")
app.add_typer(collections.app, name="collections")
app.command("guard")(guard.guard)
app.add_typer(evaluation.app, name="eval")
app.add_typer(review.app, name="review")
app.add_typer(models.app, name="models")
app.add_typer(keys.app, name="keys")
app.command("doctor")(doctor.doctor)
app.command("serve")(serve.serve)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"parapet {version('parapet')}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    _version_wanted: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """What goes before the sub-command."""
    context.obj.debug = debug


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit with its code; errors are told on stderr, without a traceback unless --debug."""
    run = Run()
    # Loading the libraries makes some 700,000 objects that stay: looking for garbage among them costs 0.4 s of a start.
    gc.set_threshold(200_000, 20, 100)
    try:
        code = app(args=arguments, prog_name="parapet", standalone_mode=False, obj=run)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = INTERRUPTED
    except ParapetError as error:
        code = _tell(str(error), error.exit_code, debug=run.debug)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader has gone (`| head`): nothing is left to say to anyone
        code = 1
    except Exception as error:  # noqa: BLE001 - the edge: whatever was not foreseen still ends in one readable line
        message = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no details'}"
        hint = "" if run.debug else " (run `parapet --debug …` again for the traceback)"
        code = _tell(f"Unexpected error: {message}{hint}", COULD_NOT_RUN, debug=run.debug)
    sys.exit(code if isinstance(code, int) else 0)


def _tell(message: str, code: int, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    typer.echo(message, err=True)
    return code


if __name__ == "__main__":
    main()
