"""LLM Guard's scanners of questions that need no model from a hub, timed.

    python -m eval.peers.llm_guard_scanners JOB RESULT

JOB is a JSON list of texts; RESULT becomes {"version", "milliseconds": {scanner: [of each text]}}. What a scanner says
is not compared here: those that judge by meaning (prompt injection, toxicity, topics) take models that are fetched.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any


def scanners() -> dict[str, Any]:
    """The scanners that stand beside a guard of ours, by name."""
    from llm_guard.input_scanners import (  # type: ignore[import-not-found]
        BanSubstrings,
        InvisibleText,
        Regex,
        Secrets,
        TokenLimit,
    )

    cards = [r"\b(?:\d[ -]?){12,18}\d\b", r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,40}", r"\b\d{3}-\d{2}-\d{4}\b"]
    made = {
        "InvisibleText": InvisibleText,
        "BanSubstrings": lambda: BanSubstrings(["ignore all previous instructions", "system prompt", "developer mode"]),
        "Regex": lambda: Regex(cards, is_blocked=True),
        "Secrets": Secrets,
        "TokenLimit": TokenLimit,
    }
    found = {}
    for name, make in made.items():
        try:
            found[name] = make()
            found[name].scan("warm")
        except Exception as error:  # noqa: BLE001  one that can't work offline is left out, and said
            sys.stderr.write(f"{name} does not run here: {type(error).__name__}\n")
            found.pop(name, None)
    return found


def main() -> None:
    """Time every scanner on every text."""
    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    taken: dict[str, list[float]] = {}
    for name, scanner in scanners().items():
        for text in texts:
            began = time.perf_counter()
            scanner.scan(text)
            taken.setdefault(name, []).append((time.perf_counter() - began) * 1000)
    result = {"version": version("llm-guard"), "milliseconds": taken}
    Path(sys.argv[2]).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
