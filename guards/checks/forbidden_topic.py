"""Guard `forbidden_topic`: answers about what an owner wants no answers about. What a topic is: guards/topics.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.domain import Span, Stage, Subject
from core.errors import GuardFailure, SettingsError
from core.sentences import spans as sentences
from core.words import stems
from guards import options as given
from guards import topics
from guards.guard import Finding, Guard, Kit, shown
from guards.normalise import fold
from guards.topics import Curve, Likeness, Topic

STAGES = frozenset({Stage.OUTPUT})
DOC = "an answer about a topic that `topics` describes, by its words, patterns, or meaning"
TITLE = "topic that is not answered"
ADVICE = "Ask a person who may speak about this."

NONE = "No topic is forbidden."
# Fitted to topics of our own and to ordinary answers; `python -m eval.forbidden_topic` prints what they lead to.
DESCRIBED = Curve(35.0, 0.33)
EXEMPLIFIED = Curve(40.0, 0.35)
SECONDS = 0.25  # for one pattern and one text: a bad pattern must not hold the answers up
MOST_PIECES = 24  # sentences that are compared one by one; of longer answers, neighbours together
MOST_ASKED = 8  # pieces up to which each is read with its question too: a long answer tells by itself what it is about
MOST_SPANS = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """What speaks for a topic."""

    risk: float
    topic: Topic
    start: int  # characters of the text
    end: int


@dataclass(frozen=True, slots=True)
class ForbiddenTopic:
    """Looks for each topic's words and patterns, then for its meaning."""

    topics: tuple[Topic, ...]
    patterns: tuple[tuple[Topic, str, Any], ...]  # (topic, where the pattern stands, the compiled pattern)
    likeness: Likeness | None  # None: meaning is not looked at
    most: int  # characters that are read

    def judge(self, subject: Subject) -> Finding:
        """1.0 for a topic's own words; by meaning, the probability that a sentence is about one."""
        if not self.topics:
            return Finding(0.0, NONE)
        text = subject.text
        if len(text) > self.most:
            raise GuardFailure(f"a text of {len(text):,} characters is more than it reads ({self.most:,})")
        hits = [*_worded(text, self.topics), *_matched(text, self.patterns)]
        if not hits and self.likeness is not None and text.strip():
            hits = list(_meant(text, subject.question, self.topics, self.likeness))
        worst = max(hits, key=lambda hit: hit.risk, default=None)
        if worst is None or worst.risk < 0.5:
            return Finding(worst.risk if worst else 0.0, "None of the forbidden topics is touched.")
        found = [hit for hit in hits if hit.risk >= 0.5][:MOST_SPANS]
        return Finding(
            worst.risk,
            f"This is about “{shown(worst.topic.description)}”, which is not answered here: "
            f"“{shown(text[worst.start : worst.end])}”.",
            tuple(Span(hit.start, hit.end, shown(hit.topic.description)) for hit in found),
        )

    def prepare(self, subject: Subject) -> None:
        """Embed the topics before the first sentence comes."""
        if self.likeness is not None:
            _ = self.likeness.prototypes


def _worded(text: str, wanted: Sequence[Topic]) -> Iterator[Hit]:
    """Every place where a word or phrase of a topic stands, in whatever form English gives it."""
    places = topics.words_of(text)
    stemmed = tuple(stems([word for word, _, _ in places]))
    begins: dict[str, list[int]] = {}  # a phrase is looked for only where its first word stands
    for at, word in enumerate(stemmed):
        begins.setdefault(word, []).append(at)
    for topic in wanted:
        for phrase in topic.words:
            for at in begins.get(phrase[0], ()):
                if stemmed[at : at + len(phrase)] == phrase:
                    yield Hit(1.0, topic, places[at][1], places[at + len(phrase) - 1][2])


def _matched(text: str, patterns: Sequence[tuple[Topic, str, Any]]) -> Iterator[Hit]:
    """Where a pattern matches the text as it stands, or as it looks."""
    view = fold(text)
    for topic, where, pattern in patterns:
        try:
            found = [match.span() for match in pattern.finditer(text, timeout=SECONDS)]
            if not found and view.text != text:
                found = [view.span(*match.span()) for match in pattern.finditer(view.text, timeout=SECONDS)]
        except TimeoutError as error:
            raise GuardFailure(f"{where} takes more than {SECONDS} s on this text: write it simpler") from error
        yield from (Hit(1.0, topic, a, b) for a, b in found if a < b)


def _meant(text: str, question: str, wanted: Sequence[Topic], likeness: Likeness) -> Iterator[Hit]:
    """How near each sentence is to each topic, read by itself and as the answer to its question."""
    pieces = _pieces(text)
    texts = [text[a:b] for a, b in pieces]
    asked = [f"{question} {piece}" for piece in texts] if question.strip() and len(pieces) <= MOST_ASKED else []
    cosines = likeness.cosines(texts + asked).reshape(-1, len(pieces), len(wanted)).max(axis=0)
    for (start, end), row in zip(pieces, cosines, strict=True):
        for topic, cosine in zip(wanted, row, strict=True):
            curve = EXEMPLIFIED if topic.examples else DESCRIBED
            yield Hit(curve.at(float(cosine)), topic, start, end)


def _pieces(text: str) -> list[tuple[int, int]]:
    """The sentences, neighbours joined where there are many."""
    found = sentences(text)
    size = -(-len(found) // MOST_PIECES)
    groups = [found[at : at + size] for at in range(0, len(found), size)]
    return [(group[0][0], group[-1][1]) for group in groups]


def build(options: Mapping[str, Any], kit: Kit) -> Guard:
    """Options: `topics`, `by_meaning` (false: words and patterns alone), `characters`, the longest text that is read.

    Each topic is a description, or a table with a `description` and lists of `words` (any form of them counts),
    `patterns` (of the package regex, without regard to case) and `examples` (sentences about it: they help most).
    A topic with neither words nor patterns needs an embedding model: without one it can't be judged.
    """
    chosen = given.read(
        {k: v for k, v in options.items() if k != "topics"}, topics=(), by_meaning=True, characters=10_000
    )
    wanted = topics.read(options.get("topics", ()))
    if not chosen["by_meaning"] and (bare := [topic.where for topic in wanted if not topic.has_words]):
        raise SettingsError([f"{where}: has neither words nor patterns, and by_meaning is false" for where in bare])
    by_meaning = chosen["by_meaning"] and wanted and not (kit.embedder is None and all(t.has_words for t in wanted))
    likeness = Likeness(kit, wanted) if by_meaning else None
    return ForbiddenTopic(wanted, _compiled(wanted), likeness, chosen["characters"])


def _compiled(wanted: Sequence[Topic]) -> tuple[tuple[Topic, str, Any], ...]:
    """Every pattern with its topic; SettingsError names those that are no regular expressions."""
    if not any(topic.patterns for topic in wanted):
        return ()
    import regex  # unlike re, it stops at a time limit

    made, faults = [], []
    for topic in wanted:
        for place, pattern in enumerate(topic.patterns):
            where = f"{topic.where}.patterns[{place}]"
            try:
                made.append((topic, where, regex.compile(pattern, regex.IGNORECASE)))
            except regex.error as error:
                faults.append(f"{where}: is no regular expression ({error}): {pattern!r}")
    if faults:
        raise SettingsError(faults)
    return tuple(made)
