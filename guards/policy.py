"""Which guards run at which stage and what their findings lead to: defaults of policy.toml under those of parapet.toml.

Reads and checks; runs nothing (rail.py). All faults are told at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from core import plugins
from core.domain import Decision, Mode, Stage
from core.errors import SettingsError
from guards.guard import Kit

CHECKS = "guards.checks"
FOREIGN = "guardrails:"  # guardrails:package.module:ClassName names any installed guardrails-ai validator
DEFAULTS = Path(__file__).with_name("policy.toml")
KEYS = ("action", "enabled", "gate", "mode", "on_failure", "options", "threshold")
ACTIONS = (Decision.REDACT, Decision.FLAG, Decision.HOLD, Decision.BLOCK)
ON_FAILURE = (Decision.ALLOW, Decision.FLAG, Decision.HOLD, Decision.BLOCK)


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
    options: Mapping[str, Any] = field(default_factory=dict)  # the guard's own


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules in force, in the order they run."""

    rules: tuple[Rule, ...]

    def stage(self, stage: Stage) -> tuple[Rule, ...]:
        """The rules of one stage, in the order they run."""
        return tuple(rule for rule in self.rules if rule.stage is stage)

    def deviations(self) -> list[str]:
        """How this policy differs from the default, one line a difference."""
        usual = {(rule.stage, rule.guard): rule for rule in default_policy().rules}
        mine = {(rule.stage, rule.guard): rule for rule in self.rules}
        lines = [f"guards.{stage}.{guard}: turned off" for stage, guard in usual if (stage, guard) not in mine]
        for (stage, guard), rule in mine.items():
            if (stage, guard) not in usual:
                lines.append(f"guards.{stage}.{guard}: added ({_shown(rule.action)} at {rule.threshold})")
                continue
            for name in ("threshold", "action", "mode", "on_failure", "gate", "options"):
                value, default = getattr(rule, name), getattr(usual[stage, guard], name)
                if value != default:
                    lines.append(f"guards.{stage}.{guard}.{name}: {_shown(value)} (default {_shown(default)})")
        return lines


@cache
def default_policy() -> Policy:
    """The policy that holds where nothing else is said."""
    return read_policy({})


def read_policy(tables: Mapping[str, Any]) -> Policy:
    """The defaults with these tables (`[guards.…]` of parapet.toml) laid over them; SettingsError names every fault."""
    faults: list[str] = []
    rules = []
    for stage, guards in _merged(tables, faults).items():
        for guard, values in guards.items():
            rule = _rule(Stage(stage), guard, values, faults)
            if rule is not None:
                rules.append(rule)
    if faults:
        raise SettingsError(faults)
    return Policy(tuple(rules))


def check_tables(tables: Mapping[str, Any]) -> list[str]:
    """Every fault of these tables, each with what is allowed."""
    try:
        read_policy(tables)
    except SettingsError as error:
        return error.faults
    return []


def _merged(tables: Mapping[str, Any], faults: list[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """The default tables with the given ones over them, key by key, options name by name."""
    merged: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    for stage, guards in tables.items():
        if stage not in merged:
            faults.append(f"guards.{stage}: no such stage (known: {', '.join(merged)})")
        elif not isinstance(guards, Mapping):
            faults.append(f"guards.{stage}: must be tables [guards.{stage}.NAME], not {guards!r}")
        else:
            for guard, values in guards.items():
                if not isinstance(values, Mapping):
                    faults.append(f"guards.{stage}.{guard}: must be a table, not {values!r}")
                    continue
                under = merged[stage].get(guard, {})
                options = values.get("options", {})
                if isinstance(options, Mapping):
                    options = {**under.get("options", {}), **options}
                merged[stage][guard] = {**under, **values, "options": options}
    return merged


def _rule(stage: Stage, guard: str, values: Mapping[str, Any], faults: list[str]) -> Rule | None:
    """The rule that a table says; None when it is turned off or wrong, its faults added."""
    where = f"guards.{stage}.{guard}"
    wrong = [f"{where}.{key}: no such key (known: {', '.join(KEYS)})" for key in values if key not in KEYS]
    threshold = values.get("threshold", 0.5)
    if type(threshold) not in (int, float) or not 0 <= threshold <= 1:
        wrong.append(f"{where}.threshold: must be a number from 0 to 1, not {threshold!r}")
    action = _named(values, "action", ACTIONS, Decision.BLOCK, where, wrong)
    on_failure = _named(values, "on_failure", ON_FAILURE, Decision.BLOCK, where, wrong)
    mode = values.get("mode", Mode.ENFORCE)
    if mode not in list(Mode):
        wrong.append(f"{where}.mode: must be one of {', '.join(Mode)}, not {mode!r}")
    for key, default in (("enabled", True), ("gate", False)):
        if not isinstance(values.get(key, default), bool):
            wrong.append(f"{where}.{key}: must be true or false, not {values[key]!r}")
    options = values.get("options", {})
    if not isinstance(options, Mapping):
        wrong.append(f"{where}.options: must be a table, not {options!r}")
    else:
        wrong += _guard_faults(stage, guard, options, where)
    faults.extend(wrong)
    if wrong or not values.get("enabled", True):
        return None
    return Rule(guard, stage, float(threshold), action, Mode(mode), on_failure, values.get("gate", False), options)


def _named(
    values: Mapping[str, Any], key: str, allowed: tuple[Decision, ...], default: Decision, where: str, wrong: list[str]
) -> Decision:
    names = {decision.label: decision for decision in allowed}
    given = values.get(key, default.label)
    if not isinstance(given, str) or given not in names:
        wrong.append(f"{where}.{key}: must be one of {', '.join(names)}, not {given!r}")
        return default
    return names[given]


def _guard_faults(stage: Stage, guard: str, options: Mapping[str, Any], where: str) -> list[str]:
    """What is wrong with the guard's name, its place or its options."""
    if guard.startswith(FOREIGN):
        parts = guard.removeprefix(FOREIGN).split(":")
        named = len(parts) == 2 and all(word.isidentifier() for word in [*parts[0].split("."), parts[1]])
        return [] if named else [f'{where}: write "guardrails:package.module:ClassName" for a guardrails-ai validator']
    if guard not in plugins.names(CHECKS):
        return [f"{where}: no such guard (known: {', '.join(plugins.names(CHECKS))}, guardrails:package.module:Class)"]
    check = plugins.load(CHECKS, guard)
    if stage not in check.STAGES:
        return [f"{where}: this guard does not stand there (it can at: {', '.join(sorted(check.STAGES))})"]
    try:
        check.build(options, Kit())
    except SettingsError as error:
        return [f"{where}.options.{fault}" for fault in error.faults]
    return []


def _shown(value: Any) -> str:
    if isinstance(value, Decision):
        return value.label
    return str(dict(value)) if isinstance(value, Mapping) else str(value)
