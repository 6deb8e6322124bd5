"""A policy as values: which guards run where and what their findings lead to. policy.py reads it from tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.domain import Decision, Mode, Stage

CHECKS = "guards.checks"
SECONDS = 5.0  # for one guard and one text
FOREIGN = "guardrails:"  # guardrails:package.module:ClassName names any installed guardrails-ai validator


@dataclass(frozen=True, slots=True)
class Rule:
    """How one guard is used at one stage."""

    guard: str  # file name under guards/checks, or guardrails:package.module:ClassName
    stage: Stage
    threshold: float = 0.5  # fires at or above
    action: Decision = Decision.BLOCK  # what then happens
    mode: Mode = Mode.ENFORCE
    on_failure: Decision = Decision.BLOCK  # what happens when it can't judge
    gate: bool = False  # when it blocks, the guards after it don't run
    seconds: float = SECONDS  # after which it counts as unable to judge
    options: Mapping[str, Any] = field(default_factory=dict)  # the guard's own


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules in force, in the order they run."""

    rules: tuple[Rule, ...]
    collections: Mapping[str, tuple[Rule, ...]] = field(
        default_factory=dict
    )  # where a collection has its own: all of them
    preset: str = "balanced"

    def stage(self, stage: Stage, collection: str = "") -> tuple[Rule, ...]:
        """The rules of one stage, in the order they run; those of a collection where it has its own."""
        return tuple(rule for rule in self.collections.get(collection, self.rules) if rule.stage is stage)

    def every_rule(self) -> Iterator[Rule]:
        """All rules, those of collections too."""
        yield from self.rules
        for rules in self.collections.values():
            yield from rules

    def applying(self, stage: Stage, collections: Sequence[str] = ()) -> tuple[tuple[Rule, ...], ...]:
        """The rules for a text that concerns these collections, grouped by guard, in the order they run.

        Where they agree on a guard there is one rule; a guard that one of them turned off runs when another has it.
        """
        groups: dict[str, list[Rule]] = {}
        for collection in collections or ("",):
            for rule in self.stage(stage, collection):
                group = groups.setdefault(rule.guard, [])
                if rule not in group:
                    group.append(rule)
        return tuple(map(tuple, groups.values()))
