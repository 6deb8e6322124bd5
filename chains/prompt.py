"""Prompts: files under chains/prompts, loaded as LangChain ChatPromptTemplates; and the passages as fenced data.

A prompt file has TOML front matter between lines of `+++` (name, version), then `## system` and `## human`.
"""

from __future__ import annotations

import re
import secrets
import tomllib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from langchain_core.messages import BaseMessage
from langchain_core.prompt_values import PromptValue
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder

from core.domain import Passage
from core.errors import UsageError

FOLDER = Path(__file__).parent / "prompts"
ANSWERING = frozenset({"question", "passages", "boundary", "memory"})  # what a prompt for answers may be filled with
_FILE = re.compile(r"\+\+\+\n(?P<front>.*?)\n\+\+\+\n(?P<body>.*)", re.DOTALL)
# Marks by which chat templates tell who speaks. Local servers read them as such wherever they stand in a text.
_CHAT_MARKS = re.compile(
    r"<[|｜][^<>\n]{0,60}[|｜]>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|<(?:bos|eos|pad|unk)>"
    r"|\[/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]",
    re.IGNORECASE,
)
_MOST_LABEL = 300  # characters of the line that says where a passage is from
_ROLE = re.compile(r"^## (system|human)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt template with the name and version that answers record."""

    name: str
    version: int
    template: ChatPromptTemplate
    instructions: str = ""  # what the model is told beside data: no asker should read it

    @property
    def label(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"


def load_prompt(name: str, variables: AbstractSet[str] = ANSWERING) -> Prompt:
    """The prompt of this name, which `variables` fill; UsageError when there is none or it is malformed."""
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
    if unknown := set(template.input_variables) - variables:
        raise UsageError(f"{path.name}: unknown variables {sorted(unknown)}; known: {sorted(variables)}")
    return Prompt(front["name"], front["version"], template, system)


def new_boundary(*texts: str) -> str:
    """A mark that no document can foresee, and that stands in none of these texts: they can't pretend to end."""
    mark = secrets.token_hex(8)
    return new_boundary(*texts) if any(mark in text.lower() for text in texts) else mark


def data(text: str) -> str:
    """A text as it may stand in a prompt: what chat templates would read as a change of speaker is taken apart."""
    return _CHAT_MARKS.sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)


def fence(passages: Sequence[Passage], boundary: str) -> str:
    """The passages, numbered, each between lines that carry the boundary."""
    return "\n\n".join(
        fenced(p.chunk.text, f"passage [{p.rank}] from {_origin(p)}", f"[{p.rank}]", boundary) for p in passages
    )


def fenced(text: str, opening: str, closing: str, boundary: str) -> str:
    """A text as data, between two lines that carry the boundary; `opening` and `closing` are one line each."""
    return f"--- {boundary} {opening}\n{data(_without(text, boundary))}\n--- {boundary} end of {closing}"


def asked(question: str, boundary: str, *, earlier: bool) -> str:
    """The question as the prompt says it; fenced when a conversation stands before it."""
    return "\n" + fenced(question, "question", "the question", boundary) if earlier else data(question)


def remembered(summary: str, boundary: str) -> str:
    """Notes of the turns that are not in the prompt, as a paragraph of it; empty when there are none."""
    return f"{fenced(summary, 'notes of earlier turns', 'the notes', boundary)}\n\n" if summary else ""


def _origin(passage: Passage) -> str:
    """Where a passage is from, on one line whatever its title and headings hold."""
    chunk = passage.chunk
    where = data(" ".join(" > ".join((chunk.title, *chunk.heading)).split()))[:_MOST_LABEL]
    return repr(where + (f", page {chunk.page}" if chunk.page else ""))


def _without(text: str, boundary: str) -> str:
    """The text without the boundary, also where taking it out would make another."""
    while boundary in text:
        text = text.replace(boundary, "")
    return text


def with_evidence(prompt: PromptValue, question: str, passages: Sequence[Passage]) -> list[BaseMessage]:
    """The messages of a prompt, the evidence riding beside the last one as plain data.

    Language models read the text. Models without one (extractive, scripted) read the data instead of parsing the text;
    LangChain's providers don't send `additional_kwargs` of a human message.
    """
    messages = prompt.to_messages()
    messages[-1].additional_kwargs["evidence"] = {
        "question": question,
        "passages": [
            {
                "number": p.rank,
                "text": p.chunk.text,
                "heading": list(p.chunk.heading),
                "score": p.score,
                "cosines": list(p.cosines),
            }
            for p in passages
        ],
    }
    return messages
