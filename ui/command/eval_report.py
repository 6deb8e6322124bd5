"""A run of `parapet eval` as people read it, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from eval.compare import Comparison
from eval.runs import Figure, Run, figures, milliseconds
from ui.command import terminal
from ui.command.wording import counted

WIDTH = 200  # of a note: it may name documents


def say(run: Run, comparison: Comparison | None) -> None:
    """Print the figures, what was left out, and the changes."""
    for line in _heading(run):
        terminal.say(line)
    terminal.say()
    _say_figures(figures(run))
    median, late = milliseconds(run)
    terminal.say(f"\nmilliseconds a question: median {median:.1f}, 95th percentile {late:.1f}")
    for name, count in Counter(case.outcome for case in run.cases if case.outcome).most_common():
        terminal.say(f"{name}: {count:,}")
    for note in run.notes:
        terminal.say(f"Note: {terminal.one_line(note, WIDTH)}")
    if comparison is not None:
        _say_changes(comparison)


def run_json(run: Run, comparison: Comparison | None) -> dict[str, Any]:
    """The figures with what they are of; the single cases are in the file that --out writes."""
    median, late = milliseconds(run)
    whole = asdict(run)
    cases = whole.pop("cases")
    return whole | {
        "cases": len(cases),
        "answerable": sum(case["answerable"] for case in cases),
        "figures": [asdict(figure) for figure in figures(run)],
        "ms": {"median": round(median, 2), "p95": round(late, 2)},
        "outcomes": dict(Counter(case["outcome"] for case in cases if case["outcome"])),
        "comparison": None if comparison is None else asdict(comparison) | {"worse": comparison.is_worse},
    }


def _heading(run: Run) -> list[str]:
    answerable = sum(case.answerable for case in run.cases)
    others = len(run.cases) - answerable
    asked = f"{counted(answerable, 'answerable question')}" + (f" and {others:,} unanswerable" if others else "")
    documents, chunks = (int(run.library[name] or 0) for name in ("documents", "chunks"))
    of_what = f"{counted(documents, 'document')} in {counted(chunks, 'chunk')}"
    how = f"{run.asked['k']} passages a question" if run.kind == "retrieval" else f"answered by {run.settings['model']}"
    return [f"{terminal.one_line(run.set)}: {asked}, asked of {of_what}; {how}"]


def _say_figures(found: Sequence[Figure]) -> None:
    """The figures that have a value as a table, the others by name and reason."""
    rows = [_row(figure, figure.value) for figure in found if figure.value is not None]
    if rows:
        table(["", "value", "95 % interval", "scored", "unscored"], rows)
    without = [figure for figure in found if figure.value is None]
    for reason in dict.fromkeys(figure.reason for figure in without):
        names = ", ".join(figure.name for figure in without if figure.reason == reason)
        terminal.say(f"unscored ({reason}): {names}")


def _row(figure: Figure, value: float) -> list[str]:
    between = f"[{figure.interval[0]:.3f}, {figure.interval[1]:.3f}]" if figure.interval else "-"
    unscored = f"{figure.unscored:,}" + (f" ({figure.reason})" if figure.unscored else "")
    return [figure.name, f"{value:.3f}", between, f"{figure.scored:,}", unscored]


def _say_changes(comparison: Comparison) -> None:
    terminal.say(f"\nCompared over {counted(comparison.cases, 'case')} that both runs asked")
    rows = [
        [
            change.name,
            f"{change.old:.3f}",
            f"{change.new:.3f}",
            f"{change.difference:+.3f}",
            f"[{change.interval[0]:+.3f}, {change.interval[1]:+.3f}]" if change.interval else "-",
            f"{change.cases:,}",
            change.verdict,
        ]
        for change in comparison.changes
    ]
    table(["", "old", "new", "difference", "95 % interval", "cases", ""], rows)
    for note in comparison.notes:
        terminal.say(f"Note: {terminal.one_line(note, WIDTH * 2)}")


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns wide enough for what they hold; numbers to the right, words to the left."""
    lines = [list(heading), *map(list, rows)]
    last = len(heading) - 1
    widths = [max(len(line[at]) for line in lines) for at in range(len(heading))]
    for line in lines:
        cells = [
            cell.ljust(width) if at in {0, last} else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        terminal.say("  ".join(cells).rstrip())
