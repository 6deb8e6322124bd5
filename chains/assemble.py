"""The one place that wires: settings in, everything that answers out. Nothing below it builds its neighbour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chains.assistant import Assistant
from chains.budget import budget_of
from chains.composing import Composer
from chains.configuration import PROVIDERS
from chains.gate import EvidenceGate, read_weights
from chains.ingestion import open_library
from chains.judging import judge_of
from chains.memory import Memory
from chains.parts import Parts
from chains.prompt import load_prompt
from chains.retrieve import IndexRetriever
from chains.turns import TurnRunner, TurnStore
from core import plugins
from core.activity import AskerActivity
from core.database import Database
from core.domain import Stage, Subject
from core.keys import KeyRing
from core.ports import Embedder
from core.settings import Settings
from core.telemetry import Telemetry
from guards.classifier import trusted_classifiers
from guards.flags import FlagDesk
from guards.guard import Kit
from guards.live import LivePolicy
from guards.policy import read_policy
from guards.rail import Rail
from guards.rule import Policy
from guards.statistics import GuardTally
from ingest.embed import open_embedder
from ingest.index import Library
from ingest.quarantine import Quarantine
from ingest.remember import RememberingEmbedder


@dataclass(frozen=True, slots=True)
class Parapet:
    """Everything, wired."""

    settings: Settings
    database: Database
    embedder: Embedder
    library: Library
    rail: Rail
    live: LivePolicy | None
    flags: FlagDesk
    tally: GuardTally
    quarantine: Quarantine
    assistant: Assistant
    retriever: IndexRetriever
    turns: TurnStore
    runner: TurnRunner
    keys: KeyRing
    telemetry: Telemetry

    @property
    def policy(self) -> Policy:
        """The guards' policy in force now."""
        return self.rail.policy

    def warm(self) -> None:
        """Load what the first question would wait for: embedding model, guards, index."""
        self.embedder.embed(["warm"])
        self.rail.warm()
        for stage in Stage:
            self.rail.prepare(Subject("", stage))
        self.rail.screen(Subject("warm", Stage.INPUT))
        self.library.search("warm", 1)

    def close(self) -> None:
        """Let running turns end and give everything back."""
        self.runner.close()
        self.database.close()


def assemble(settings: Settings, live: LivePolicy | None = None) -> Parapet:
    """Wire everything by these settings; models and index are loaded at their first use.

    `live` is the guards' policy where it is to follow its file; else the settings' own holds.
    """
    database = Database(settings.database)
    embedder = RememberingEmbedder(open_embedder(settings))
    library = open_library(settings, database, embedder)
    flags, tally, activity = FlagDesk(database), GuardTally(database), AskerActivity(database)
    retriever = IndexRetriever(library=library, passages=settings.passages)
    provider, _, name = settings.model.partition(":")
    fallback = plugins.load(PROVIDERS, "extractive").build(settings, "", embedder)
    model = fallback if provider == "extractive" else plugins.load(PROVIDERS, provider).build(settings, name, embedder)
    prompt, budget = load_prompt(settings.prompt), budget_of(settings)
    kit = Kit(
        embedder=embedder,
        judge=judge_of(model, settings.model_timeout_seconds),
        nearness=library.nearest,
        activity=activity,
        hidden=(prompt.instructions,),
        classifier=trusted_classifiers(settings),
    )
    rail = Rail(live or read_policy(settings.guards), kit)
    parts = Parts(
        library=library,
        retriever=retriever,
        rail=rail,
        gate=evidence_gate(library, embedder),
        evidence_threshold=settings.evidence_threshold,
        prompt=prompt,
        composer=Composer(prompt, budget, Memory(model, budget.count)),
        model=model,
        model_name=settings.model,
        fallback=fallback,
        flags=flags,
        tally=tally,
        activity=activity,
        model_timeout_seconds=settings.model_timeout_seconds,
    )
    telemetry = Telemetry()
    assistant = Assistant(parts, telemetry)
    turns = TurnStore(database)
    return Parapet(
        settings=settings,
        database=database,
        embedder=embedder,
        library=library,
        rail=rail,
        live=live,
        flags=flags,
        tally=tally,
        quarantine=Quarantine(library),
        assistant=assistant,
        retriever=retriever,
        turns=turns,
        runner=TurnRunner(assistant, turns),
        keys=KeyRing(database),
        telemetry=telemetry,
    )


def evidence_gate(library: Library, embedder: Embedder) -> EvidenceGate:
    """The evidence gate over this library, with the shipped weights."""

    def frequencies(stems: Sequence[str], reader: str | None) -> tuple[list[int], int]:
        return library.document_frequency(stems, reader), library.size(reader)[1]

    return EvidenceGate(embedder, frequencies, read_weights())
