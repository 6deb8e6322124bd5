"""Runs single guards over labelled texts and makes figures of what they say. What `parapet eval guards` calls.

Each text goes through the rail with the one guard's rule, as in a turn: the same validator, time limit and errors.
What a guard can't judge is unscored and no part of the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from chains.assemble import Parapet
from chains.prompt import load_prompt
from core.domain import Mode, Span, Stage, Subject, Verdict
from eval.bootstrap import Interval, interval
from eval.guard_metrics import Value, measures
from eval.guard_sets import GuardSet, Labelled
from eval.guard_spans import Pieces, columns, f1, kind_of_type, match, precision, recall
from guards.guard import Kit
from guards.rail import Rail
from guards.rule import Policy, Rule

Tell = Callable[[str], None]
OF_SOURCE = ("auroc", "true_positive_rate@1", "recall", "let_through")  # the figures that are told by source
WARM = "How long is the way to the station?"
_PIECES = {"precision": precision, "recall": recall, "f1": f1}


@dataclass(frozen=True, slots=True)
class GuardFigure:
    """One figure with its 95 % interval."""

    name: str
    value: float | None  # None: these texts can't tell
    interval: Interval | None  # by bootstrap over the texts; None: too few


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """The figures of one source, or of one kind of pieces."""

    name: str
    texts: int  # or pieces
    risky: int
    figures: tuple[GuardFigure, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the guard said of one text."""

    labelled: Labelled
    score: float | None  # None: it could not judge
    reason: str
    spans: tuple[Span, ...]
    ms: float


@dataclass(frozen=True, slots=True)
class GuardRun:
    """One guard over one set."""

    guard: str
    stage: Stage
    threshold: float
    files: tuple[str, ...]  # names of the sets
    judged: tuple[Judged, ...]
    figures: tuple[GuardFigure, ...]
    sources: tuple[SourceFigures, ...]
    notes: tuple[str, ...] = ()

    @property
    def scored(self) -> tuple[Judged, ...]:
        """Those that the guard could judge."""
        return tuple(one for one in self.judged if one.score is not None)

    @property
    def has_spans(self) -> bool:
        """Whether pieces were measured, not texts."""
        return self.judged[0].labelled.spans is not None

    def milliseconds(self) -> tuple[float, float]:
        """Median and 95th percentile of a text, the embedding of it included."""
        median, late = np.quantile([one.ms for one in self.judged], [0.5, 0.95])
        return float(median), float(late)


def measure(found: GuardSet, parapet: Parapet, tell: Tell) -> GuardRun:
    """Judge every text of a set by its guard and make the figures; `tell` takes lines of progress."""
    rule, notes = rule_of(parapet.policy, found.guard, found.stage)
    notes += found.notes
    judged = judge(found, rule, kit_of(parapet), tell)
    unscored = [one for one in judged if one.score is None]
    if unscored:
        why = Counter(one.reason for one in unscored).most_common(1)[0][0]
        notes += (f"{len(unscored):,} of {len(judged):,} texts could not be judged: {why}",)
    tell(f"{found.guard}: drawing intervals")
    run = GuardRun(found.guard, found.stage, rule.threshold, found.files, tuple(judged), (), (), notes)
    return _with_pieces(run) if found.has_spans else _with_figures(run)


def rule_of(policy: Policy, guard: str, stage: Stage) -> tuple[Rule, tuple[str, ...]]:
    """The policy's rule for this guard, and a note where it has none and the usual threshold is taken."""
    for rule in policy.stage(stage):
        if rule.guard == guard:
            return replace(rule, mode=Mode.ENFORCE, gate=False), ()
    rule = Rule(guard, stage)
    return rule, (f"The policy does not run {guard} at {stage}: judged at the usual threshold, {rule.threshold:g}.",)


def kit_of(parapet: Parapet) -> Kit:
    """What the guards borrow: embedding model, documents, instructions; no language model, nobody who asks."""
    instructions = load_prompt(parapet.settings.prompt).instructions
    return Kit(embedder=parapet.embedder, nearness=parapet.library.nearest, hidden=(instructions,))


def judge(found: GuardSet, rule: Rule, kit: Kit, tell: Tell) -> list[Judged]:
    """What the guard says of each text, in order. What it loads or prepares beforehand is no part of a text's time."""
    rail = Rail(Policy((rule,)), kit)
    rail.warm()
    rail.prepare(Subject("", rule.stage, WARM, (WARM,)))
    rail.screen(Subject(WARM, rule.stage, WARM, (WARM,)))
    judged = []
    for number, labelled in enumerate(found.texts, 1):
        subject = Subject(labelled.text, rule.stage, labelled.question, labelled.passages)
        if labelled.passages:
            rail.prepare(replace(subject, text=""))
        judged.append(_judged(labelled, rail.screen(subject).verdicts[0]))
        tell(f"{found.guard}: judged {number:,} of {len(found.texts):,} texts")
    return judged


def _judged(labelled: Labelled, verdict: Verdict) -> Judged:
    fired = verdict.score is not None and verdict.score >= verdict.threshold
    return Judged(labelled, verdict.score, verdict.reason, verdict.spans if fired else (), verdict.ms)


# --- figures of texts -----------------------------------------------------------------------------------------------


def _with_figures(run: GuardRun) -> GuardRun:
    """The run with figures over all texts and by source."""
    known = measures()
    figures = _figures(run.scored, run.threshold, known)
    sources = tuple(
        _source(name, run.scored, run.threshold, known) for name in sorted({one.labelled.source for one in run.scored})
    )
    return replace(run, figures=figures, sources=sources)


def _source(name: str, scored: Sequence[Judged], threshold: float, known: dict[str, Value]) -> SourceFigures:
    """A source's figures; one that has texts of one kind alone is set against all texts of the other kind."""
    own = [one for one in scored if one.labelled.source == name]
    risky = sum(one.labelled.risky for one in own)
    against = own
    if risky in (0, len(own)):
        against = own + [one for one in scored if one.labelled.risky != bool(risky)]
    ordering = _figures(against, threshold, {figure: known[figure] for figure in OF_SOURCE[:2]})
    if not risky:  # what is found of other sources says nothing of this one
        ordering = (ordering[0], GuardFigure(OF_SOURCE[1], None, None))
    acting = _figures(own, threshold, {figure: known[figure] for figure in OF_SOURCE[2:]})
    return SourceFigures(name, len(own), risky, ordering + acting)


def _figures(scored: Sequence[Judged], threshold: float, known: dict[str, Value]) -> tuple[GuardFigure, ...]:
    risky = np.array([one.labelled.risky for one in scored], dtype=bool)
    scores = np.array([one.score for one in scored], dtype=float)
    return tuple(
        _figure(name, partial(value, threshold=threshold), risky, scores)
        if len(scored)
        else GuardFigure(name, None, None)
        for name, value in known.items()
    )


def _figure(name: str, statistic: Callable[..., float], *of: np.ndarray) -> GuardFigure:
    value = statistic(*of)
    if np.isnan(value):
        return GuardFigure(name, None, None)
    return GuardFigure(name, value, interval(statistic, *of))


# --- figures of pieces ----------------------------------------------------------------------------------------------


def _with_pieces(run: GuardRun) -> GuardRun:
    """The run with figures over all pieces and by kind, and the share of texts without pieces that are left alone."""
    matched = [match(one.labelled.spans or (), one.spans) for one in run.scored]
    whole = [sum(kinds.values(), Pieces()) for kinds in matched]
    figures = [_figure(name, statistic, *columns(whole)) for name, statistic in _PIECES.items()]
    clean = np.array([one.pointed == 0 for one in whole if one.named == 0], dtype=bool)
    if len(clean):
        figures.append(_figure("let_through", np.mean, clean))
    sources = tuple(
        _kind(kind, [kinds.get(kind, Pieces()) for kinds in matched])
        for kind in sorted({kind for kinds in matched for kind in kinds})
    )
    return replace(run, figures=tuple(figures), sources=sources, notes=run.notes + _left_out(run.scored))


def _kind(kind: str, counts: Sequence[Pieces]) -> SourceFigures:
    figures = tuple(_figure(name, statistic, *columns(counts)) for name, statistic in _PIECES.items())
    named = sum(one.named for one in counts)
    return SourceFigures(kind, named, named, figures)


def _left_out(scored: Sequence[Judged]) -> tuple[str, ...]:
    types = Counter(span.label for one in scored for span in one.labelled.spans or () if not kind_of_type(span.label))
    if not types:
        return ()
    told = ", ".join(f"{name} {count:,}" for name, count in types.most_common())
    return (f"Types that the guard does not look for are no part of the figures: {told}.",)
