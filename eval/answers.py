"""Scores answers by every metric: `python -m eval.answers --set FILE [--prefix squad/] [--sample N]`.

Asks the assistant of the settings in force (home, model, policy) each question of a set and prints, for each metric,
the mean with a 95 % bootstrap interval, how many answers were scored and how many could not be.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from chains.assemble import assemble
from chains.configuration import read_settings
from core import plugins
from core.domain import Answer
from eval.cases import Case, Score, read_cases

METRICS = "eval.metrics"


def main() -> None:
    """Ask, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", type=Path, required=True, help="cases as JSONL (docs/evaluating.md)")
    parser.add_argument("--prefix", default="", help="goes before each gold source: the set's folder in the library")
    parser.add_argument("--sample", type=int, default=0, help="as many cases, drawn with a fixed seed (0: all)")
    options = parser.parse_args()
    cases = read_cases(options.set, options.prefix)
    if options.sample and len(cases) > options.sample:
        cases = random.Random(0).sample(cases, options.sample)  # noqa: S311
    parapet = assemble(read_settings())
    answers = [parapet.assistant.invoke(case.question) for case in cases]
    parapet.close()
    report(cases, answers)


def report(cases: Sequence[Case], answers: Sequence[Answer]) -> None:
    """One line a metric, then outcomes and milliseconds."""
    for name in plugins.names(METRICS):
        metric = plugins.load(METRICS, name)
        print(f"{name:20} {summary([metric.score(case, answer) for case, answer in zip(cases, answers, strict=True)])}")
    outcomes = Counter(answer.outcome.value for answer in answers)
    print("outcomes             " + ", ".join(f"{name} {count}" for name, count in outcomes.most_common()))
    print(f"median milliseconds  {statistics.median(answer.ms['total'] for answer in answers):.0f}")


def summary(scores: Sequence[Score]) -> str:
    """Mean and interval of what was scored, and what was not."""
    values = np.array([score.value for score in scores if score.value is not None])
    if not len(values):
        return f"unscored ({scores[0].reason if scores else 'no cases'})"
    draws = np.random.default_rng(0).choice(values, (1000, len(values))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]  scored {len(values)}, unscored {len(scores) - len(values)}"


if __name__ == "__main__":
    main()
