"""Ignore files: which paths of a folder an operator leaves out. `.parapetignore`, with the globs of gitignore.

One may lie in any folder and holds for what is below it. The last rule that fits decides, `!` takes back, a trailing
slash means folders only, a slash before the end ties the pattern to the folder of the file; what lies in an ignored
folder can't be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import RefusedDocument, UsageError
from ingest.formats.decoding import decode

NAME = ".parapetignore"
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of an ignore file."""

    pattern: re.Pattern[str]  # fits a path relative to the file's folder
    folders_only: bool
    takes_back: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that hold in a folder: those of its own file after those of the folders above."""

    layers: tuple[tuple[int, tuple[Rule, ...]], ...] = ()  # (characters of the path above, rules)

    def within(self, folder: Path, relative: str) -> Rules:
        """The rules below this folder, whose path relative to the root is given."""
        own = tuple(_read(folder / NAME))
        return Rules((*self.layers, (len(relative) + 1 if relative else 0, own))) if own else self

    def ignore(self, relative: str, *, is_folder: bool) -> bool:
        """Whether this path, relative to the root, is left out."""
        ignored = False
        for above, rules in self.layers:
            inner = relative[above:]
            for rule in rules:
                if (is_folder or not rule.folders_only) and rule.pattern.fullmatch(inner):
                    ignored = not rule.takes_back
        return ignored


def _read(path: Path) -> Iterator[Rule]:
    try:
        if not path.is_file():
            return
    except OSError:
        return  # the folder itself can't be looked into, which the walk says
    try:
        with path.open("rb") as file:
            text = decode(file.read(_MOST_BYTES))
    except (OSError, RefusedDocument) as error:
        raise UsageError(f"{path} can't be read ({error}): nothing was taken, lest too much is.") from error
    for line in text.splitlines():
        rule = _rule(line)
        if rule is not None:
            yield rule


def _rule(line: str) -> Rule | None:
    from wcmatch import glob

    pattern = re.sub(r"(?<!\\)\s+$", "", line)
    if not pattern or pattern.startswith("#"):
        return None
    takes_back = pattern.startswith("!")
    pattern = pattern[1:] if takes_back else pattern
    folders_only = pattern.endswith("/")
    pattern = pattern.rstrip("/")
    if not pattern:
        return None
    tied = "/" in pattern
    pattern = pattern.lstrip("/") if tied else f"**/{pattern}"
    regex, _ = glob.translate(pattern, flags=glob.GLOBSTAR | glob.DOTGLOB | glob.FORCEUNIX)
    return Rule(re.compile(regex[0]), folders_only, takes_back)
