"""How long the guards take, beside guardrails-ai's own runner and LLM Guard's scanners: `python -m eval.bench_guards`.

Printed, in milliseconds a text (median, 95th percentile): the input stage as a whole and guard by guard on questions of
60 words, beyond the embedding of the question, which retrieval needs anyway; the same guards in a `guardrails.Guard`;
and, with --peer-python, those scanners of LLM Guard (pip install llm-guard, in an environment of its own) that run
without fetching a model. Then the seconds that importing the room takes, each time in a fresh process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from core.domain import Stage, Subject
from core.quiet import quiet
from core.settings import load
from guards.guard import Kit
from guards.policy import default_policy
from guards.rail import Rail
from ingest.embed import open_embedder
from ingest.remember import RememberingEmbedder

ROOT = Path(__file__).parent.parent
SET = ROOT / "eval" / "sets" / "guards" / "injection_benign.jsonl"
WORDS = 60
IMPORTS = {
    "guards.rail, guards.policy": "import guards.rail, guards.policy",
    "guardrails-ai, as the rail loads it": "import guards.validators",
    "guardrails-ai, as it comes": "import guardrails",
}


def main() -> None:
    """Time every side on the same texts; print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=200, help="questions")
    parser.add_argument("--peer-python", type=Path, help="interpreter with llm-guard in it")
    options = parser.parse_args()
    questions = made(options.texts)
    print(f"{len(questions)} questions of {WORDS} words; milliseconds, median and 95th percentile")
    print(told("Parapet, input stage", *staged(questions)))
    print(told("The same guards in guardrails.Guard", in_guardrails(questions[: max(20, len(questions) // 4)])))
    if options.peer_python:
        for scanner, taken in scanned(options.peer_python, questions).items():
            print(told(f"LLM Guard, {scanner}", taken))
    print("\nSeconds to import, median of three fresh processes")
    for name, code in IMPORTS.items():
        print(f"  {name:<40} {importing(code):6.2f}")


def made(number: int) -> list[str]:
    """Questions of the wanted length, each another mix of harmless sentences, drawn with a fixed seed."""
    rows = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    drawn = random.Random(0)  # noqa: S311  not for secrets
    texts = []
    for _ in range(number):
        words: list[str] = []
        while len(words) < WORDS:
            words += drawn.choice(rows)["text"].split()
        texts.append(" ".join(words[:WORDS]))
    return texts


def staged(questions: Sequence[str]) -> tuple[list[float], dict[str, list[float]]]:
    """Milliseconds of the whole input stage, and by guard; each question's own embedding is there before."""
    embedder = RememberingEmbedder(open_embedder(load()))
    rail = Rail(default_policy(), Kit(embedder))
    rail.warm()
    rail.screen(Subject("How long is the way to the station?", Stage.INPUT))
    whole: list[float] = []
    parts: dict[str, list[float]] = {}
    for question in questions:
        embedder.embed([question])
        screening, taken = timed(lambda question=question: rail.screen(Subject(question, Stage.INPUT)))  # type: ignore[misc]
        whole.append(taken)
        for verdict in screening.verdicts:
            parts.setdefault(verdict.guard, []).append(verdict.ms)
    return whole, parts


def in_guardrails(questions: Sequence[str]) -> list[float]:
    """Milliseconds of the same guards as validators of one guardrails-ai Guard."""
    quiet()
    from guardrails import Guard

    from guards.validators import as_validator

    embedder = RememberingEmbedder(open_embedder(load()))
    kit = Kit(embedder)
    rules = default_policy().stage(Stage.INPUT)
    guard = Guard(name="input", history_max_length=1).use(
        *(as_validator(rule.guard, stage=Stage.INPUT, kit=kit, options=rule.options) for rule in rules)
    )
    guard.validate("How long is the way to the station?")
    taken = []
    for question in questions:
        embedder.embed([question])
        taken.append(timed(lambda question=question: guard.validate(question))[1])  # type: ignore[misc]
    return taken


def scanned(python: Path, questions: Sequence[str]) -> dict[str, list[float]]:
    """Milliseconds of LLM Guard's scanners, by scanner."""
    with tempfile.TemporaryDirectory() as folder:
        given, target = Path(folder) / "texts.json", Path(folder) / "result.json"
        given.write_text(json.dumps(list(questions)), encoding="utf-8")
        command = [str(python), "-m", "eval.peers.llm_guard_scanners", str(given), str(target)]
        environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            sys.exit(f"LLM Guard's scanners failed:\n{done.stderr[-2000:]}")
        sys.stderr.write("".join(f"{line}\n" for line in done.stderr.splitlines() if "does not run here" in line))
        found: dict[str, list[float]] = json.loads(target.read_text(encoding="utf-8"))["milliseconds"]
        return found


def importing(code: str) -> float:
    """Seconds that this takes in a fresh process, beyond the start of Python; the median of three."""
    timing = f"import time; began = time.perf_counter(); {code}; print(time.perf_counter() - began)"
    runs = [
        subprocess.run([sys.executable, "-c", timing], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
        for _ in range(3)
    ]
    return statistics.median(float(run.stdout.split()[-1]) for run in runs)


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """What a call gives, and its milliseconds."""
    began = time.perf_counter()
    given = call()
    return given, (time.perf_counter() - began) * 1000


def told(name: str, whole: Sequence[float], parts: dict[str, list[float]] | None = None) -> str:
    """A side's lines."""
    lines = [f"{name:<42} {_figures(whole)}"]
    lines += [f"  {part:<40} {_figures(taken)}" for part, taken in (parts or {}).items()]
    return "\n".join(lines)


def _figures(taken: Sequence[float]) -> str:
    ordered = sorted(taken)
    return f"{statistics.median(ordered):8.2f} {ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]:8.2f}"


if __name__ == "__main__":
    main()
