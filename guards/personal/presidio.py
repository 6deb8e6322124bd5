"""The door to presidio-analyzer: its recognisers of national numbers, without the rest of the package.

Importing the package runs spaCy, torch and transformers, which no recogniser of numbers uses: five seconds and 400 MB
in every process that reads documents. So its files are loaded without their `__init__`, which is run as ever for
whoever imports the package later; where that fails, as it may with a later release, the whole package is imported.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from threading import RLock
from types import ModuleType
from typing import Any

_PACKAGE = "presidio_analyzer"
_RECOGNISERS = f"{_PACKAGE}.predefined_recognizers"
_CORE = {  # what the recognisers take from the package: name -> file
    "AnalysisExplanation": "analysis_explanation",
    "RecognizerResult": "recognizer_result",
    "EntityRecognizer": "entity_recognizer",
    "LocalRecognizer": "local_recognizer",
    "Pattern": "pattern",
    "PatternRecognizer": "pattern_recognizer",
}
_LOCK = RLock()


def searching(country: str, name: str) -> Callable[[str], list[tuple[int, int, float]]]:
    """What finds the numbers of one recogniser: (start, end, Presidio's score) each; those with a wrong check are none.

    `country` is the folder under `country_specific`, `name` the class.
    """
    recogniser = _recogniser(country, name)

    def search(text: str) -> list[tuple[int, int, float]]:
        found = []
        for result in recogniser.analyze(text, recogniser.supported_entities, None):
            match = text[result.start : result.end]  # some patterns take the blank before a number
            start, end = result.end - len(match.lstrip()), result.start + len(match.rstrip())
            found.append((start, end, float(result.score)))
        return found

    return search


@cache
def _recogniser(country: str, name: str) -> Any:
    with _LOCK:
        try:
            with _alone():
                module = import_module(f"{_RECOGNISERS}.country_specific.{country}")
        except (ImportError, AttributeError):  # another release has its files elsewhere
            module = import_module(_RECOGNISERS)
        return getattr(module, name)()


@contextmanager
def _alone() -> Iterator[None]:
    """While this lasts, the package's files can be imported without its `__init__`, unless that has run already."""
    if _PACKAGE in sys.modules:
        yield
        return
    try:
        sys.modules.update(_loaded())
        package = _bare(_PACKAGE)
        for name, file in _CORE.items():
            setattr(package, name, getattr(import_module(f"{_PACKAGE}.{file}"), name))
        _bare(_RECOGNISERS)
        yield
    finally:
        _loaded().update(_taken_back())


@cache
def _loaded() -> dict[str, ModuleType]:
    """The package's files that were loaded alone."""
    return {}


def _bare(name: str) -> ModuleType:
    """A package of this name whose files can be imported and whose `__init__` has not run; the same one each time."""
    if name not in sys.modules:
        spec = find_spec(name)
        if spec is None or spec.submodule_search_locations is None:
            raise ImportError(f"{name} is no package")
        module = ModuleType(name)
        module.__path__ = list(spec.submodule_search_locations)
        module.__spec__ = spec
        sys.modules[name] = module
    return sys.modules[name]


def _taken_back() -> dict[str, ModuleType]:
    """The package's modules, taken out of the interpreter's list: the next who imports it gets the real one."""
    names = [name for name in sys.modules if name == _PACKAGE or name.startswith(f"{_PACKAGE}.")]
    return {name: sys.modules.pop(name) for name in names}
