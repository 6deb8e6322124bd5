"""A run of guards as files: the figures and every score as JSON, and a page of HTML with tables and ROC curves.

The page holds all that it shows and loads nothing. It quotes the beginnings of the texts that the guard got most wrong.
"""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

from core.errors import UsageError
from eval.guards import GuardFigure, GuardRun, Judged
from eval.plots import roc

WORST = 8  # texts quoted of each kind
QUOTED = 110  # characters
MOST_CURVES = 6  # as many as there are colours
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#23272d}"
    "table{border-collapse:collapse;margin:.7rem 0}th,td{padding:.2rem .7rem;border-bottom:1px solid #d9dce1;"
    "text-align:right}th:first-child,td:first-child,.words td{text-align:left}small{color:#5b616a}img{max-width:100%}"
)


def write(runs: Sequence[GuardRun], about: dict[str, Any], folder: Path) -> None:
    """run.json and report.html in this folder, which is made; UsageError when they can't be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        whole = summary(runs, about) | {"texts": [_text_json(run, one) for run in runs for one in run.judged]}
        (folder / "run.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (folder / "report.html").write_text(page(runs, about), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--out {folder} can't be written: {error.strerror or error}") from error


def summary(runs: Sequence[GuardRun], about: dict[str, Any]) -> dict[str, Any]:
    """The figures of each guard with what they are of, without the single texts."""
    return about | {"guards": [_run_json(run) for run in runs]}


def page(runs: Sequence[GuardRun], about: dict[str, Any]) -> str:
    """The report as one HTML document."""
    told = escape(" · ".join(f"{name}: {value}" for name, value in about.items() if isinstance(value, str | int)))
    body = "".join(_section(run) for run in runs)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Guards, measured</title><style>{_STYLE}</style>'
        f"<h1>Guards, measured</h1><p><small>{told}</small></p>{body}</html>\n"
    )


def _run_json(run: GuardRun) -> dict[str, Any]:
    median, late = run.milliseconds()
    return {
        "guard": run.guard,
        "stage": run.stage.value,
        "threshold": run.threshold,
        "sets": list(run.files),
        "texts": len(run.judged),
        "risky": sum(one.labelled.risky for one in run.judged),
        "unscored": len(run.judged) - len(run.scored),
        "figures": [asdict(figure) for figure in run.figures],
        "sources": [asdict(source) for source in run.sources],
        "ms": {"median": round(median, 2), "p95": round(late, 2)},
        "notes": list(run.notes),
    }


def _text_json(run: GuardRun, one: Judged) -> dict[str, Any]:
    return {
        "guard": run.guard,
        "stage": run.stage.value,
        "id": one.labelled.id,
        "source": one.labelled.source,
        "risky": one.labelled.risky,
        "score": one.score,
        "ms": round(one.ms, 3),
    }


def _section(run: GuardRun) -> str:
    median, late = run.milliseconds()
    head = (
        f"<h2>{escape(run.guard)} <small>{run.stage.value}, threshold {run.threshold:g}</small></h2>"
        f"<p>{len(run.judged):,} texts, {sum(one.labelled.risky for one in run.judged):,} risky, of "
        f"{escape(', '.join(run.files))}. {median:.1f} ms a text (median), {late:.1f} ms at the 95th percentile.</p>"
    )
    notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in run.notes)
    whole = _table(["", "value", "95 % interval"], [_cells(figure) for figure in run.figures])
    return head + notes + whole + _by_source(run) + ("" if run.has_spans else _curves(run) + _worst(run))


def _cells(figure: GuardFigure) -> list[str]:
    value = "-" if figure.value is None else f"{figure.value:.3f}"
    between = "-" if figure.interval is None else f"{figure.interval[0]:.3f} to {figure.interval[1]:.3f}"
    return [figure.name, value, between]


def _by_source(run: GuardRun) -> str:
    if not run.sources:
        return ""
    heads = ["kind", "pieces"] if run.has_spans else ["source", "texts", "risky"]
    heads += [figure.name for figure in run.sources[0].figures]
    rows = []
    for source in run.sources:
        counts = [f"{source.texts:,}"] if run.has_spans else [f"{source.texts:,}", f"{source.risky:,}"]
        rows.append([source.name, *counts, *(_short(figure) for figure in source.figures)])
    return _table(heads, rows)


def _short(figure: GuardFigure) -> str:
    _, value, between = _cells(figure)
    return value if between == "-" else f"{value} ({between})"


def _curves(run: GuardRun) -> str:
    """The ROC curves as a picture within the page: all texts, and each risky source against all harmless texts."""
    scored = run.scored
    harmless = [one for one in scored if not one.labelled.risky]
    by_source: dict[str, list[Judged]] = {}
    for one in scored:
        if one.labelled.risky:
            by_source.setdefault(one.labelled.source, []).append(one)
    if not harmless or not by_source:
        return ""
    groups = {"all": list(scored)}
    if len(by_source) > 1:
        largest = sorted(by_source, key=lambda name: -len(by_source[name]))[: MOST_CURVES - 1]
        groups |= {name: by_source[name] + harmless for name in largest}
    curves = {
        f"{name} ({sum(one.labelled.risky for one in group):,} risky)": (
            [one.labelled.risky for one in group],
            [one.score or 0.0 for one in group],
        )
        for name, group in groups.items()
    }
    with tempfile.TemporaryDirectory(prefix="parapet-roc-") as folder:
        path = Path(folder) / "roc.svg"
        roc(curves, path, title=f"{run.guard}: ROC")
        drawn = base64.b64encode(path.read_bytes()).decode()
    return f'<p><img alt="ROC curves of {escape(run.guard)}" src="data:image/svg+xml;base64,{drawn}"></p>'


def _worst(run: GuardRun) -> str:
    """The beginnings of harmless texts that score highest and of risky ones that score lowest, where they are wrong."""
    ordered = sorted(run.scored, key=lambda one: one.score or 0.0)
    alarms = [one for one in reversed(ordered) if not one.labelled.risky and (one.score or 0.0) >= run.threshold]
    misses = [one for one in ordered if one.labelled.risky and (one.score or 0.0) < run.threshold]
    parts = []
    for title, wrong in (("False alarms", alarms), ("Missed", misses)):
        if wrong:
            rows = [
                [f"{one.score:.2f}", one.labelled.source, " ".join(one.labelled.text.split())[:QUOTED]]
                for one in wrong[:WORST]
            ]
            parts.append(f"<h3>{title}: {len(wrong):,}</h3>" + _table(["score", "source", "begins"], rows, "words"))
    return "".join(parts)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "") -> str:
    """A table; lone surrogates of texts are replaced, as no file can hold them."""
    lines = ["".join(f"<td>{escape(cell.encode('utf-8', 'replace').decode())}</td>" for cell in row) for row in rows]
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    return f'<table class="{kind}"><tr>{head}</tr>{"".join(f"<tr>{line}</tr>" for line in lines)}</table>'
