"""A policy that follows its file."""

import os
import time
import tomllib
from pathlib import Path

import pytest

from core.domain import Decision, Stage, Subject
from core.errors import SettingsError
from guards.live import LivePolicy
from guards.policy import read_policy
from guards.rail import Rail

LONG = "Why is the sky so blue today?"


def follow(file: Path) -> LivePolicy:
    """The policy of this file, looked at each time."""

    def read() -> object:
        return read_policy(tomllib.loads(file.read_text(encoding="utf-8")).get("guards", {}))

    return LivePolicy(read, file, seconds=0.0)  # type: ignore[arg-type]


def write(file: Path, text: str) -> None:
    """Write it with a time of its own, whatever the clock of the file system."""
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(time.time_ns(), time.time_ns()))


def test_an_edit_holds_from_the_next_text_on(tmp_path: Path) -> None:
    """The same rail judges by the edited policy without being made anew."""
    file = tmp_path / "parapet.toml"
    write(file, "")
    live = follow(file)
    rail = Rail(live)
    assert rail.screen(Subject(LONG, Stage.INPUT)).decision is Decision.ALLOW
    write(file, "[guards.input.length]\noptions = { characters = 10 }")
    assert rail.screen(Subject(LONG, Stage.INPUT)).decision is Decision.BLOCK
    assert live.fault == ""


def test_a_faulty_edit_changes_nothing_and_is_told(tmp_path: Path) -> None:
    """The policy before a faulty edit stays in force, the fault can be read, and mending it clears it."""
    file = tmp_path / "parapet.toml"
    write(file, "[guards.input.length]\noptions = { characters = 10 }")
    live = follow(file)
    write(file, "[guards.input.lenght]\nthreshold = 0.5")
    assert next(r for r in live().rules if r.guard == "length").options["characters"] == 10
    assert "lenght" in live.fault
    write(file, "")
    assert next(r for r in live().rules if r.guard == "length").options["characters"] > 10
    assert live.fault == ""


def test_a_faulty_policy_at_the_start_is_an_error(tmp_path: Path) -> None:
    """Where there is no policy before, a faulty one is not passed over."""
    file = tmp_path / "parapet.toml"
    write(file, '[guards]\npreset = "careless"')
    with pytest.raises(SettingsError, match="preset"):
        follow(file)
