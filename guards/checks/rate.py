"""Guard `rate`: how many questions one asker may ask within some minutes. What is asked is the other guards' matter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import Stage, Subject
from core.errors import SettingsError
from core.ports import Activity
from guards import options as given
from guards.guard import Finding, Guard, Kit

STAGES = frozenset({Stage.INPUT})
DOC = "more than 30 questions of one asker within a minute"
TITLE = "too many questions at once"
ADVICE = "Wait a moment, then ask again."

MOST_MINUTES = 24 * 60  # what is asked is remembered for a day
_HALVINGS = 5  # by which the time to wait is told to a 32nd of the whole


@dataclass(frozen=True, slots=True)
class Rate:
    """Counts what an asker asked lately, the question that is judged among it."""

    questions: int  # the most within that time
    minutes: int
    activity: Activity | None

    def judge(self, subject: Subject) -> Finding:
        """1.0 beyond the most; up to it half the share that is used: the last one allowed is just below .5."""
        if not subject.asker:
            return Finding(0.0, "Nobody in particular asks, so questions are not counted.")
        if self.activity is None:
            return Finding(0.0, "Questions are not counted here.")
        asked = self.activity(subject.asker, 60.0 * self.minutes)
        within = "a minute" if self.minutes == 1 else f"{self.minutes} minutes"
        if asked <= self.questions:
            share = max(0, asked) / (2 * self.questions + 2)
            return Finding(share, f"{asked} of {self.questions} questions within {within}.")
        wait = self._wait(subject.asker, self.activity)
        return Finding(
            1.0,
            f"You asked {asked} questions within {within}; {self.questions} are answered in that time. "
            f"Ask again in {_told(wait)}.",
        )

    def _wait(self, asker: str, activity: Activity) -> float:
        """Seconds until one more question would be within the limit, when nothing is asked meanwhile; at least a few.

        Then the questions of the last `near` seconds are the only ones that still count: the longest such time that
        leaves room for one is sought by halving.
        """
        whole = 60.0 * self.minutes
        near, far = 0.0, whole
        for _ in range(_HALVINGS):
            middle = (near + far) / 2
            if activity(asker, middle) < self.questions:
                near = middle
            else:
                far = middle
        return whole - near


def _told(seconds: float) -> str:
    """A time to wait, in words."""
    if seconds <= 90:
        return f"{int(seconds) + 1} seconds"
    return f"{-(-seconds // 60):.0f} minutes"


def build(options: Mapping[str, Any], kit: Kit) -> Guard:
    """Options: `questions`, the most that one asker may ask within `minutes` (at most a day's)."""
    chosen = given.read(options, questions=30, minutes=1)
    if chosen["minutes"] > MOST_MINUTES:
        raise SettingsError([f"minutes: must be at most {MOST_MINUTES:,} (a day), not {chosen['minutes']!r}"])
    return Rate(**chosen, activity=kit.activity)
