"""`parapet guard`: one text, or many from a file, judged by the guards of a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.domain import Stage
from ui.command import batch, terminal

if TYPE_CHECKING:
    from guards.rail import Rail


def guard(
    text: Annotated[str | None, typer.Argument(help="The text to judge.")] = None,
    stage: Annotated[Stage, typer.Option(help="Where the text stands.")] = Stage.INPUT,
    question: Annotated[str, typer.Option(help="The question that the text answers.")] = "",
    passage: Annotated[list[str] | None, typer.Option(help="Evidence for the text; may be repeated.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print decision and verdicts as one JSON document.")] = False,
    jsonl: Annotated[str | None, typer.Option(help='Texts from a file, one {"id","text"} a line.')] = None,
    out: Annotated[str | None, typer.Option(help="Where the verdicts go, one line a text; - is stdout.")] = None,
) -> None:
    """Say what the guards of a stage decide of a text, and why.

    Exits with 1 when a single text is not simply allowed; with --jsonl, when a line could not be judged.
    """
    from ui.command.session import open_parapet

    if (text is None) == (jsonl is None):
        raise typer.BadParameter("give either a TEXT or --jsonl FILE", param_hint="TEXT")
    with open_parapet() as parapet:
        if jsonl is not None:
            if batch.run(jsonl, out, lambda item: _judge_item(parapet.rail, stage, item)):
                raise typer.Exit(1)
            return
        judged = _judge(parapet.rail, stage, text or "", question, tuple(passage or ()))
    if as_json:
        terminal.say_json(judged, indent=2)
    else:
        _say(judged)
    if judged["decision"] != "allow":
        raise typer.Exit(1)


def _judge_item(rail: Rail, stage: Stage, item: batch.Item) -> dict[str, Any]:
    from core.errors import UsageError

    passages = item.get("passages") or []
    if not isinstance(passages, list) or not all(isinstance(passage, str) for passage in passages):
        raise UsageError('"passages" must be a list of texts')
    question = "" if item.get("question") is None else batch.text_of(item, "question")
    return _judge(rail, stage, batch.text_of(item, "text"), question, tuple(passages))


def _judge(rail: Rail, stage: Stage, text: str, question: str, passages: tuple[str, ...]) -> dict[str, Any]:
    from core.clock import Stopwatch
    from core.domain import Subject
    from core.wire import verdict_json

    watch = Stopwatch()
    with watch.step("rail"):
        screening = rail.screen(Subject(text=text, stage=stage, question=question, passages=passages))
    return {
        "decision": screening.decision.label,
        "verdicts": [verdict_json(verdict) for verdict in screening.verdicts],
        "text": screening.text,
        "ms": watch.ms["rail"],
    }


def _say(judged: dict[str, Any]) -> None:
    terminal.say(judged["decision"])
    width = max((len(verdict["guard"]) for verdict in judged["verdicts"]), default=0)
    for verdict in judged["verdicts"]:
        score = (
            "could not judge" if verdict["score"] is None else f"{verdict['score']:.2f} of {verdict['threshold']:.2f}"
        )
        shadow = " (shadow)" if verdict["mode"] == "shadow" else ""
        head = f"  {verdict['guard']:<{width}}  {verdict['decision']:<6}  {score}{shadow}"
        terminal.say(f"{head}  {terminal.clean(verdict['reason'])}")
    if judged["decision"] == "redact":
        terminal.say(f"\n{terminal.clean(judged['text'])}")
