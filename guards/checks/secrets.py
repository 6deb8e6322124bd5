"""Guard `secrets`: keys, tokens and passwords, by their forms, their places and the names that they are given to.

Random-looking text alone is no secret here: hashes and identifiers stand in every manual. How secrets are recognised is
in `guards/secrets/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import Stage, Subject
from guards import options as given
from guards.guard import Finding, Guard, Kit, shown
from guards.secrets.find import find

__all__ = ["ADVICE", "DOC", "STAGES", "TITLE", "Secrets", "build", "find"]

STAGES = frozenset({Stage.INPUT, Stage.OUTPUT})
DOC = "keys and tokens of about a hundred services, private keys, passwords in addresses, settings, code and sentences"
TITLE = "keys and passwords"
ADVICE = "Leave it out; a key or password that was sent somewhere should be replaced."
MOST_KINDS = 5  # that a reason names


@dataclass(frozen=True, slots=True)
class Secrets:
    """Finds secrets by form, place and name."""

    def judge(self, subject: Subject) -> Finding:
        """The risk of the surest secret found."""
        found = sorted(find(subject.text), key=lambda pair: pair[0].start)
        if not found:
            return Finding(0.0, "No keys or passwords found.")
        kinds = sorted({span.label for span, _ in found})
        named = ", ".join(kinds[:MOST_KINDS]) + (" and more" if len(kinds) > MOST_KINDS else "")
        begins = _beginning(subject.text[found[0][0].start : found[0][0].end])
        return Finding(
            max(risk for _, risk in found),
            f"This holds what looks like a secret ({named}; the first begins with “{begins}”), which is left out here. "
            "If it is real, have it replaced.",
            tuple(span for span, _ in found),
        )


def build(options: Mapping[str, Any], kit: Kit) -> Guard:  # noqa: ARG001  every guard is built alike
    """No options."""
    given.read(options)
    return Secrets()


def _beginning(secret: str) -> str:
    """Enough of a secret to know it by and too little to use: four characters at most, of a short one two."""
    return shown(secret, 80)[: 4 if len(secret) >= 16 else 2] + "…"
