"""Curves: what they say in words and numbers, and what can't be drawn."""

from pathlib import Path

import pytest

from core.errors import UsageError
from eval.plots import lines, reliability


def test_a_reliability_curve_tells_its_brier_score(tmp_path: Path) -> None:
    """The SVG names the Brier score, the number of questions and both axes; drawn twice it is the same file."""
    reliability([0.9, 0.8, 0.1, 0.4], [True, True, False, True], tmp_path / "a.svg", "The gate")
    reliability([0.9, 0.8, 0.1, 0.4], [True, True, False, True], tmp_path / "b.svg", "The gate")
    drawn = (tmp_path / "a.svg").read_text(encoding="utf-8")
    for words in ("The gate", "Brier score 0.105 over 4 questions", "stated probability", "share that came true"):
        assert words in drawn
    assert drawn == (tmp_path / "b.svg").read_text(encoding="utf-8")


def test_lines_name_their_series_units_and_sizes(tmp_path: Path) -> None:
    """Each series stands in the legend, each measured size on the axis, a wanted level across."""
    lines(
        {"Parapet, median": [(100_000, 20.0), (10_000, 8.0)], "nothing yet": []},
        tmp_path / "latency.svg",
        title="Latency by size",
        x_label="chunks",
        y_label="milliseconds",
        limits={"wanted: 25 ms": 25},
    )
    drawn = (tmp_path / "latency.svg").read_text(encoding="utf-8")
    for words in ("Parapet, median", "milliseconds", "10,000", "100,000", "wanted: 25 ms"):
        assert words in drawn


def test_a_png_is_a_picture(tmp_path: Path) -> None:
    """The suffix decides the format; both axes may be logarithmic."""
    lines({"a": [(1, 1.0), (10, 10.0)]}, tmp_path / "x.png", title="", x_label="", y_label="", logarithmic="xy")
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_drawn_says_why(tmp_path: Path) -> None:
    """No points, labels that don't fit, another suffix and a folder that is not there are told with the file."""
    with pytest.raises(UsageError, match="0 probabilities"):
        reliability([], [], tmp_path / "a.svg")
    with pytest.raises(UsageError, match="2 probabilities and 1 labels"):
        reliability([0.1, 0.2], [True], tmp_path / "a.svg")
    with pytest.raises(UsageError, match=r"\.svg or \.png"):
        reliability([0.1], [True], tmp_path / "a.pdf")
    with pytest.raises(UsageError, match="can't be written"):
        reliability([0.1], [True], tmp_path / "nowhere" / "a.svg")
    with pytest.raises(UsageError, match="no points"):
        lines({"a": []}, tmp_path / "a.svg", title="", x_label="", y_label="")
