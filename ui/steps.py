"""How a turn's steps are called where people see them."""

from core.domain import AnswerChunk

_NAMES = {
    "checking": "Checking the question",
    "searching": "Searching",
    "reading": "Reading",
    "writing": "Writing from",
}


def step_line(chunk: AnswerChunk) -> str:
    """What is going on, in a few words; empty when the chunk begins no step that a person waits for."""
    name = _NAMES.get(chunk.step or "")
    return "" if name is None else f"{name} {chunk.detail}".strip().removesuffix(" from") + " …"
