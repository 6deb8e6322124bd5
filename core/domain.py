"""The nouns that walk through Parapet: frozen values, each step returns the next one and edits none.

Library side: Document -> Chunk -> index. Turn side: Question -> Screening(input) -> Passages -> Screening(context)
-> Draft -> Screening(output) -> Answer -> (Flag -> Review). Storage and JSON live elsewhere (tables, wire).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


class Stage(StrEnum):
    """Where a guard stands."""

    INPUT = "input"
    CONTEXT = "context"
    OUTPUT = "output"


class Decision(IntEnum):
    """What a verdict asks for, ordered by gravity, so that joining verdicts is `max`."""

    ALLOW = 0  # passes as it is
    REDACT = 1  # passes changed
    FLAG = 2  # passes, and a person is asked
    HOLD = 3  # waits for a person
    BLOCK = 4  # refused, and a person is asked

    @property
    def label(self) -> str:
        """The lower-case name that policy files and JSON use."""
        return self.name.lower()

    @classmethod
    def named(cls, name: str) -> Decision:
        """The decision of this name; KeyError when there is none."""
        return cls[name.upper()]


class Mode(StrEnum):
    """Whether a guard acts or only records."""

    ENFORCE = "enforce"
    SHADOW = "shadow"


class Outcome(StrEnum):
    """How a turn ended."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"  # the documents don't hold it
    HELD = "held"  # waits for a person
    BLOCKED = "blocked"  # a guard refused
    FAILED = "failed"  # something broke; said, never hidden


class Support(StrEnum):
    """What the passages say of a sentence."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    NOT_A_CLAIM = "not_a_claim"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a text that a guard points at."""

    start: int
    end: int
    label: str = ""  # what stands there, such as "e-mail address"


# --- the library side -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document's text under one heading, on one page."""

    start: int  # first character, in the document's text
    end: int  # one past the last character
    heading: tuple[str, ...] = ()  # heading path, outermost first
    page: int | None = None  # page number from 1, where the format has pages


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a document, such as one that came with an e-mail; it becomes a document of its own."""

    name: str  # as the document calls it: a bare file name, no folders
    content: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """One document as a loader read it."""

    source: str  # path relative to the folder added, the path as given, or the URL
    title: str
    text: str  # the extracted text; every offset counts characters of it
    sections: tuple[Section, ...]  # in order, covering the text
    pages: int | None = None  # number of pages (slides, sheets), where the format has them
    meta: Mapping[str, str] = field(default_factory=dict)
    tables: int = 0  # tables found in it
    empty_pages: tuple[int, ...] = ()  # numbers of the pages without text
    hidden: tuple[str, ...] = ()  # what the file holds but does not show its reader; never part of the text
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What an inspector found in a document before it goes in."""

    personal_data: int = 0  # stretches that are personal data
    secrets: int = 0  # stretches that are keys, tokens or passwords
    masks: tuple[Span, ...] = ()  # characters of the text that policy masks before anything is embedded
    quarantine: str = ""  # why a person must look at it first, in plain words; empty: nothing stands against it
    suspects: tuple[str, ...] = ()  # the words that speak against it, for the person who looks


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a document that is retrieved as one; `text` is exactly `document.text[start:end]`."""

    source: str
    title: str
    text: str
    start: int
    end: int
    heading: tuple[str, ...] = ()
    page: int | None = None
    collection: str = ""  # name of the collection that holds it; empty before it is stored
    version: str = ""  # of the document: the beginning of the SHA-256 of its file; empty before it is stored

    @property
    def embedded(self) -> str:
        """What the retrievers see: the heading path, then the text. The heading is never quoted."""
        return "\n".join((" > ".join(self.heading), self.text)) if self.heading else self.text


# --- the turn side ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to; what is empty narrows nothing."""

    collections: tuple[str, ...] = ()  # names
    sources: tuple[str, ...] = ()  # a source, a folder of sources, or a pattern with * and ?
    languages: tuple[str, ...] = ()  # codes such as en
    after: datetime | None = None  # documents that were written or changed at this moment or later


@dataclass(frozen=True, slots=True)
class Question:
    """What an asker asked, in one turn of a conversation."""

    text: str
    turn: str  # id of this turn
    conversation: str = ""  # id of the conversation; empty for a single question
    asker: str = "local"
    earlier: tuple[tuple[str, str], ...] = ()  # earlier (question, answer) pairs, oldest first
    filters: Filters = Filters()  # what the asker narrows the search to


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk, or neighbouring ones joined, that was retrieved for a question, with the scores that brought it."""

    chunk: Chunk
    score: float  # fused, 0 to 1, higher is better
    rank: int  # from 1
    vector: float | None = None  # cosine similarity to the question
    lexical: float | None = None  # BM25
    sentence: float | None = None  # cosine similarity of its nearest sentence
    cosines: tuple[float, ...] = ()  # of each of its sentences, as core.sentences cuts its text; empty: not known


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that retrieval considered for a question, by what it was found, and what became of it."""

    collection: str
    source: str
    title: str
    page: int | None
    start: int  # characters of the document's text
    end: int
    score: float  # fused, 0 to 1
    vector: float | None = None  # cosine similarity to the question
    vector_rank: int | None = None  # place among the nearest by meaning, from 1; None: found by words alone
    sentence: float | None = None  # cosine similarity of its nearest sentence
    lexical: float | None = None  # BM25
    lexical_rank: int | None = None  # place among the best by words, from 1; None: found by meaning alone
    rank: int | None = None  # of the passage that it is, or is part of
    dropped: str = ""  # why it is in no passage, in plain words


@dataclass(frozen=True, slots=True)
class Trace:
    """How the passages of an answer were found."""

    sought: str  # what was searched for: the question as it stands alone
    rewritten: str = ""  # how that came of the question: by whom, or empty when it is the question itself
    filters: Filters = Filters()
    chunks: int = 0  # how many were searched, of what the asker may read
    candidates: tuple[Candidate, ...] = ()  # best first
    more: int = 0  # candidates beyond those listed
    evidence: float | None = None  # probability that the passages hold the answer; None: not judged
    threshold: float | None = None  # below which nothing is answered


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a search came to: the passages, best first, and how they were found."""

    passages: tuple[Passage, ...]
    trace: Trace


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact words of a retrieved passage that support a sentence; they stand at these offsets of the document."""

    passage: int  # rank of the passage, from 1
    source: str
    title: str
    page: int | None
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with its evidence."""

    text: str  # as shown, without citation marks
    lead: str = " "  # the white space that stands before it: a space, or the line breaks of a list or paragraph
    citations: tuple[Citation, ...] = ()
    support: float | None = None  # 0 to 1; None when not judged
    state: Support = Support.NOT_A_CLAIM


@dataclass(frozen=True, slots=True)
class Subject:
    """What a guard judges: one text in its circumstances. The same shape for every stage."""

    text: str
    stage: Stage
    question: str = ""
    passages: tuple[str, ...] = ()  # evidence, for guards that compare with it
    asker: str = ""  # who asks; empty where nobody in particular does
    collections: tuple[str, ...] = ()  # those that the text concerns; none: no one in particular
    canary: str = ""  # a mark within the hidden instructions of this turn, which no answer may hold


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one guard said of one text. A value, never an exception."""

    guard: str
    stage: Stage
    decision: Decision
    score: float | None  # risk from 0 to 1; None: the guard could not judge
    threshold: float
    reason: str  # in plain words
    spans: tuple[Span, ...] = ()
    mode: Mode = Mode.ENFORCE
    ms: float = 0.0
    about: int | None = None  # rank of the passage, or number of the sentence from 1, that was judged
    advice: str = ""  # what the asker can do now; empty when it did not fire


@dataclass(frozen=True, slots=True)
class Screening:
    """What a stage made of a text: how it now stands, every verdict, the gravest decision in force."""

    text: str
    verdicts: tuple[Verdict, ...]
    decision: Decision

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the gravest decision was taken, one line a guard."""
        return tuple(verdict.reason for verdict in self.decisive)

    @property
    def decisive(self) -> tuple[Verdict, ...]:
        """The verdicts by which the gravest decision was taken; none when everything was allowed."""
        return tuple(v for v in self.verdicts if v.mode is Mode.ENFORCE and v.decision is self.decision and v.decision)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens that a model read and wrote; `estimated` when the provider did not say."""

    into: int = 0
    out: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question. `text` is what the asker sees."""

    turn: str
    question: str
    outcome: Outcome
    text: str
    sentences: tuple[Sentence, ...] = ()
    passages: tuple[Passage, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    flag: str | None = None  # id of the review item, when a person was asked
    notice: str = ""  # what else the asker should know, such as a fall-back that answered
    model: str = ""
    prompt: str = ""  # name@version
    tokens: Tokens = Tokens()
    cost_usd: float | None = 0.0  # None: unknown price
    ms: Mapping[str, float] = field(default_factory=dict)  # milliseconds by step
    index_as_of: datetime | None = None
    trace: Trace | None = None  # None: nothing was searched for


@dataclass(frozen=True, slots=True)
class AnswerChunk:
    """A piece of a turn as it streams: the step it is in, sentences just released, and at the end the whole answer.

    Chunks add up, as LangChain wants of what a Runnable streams.
    """

    step: str | None = None  # checking, searching, reading, writing, done
    detail: str = ""  # what the step deals with, such as "1,204 passages"
    sentences: tuple[Sentence, ...] = ()
    answer: Answer | None = None  # on the last chunk

    def __add__(self, later: AnswerChunk) -> AnswerChunk:
        """Both chunks as one."""
        return AnswerChunk(
            later.step or self.step,
            later.detail or self.detail,
            self.sentences + later.sentences,
            later.answer or self.answer,
        )


@dataclass(frozen=True, slots=True)
class Review:
    """What a person decided of a flag."""

    verdict: str  # released or upheld
    note: str
    reviewer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Flag:
    """A snapshot of an answer that waits for a person, or that a person has decided."""

    id: str
    answer: Answer
    withheld: str  # the text that the asker was not shown, for the reviewer
    asker: str
    at: datetime
    review: Review | None = None
