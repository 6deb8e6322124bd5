"""How guards did, in words and as JSON: for the command, the page and whoever reads either."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.domain import Decision

if TYPE_CHECKING:
    from guards.statistics import GuardStatistics, Interval

FIRING = (Decision.REDACT, Decision.FLAG, Decision.HOLD, Decision.BLOCK)


def row(guard: GuardStatistics) -> dict[str, str]:
    """A guard's statistics as words, by the heading of their column."""
    fired = [f"{guard.outcomes[d.label]:,} {d.label}" for d in FIRING if guard.outcomes.get(d.label)]
    if guard.shadow:
        fired.append(f"{guard.shadow:,} in shadow")
    return {
        "Guard": guard.guard,
        "Stage": guard.stage.value,
        "Judged": f"{guard.judged:,}",
        "Fired": ", ".join(fired) or "never",
        "Unjudged": f"{guard.outcomes.get('unjudged', 0):,}",
        "Reviewed": f"{guard.upheld} upheld, {guard.released} released" if guard.reviewed else "none",
        "Right": _share(guard.precision),
        "On harmless texts": _share(guard.false_positive_rate),
    }


def statistics_json(guard: GuardStatistics) -> dict[str, Any]:
    """A guard's statistics as JSON; shares with their intervals of 95 %, null before any review."""
    return {
        "guard": guard.guard,
        "stage": guard.stage.value,
        "judged": guard.judged,
        "outcomes": dict(guard.outcomes),
        "shadow": guard.shadow,
        "upheld": guard.upheld,
        "released": guard.released,
        "precision": _share_json(guard.precision),
        "false_positive_rate": _share_json(guard.false_positive_rate),
    }


def statistics_table(found: Sequence[GuardStatistics]) -> str:
    """The statistics as a table of plain text."""
    rows = [row(guard) for guard in found]
    lines = [list(rows[0]), *(list(each.values()) for each in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    padded = (map(str.ljust, line, widths) for line in lines)
    return "\n".join("  ".join(line).rstrip() for line in padded)


def _share(share: tuple[float, Interval] | None) -> str:
    if share is None:
        return "not known yet"
    value, (low, high) = share
    return f"{value:.1%} ({low:.1%} to {high:.1%})"


def _share_json(share: tuple[float, Interval] | None) -> dict[str, Any] | None:
    return None if share is None else {"value": round(share[0], 4), "interval": [round(end, 4) for end in share[1]]}
