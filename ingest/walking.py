"""From the paths that were named to the files behind them. Looks, never opens."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Candidate:
    """A regular file that may become a document, as it lay on the disk when it was looked at."""

    source: str
    path: Path
    size: int
    modified_ns: int

    @property
    def origin(self) -> str:
        """The absolute path, links of its folders resolved."""
        return str(self.path.parent.resolve() / self.path.name)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A path that did not go in, and why."""

    source: str
    code: str
    reason: str


def walk(paths: Iterable[str | Path]) -> Iterator[Candidate | Refusal]:
    """Every file of every path, in order; hidden ones in folders are left out, what can't go in is refused."""
    for given in paths:
        path = Path(given)
        try:
            found = path.stat()
        except FileNotFoundError:
            yield Refusal(_shown(path.as_posix()), "missing", "there is no such file or folder")
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            yield Refusal(_shown(path.as_posix()), "unreadable", f"it can't be looked at: {error}")
        else:
            if stat.S_ISDIR(found.st_mode):
                yield from _folder(path)
            else:
                yield _file(path.as_posix(), path, found)


def _folder(root: Path) -> Iterator[Candidate | Refusal]:
    found = False
    for item in _entries(root, root, root.resolve()):
        found = True
        yield item
    if not found:
        yield Refusal(_shown(root.as_posix()), "empty_folder", "the folder holds no document")


def _entries(folder: Path, root: Path, within: Path) -> Iterator[Candidate | Refusal]:
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        yield Refusal(_shown(folder.as_posix()), "unreadable", f"the folder can't be read: {error.strerror}")
        return
    for entry in entries:
        path = folder / entry.name
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(path, root, within)
        elif entry.is_symlink():
            yield from _link(path, root, within)
        else:
            yield _looked_at(path, root)


def _link(path: Path, root: Path, within: Path) -> Iterator[Candidate | Refusal]:
    """A link to a file inside the folder is that file; a link to a folder inside is walked where the folder stands."""
    source = path.relative_to(root).as_posix()
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        yield Refusal(_shown(source), "broken_link", "it is a link that leads nowhere")
        return
    if not target.is_relative_to(within):
        yield Refusal(_shown(source), "link_outside", "it is a link that leads out of the folder")
    elif not target.is_dir():
        yield _looked_at(path, root)


def _looked_at(path: Path, root: Path) -> Candidate | Refusal:
    source = path.relative_to(root).as_posix()
    try:
        return _file(source, path, path.stat())
    except OSError as error:
        return Refusal(_shown(source), "unreadable", f"it can't be looked at: {error.strerror}")


def _file(source: str, path: Path, found: os.stat_result) -> Candidate | Refusal:
    if not stat.S_ISREG(found.st_mode):
        return Refusal(_shown(source), "special", "it is not a regular file but a pipe, a socket or a device")
    if _shown(source) != source:
        return Refusal(_shown(source), "bad_name", "its name is not valid text; rename it")
    return Candidate(source, path, found.st_size, found.st_mtime_ns)


def _shown(name: str) -> str:
    """A name that can be printed and stored, whatever bytes it is made of."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
