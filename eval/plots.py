"""Curves of evaluation as SVG or PNG files: how well probabilities are calibrated, how long something takes by size.

matplotlib's door. It is loaded when something is drawn, draws without a screen, and leaves its global state alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from core.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".svg", ".png")
BINS = 10
COLOURS = ("#1f5fa8", "#c8553d", "#2b8a5f", "#8a5fb0", "#a8842c", "#4a4f57")  # apart for colour-blind readers, on white
_MARKERS = "osD^vP"
_INK = "#33373d"
_GRID = "#d9dce1"
_STYLE: Any = {
    "font.size": 10,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "svg.hashsalt": "parapet",  # ids that are the same each time
    "svg.fonttype": "none",  # letters stay letters
}


def reliability(
    probabilities: Sequence[float] | npt.NDArray[np.float64],
    labels: Sequence[bool] | npt.NDArray[np.bool_],
    path: Path,
    title: str = "Is a stated probability true?",
) -> None:
    """A calibration curve: of the questions given about this probability, the share for which it came true.

    `probabilities` (n,) from 0 to 1, `labels` (n,) whether it came true, binned into tenths. The bars below tell how
    many questions a bin holds; the title tells the Brier score (mean squared error; Brier 1950). UsageError when there
    is nothing to draw, or when the file's suffix or folder won't do.
    """
    stated, came = np.asarray(probabilities, dtype=float), np.asarray(labels, dtype=float)
    if not len(stated) or stated.shape != came.shape:
        raise UsageError(
            f"{path}: no curve: {len(stated)} probabilities and {len(came)} labels; one label each, please"
        )
    brier = float(np.mean((stated - came) ** 2))
    with _drawn(path, (5.6, 6.2)) as figure:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
        _curve(above, stated, came)
        above.set_title(f"{title}\n")
        above.text(0, 1.02, f"Brier score {brier:.3f} over {len(stated):,} questions", transform=above.transAxes)
        _counts(below, stated, came)


def lines(
    series: Mapping[str, Sequence[tuple[float, float]]],
    path: Path,
    *,
    title: str,
    x_label: str,
    y_label: str,
    logarithmic: str = "x",
    limits: Mapping[str, float] | None = None,
) -> None:
    """One line a name through its (x, y) points, with a legend; labels say the units.

    `logarithmic`: the axes that are, of "x", "y" and "xy". `limits` are levels drawn across with their names, such as
    {"wanted: 60 ms": 60}. UsageError as for `reliability`.
    """
    if not any(series.values()):
        raise UsageError(f"{path}: no plot: there are no points to draw")
    with _drawn(path, (7.2, 4.4)) as figure:
        axes = figure.subplots()
        for number, (name, points) in enumerate(series.items()):
            x, y = zip(*sorted(points), strict=True) if points else ((), ())
            look: dict[str, Any] = {"color": COLOURS[number % len(COLOURS)], "marker": _MARKERS[number % len(_MARKERS)]}
            axes.plot(x, y, label=name, linewidth=1.8, markersize=5, **look)
        for name, level in (limits or {}).items():
            axes.axhline(level, color=_INK, linewidth=1, linestyle=(0, (4, 3)))
            axes.annotate(name, (1, level), (-4, 3), ("axes fraction", "data"), "offset points", ha="right")
        _scaled(axes, logarithmic, [x for points in series.values() for x, _ in points])
        axes.set(title=title, xlabel=x_label, ylabel=y_label)
        axes.grid(color=_GRID, linewidth=0.6)
        axes.legend(frameon=False)


def roc(curves: Mapping[str, tuple[Sequence[bool], Sequence[float]]], path: Path, *, title: str) -> None:
    """ROC curves: for each name its labels (n,) and scores (n,), true beside false positives at every threshold.

    The false-positive axis shows the whole on the left and the first tenth on the right, where a guard works.
    UsageError as for `reliability`, and where a curve lacks texts of one kind.
    """
    for name, (labels, _) in curves.items():
        if len(set(labels)) < 2:
            raise UsageError(f"{path}: no curve for {name}: it needs risky and harmless texts")
    if not curves:
        raise UsageError(f"{path}: no plot: there are no points to draw")
    with _drawn(path, (8.6, 4.4)) as figure:
        whole, start = figure.subplots(1, 2)
        for axes, end in ((whole, 1.0), (start, 0.1)):
            for number, (name, (labels, scores)) in enumerate(curves.items()):
                false, true = _rates(np.asarray(labels, dtype=bool), np.asarray(scores, dtype=float))
                axes.plot(false, true, label=name, linewidth=1.6, color=COLOURS[number % len(COLOURS)])
            axes.plot((0, 1), (0, 1), color=_INK, linewidth=1, linestyle=(0, (4, 3)))
            axes.set(xlim=(0, end), ylim=(0, 1.01), xlabel="false-positive rate", ylabel="true-positive rate")
            axes.grid(color=_GRID, linewidth=0.6)
        whole.set_title(title)
        whole.legend(frameon=False, loc="lower right", fontsize=8)


def check_path(path: Path) -> None:
    """UsageError when no plot can be written under this name, so that it can be told before anything is measured."""
    if path.suffix not in SUFFIXES:
        raise UsageError(f"{path}: plots are written as {' or '.join(SUFFIXES)}, so end its name with one of these")
    if not path.parent.is_dir():
        raise UsageError(f"{path} can't be written: there is no folder {path.parent}")


def _rates(
    labels: npt.NDArray[np.bool_], scores: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """False- and true-positive rates (thresholds + 1,) as the threshold falls; equal scores fire together."""
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.diff(scores[order]) != 0, True)  # the last score ends its stretch
    true, false = np.cumsum(labels[order])[ends], np.cumsum(~labels[order])[ends]
    return np.append(0, false) / max(1, int((~labels).sum())), np.append(0, true) / max(1, int(labels.sum()))


def _curve(axes: Axes, stated: npt.NDArray[np.float64], came: npt.NDArray[np.float64]) -> None:
    place = np.minimum((stated * BINS).astype(int), BINS - 1)
    held = [place == number for number in range(BINS) if np.any(place == number)]
    x, y = [float(stated[one].mean()) for one in held], [float(came[one].mean()) for one in held]
    axes.plot((0, 1), (0, 1), color=_INK, linewidth=1, linestyle=(0, (4, 3)), label="as stated")
    axes.plot(x, y, color=COLOURS[0], marker="o", linewidth=1.8, markersize=5, label="measured")
    axes.set(xlim=(0, 1), ylim=(0, 1), ylabel="share that came true")
    axes.grid(color=_GRID, linewidth=0.6)
    axes.legend(frameon=False, loc="upper left")


def _counts(axes: Axes, stated: npt.NDArray[np.float64], came: npt.NDArray[np.float64]) -> None:
    kinds = ([stated[came == 1], stated[came == 0]], ["came true", "did not"])
    axes.hist(kinds[0], bins=BINS, range=(0, 1), stacked=True, color=[COLOURS[0], COLOURS[1]], label=kinds[1])
    axes.set(xlabel="stated probability", ylabel="questions")
    axes.grid(color=_GRID, linewidth=0.6, axis="y")
    axes.set_axisbelow(True)
    axes.legend(frameon=False)


def _scaled(axes: Axes, logarithmic: str, xs: Sequence[float]) -> None:
    from matplotlib.ticker import FuncFormatter, NullLocator

    plain = FuncFormatter(lambda value, _: f"{value:,.10g}")
    if "x" in logarithmic:
        axes.set_xscale("log")
        axes.set_xticks(sorted(set(xs)))  # the sizes that were measured, no others
        axes.xaxis.set_minor_locator(NullLocator())
    if "y" in logarithmic:
        axes.set_yscale("log")
    else:
        axes.set_ylim(bottom=0)
    axes.xaxis.set_major_formatter(plain)
    axes.yaxis.set_major_formatter(plain)


@contextmanager
def _drawn(path: Path, inches: tuple[float, float]) -> Iterator[Figure]:
    """A figure of this many inches that is saved when the block ends well."""
    check_path(path)
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_STYLE):
        figure = Figure(figsize=inches, layout="constrained")
        yield figure
        for axes in figure.axes:
            axes.spines[["top", "right"]].set_visible(False)
        undated = {"Date": None} if path.suffix == ".svg" else {}  # the same curve gives the same file
        try:
            figure.savefig(path, dpi=150, facecolor="white", metadata=undated)
        except OSError as error:
            raise UsageError(f"{path} can't be written: {error.strerror or error}") from error
