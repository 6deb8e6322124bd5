"""Runs the guards of a stage over one text and joins what they say. Every guard runs as a guardrails-ai validator.

Fails closed: a guard that can't judge gives the verdict that its rule names. No guard is known here by name.
"""

from __future__ import annotations

import math
import time
from threading import Lock
from typing import Any

from core import plugins
from core.domain import Decision, Mode, Screening, Span, Stage, Subject, Verdict
from core.errors import GuardFailure
from guards.guard import Finding, Kit
from guards.policy import CHECKS, FOREIGN, Policy, Rule
from guards.redaction import redact, within


class Rail:
    """The guards of a policy, ready to screen texts. Keeps no state between texts; may be shared by threads."""

    def __init__(self, policy: Policy, kit: Kit | None = None) -> None:
        """Borrow this kit for these rules. guardrails-ai is loaded at the first text, or by `warm`."""
        self.policy = policy
        self._kit = kit or Kit()
        self._validators: dict[Stage, tuple[Any, ...]] = {}
        self._lock = Lock()

    def stage(self, stage: Stage) -> tuple[Rule, ...]:
        """The rules of one stage, in the order they run."""
        return self.policy.stage(stage)

    def warm(self) -> None:
        """Build every guard now; SettingsError when a validator that the policy names can't be made."""
        for stage in Stage:
            self._of(stage)

    def screen(self, subject: Subject) -> Screening:
        """Judge a text by every guard of its stage; the gravest decision that is enforced holds."""
        verdicts: list[Verdict] = []
        for rule, validator in zip(self.stage(subject.stage), self._of(subject.stage), strict=True):
            verdict = _verdict(rule, validator, subject)
            verdicts.append(verdict)
            if rule.gate and verdict.mode is Mode.ENFORCE and verdict.decision is Decision.BLOCK:
                break
        enforced = [verdict for verdict in verdicts if verdict.mode is Mode.ENFORCE]
        spans = [span for verdict in enforced if verdict.decision is Decision.REDACT for span in verdict.spans]
        return Screening(
            text=redact(subject.text, spans),
            verdicts=tuple(verdicts),
            decision=max((verdict.decision for verdict in enforced), default=Decision.ALLOW),
        )

    def _of(self, stage: Stage) -> tuple[Any, ...]:
        """The validators of a stage, one a rule, built once."""
        with self._lock:
            if stage not in self._validators:
                self._validators[stage] = tuple(self._build(rule) for rule in self.stage(stage))
            return self._validators[stage]

    def _build(self, rule: Rule) -> Any:
        from guards import validators  # loads guardrails-ai: not before there is something to judge

        if rule.guard.startswith(FOREIGN):
            return validators.installed(rule.guard, rule.options)
        guard = plugins.load(CHECKS, rule.guard).build(rule.options, self._kit)
        return validators.as_validator(rule.guard, guard, rule.threshold, stage=rule.stage)


def _verdict(rule: Rule, validator: Any, subject: Subject) -> Verdict:
    """What the rule makes of what its guard finds."""
    from guards import validators

    began = time.perf_counter()
    try:
        finding = _sound(validators.run(validator, subject))
    except Exception as error:  # noqa: BLE001  whatever breaks in a guard must not let the text pass unjudged
        why = str(error) if isinstance(error, GuardFailure) else f"{type(error).__name__}"
        finding = Finding(None, f"The guard {rule.guard} could not judge this: {why.rstrip('.')}.")
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
        ms=(time.perf_counter() - began) * 1000,
    )


def _decision(rule: Rule, finding: Finding) -> Decision:
    if finding.score is None:
        return rule.on_failure
    return rule.action if finding.score >= rule.threshold else Decision.ALLOW


def _sound(finding: Finding) -> Finding:
    """The finding, when its score is one; a score outside 0 to 1 is a guard's mistake."""
    if finding.score is not None and not (math.isfinite(finding.score) and 0 <= finding.score <= 1):
        raise GuardFailure(f"its score is not between 0 and 1: {finding.score}")
    return finding
