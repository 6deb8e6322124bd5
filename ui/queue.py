"""What a reviewer works through: the choices that the page and the command offer, in one place."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chains.assemble import Parapet
    from core.domain import Decision, Flag
    from guards.flags import FlagDesk

REVIEWER = "local reviewer"  # who decides where nobody gives a name


class State(StrEnum):
    """Which of the flagged answers to list."""

    OPEN = "open"
    DECIDED = "decided"
    ALL = "all"


def waiting(parapet: Parapet) -> int:
    """How much waits for a person: flagged answers, and documents that were set aside."""
    return parapet.flags.counts()["open"] + parapet.quarantine.count()


def flagged(desk: FlagDesk, state: State, limit: int) -> list[Flag]:
    """The flagged answers in this state, newest first; of all of them the open ones come first."""
    if state is State.DECIDED:
        both = desk.list("released", limit=limit) + desk.list("upheld", limit=limit)
        return sorted(both, key=lambda flag: flag.at, reverse=True)[:limit]
    return desk.list(None if state is State.ALL else state.value, limit=limit)


def asked_by(flag: Flag) -> Decision:
    """The decision that brought the answer here; a passage that was only kept out counts as a flag."""
    from core.domain import Decision, Outcome

    return {Outcome.BLOCKED: Decision.BLOCK, Outcome.HELD: Decision.HOLD}.get(flag.answer.outcome, Decision.FLAG)
