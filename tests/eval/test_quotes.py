"""How often supported sentences are quoted: a row is all or nothing, and small talk needs no quote."""

from eval.quotes import is_quoted, report

TEXT = "The office opens at nine. Staff get 25 days of holiday a year."


def test_a_row_is_quoted_when_each_of_its_claims_is() -> None:
    """One claim without a quote spoils its row; a greeting does not; a row without any claim is not quoted."""
    assert is_quoted("Hello! The office opens at nine.", [TEXT])
    assert not is_quoted("The office opens at nine. Dogs may come.", [TEXT])
    assert not is_quoted("Hello!", [TEXT])


def test_the_report_tells_sources_and_the_pool() -> None:
    """Each source by label, supported ones first, then all of them, with how many rows there were."""
    rows = [
        {"text": "The office opens at nine.", "passages": [TEXT], "label": 1, "source": "b"},
        {"text": "The office opens at ten.", "passages": [TEXT], "label": 0, "source": "b"},
        {"text": "Staff get 25 days.", "passages": [TEXT], "label": 1, "source": "a"},
    ]
    lines = [line.split() for line in report(rows)]
    assert [(line[0], line[-1]) for line in lines if "n=1" in line] == [("supported,", "n=1")] * 2 + [
        ("not", "n=1")
    ] * 2
    pool = next(line for line in report(rows) if " all " in line)
    assert "1.000  n=2" in pool
