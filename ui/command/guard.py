"""`parapet guard`: one text, or many from a file, judged by the guards of a stage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.domain import Stage, Subject
from ui.command import batch, terminal

if TYPE_CHECKING:
    from guards.rail import Rail


def guard(
    text: Annotated[str | None, typer.Argument(help="The text to judge.")] = None,
    stage: Annotated[Stage, typer.Option(help="Where the text stands.")] = Stage.INPUT,
    question: Annotated[str, typer.Option(help="The question that the text answers.")] = "",
    passage: Annotated[list[str] | None, typer.Option(help="Evidence for the text; may be repeated.")] = None,
    collection: Annotated[
        list[str] | None, typer.Option(help="Judge by this collection's rules; may be repeated.")
    ] = None,
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
            about = Subject("", stage, collections=tuple(collection or ()))
            if batch.run(jsonl, out, lambda item: _judge(parapet.rail, _subject(item, about))):
                raise typer.Exit(1)
            return
        judged = _judge(
            parapet.rail,
            Subject(text or "", stage, question, tuple(passage or ()), collections=tuple(collection or ())),
        )
    if as_json:
        terminal.say_json(judged, indent=2)
    else:
        _say(judged)
    if judged["decision"] != "allow":
        raise typer.Exit(1)


def _subject(item: batch.Item, about: Subject) -> Subject:
    """What a line of a file asks to judge."""
    from core.errors import UsageError

    passages = item.get("passages") or []
    if not isinstance(passages, list) or not all(isinstance(passage, str) for passage in passages):
        raise UsageError('"passages" must be a list of texts')
    question = "" if item.get("question") is None else batch.text_of(item, "question")
    return replace(about, text=batch.text_of(item, "text"), question=question, passages=tuple(passages))


def _judge(rail: Rail, subject: Subject) -> dict[str, Any]:
    from core.clock import Stopwatch
    from core.wire import verdict_json

    watch = Stopwatch()
    with watch.step("rail"):
        screening = rail.screen(subject)
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
        if verdict["advice"]:
            terminal.say(f"  {'':<{width}}  → {verdict['advice']}")
    if judged["decision"] == "redact":
        terminal.say(f"\n{terminal.clean(judged['text'])}")
