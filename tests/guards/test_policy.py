"""The policy: defaults, tables laid over them, and every fault told at once."""

import pytest

from core.domain import Decision, Mode, Stage
from core.errors import SettingsError
from guards.policy import PRESETS, check_tables, default_policy, deviations, read_policy


def rule(tables: dict, stage: Stage, guard: str):  # type: ignore[type-arg, no-untyped-def]
    """The rule of one guard under these tables."""
    return next(r for r in read_policy(tables).stage(stage) if r.guard == guard)


def test_the_default_holds_where_nothing_is_said() -> None:
    """An empty table gives the shipped policy, which deviates from itself in nothing."""
    assert read_policy({}) == default_policy()
    assert deviations(default_policy()) == []
    assert default_policy().stage(Stage.INPUT)[0].guard == "length"


def test_a_table_changes_only_the_keys_that_it_names() -> None:
    """A threshold of one's own leaves action and mode as they were."""
    changed = rule({"input": {"injection": {"threshold": 0.9}}}, Stage.INPUT, "injection")
    assert (changed.threshold, changed.action, changed.mode) == (0.9, Decision.BLOCK, Mode.ENFORCE)


def test_options_are_laid_over_the_defaults_name_by_name() -> None:
    """An option of a guard replaces the default of the same name."""
    assert rule({"input": {"length": {"options": {"characters": 9}}}}, Stage.INPUT, "length").options == {
        "characters": 9,
        "tokens": 4000,
    }


def test_a_guard_that_is_turned_off_is_gone_and_said() -> None:
    """`enabled = false` removes the rule; the deviations name it."""
    policy = read_policy({"output": {"links": {"enabled": False}}})
    assert "links" not in [r.guard for r in policy.stage(Stage.OUTPUT)]
    assert deviations(policy) == ["guards.output.links: turned off"]


def test_deviations_name_the_value_and_its_default() -> None:
    """`parapet doctor` can say what differs from the shipped policy."""
    policy = read_policy({"output": {"groundedness": {"action": "flag", "mode": "shadow"}}})
    assert deviations(policy) == [
        "guards.output.groundedness.action: flag (default hold)",
        "guards.output.groundedness.mode: shadow (default enforce)",
    ]


def test_a_foreign_validator_can_be_added() -> None:
    """A quoted key names any guardrails-ai validator; nothing of it is imported yet."""
    policy = read_policy({"output": {"guardrails:some.package:Check": {"action": "flag"}}})
    assert deviations(policy) == ["guards.output.guardrails:some.package:Check: added (flag at 0.5)"]


def test_every_fault_is_told_at_once_with_what_is_allowed() -> None:
    """Wrong stages, guards, keys, values and options each give a line."""
    faults = check_tables(
        {
            "inputs": {},
            "output": 3,
            "context": {"nonsense": {}, "length": {}, "guardrails:oops": {}, "personal_data": 7},
            "input": {
                "injection": {"threshold": 2, "action": "explode", "mode": "loud", "on_failure": "redact", "colour": 1},
                "length": {"enabled": "yes", "options": {"characters": -1, "words": 3}},
                "secrets": {"options": 5},
            },
        }
    )
    told = "\n".join(faults)
    for part in (
        "guards.inputs: no such stage (known: input, context, output)",
        "guards.output: must be tables",
        "guards.context.nonsense: no such guard (known: ",
        "guards.context.length: this guard does not stand there (it can at: input)",
        'guards.context.guardrails:oops: write "guardrails:package.module:ClassName"',
        "guards.context.personal_data: must be a table",
        "guards.input.injection.threshold: must be a number from 0 to 1, not 2",
        "guards.input.injection.action: must be one of redact, flag, hold, block, not 'explode'",
        "guards.input.injection.mode: must be one of enforce, shadow, not 'loud'",
        "guards.input.injection.on_failure: must be one of allow, flag, hold, block, not 'redact'",
        "guards.input.injection.colour: no such key (known: ",
        "guards.input.length.enabled: must be true or false",
        "guards.input.length.options.characters: must be a whole number above 0, not -1",
        "guards.input.length.options.words: no such option (known: characters, tokens)",
        "guards.input.secrets.options: must be a table",
    ):
        assert part in told
    assert len(faults) == 15
    with pytest.raises(SettingsError):
        read_policy({"inputs": {}})


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_a_sound_policy(preset: str) -> None:
    """Each preset can be read, and is named among the deviations unless it is the usual one."""
    policy = read_policy({"preset": preset})
    assert policy.preset == preset
    assert [rule.guard for rule in policy.rules] == [rule.guard for rule in default_policy().rules]
    assert any("guards.preset" in line for line in deviations(policy)) == (preset != "balanced")


def test_presets_go_from_lenient_to_strict() -> None:
    """No guard fires later under the strict preset than under the usual one, nor earlier under the lenient one."""
    strict, usual, lenient = (read_policy({"preset": name}).rules for name in ("strict", "balanced", "lenient"))
    assert all(a.threshold <= b.threshold <= c.threshold for a, b, c in zip(strict, usual, lenient, strict=True))
    assert any(a.threshold < b.threshold for a, b in zip(strict, usual, strict=True))
    assert any(b.threshold < c.threshold for b, c in zip(usual, lenient, strict=True))


def test_tables_lie_over_the_preset() -> None:
    """What parapet.toml says of a guard counts more than the preset."""
    changed = rule({"preset": "strict", "input": {"injection": {"threshold": 0.95}}}, Stage.INPUT, "injection")
    assert changed.threshold == 0.95


def test_a_collection_can_have_rules_of_its_own() -> None:
    """Texts that concern it are judged by them, all others by the rest of the policy."""
    policy = read_policy({"collections": {"hr": {"input": {"injection": {"threshold": 0.9}}}}})

    def threshold(*collections: str) -> list[float]:
        return [
            rule.threshold
            for rules in policy.applying(Stage.INPUT, collections)
            for rule in rules
            if rule.guard == "injection"
        ]

    usual = rule({}, Stage.INPUT, "injection").threshold
    assert threshold("hr") == [0.9]
    assert threshold() == threshold("it") == threshold("it", "sales") == [usual]
    assert threshold("hr", "it") == [0.9, usual]
    assert deviations(policy) == [f"guards.collections.hr.input.injection.threshold: 0.9 (default {usual})"]


def test_a_guard_off_in_one_collection_still_runs_for_the_other() -> None:
    """A text that concerns two collections is judged by every guard that one of them has."""
    policy = read_policy({"collections": {"hr": {"input": {"injection": {"enabled": False}}}}})
    named = {key: [rules[0].guard for rules in policy.applying(Stage.INPUT, key)] for key in (("hr",), ("hr", "it"))}
    assert "injection" not in named["hr",]
    assert "injection" in named["hr", "it"]


def test_faults_of_presets_collections_and_times_are_named() -> None:
    """A wrong preset, a wrong key of a collection's guard and a wrong time limit say where they stand."""
    faults = check_tables(
        {
            "preset": "careless",
            "collections": {"hr": {"input": {"injection": {"treshold": 0.9}}, "upload": {}}, "it": 3},
            "input": {"injection": {"seconds": 0}},
        }
    )
    assert sorted(fault.split(": ")[0] for fault in faults) == [
        "guards.collections.hr.input.injection.treshold",
        "guards.collections.hr.upload",
        "guards.collections.it",
        "guards.input.injection.seconds",
        "guards.preset",
    ]
