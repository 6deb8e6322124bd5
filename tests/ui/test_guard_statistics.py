"""How guards did, as people and programs read it."""

from core.domain import Stage
from guards.statistics import GuardStatistics
from ui.guard_statistics import row, statistics_json, statistics_table

NEW = GuardStatistics("harmful", Stage.INPUT, 1_200, {"allow": 1_198, "unjudged": 2}, 3, 0, 0)
KNOWN = GuardStatistics("injection", Stage.INPUT, 1_000, {"allow": 980, "block": 15, "hold": 5}, 0, 4, 16)


def test_a_guard_without_reviews_claims_nothing() -> None:
    """Before any review there are counts, and shares that are not known yet."""
    assert row(NEW) | {"Guard": "", "Stage": ""} == {
        "Guard": "",
        "Stage": "",
        "Judged": "1,200",
        "Fired": "3 in shadow",
        "Unjudged": "2",
        "Reviewed": "none",
        "Right": "not known yet",
        "On harmless texts": "not known yet",
    }
    assert statistics_json(NEW)["precision"] is None


def test_shares_come_with_their_intervals() -> None:
    """Of 20 reviewed items 16 were right: four fifths, and the rest spread over the harmless texts."""
    told = row(KNOWN)
    assert told["Fired"] == "5 hold, 15 block"
    assert told["Right"] == "80.0% (58.4% to 91.9%)"
    assert told["On harmless texts"].startswith("0.4% (0.2% to 0.8%")
    assert statistics_json(KNOWN)["false_positive_rate"]["value"] == 0.0041


def test_the_table_lines_up() -> None:
    """Each column begins at the same place in every line."""
    head, *lines = statistics_table([NEW, KNOWN]).splitlines()
    at = head.index("Judged")
    assert [line[at:].split("  ")[0] for line in lines] == ["1,200", "1,000"]
