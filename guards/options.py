"""Reading a guard's own options: every fault at once, with what is allowed. The policy's keys are read in policy.py."""

from collections.abc import Mapping
from typing import Any

from core.errors import SettingsError


def read(options: Mapping[str, Any], **defaults: Any) -> dict[str, Any]:
    """The defaults with the options laid over them; SettingsError when one is unknown or of another kind."""
    faults = []
    for name, value in options.items():
        if name not in defaults:
            faults.append(f"{name}: no such option (known: {', '.join(sorted(defaults)) or 'none'})")
        elif (fault := _fault(value, defaults[name])) is not None:
            faults.append(f"{name}: {fault}, not {value!r}")
    if faults:
        raise SettingsError(faults)
    return {**defaults, **options}


def _fault(value: Any, default: Any) -> str | None:
    """What is wrong with a value, going by the default that it replaces."""
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "must be true or false"
    if isinstance(default, int):
        return None if type(value) is int and value > 0 else "must be a whole number above 0"
    if isinstance(default, tuple):
        right = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
        return None if right else "must be a list of texts"
    return None if isinstance(value, type(default)) else f"must be of kind {type(default).__name__}"
