"""`parapet eval`: how well retrieval and answers do on a set of questions, and what changed since an earlier run.

And how well guards do on labelled texts.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.command import terminal

if TYPE_CHECKING:
    from eval.evaluation import Wish
    from eval.measures import Kind
    from eval.runs import Run

app = typer.Typer(help="Measure retrieval, answers and guards on sets, and compare runs.", no_args_is_help=True)
Documents = Annotated[
    Path | None, typer.Option("--documents", help="Ask a folder, ingested into a temporary home, not the library.")
]
Collections = Annotated[
    list[str] | None, typer.Option("--collection", "-c", help="Ask only this collection; may be repeated.")
]
Sample = Annotated[int, typer.Option("--sample", min=0, help="Ask as many of the cases; 0: all.")]
Seed = Annotated[int, typer.Option("--seed", help="Which sample is drawn.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the figures as one JSON document.")]
Out = Annotated[Path | None, typer.Option("--out", help="Keep the run in this file, to compare with it later.")]
Compare = Annotated[
    Path | None, typer.Option("--compare", help="Tell what changed since the run in this file, beyond noise.")
]


@app.command("retrieval")
def retrieval(
    set_: Annotated[Path | None, typer.Option("--set", help="The cases, one JSON object a line.")] = None,
    documents: Documents = None,
    collection: Collections = None,
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="Passages to ask for.")] = 20,
    sample: Sample = 0,
    seed: Seed = 0,
    as_json: AsJson = False,
    out: Out = None,
    compare: Compare = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw how true the evidence gate's probabilities are (.svg, .png).")
    ] = None,
    calibrate: Annotated[
        bool, typer.Option("--calibrate", help="Fit the evidence gate and print how it does.")
    ] = False,
    data: Annotated[Path | None, typer.Option("--data", help="With --calibrate: a folder of corpora.")] = None,
    questions: Annotated[int, typer.Option("--questions", min=1, help="With --calibrate: questions to fit to.")] = 1200,
    write: Annotated[bool, typer.Option("--write", help="With --calibrate: store the weights.")] = False,
) -> None:
    """Search for each question of a set, and score the passages that are found.

    Exits with 1 when --compare finds a figure that got worse.
    """
    if calibrate:
        _calibrate(data, plot, questions, write=write)
        return
    if set_ is None:
        raise typer.BadParameter("give a file of cases", param_hint="--set")
    from eval.plots import check_path

    if plot:
        check_path(plot)
    wish = _wish(set_, documents, collection, sample, seed, k)
    run, code = _evaluate("retrieval", wish, as_json=as_json, out=out, compare=compare)
    if plot:
        _plot(run, plot)
    raise typer.Exit(code)


@app.command("answers")
def answers(
    set_: Annotated[Path, typer.Option("--set", help="The cases, one JSON object a line.")],
    documents: Documents = None,
    collection: Collections = None,
    model: Annotated[str | None, typer.Option(help="provider:name, in place of the setting.")] = None,
    sample: Sample = 0,
    seed: Seed = 0,
    as_json: AsJson = False,
    out: Out = None,
    compare: Compare = None,
) -> None:
    """Ask the assistant each question of a set, and score its answers.

    Exits with 1 when --compare finds a figure that got worse.
    """
    wish = _wish(set_, documents, collection, sample, seed)
    _, code = _evaluate("answers", wish, as_json=as_json, out=out, compare=compare, model=model)
    raise typer.Exit(code)


@app.command("guards")
def guards(
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A file of labelled texts, or the name of a set; may be repeated.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", help="A folder with sets; without --set, all of its sets are measured.")
    ] = None,
    guard: Annotated[
        str | None, typer.Option("--guard", help="The guard to measure, where the set's name doesn't say.")
    ] = None,
    split: Annotated[str, typer.Option("--split", help="dev, train or all, where rows have a split.")] = "dev",
    sample: Annotated[int, typer.Option("--sample", min=0, help="Judge as many of a guard's texts; 0: all.")] = 0,
    seed: Seed = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Write run.json and report.html into this folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let single guards judge labelled texts, and tell how well they do, by where the texts come from.

    Exits with 1 when a text could not be judged.
    """
    from eval.guard_sets import SPLITS, read_sets

    if split not in SPLITS:
        raise typer.BadParameter(f"must be one of {', '.join(SPLITS)}", param_hint="--split")
    files = _guard_files(set_ or [], data)
    _check_folder(out)
    found = read_sets(files, guard, split)
    from eval.guard_report import summary, write
    from eval.guard_sets import draw
    from eval.guards import measure
    from ui.command import guard_figures
    from ui.command.session import open_parapet

    progress = terminal.Progress()
    with open_parapet() as parapet:
        about = guard_figures.about(parapet, split, sample, seed)
        runs = [measure(replace(one, texts=draw(one.texts, sample, seed)), parapet, progress.show) for one in found]
    progress.clear()
    if out:
        write(runs, about, out)
        terminal.note(f"The report is in {out / 'report.html'}.")
    if as_json:
        terminal.say_json(summary(runs, about), indent=2)
    else:
        guard_figures.say(runs)
    if any(len(one.scored) < len(one.judged) for one in runs):
        raise typer.Exit(1)


def _guard_files(sets: list[str], data: Path | None) -> list[Path]:
    from core.errors import UsageError
    from eval.guard_sets import MEANINGS, find_set

    if data is not None and not data.is_dir():
        raise UsageError(f"--data {data}: there is no such folder")
    if sets:
        return [find_set(named, data) for named in sets]
    if data is None:
        raise typer.BadParameter(
            "give a file or the name of a set, or --data FOLDER for all of its", param_hint="--set"
        )
    files = [file for file in sorted(data.glob("*.jsonl")) if file.stem in MEANINGS]
    if not files:
        raise UsageError(f"--data {data}: the folder holds no set (known names: {', '.join(MEANINGS)})")
    return files


def _check_folder(out: Path | None) -> None:
    from core.errors import UsageError

    if out is not None and (out.is_file() or not out.parent.is_dir()):
        raise UsageError(f"--out {out}: name a folder, in one that exists")


def _wish(
    path: Path, documents: Path | None, collection: list[str] | None, sample: int, seed: int, k: int = 20
) -> Wish:
    from eval.evaluation import Wish

    return Wish(path, documents, tuple(collection or ()), k, sample, seed)


def _evaluate(
    kind: Kind, wish: Wish, *, as_json: bool, out: Path | None, compare: Path | None, model: str | None = None
) -> tuple[Run, int]:
    """The run, printed and kept, and the exit code. What is wrong with the options is told before anything is asked."""
    from eval.cases import read_cases
    from eval.compare import check_comparable
    from eval.compare import compare as compared
    from eval.evaluation import evaluate
    from eval.runs import read_run, write_run
    from ui.command import eval_report
    from ui.command.session import settings

    _check_out(wish, out)
    chosen = settings({"model": model})
    old = read_run(compare) if compare else None
    if old:
        check_comparable(old, kind, read_cases(wish.set))
    progress = terminal.Progress()
    run = evaluate(kind, wish, chosen, progress.show)
    progress.clear()
    found = compared(old, run) if old else None
    if out:
        write_run(run, out)
    if as_json:
        terminal.say_json(eval_report.run_json(run, found), indent=2)
    else:
        eval_report.say(run, found)
    return run, 1 if found is not None and found.is_worse else 0


def _check_out(wish: Wish, out: Path | None) -> None:
    from core.errors import UsageError

    if out is None:
        return
    if not out.parent.is_dir():
        raise UsageError(f"--out {out}: there is no folder {out.parent}")
    if out.exists() and wish.set.exists() and out.samefile(wish.set):
        raise UsageError(f"--out {out} is the set itself: name another file for the run.")


def _plot(run: Run, path: Path) -> None:
    from core.errors import UsageError
    from eval.plots import reliability

    scored = [(case.scores["abstention_auroc"].value, case.answerable) for case in run.cases]
    weighed = [(value, answerable) for value, answerable in scored if value is not None]
    if not weighed:
        raise UsageError("--plot: the gate is weighed only on a set with both answerable and unanswerable questions.")
    reliability([v for v, _ in weighed], [a for _, a in weighed], path, f"The evidence gate on {run.set}")
    terminal.note(f"The curve is in {path}.")


def _calibrate(data: Path | None, plot: Path | None, questions: int, *, write: bool) -> None:
    if data is None or not data.is_dir():
        raise typer.BadParameter("--calibrate needs a folder of corpora with their questions", param_hint="--data")
    from eval.calibration import calibrate

    calibrate(data, plot, questions=questions, write=write)
