"""Guard `language`: questions in a language that is not answered here. How languages are told: guards/languages.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import Span, Stage, Subject
from core.errors import SettingsError
from guards import languages
from guards import options as given
from guards.guard import Finding, Guard, Kit

STAGES = frozenset({Stage.INPUT})
DOC = "a question in none of the languages that `allow` lists; every language is allowed where it lists none"
TITLE = "language of the question"
ADVICE = "Ask in one of the languages that are answered here."

ALL = "Every language is answered."


@dataclass(frozen=True, slots=True)
class Language:
    """Compares the language of a question with those that are answered."""

    allow: tuple[str, ...]  # codes; none: all

    def judge(self, subject: Subject) -> Finding:
        """The probability that the question is in none of the languages answered here; low when there is no telling."""
        writing = languages.writing(subject.text, self.allow)
        if writing.few and writing.risk < 0.5:
            return Finding(writing.risk, "There is too little to tell the language by, so it is not held against it.")
        name = languages.NAMES[writing.language]
        if not self.allow:
            return Finding(0.0, f"This is written in {name}. {ALL}")
        answered = languages.listed(self.allow)
        if writing.risk < 0.5:
            return Finding(writing.risk, f"This can pass as one of the languages that are answered: {answered}.")
        return Finding(
            writing.risk,
            f"This is written in {name}; questions are answered in {answered}.",
            (Span(0, len(subject.text), name),),
        )


def build(options: Mapping[str, Any], kit: Kit) -> Guard:  # noqa: ARG001  every guard is built alike
    """Options: `allow`, the codes (ISO 639-1) of the languages that are answered, such as en; none: all."""
    allow = tuple(dict.fromkeys(given.read(options, allow=())["allow"]))
    faults = [
        f"allow: no language {code!r} is told apart (known: {', '.join(sorted(languages.NAMES))})"
        for code in allow
        if not languages.known(code)
    ]
    if faults:
        raise SettingsError(faults)
    return Language(allow)
