"""`parapet review`: the flagged answers on the command line: list, look, decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import terminal
from ui.guard_statistics import statistics_json, statistics_table
from ui.queue import State, asked_by, flagged

if TYPE_CHECKING:
    from core.domain import Flag

app = typer.Typer(help="Work through the answers that were flagged for a person.", no_args_is_help=True)


@app.command("ls")
def ls(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    state: Annotated[State, typer.Option(help="Which ones.")] = State.OPEN,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 100,
) -> None:
    """List the flagged answers, newest first."""
    from ui.command.session import open_parapet

    with open_parapet() as parapet:
        flags = flagged(parapet.flags, state, limit)
        documents = 0 if state is State.DECIDED else parapet.quarantine.count()
    for flag in flags:
        if as_json:
            terminal.say_json(flag_json(flag))
        else:
            decided = flag.review.verdict if flag.review else "open"
            terminal.say(
                f"{flag.id}  {flag.at:%Y-%m-%d %H:%M}  {decided:<8}  {terminal.one_line(flag.answer.question)}"
            )
    if not flags and not as_json:
        terminal.note("No answer to review." if state is State.OPEN else "No such flagged answer.")
    if documents:
        terminal.note(f"Documents that wait: {documents:,}. `parapet ingest quarantine ls` lists them.")


@app.command("show")
def show(
    identity: Annotated[str, typer.Argument(metavar="ID", help="Id of the flagged answer.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as one JSON document.")] = False,
) -> None:
    """Show one flagged answer with the verdicts and the passages."""
    from ui.command.session import open_parapet

    with open_parapet() as parapet:
        flag = parapet.flags.get(identity)
    if as_json:
        terminal.say_json(flag_json(flag), indent=2)
    else:
        _say(flag)


@app.command("decide")
def decide(
    identity: Annotated[str, typer.Argument(metavar="ID", help="Id of the flagged answer.")],
    note: Annotated[str, typer.Option(help="Why; the asker sees it.")],
    release: Annotated[bool, typer.Option("--release/--uphold", help="Show the answer to its asker, or not.")],
    reviewer: Annotated[str, typer.Option(help="Who decides.")] = "local reviewer",
    as_json: Annotated[bool, typer.Option("--json", help="Print the decided item as one JSON document.")] = False,
) -> None:
    """Release a flagged answer to its asker, or uphold what the guards decided."""
    from ui.command.session import open_parapet

    with open_parapet() as parapet:
        flag = parapet.flags.decide(identity, "released" if release else "upheld", note, reviewer)
    if as_json:
        terminal.say_json(flag_json(flag), indent=2)
    elif flag.review:
        terminal.say(f"{flag.id} {flag.review.verdict} by {terminal.clean(flag.review.reviewer)}")


@app.command("stats")
def stats(
    days: Annotated[int, typer.Option(min=1, max=3650, help="Over so many days.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Say how often each guard fired, what reviewers made of it, and how often it errs, with intervals of 95 %."""
    from ui.command.session import open_parapet

    with open_parapet() as parapet:
        found = parapet.tally.statistics(days)
    for guard in found:
        if as_json:
            terminal.say_json(statistics_json(guard))
    if found and not as_json:
        terminal.say(statistics_table(found))
    elif not found:
        terminal.note(f"No guard has judged anything in the last {days} days.")


def flag_json(flag: Flag) -> dict[str, Any]:
    """A flagged answer and what was decided of it."""
    from core.clock import iso
    from core.wire import answer_json

    review = flag.review
    return {
        "id": flag.id,
        "state": "open" if review is None else "decided",
        "at": iso(flag.at),
        "decision": asked_by(flag).label,
        "asker": flag.asker,
        "question": flag.answer.question,
        "withheld": flag.withheld,
        "review": review
        and {"verdict": review.verdict, "note": review.note, "reviewer": review.reviewer, "at": iso(review.at)},
        "answer": answer_json(flag.answer),
    }


def _say(flag: Flag) -> None:
    terminal.say(f"Review {flag.id}, {flag.at:%Y-%m-%d %H:%M} UTC, asked by {terminal.clean(flag.asker)}")
    terminal.say(f"\nQuestion\n  {terminal.clean(flag.answer.question)}")
    terminal.say(f"\nWithheld\n  {terminal.clean(flag.withheld or 'nothing: the answer was shown')}")
    terminal.say("\nVerdicts")
    for verdict in flag.answer.verdicts:
        if verdict.decision:
            score = "no score" if verdict.score is None else f"{verdict.score:.2f} (fires at {verdict.threshold:.2f})"
            fired = f"{verdict.stage}/{verdict.guard}: {verdict.decision.label}, {score}"
            terminal.say(f"  {fired}: {terminal.clean(verdict.reason)}")
    terminal.say("\nPassages")
    for passage in flag.answer.passages:
        terminal.say(
            f"  [{passage.rank}] {terminal.clean(passage.chunk.source)}: {terminal.one_line(passage.chunk.text)}"
        )
    if flag.review:
        terminal.say(
            f"\nDecided: {flag.review.verdict} by {terminal.clean(flag.review.reviewer)}, "
            f"{flag.review.at:%Y-%m-%d %H:%M} UTC: {terminal.clean(flag.review.note)}"
        )
