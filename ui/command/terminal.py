"""Writing to a terminal or a pipe: JSON, text of documents made harmless, progress. Colour is used nowhere."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from typing import Any

import typer

# Document text is data: an escape sequence in it must not move the cursor, rename the window or hide a line. Marks of
# writing direction are dropped as well: they can make a text read differently from what it says.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
WIDTH = 100


def clean(text: str) -> str:
    """A text without control characters; line breaks and tabs stay."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str, width: int = WIDTH) -> str:
    """A text on one line, cut at a word to fit."""
    return textwrap.shorten(clean(text), width=width, placeholder=" …")


def say(text: str = "") -> None:
    """One line of the result, out at once, so that a reader of the pipe sees it when it is made."""
    typer.echo(text)
    sys.stdout.flush()


def write(text: str) -> None:
    """A piece of the result, without ending the line."""
    typer.echo(text, nl=False)
    sys.stdout.flush()


def note(text: str) -> None:
    """Something beside the result, on stderr."""
    typer.echo(text, err=True)


def say_json(value: Any, *, indent: int | None = None) -> None:
    """One JSON document."""
    say(json.dumps(value, ensure_ascii=False, indent=indent))


class Progress:
    """One line on stderr that is overwritten as work goes on; silent when stderr is not a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._text = ""

    def show(self, text: str) -> None:
        """Put this on the line."""
        if self._shown and text != self._text:
            self._text = text
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line empty."""
        self.show("")
