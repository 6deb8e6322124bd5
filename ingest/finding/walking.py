"""From the paths that were named to the files behind them. Looks, never opens, but for ignore files."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.finding.candidate import Candidate, Refusal
from ingest.finding.ignoring import Rules

_SETTLED_NS = 2_000_000_000  # a file written this shortly ago may change again within one tick of its clock


def walk(paths: Iterable[str | Path]) -> Iterator[Candidate | Refusal]:
    """Every file of every path, in order; hidden and ignored ones in folders are left out, what can't go in is refused.

    Raises UsageError when an ignore file can't be read.
    """
    for given in paths:
        yield from walk_one(given)


def walk_one(
    given: str | Path, *, source: str | None = None, home: Path | None = None
) -> Iterator[Candidate | Refusal]:
    """The files of one path; a file goes by `source`, or by its path. The library's own `home` is left out."""
    path = Path(given)
    name = source or path.as_posix()
    if climbs(path):
        reason = "its path climbs out of a folder with `..`: name the file by its own path"
        yield Refusal(_shown(name), "bad_path", reason)
        return
    try:
        found = path.stat()
    except FileNotFoundError:
        yield Refusal(_shown(name), "missing", "there is no such file or folder")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        yield Refusal(_shown(name), "unreadable", f"it can't be looked at: {error}")
    else:
        if stat.S_ISDIR(found.st_mode):
            yield from _folder(path, home)
        else:
            yield _file(name, path, found, origin=_origin(path), root=_origin(path))


def climbs(path: str | Path) -> bool:
    """Whether `..` stands behind a folder's name; before any, it is where one stands."""
    parts = list(Path(path).parts)
    while parts and parts[0] == "..":
        parts.pop(0)
    return ".." in parts


@dataclass(frozen=True, slots=True)
class _Walk:
    """One folder that was named."""

    root: Path
    within: Path  # the root with links resolved
    name: str  # the same as text
    home: str  # a folder that is left out, links resolved


def _folder(root: Path, home: Path | None) -> Iterator[Candidate | Refusal]:
    found = False
    within = root.resolve()
    walked = _Walk(root, within, str(within), "" if home is None else str(home.resolve()))
    for item in _entries(root, "", walked, Rules().within(root, "")):
        found = True
        yield item
    if not found:
        yield Refusal(_shown(root.as_posix()), "empty_folder", "the folder holds no document")


def _entries(folder: Path, inside: str, walked: _Walk, rules: Rules) -> Iterator[Candidate | Refusal]:
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        reason = f"the folder can't be read: {error.strerror}"
        yield Refusal(_shown(folder.as_posix()), "unreadable", reason, below=inside)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        source = f"{inside}/{entry.name}" if inside else entry.name
        is_folder = entry.is_dir(follow_symlinks=False)
        if rules.layers and rules.ignore(source, is_folder=is_folder):
            continue
        path = folder / entry.name
        if is_folder:
            if walked.home and os.path.join(walked.name, source) == walked.home:  # noqa: PTH118 - as below
                continue
            yield from _entries(path, source, walked, rules.within(path, source))
        elif entry.is_symlink():
            yield from _link(path, source, walked)
        else:
            yield _looked_at(path, source, walked)


def _link(path: Path, source: str, walked: _Walk) -> Iterator[Candidate | Refusal]:
    """A link to a file inside the folder is that file; a link to a folder inside is walked where the folder stands."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        yield Refusal(_shown(source), "broken_link", "it is a link that leads nowhere")
        return
    if not target.is_relative_to(walked.within):
        yield Refusal(_shown(source), "link_outside", "it is a link that leads out of the folder")
    elif not target.is_dir():
        yield _looked_at(path, source, walked)


def _looked_at(path: Path, source: str, walked: _Walk) -> Candidate | Refusal:
    # Folders are walked, never linked to: below the resolved root the path is the origin, at no cost.
    try:
        return _file(source, path, path.stat(), origin=os.path.join(walked.name, source), root=walked.name)  # noqa: PTH118
    except OSError as error:
        return Refusal(_shown(source), "unreadable", f"it can't be looked at: {error.strerror}")


def _file(source: str, path: Path, found: os.stat_result, *, origin: str, root: str) -> Candidate | Refusal:
    if not stat.S_ISREG(found.st_mode):
        return Refusal(_shown(source), "special", "it is not a regular file but a pipe, a socket or a device")
    if _shown(source) != source:
        return Refusal(_shown(source), "bad_name", "its name is not valid text; rename it")
    settled = time.time_ns() - found.st_mtime_ns > _SETTLED_NS
    return Candidate(source, path, found.st_size, found.st_mtime_ns if settled else 0, origin, root)


def _origin(path: Path) -> str:
    """The absolute path, links of its folders resolved."""
    return str(path.parent.resolve() / path.name)


def _shown(name: str) -> str:
    """A name that can be printed and stored, whatever bytes it is made of."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
