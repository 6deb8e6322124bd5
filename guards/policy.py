"""Reading a policy: the defaults of policy.toml, a preset over them, and over both the tables of parapet.toml.

Reads and checks; runs nothing (rail.py). All faults are told at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from core import plugins
from core.domain import Decision, Mode, Stage
from core.errors import SettingsError
from guards.guard import Kit
from guards.rule import CHECKS, FOREIGN, SECONDS, Policy, Rule

FOLDER = Path(__file__).parent
USUAL = "balanced"  # the preset that policy.toml is
PRESETS = (USUAL, "lenient", "strict")
MOST_SECONDS = 300
KEYS = ("action", "enabled", "gate", "mode", "on_failure", "options", "seconds", "threshold")
ACTIONS = (Decision.REDACT, Decision.FLAG, Decision.HOLD, Decision.BLOCK)
ON_FAILURE = (Decision.ALLOW, Decision.FLAG, Decision.HOLD, Decision.BLOCK)
_COMPARED = ("threshold", "action", "mode", "on_failure", "gate", "seconds", "options")
_Tables = dict[str, dict[str, dict[str, Any]]]  # stage -> guard -> key -> value


@cache
def default_policy() -> Policy:
    """The policy that holds where nothing else is said."""
    return read_policy({})


def read_policy(tables: Mapping[str, Any]) -> Policy:
    """The policy that these tables (`[guards]` of parapet.toml) make; SettingsError names every fault.

    `preset` names the one they lie over; `collections.NAME.STAGE.GUARD` lies over the rest for one collection.
    """
    faults: list[str] = []
    preset = tables.get("preset", USUAL)
    if preset not in PRESETS:
        faults.append(f"guards.preset: must be one of {', '.join(PRESETS)}, not {preset!r}")
        preset = USUAL
    own = {stage: guards for stage, guards in tables.items() if stage not in {"preset", "collections"}}
    base = _over(_over(_tables("policy.toml"), _preset(preset), "guards", []), own, "guards", faults)
    rules = _rules(base, "guards", faults)
    collections = {
        name: _rules(_over(base, table, where, faults), where, faults, only=table)
        for name, table, where in _collections(tables.get("collections", {}), faults)
    }
    if faults:
        raise SettingsError(list(dict.fromkeys(faults)))
    return Policy(rules, collections, preset)


def deviations(policy: Policy) -> list[str]:
    """How a policy differs from the default, one line a difference."""
    lines = [] if policy.preset == USUAL else [f"guards.preset: {policy.preset} (default {USUAL})"]
    lines += _differences(policy.rules, default_policy().rules, "guards")
    for name, rules in policy.collections.items():
        lines += _differences(rules, policy.rules, f"guards.collections.{name}")
    return lines


def _differences(mine: tuple[Rule, ...], others: tuple[Rule, ...], where: str) -> list[str]:
    had = {(rule.stage, rule.guard): rule for rule in others}
    have = {(rule.stage, rule.guard): rule for rule in mine}
    lines = [f"{where}.{stage}.{guard}: turned off" for stage, guard in had if (stage, guard) not in have]
    for (stage, guard), rule in have.items():
        usual = had.get((stage, guard))
        if usual is None:
            lines.append(f"{where}.{stage}.{guard}: added ({_shown(rule.action)} at {rule.threshold})")
            continue
        for name in _COMPARED:
            value, default = getattr(rule, name), getattr(usual, name)
            if value != default:
                lines.append(f"{where}.{stage}.{guard}.{name}: {_shown(value)} (default {_shown(default)})")
    return lines


def check_tables(tables: Mapping[str, Any]) -> list[str]:
    """Every fault of these tables, each with what is allowed."""
    try:
        read_policy(tables)
    except SettingsError as error:
        return error.faults
    return []


def _tables(file: str) -> _Tables:
    tables: _Tables = tomllib.loads((FOLDER / file).read_text(encoding="utf-8"))
    return tables


def _preset(name: str) -> _Tables:
    return {} if name == USUAL else _tables(f"presets/{name}.toml")


def _collections(tables: Any, faults: list[str]) -> list[tuple[str, Mapping[str, Any], str]]:
    """(name, its tables, where they stand) of every collection with rules of its own."""
    if not isinstance(tables, Mapping):
        faults.append(f"guards.collections: must be tables [guards.collections.NAME.STAGE.GUARD], not {tables!r}")
        return []
    found = []
    for name, table in tables.items():
        where = f"guards.collections.{name}"
        if isinstance(table, Mapping):
            found.append((name, table, where))
        else:
            faults.append(f"{where}: must be tables [{where}.STAGE.GUARD], not {table!r}")
    return found


def _over(under: _Tables, tables: Mapping[str, Any], where: str, faults: list[str]) -> _Tables:
    """The one tables with the other laid over them, key by key, options name by name."""
    merged = {stage: dict(guards) for stage, guards in under.items()}
    for stage, guards in tables.items():
        if stage not in merged:
            faults.append(f"{where}.{stage}: no such stage (known: {', '.join(merged)})")
        elif not isinstance(guards, Mapping):
            faults.append(f"{where}.{stage}: must be tables [{where}.{stage}.NAME], not {guards!r}")
        else:
            for guard, values in guards.items():
                if not isinstance(values, Mapping):
                    faults.append(f"{where}.{stage}.{guard}: must be a table, not {values!r}")
                    continue
                below = merged[stage].get(guard, {})
                options = values.get("options", {})
                if isinstance(options, Mapping):
                    options = {**below.get("options", {}), **options}
                merged[stage][guard] = {**below, **values, "options": options}
    return merged


def _rules(tables: _Tables, where: str, faults: list[str], only: Mapping[str, Any] | None = None) -> tuple[Rule, ...]:
    """The rules of these tables; faults are told of those keys alone that stand in `only`, when it is given."""
    rules = []
    for stage, guards in tables.items():
        for guard, values in guards.items():
            at, wrong = f"{where}.{stage}.{guard}", list[str]()
            rule = _rule(Stage(stage), guard, values, at, wrong)
            if rule is not None:
                rules.append(rule)
            faults += wrong if only is None else _of(wrong, at, only.get(stage, {}).get(guard, {}))
    return tuple(rules)


def _of(faults: list[str], at: str, values: Any) -> list[str]:
    """The faults of these keys, and of the whole where there are any: others are told where they stand."""
    keys = list(values) if isinstance(values, Mapping) else []
    return [fault for fault in faults if any(fault.startswith((f"{at}.{key}", f"{at}:")) for key in keys)]


def _rule(stage: Stage, guard: str, values: Mapping[str, Any], where: str, faults: list[str]) -> Rule | None:
    """The rule that a table says; None when it is turned off or wrong, its faults added."""
    wrong = [f"{where}.{key}: no such key (known: {', '.join(KEYS)})" for key in values if key not in KEYS]
    threshold = values.get("threshold", 0.5)
    if type(threshold) not in (int, float) or not 0 <= threshold <= 1:
        wrong.append(f"{where}.threshold: must be a number from 0 to 1, not {threshold!r}")
    seconds = values.get("seconds", SECONDS)
    if type(seconds) not in (int, float) or not 0 < seconds <= MOST_SECONDS:
        wrong.append(f"{where}.seconds: must be a number above 0 and at most {MOST_SECONDS}, not {seconds!r}")
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
    return Rule(
        guard=guard,
        stage=stage,
        threshold=float(threshold),
        action=action,
        mode=Mode(mode),
        on_failure=on_failure,
        gate=values.get("gate", False),
        seconds=float(seconds),
        options=options,
    )


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
