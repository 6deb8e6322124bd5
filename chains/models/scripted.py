"""A model that plays back a script: for tests and demonstrations, no language model behind it.

The script (`PARAPET_SCRIPT`) is a JSONL file; each line says what to answer, and when:
`{"when": "holiday", "say": "Staff get 25 days [1]."}`. The first line whose `when` stands in the question (in any
case) is played; a line without `when` always fits. `{passage}` in `say` is replaced by the first passage's text.
`"fail": "why"` fails as an unreachable model would (after what `say` holds), `"delay_ms": 20` waits before each word.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from pydantic import BaseModel, ConfigDict, ValidationError

from chains.models._evidence import Evidence
from chains.models._pieces import PieceModel
from core.errors import ModelFailure, UsageError
from core.ports import Embedder
from core.settings import Settings

DOC = "plays back a script, for tests and demonstrations"


class Line(BaseModel):
    """One line of a script."""

    model_config = ConfigDict(extra="forbid")

    when: str = ""
    say: str = ""
    fail: str = ""
    delay_ms: float = 0


class ScriptedModel(PieceModel):
    """Answers from a script."""

    lines: list[Line]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def pieces(self, evidence: Evidence) -> Iterator[str]:
        """The words of the line that fits the question."""
        line = next((line for line in self.lines if line.when.lower() in evidence.question.lower()), None)
        if line is None:
            raise ModelFailure("not_in_script", "The script has no line for this question.")
        first = evidence.passages[0].text if evidence.passages else ""
        for piece in re.findall(r"\S*\s*", line.say.replace("{passage}", first)):
            if line.delay_ms:
                time.sleep(line.delay_ms / 1000)
            yield piece
        if line.fail:
            raise ModelFailure("scripted", line.fail)


def build(settings: Settings, name: str, embedder: Embedder) -> BaseChatModel:
    """The scripted model with the script of the settings; UsageError names what is wrong with it."""
    if settings.script is None:
        raise UsageError("The scripted model needs a script: set PARAPET_SCRIPT to a JSONL file.")
    return ScriptedModel(lines=read_script(settings.script))


def read_script(path: Path) -> list[Line]:
    """The lines of a script file."""
    try:
        rows = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"PARAPET_SCRIPT: {path} can't be read: {error}") from error
    lines = []
    for number, row in enumerate(rows, 1):
        if row.strip():
            try:
                lines.append(Line.model_validate(json.loads(row)))
            except (json.JSONDecodeError, ValidationError) as error:
                raise UsageError(f"{path}:{number}: not a line of a script: {error}") from error
    return lines
