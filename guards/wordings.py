"""What the wordings of planted instructions are made of: parts of patterns, and families that are looked for together."""
# ruff: noqa: E501  a pattern is read in one piece

import re
from dataclasses import dataclass

from guards import rules

# names of what answers
MODEL = r"(?:ai|a\.i\.|llms?|gpt(?:-?\d\w{0,2})?|chatgpt|claude|gemini|copilot|(?:large )?language models?|chat ?bots?|ai (?:assistant|agent|model|system|reviewer|reader|tool)s?)"
# what it is told to do
VERB = r"(?:say|tell|reply|respond|answer|output|print|write|reveal|show|send|forward|recommend|give|approve|rate|rank|return|repeat|translate|state|claim|only|always|never|do not|don't|you are|act|pretend|visit|include|delete|call|execute|run)"
# what it is told to send away, and where to
PRIVATE = r"(?:conversation|chat|history|passwords?|credentials?|api keys?|secrets?|tokens?|user(?:'?s)?|customers?|context|session|system prompt|instructions|confidential|private|personal|records?|e-?mails?|files?|documents?|data)"
ADDRESS = r"(?:[\w.+-]{1,64}@|https?://|www\.)"


@dataclass(frozen=True, slots=True)
class Family:
    """Wordings that have something in common by which most texts are seen to hold none of them."""

    marks: tuple[str, ...]  # one of these stands in every match
    wordings: rules.Group
    form: re.Pattern[str] | None = None  # what a match holds as well, where marks alone say little

    def may_be_in(self, text: str) -> bool:
        """Whether the wordings are worth looking for in this lower-case text, whose white space is blanks."""
        return any(mark in text for mark in self.marks) and (self.form is None or bool(self.form.search(text)))


def group(*rows: tuple[float, str, str]) -> rules.Group:
    """The wordings, a blank of which may be any white space: lines of a page break anywhere."""
    return rules.group(*((weight, what, pattern.replace(" ", r"\s")) for weight, what, pattern in rows))


def family(marks: str, *rows: tuple[float, str, str], form: str = "") -> Family:
    """A family by its marks, with a / between them, its wordings, and the form that is looked for before they are."""
    return Family(tuple(marks.split("/")), group(*rows), re.compile(form.replace(" ", r"\s")) if form else None)
