"""The door of guardrails-ai: our guards as its validators, and its validators as our guards. Its types stop here.

A validator is called by `validate(text, metadata)` directly: a `guardrails.Guard` skips empty text, keeps the raw text
of its last calls, and its streaming shares one buffer between askers. Anyone may still put the validators made here
into a `guardrails.Guard` of their own.
"""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from core import plugins
from core.domain import Span, Stage, Subject
from core.errors import GuardFailure, SettingsError, UsageError
from core.quiet import quiet
from guards.guard import Finding, Guard, Kit, Preparing, storable
from guards.policy import default_policy
from guards.redaction import redact, within
from guards.rule import CHECKS, FOREIGN, Rule

quiet()

from guardrails.validator_base import FailResult, PassResult, Validator, register_validator  # noqa: E402
from guardrails_ai.types import ErrorSpan  # noqa: E402

PREFIX = "parapet/"


class GuardValidator(Validator):  # type: ignore[misc]
    """A guard of Parapet as a guardrails-ai validator. `metadata` may hold the fields of a Subject."""

    def __init__(
        self, guard: Guard, *, stage: Stage, threshold: float, on_fail: str | None = "noop", **kwargs: Any
    ) -> None:
        super().__init__(on_fail=on_fail, threshold=threshold, stage=stage.value, **kwargs)
        self._guard = guard
        self._stage = stage
        self._threshold = threshold
        # guardrails-ai would share this buffer between every stream that uses the validator
        self.accumulated_chunks = ()

    def _validate(self, value: Any, metadata: dict[str, Any] | None = None) -> PassResult | FailResult:
        """Judge; fails at or above the threshold, or when the guard could not. The finding rides in `metadata`."""
        text, metadata = str(value), metadata or {}
        subject = Subject(
            text=text,
            stage=Stage(metadata.get("stage", self._stage)),
            question=str(metadata.get("question", "")),
            passages=tuple(metadata.get("passages", ())),
            asker=str(metadata.get("asker", "")),
            collections=tuple(metadata.get("collections", ())),
            canary=str(metadata.get("canary", "")),
        )
        finding = self._guard.judge(subject)
        carried = {"finding": finding, "score": finding.score}
        if finding.score is not None and finding.score < self._threshold:
            return PassResult(metadata=carried)
        spans = within(text, finding.spans)
        return FailResult(
            error_message=storable(finding.reason),
            fix_value=redact(text, spans or [Span(0, len(text))]),
            error_spans=[ErrorSpan(start=s.start, end=s.end, reason=s.label) for s in spans],
            metadata=carried,
        )

    def prepare(self, subject: Subject) -> None:
        """Let the guard do what it can before the texts come, when it is one that does."""
        if isinstance(self._guard, Preparing):
            self._guard.prepare(subject)

    def validate_stream(self, *args: Any, **kwargs: Any) -> Any:
        """Not offered: its buffer lives on the validator, where the next asker would find it."""
        raise UsageError("Parapet's validators don't stream: cut the text with guards.stream and validate each piece.")


@cache
def _class(name: str) -> type[GuardValidator]:
    """The validator class of a guard, registered as `parapet/NAME`."""
    made = type(f"{name.title().replace('_', '')}Validator", (GuardValidator,), {"__doc__": f"Guard `{name}`."})
    registered: type[GuardValidator] = register_validator(name=PREFIX + name, data_type="string")(made)
    return registered


def as_validator(
    name: str,
    guard: Guard | None = None,
    threshold: float | None = None,
    *,
    stage: Stage | str | None = None,
    kit: Kit | None = None,
    options: Mapping[str, Any] | None = None,
    on_fail: str | None = "noop",
) -> Validator:
    """The guard of this name as a guardrails-ai validator; what isn't given is taken from the default policy."""
    if guard is None or threshold is None or stage is None:
        rules = [rule for rule in default_policy().rules if rule.guard == name and stage in (None, rule.stage)]
        usual = rules[0] if rules else Rule(name, Stage(stage or min(plugins.load(CHECKS, name).STAGES)))
        stage = stage or usual.stage
        threshold = usual.threshold if threshold is None else threshold
        if guard is None:
            chosen = usual.options if options is None else options
            guard = plugins.load(CHECKS, name).build(chosen, kit or Kit())
    stage = Stage(stage)
    return _class(name)(guard, stage=stage, threshold=threshold, on_fail=on_fail)


def installed(name: str, options: Mapping[str, Any] | None = None) -> Validator:
    """Any installed validator, by `guardrails:package.module:ClassName`; SettingsError when it can't be made."""
    module, _, kind = name.removeprefix(FOREIGN).partition(":")
    try:
        made = getattr(importlib.import_module(module), kind)
    except (ImportError, AttributeError) as error:
        raise SettingsError([f"{name}: can't be found ({error}); is the package installed?"]) from error
    if not (isinstance(made, type) and issubclass(made, Validator)):
        raise SettingsError([f"{name}: is not a guardrails-ai Validator"])
    try:
        return made(**{"on_fail": "noop", **(options or {})})
    except Exception as error:
        raise SettingsError([f"{name}: can't be made with these options: {error}"]) from error


def run(validator: Validator, subject: Subject) -> Finding:
    """What a validator finds in a text. A foreign one knows only pass (0.0) and fail (1.0)."""
    metadata = {**dataclasses.asdict(subject), "stage": subject.stage.value, "passages": list(subject.passages)}
    del metadata["text"]
    missing = [key for key in validator.required_metadata_keys if key not in metadata]
    if missing:
        raise GuardFailure(f"{validator.rail_alias} needs metadata that a guard here doesn't get: {', '.join(missing)}")
    result = validator.validate(subject.text, metadata)
    finding = (result.metadata or {}).get("finding")
    if isinstance(finding, Finding):
        return finding
    if isinstance(result, PassResult):
        return Finding(0.0, f"{validator.rail_alias} passed it.")
    if not isinstance(result, FailResult):
        raise GuardFailure(f"{validator.rail_alias} gave no result that can be read: {type(result).__name__}")
    # no labels: a foreign reason may repeat the very words that are to be removed
    spans = tuple(Span(s.start, s.end) for s in result.error_spans or ())
    return Finding(1.0, result.error_message, spans)
