"""A policy that follows its file: an edit holds from the next text on, a faulty one changes nothing and is told."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from core.errors import SettingsError
from guards.rule import Policy

LOOKED_AT_SECONDS = 1.0  # how often the file is looked at, at most
_log = logging.getLogger(__name__)
_State = tuple[int, int] | None


class LivePolicy:
    """The policy that a file says, read anew when the file changes."""

    def __init__(self, read: Callable[[], Policy], file: Path, *, seconds: float = LOOKED_AT_SECONDS) -> None:
        """What `read` gives now; SettingsError when that is faulty, which here is a reason not to start."""
        self._read = read
        self._file = file
        self._seconds = seconds
        self._lock = Lock()
        self._state = _state(file)
        self._looked = time.monotonic()
        self._policy = read()
        self.fault = ""  # of the file as it stands now, when the policy in force is an earlier one

    def __call__(self) -> Policy:
        """The policy in force."""
        if time.monotonic() - self._looked < self._seconds:
            return self._policy
        with self._lock:
            self._looked = time.monotonic()
            state = _state(self._file)
            if state != self._state:
                self._state = state
                self._follow()
        return self._policy

    def _follow(self) -> None:
        try:
            self._policy = self._read()
        except SettingsError as error:
            self.fault = "; ".join(error.faults)
            _log.error("The policy in %s is faulty, the one before stays in force: %s", self._file, self.fault)
        else:
            self.fault = ""
            _log.warning("The policy in %s has changed and holds from now on.", self._file)


def _state(file: Path) -> _State:
    """What changes when the file does; None while there is none."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
