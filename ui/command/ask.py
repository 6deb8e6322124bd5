"""`parapet ask`: a question answered on the terminal, as JSON, or many from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import batch, filters, terminal, trace

if TYPE_CHECKING:
    from chains.assemble import Parapet
    from core.domain import Answer, Filters, Question, Sentence


def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    collection: filters.Collections = None,
    source: filters.Sources = None,
    language: filters.Languages = None,
    after: filters.After = None,
    with_trace: Annotated[
        bool, typer.Option("--trace", help="Tell how the passages were found, and what was left out.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as one JSON document.")] = False,
    model: Annotated[str | None, typer.Option(help="provider:name, in place of the setting.")] = None,
    jsonl: Annotated[
        str | None, typer.Option(help='Questions from a file, one {"id","question"} a line, "filters" too.')
    ] = None,
    out: Annotated[str | None, typer.Option(help="Where the answers go, one a line; - is stdout.")] = None,
) -> None:
    """Answer a question from the documents, with the words that support each sentence.

    Exits with 1 when the answer was blocked, is held for a person or failed.
    """
    from core.domain import Outcome
    from ui.command.session import open_parapet

    if (question is None) == (jsonl is None):
        raise typer.BadParameter("give either a QUESTION or --jsonl FILE", param_hint="QUESTION")
    with open_parapet({"model": model}) as parapet:
        narrowed = filters.filters(parapet.library, collection, source, language, after)
        if jsonl is not None:
            if batch.run(jsonl, out, lambda item: _one(parapet, item, narrowed)):
                raise typer.Exit(1)
            return
        asked = _question(question or "", narrowed)
        answer = parapet.assistant.invoke(asked) if as_json else _stream(parapet, asked)
        if as_json:
            from core.wire import answer_json

            terminal.say_json(answer_json(answer), indent=2)
        elif with_trace:
            _say_trace(answer)
        if answer.outcome not in {Outcome.ANSWERED, Outcome.ABSTAINED}:
            raise typer.Exit(1)


def _one(parapet: Parapet, item: batch.Item, given: Filters) -> dict[str, Any]:
    from core.wire import answer_json

    wanted = filters.of_line(parapet.library, item, given)
    return answer_json(parapet.assistant.invoke(_question(batch.text_of(item, "question"), wanted)))


def _question(text: str, wanted: Filters) -> Question:
    from core.clock import new_id
    from core.domain import Question

    return Question(text=text, turn=new_id(), filters=wanted)


def _stream(parapet: Parapet, question: Question) -> Answer:
    """Print each sentence as it is released, then what it rests on."""
    from core.domain import Outcome
    from ui.sources import number
    from ui.steps import step_line

    progress = terminal.Progress()
    shown: list[Sentence] = []
    answer: Answer | None = None
    for chunk in parapet.assistant.stream(question):
        progress.show(step_line(chunk))
        for sentence in chunk.sentences:
            progress.clear()
            shown.append(sentence)
            numbers = number(shown)
            marks = "".join(f"[{n}]" for n in dict.fromkeys(numbers[c.passage] for c in sentence.citations))
            terminal.write(terminal.clean(sentence.lead + sentence.text) + (f" {marks}" if marks else ""))
        answer = chunk.answer or answer
    progress.clear()
    assert answer is not None, "a stream ends with the whole answer"
    if shown:
        terminal.say()
    if answer.outcome is not Outcome.ANSWERED or not shown:
        terminal.say(terminal.clean(answer.text))
    _say_sources(answer)
    if answer.notice:
        terminal.note(f"\nNote: {terminal.clean(answer.notice)}")
    if answer.flag:
        terminal.note(f"A person was asked to look at this (review {answer.flag}).")
    return answer


def _say_sources(answer: Answer) -> None:
    from ui.sources import sources

    found = sources(answer)
    if found:
        terminal.say("\nSources")
    for source in found:
        terminal.say(f"[{source.number}] {terminal.one_line(source.label)}")
        for quote in source.quotes:
            terminal.say(f"    “{terminal.one_line(quote.text, 400)}”")


def _say_trace(answer: Answer) -> None:
    from ui.trace import rows_of

    if answer.trace is None:
        terminal.note("Nothing was searched for, so there is nothing to tell of how passages were found.")
    else:
        trace.say_trace(answer.trace, rows_of(answer))
