"""Prompts: files under chains/prompts, loaded as LangChain ChatPromptTemplates; and the passages as fenced data.

A prompt file has TOML front matter between lines of `+++` (name, version), then `## system` and `## human`.
"""

from __future__ import annotations

import re
import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from langchain_core.messages import BaseMessage
from langchain_core.prompt_values import PromptValue
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder

from core.domain import Passage
from core.errors import UsageError

FOLDER = Path(__file__).parent / "prompts"
VARIABLES = {"question", "passages", "boundary"}
_FILE = re.compile(r"\+\+\+\n(?P<front>.*?)\n\+\+\+\n(?P<body>.*)", re.DOTALL)
_ROLE = re.compile(r"^## (system|human)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt template with the name and version that answers record."""

    name: str
    version: int
    template: ChatPromptTemplate

    @property
    def label(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"


def load_prompt(name: str) -> Prompt:
    """The prompt of this name; UsageError when there is none or it is malformed."""
    path = FOLDER / f"{name}.md"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.md")))
        raise UsageError(f"No prompt named {name!r}; known: {known}")
    match = _FILE.match(path.read_text(encoding="utf-8"))
    if match is None:
        raise UsageError(f"{path.name}: a prompt begins with front matter between lines of +++")
    front = tomllib.loads(match["front"])
    _, *parts = _ROLE.split(match["body"])
    roles = dict(zip(parts[::2], parts[1::2], strict=True))
    system, human = roles["system"].strip(), roles["human"].strip()
    template = ChatPromptTemplate.from_messages(
        [("system", system), MessagesPlaceholder("earlier", optional=True), ("human", human)]
    )
    if unknown := set(template.input_variables) - VARIABLES:
        raise UsageError(f"{path.name}: unknown variables {sorted(unknown)}; known: {sorted(VARIABLES)}")
    return Prompt(front["name"], front["version"], template)


def new_boundary() -> str:
    """A mark that no document can foresee: passages can't pretend to end."""
    return secrets.token_hex(8)


def fence(passages: Sequence[Passage], boundary: str) -> str:
    """The passages, numbered, each between lines that carry the boundary."""
    blocks = []
    for passage in passages:
        chunk = passage.chunk
        where = " > ".join((chunk.title, *chunk.heading)) + (f", page {chunk.page}" if chunk.page else "")
        text = chunk.text.replace(boundary, "")
        blocks.append(
            f"--- {boundary} passage [{passage.rank}] from {where!r}\n{text}\n--- {boundary} end of [{passage.rank}]"
        )
    return "\n\n".join(blocks)


def with_evidence(prompt: PromptValue, question: str, passages: Sequence[Passage]) -> list[BaseMessage]:
    """The messages of a prompt, the evidence riding beside the last one as plain data.

    Language models read the text. Models without one (extractive, scripted) read the data instead of parsing the text;
    LangChain's providers don't send `additional_kwargs` of a human message.
    """
    messages = prompt.to_messages()
    messages[-1].additional_kwargs["evidence"] = {
        "question": question,
        "passages": [
            {"number": p.rank, "text": p.chunk.text, "heading": list(p.chunk.heading), "score": p.score}
            for p in passages
        ],
    }
    return messages
