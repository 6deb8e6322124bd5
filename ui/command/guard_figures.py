"""Figures of guards as people read them in a terminal: a table a guard, and one by source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.clock import iso, now
from eval.guards import GuardFigure, GuardRun
from eval.runs import versions
from ui.command import terminal
from ui.command.eval_report import WIDTH, table
from ui.command.wording import counted

if TYPE_CHECKING:
    from chains.assemble import Parapet

_HEADS = {"true_positive_rate@1": "tpr@1"}


def about(parapet: Parapet, split: str, sample: int, seed: int) -> dict[str, Any]:
    """What a run of guards depends on, beside the sets."""
    return {
        "made_at": iso(now()),
        "split": split,
        "sample": sample,
        "seed": seed,
        "embedder": parapet.embedder.name,
        "preset": parapet.policy.preset,
        "versions": versions(),
    }


def say(runs: Sequence[GuardRun]) -> None:
    """Print every guard's figures, notes and milliseconds."""
    for number, run in enumerate(runs):
        if number:
            terminal.say()
        _say_run(run)


def _say_run(run: GuardRun) -> None:
    risky = sum(one.labelled.risky for one in run.judged)
    head = f"{run.guard} at {run.stage.value}, threshold {run.threshold:g}: {counted(len(run.judged), 'text')}"
    terminal.say(f"{head}, {risky:,} {'with pieces' if run.has_spans else 'risky'}, of {', '.join(run.files)}")
    terminal.say()
    table(["", "value", "95 % interval"], [[figure.name, *_cells(figure)] for figure in run.figures])
    terminal.say()
    _say_sources(run)
    median, late = run.milliseconds()
    terminal.say(f"\nmilliseconds a text: median {median:.1f}, 95th percentile {late:.1f}")
    for note in run.notes:
        terminal.say(f"Note: {terminal.one_line(note, WIDTH)}")


def _say_sources(run: GuardRun) -> None:
    if not run.sources:
        return
    names = [_HEADS.get(figure.name, figure.name) for figure in run.sources[0].figures]
    counts = ["pieces"] if run.has_spans else ["texts", "risky"]
    rows = []
    for source in run.sources:
        numbers = [source.texts] if run.has_spans else [source.texts, source.risky]
        rows.append([source.name, *(f"{n:,}" for n in numbers), *(_cells(figure)[0] for figure in source.figures)])
    table(["kind" if run.has_spans else "source", *counts, *names], rows)


def _cells(figure: GuardFigure) -> list[str]:
    if figure.value is None:
        return ["-", "-"]
    between = f"[{figure.interval[0]:.3f}, {figure.interval[1]:.3f}]" if figure.interval else "-"
    return [f"{figure.value:.3f}", between]
