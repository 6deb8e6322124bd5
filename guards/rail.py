"""Runs the guards of a stage over one text and joins what they say. Every guard runs as a guardrails-ai validator.

Fails closed: a guard that can't judge, or not in its time, gives the verdict that its rule names. No guard is known
here by name.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import Any

from core import plugins
from core.domain import Decision, Mode, Screening, Span, Stage, Subject, Verdict
from core.errors import GuardFailure, ParapetError
from guards.deadline import each_within
from guards.guard import Finding, Kit
from guards.redaction import redact, within
from guards.rule import CHECKS, FOREIGN, Policy, Rule

ADVICE = "Rephrase it, or ask a person."
ADVICE_UNJUDGED = "Try again; if that does not help, tell the people who run this."
_Key = tuple[str, Stage, str]


class Rail:
    """The guards of a policy, ready to screen texts. Keeps no state between texts; may be shared by threads."""

    def __init__(self, policy: Policy | Callable[[], Policy], kit: Kit | None = None) -> None:
        """Borrow this kit for these rules, or for those of a call. Vendors load at the first text or by `warm`."""
        self._policy: Callable[[], Policy] = (lambda: policy) if isinstance(policy, Policy) else policy
        self._kit = kit or Kit()
        self._validators: dict[_Key, Any] = {}
        self._loaded = False
        self._lock = Lock()

    @property
    def policy(self) -> Policy:
        """The policy in force now."""
        return self._policy()

    def warm(self) -> None:
        """Build every guard now; SettingsError when a validator that the policy names can't be made."""
        for rule in self.policy.every_rule():
            self._validator(rule)

    def prepare(self, subject: Subject) -> None:
        """Let the guards of this stage do what they can before its texts come: their passages are known."""
        for rules in self.policy.applying(subject.stage, subject.collections):
            for rule in rules:
                self._prepared(rule, subject)

    def screen(self, subject: Subject) -> Screening:
        """Judge a text by every guard of its stage; the gravest decision that is enforced holds.

        Where collections have rules of their own for one guard, the gravest of their verdicts counts.
        """
        applying = self.policy.applying(subject.stage, subject.collections)
        self._get_ready(applying)
        verdicts = each_within(
            lambda first: self._verdicts(applying[first:], subject),
            [max(rule.seconds for rule in rules) for rules in applying],
            lambda late: _late(applying[late], subject),
        )
        verdicts = _up_to_gate(applying, verdicts)
        enforced = [verdict for verdict in verdicts if verdict.mode is Mode.ENFORCE]
        spans = [span for verdict in enforced if verdict.decision is Decision.REDACT for span in verdict.spans]
        return Screening(
            text=redact(subject.text, spans),
            verdicts=tuple(verdicts),
            decision=max((verdict.decision for verdict in enforced), default=Decision.ALLOW),
        )

    def _get_ready(self, applying: tuple[tuple[Rule, ...], ...]) -> None:
        """Load what guards need before their time begins to run: a first text must not be refused for that."""
        if not self._loaded and self._kit.embedder is not None:
            self._kit.embed(["ready"])
        self._loaded = True
        for rule in (rule for rules in applying for rule in rules):
            if self._key(rule) not in self._validators:
                with suppress(Exception):  # it is told when the guard is to judge
                    self._prepared(rule, Subject("", rule.stage))

    def _prepared(self, rule: Rule, subject: Subject) -> None:
        preparing = getattr(self._validator(rule), "prepare", None)
        if preparing is not None:
            preparing(subject)

    def _verdicts(self, applying: tuple[tuple[Rule, ...], ...], subject: Subject) -> Iterator[Verdict]:
        """One verdict a guard, up to one that bars the way to those after it."""
        for rules in applying:
            verdict = max((self._verdict(rule, subject) for rule in rules), key=_gravity)
            yield verdict
            if _bars(rules, verdict):
                return

    def _verdict(self, rule: Rule, subject: Subject) -> Verdict:
        """What the rule makes of what its guard finds."""
        from guards import validators  # loads guardrails-ai: not before there is something to judge

        began = time.perf_counter()
        try:
            finding = _sound(validators.run(self._validator(rule), subject))
        except Exception as error:  # noqa: BLE001  whatever breaks in a guard must not let the text pass unjudged
            finding = _failed(rule, str(error) if isinstance(error, ParapetError) else type(error).__name__)
        return replace(_decided(rule, finding, subject), ms=(time.perf_counter() - began) * 1000)

    def _validator(self, rule: Rule) -> Any:
        """The validator of a rule; one serves all rules that differ only in what its finding leads to."""
        key = self._key(rule)
        with self._lock:
            if key not in self._validators:
                self._validators[key] = self._build(rule)
            return self._validators[key]

    @staticmethod
    def _key(rule: Rule) -> _Key:
        return rule.guard, rule.stage, repr(sorted(rule.options.items()))

    def _build(self, rule: Rule) -> Any:
        from guards import validators

        if rule.guard.startswith(FOREIGN):
            return validators.installed(rule.guard, rule.options)
        guard = plugins.load(CHECKS, rule.guard).build(rule.options, self._kit)
        return validators.as_validator(rule.guard, guard, rule.threshold, stage=rule.stage)


def _decided(rule: Rule, finding: Finding, subject: Subject) -> Verdict:
    spans = within(subject.text, finding.spans)
    decision = _decision(rule, finding)
    if decision is Decision.REDACT and not spans:
        spans = (Span(0, len(subject.text)),)  # it fired and can't say where: nothing of the text may pass
    return Verdict(
        guard=rule.guard,
        stage=rule.stage,
        decision=decision,
        score=finding.score,
        threshold=rule.threshold,
        reason=finding.reason,
        spans=spans,
        mode=rule.mode,
        advice=_advice(rule.guard, finding) if decision else "",
    )


def _advice(guard: str, finding: Finding) -> str:
    """What the asker can do when this guard fires, or could not judge."""
    if finding.score is None:
        return ADVICE_UNJUDGED
    return ADVICE if guard.startswith(FOREIGN) else str(plugins.load(CHECKS, guard).ADVICE)


def _gravity(verdict: Verdict) -> tuple[bool, Decision]:
    return verdict.mode is Mode.ENFORCE, verdict.decision


def _bars(rules: tuple[Rule, ...], verdict: Verdict) -> bool:
    """Whether the guards after this one need not run."""
    return any(r.gate for r in rules) and verdict.mode is Mode.ENFORCE and verdict.decision is Decision.BLOCK


def _up_to_gate(applying: tuple[tuple[Rule, ...], ...], verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts up to one that bars the way, also when it came of a guard that was late."""
    for place, (rules, verdict) in enumerate(zip(applying, verdicts, strict=False)):
        if _bars(rules, verdict):
            return verdicts[: place + 1]
    return verdicts


def _late(rules: tuple[Rule, ...], subject: Subject) -> Verdict:
    """The verdict in place of one that did not come in time."""
    late = [
        replace(_decided(rule, _failed(rule, f"it took more than {rule.seconds:g} s"), subject), ms=rule.seconds * 1000)
        for rule in rules
    ]
    return max(late, key=_gravity)


def _failed(rule: Rule, why: str) -> Finding:
    return Finding(None, f"The guard {rule.guard} could not judge this: {why.rstrip('.')}.")


def _decision(rule: Rule, finding: Finding) -> Decision:
    if finding.score is None:
        return rule.on_failure
    return rule.action if finding.score >= rule.threshold else Decision.ALLOW


def _sound(finding: Finding) -> Finding:
    """The finding, when its score is one; a score outside 0 to 1 is a guard's mistake."""
    if finding.score is not None and not (math.isfinite(finding.score) and 0 <= finding.score <= 1):
        raise GuardFailure(f"its score is not between 0 and 1: {finding.score}")
    return finding
