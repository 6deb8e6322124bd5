"""Finds the plug-ins of a folder: each file of a package is one, named by its file; there is no registry to edit."""

import importlib
import pkgutil
from functools import cache
from types import ModuleType

from core.errors import UsageError


@cache
def names(package: str) -> tuple[str, ...]:
    """The plug-ins of a package by name, in order; nothing of them is imported."""
    folder = importlib.import_module(package)
    return tuple(sorted(m.name for m in pkgutil.iter_modules(folder.__path__) if not m.name.startswith("_")))


def load(package: str, name: str) -> ModuleType:
    """The plug-in of this name; UsageError with the known names when there is none."""
    if name not in names(package):
        raise UsageError(
            f"No {package.rsplit('.', 1)[-1].rstrip('s')} named {name!r}; known: {', '.join(names(package))}"
        )
    return importlib.import_module(f"{package}.{name}")
