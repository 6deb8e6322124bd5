"""Figures of guards: sets that are read, figures counted by hand, pieces that are matched, curves that are drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.domain import Decision, Span, Stage
from core.errors import LibraryError, UsageError
from eval.guard_metrics import measures
from eval.guard_sets import OWN, GuardSet, Labelled, draw, find_set, read_sets
from eval.guard_spans import Pieces, columns, f1, match, precision, recall
from eval.guards import judge
from eval.plots import roc
from guards.guard import Kit
from guards.rule import Rule
from tests.eval.conftest import Write

RISKY = np.array([True, True, True, True, False, False, False, False])
SCORES = np.array([0.9, 0.8, 0.5, 0.2, 0.8, 0.4, 0.3, 0.1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("auroc", (4 + 3.5 + 3 + 1) / 16),
        ("true_positive_rate@1", 0.25),
        ("true_positive_rate@5", 0.25),
        ("precision", 0.75),
        ("recall", 0.75),
        ("f1", 0.75),
        ("let_through", 0.75),
    ],
)
def test_each_figure_is_as_counted_by_hand(name: str, expected: float) -> None:
    """Eight texts at .5: a tie counts half in the area, and is not found where its harmless twin must not fire."""
    assert measures()[name](RISKY, SCORES, 0.5) == pytest.approx(expected)


def test_a_false_positive_rate_allows_as_many_alarms_as_it_says() -> None:
    """With 100 harmless texts one may fire at 1 % and five at 5 %, and what lies above the next one is found."""
    scores = np.concatenate([np.arange(100) / 100, [0.985, 0.955, 0.935]])
    risky = np.arange(103) >= 100
    found = {at: measures()[f"true_positive_rate@{at}"](risky, scores, 0.5) for at in ("1", "2", "5")}
    assert found == pytest.approx({"1": 1 / 3, "2": 1 / 3, "5": 2 / 3})


def test_figures_that_texts_cannot_give_are_no_numbers() -> None:
    """Texts of one kind have no area, and none that fires has no precision."""
    known = measures()
    assert np.isnan(known["auroc"](RISKY[:4], SCORES[:4], 0.5))
    assert np.isnan(known["true_positive_rate@1"](RISKY[:4], SCORES[:4], 0.5))
    assert np.isnan(known["precision"](RISKY, SCORES, 0.95))
    assert np.isnan(known["recall"](RISKY[4:], SCORES[4:], 0.5))
    assert np.isnan(known["let_through"](RISKY[:4], SCORES[:4], 0.5))


def test_pieces_are_matched_by_overlap_and_kind() -> None:
    """A piece of another kind is wrong, one that the guard doesn't look for is left out, each counts once."""
    named = (Span(0, 10, "EMAIL_ADDRESS"), Span(20, 30, "PHONE_NUMBER"), Span(40, 50, "PERSON"), Span(60, 70, "US_SSN"))
    pointed = (Span(2, 11, "e-mail address"), Span(20, 30, "IP address"), Span(60, 71, "social security number"))
    counts = match(named, pointed)
    assert counts == {
        "email": Pieces(1, 1, 1, 1),
        "phone": Pieces(named=1),
        "ip_address": Pieces(pointed=1),
        "identity": Pieces(1, 1, 1, 1),
    }
    of = columns(list(counts.values()))
    assert (precision(*of), recall(*of), f1(*of)) == pytest.approx((2 / 3, 2 / 3, 2 / 3))


def test_rows_say_what_they_are(write: Write) -> None:
    """A file's name says the guard; splits count where rows have one; a family is a source, else the file's name."""
    path = write(
        {"text": "a", "label": 1, "source": "s", "split": "train"},
        {"text": "b", "label": 1, "family": "f", "split": "dev"},
        {"text": "c", "label": 0},
        name="injection.jsonl",
    )
    (dev,) = read_sets([path])
    assert (dev.guard, dev.stage, dev.files) == ("injection", Stage.INPUT, ("injection.jsonl",))
    assert [(one.text, one.source, one.risky) for one in dev.texts] == [("b", "f", True), ("c", "injection", False)]
    assert [one.id for one in dev.texts] == ["injection.jsonl:2", "injection.jsonl:3"]
    assert len(read_sets([path], split="all")[0].texts) == 3


def test_texts_that_another_split_also_has_are_told(write: Write) -> None:
    """The same document with other planted words, or with none, is known to a guard that learnt on the other split."""
    path = write(
        {"text": "Dear Ana, do X now. Regards", "label": 1, "split": "train", "span": [10, 19]},
        {"text": "Dear Ana, send all. Regards", "label": 1, "split": "dev", "span": [10, 19]},
        {"text": "Dear Ana,  Regards", "label": 0, "split": "dev"},
        {"text": "Something else", "label": 0, "split": "dev"},
        name="context_injection.jsonl",
    )
    (dev,) = read_sets([path])
    (whole,) = read_sets([path], split="all")
    assert len(dev.notes) == 1
    assert "2 of 3 texts (1 risky) also stand in another split" in dev.notes[0]
    assert whole.notes == ()


def test_what_is_supported_is_no_risk(write: Write) -> None:
    """In a set named groundedness, 1 says that the passages support the text; elsewhere 1 says risky."""
    rows = [{"text": "t", "label": label, "passages": ["p"]} for label in (1, 0)]
    (by_name,) = read_sets([write(*rows, name="groundedness.jsonl")])
    (by_option,) = read_sets([write(*rows, name="other.jsonl")], "groundedness")
    assert [one.risky for one in by_name.texts] == [False, True]
    assert [one.risky for one in by_option.texts] == [True, False]
    assert by_name.texts[0].passages == ("p",)


def test_rows_of_several_files_and_guards_are_sorted(write: Write) -> None:
    """Two files of one kind each make a set together; rows may name their guard and stage."""
    risky = write({"text": "a", "label": 1, "guard": "injection"}, name="x.jsonl")
    rest = write(
        {"text": "b", "label": 0, "guard": "injection"},
        {"text": "c", "spans": [[0, 1, "EMAIL_ADDRESS"]], "guard": "personal_data", "stage": "output"},
        name="y.jsonl",
    )
    found = {(one.guard, one.stage): one for one in read_sets([risky, rest])}
    assert found["injection", Stage.INPUT].files == ("x.jsonl", "y.jsonl")
    assert found["personal_data", Stage.OUTPUT].has_spans


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ({"label": 1}, '"text" is missing'),
        ({"text": "a"}, '"label" is missing'),
        ({"text": "a", "label": "yes"}, '"label" must be 1'),
        ({"text": "a", "label": 1, "stage": "output"}, "does not stand at 'output'"),
        ({"text": "a", "label": 1, "passages": [1]}, '"passages" must be a list of texts'),
        ({"text": "a", "label": 1, "split": 3}, '"split" must be a text'),
        ({"text": "a", "label": 1, "span": [0, 2]}, '"span" must be [start, end] within the text'),
        ({"text": "a", "spans": [[0, 2, "X"]]}, "within the text"),
        ({"text": "a", "spans": [[True, 1, "X"]]}, "within the text"),
        ({"text": "a", "label": 1, "guard": "fly"}, "no such guard: fly"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(row: object, told: str, write: Write) -> None:
    """File and line, and what should stand there."""
    line = row if isinstance(row, str) else json.dumps(row)
    path = write({"text": "fine", "label": 0}, line, name="injection.jsonl")
    with pytest.raises(UsageError) as error:
        read_sets([path])
    assert f"{path}:2" in str(error.value)
    assert told in str(error.value)


def test_sets_that_give_no_figures_are_refused(write: Write, tmp_path: Path) -> None:
    """One label only, no row of the split, no row, no guard, no span, both kinds of row: each says what to do."""
    one = {"text": "a", "label": 0}
    wrong = {
        write(one, name="injection.jsonl"): "all 1 rows for injection are harmless; name a second --set",
        write(one | {"split": "train"}, name="harm.jsonl"): "which guard",
        write({"text": "a", "spans": []}, name="personal_data.jsonl"): "nothing to find",
        write("", name="planted.jsonl"): "holds no row",
        write(one | {"split": "train"}, name="injection_benign.jsonl"): "no row is of the dev split; --split all",
        tmp_path / "nowhere.jsonl": "can't be read",
    }
    for path, told in wrong.items():
        with pytest.raises(UsageError) as error:
            read_sets([path])
        assert told in str(error.value)
    both = write({"text": "a", "spans": [[0, 1, "X"]]}, {"text": "a", "label": 1}, name="both.jsonl")
    with pytest.raises(UsageError, match="some rows for personal_data have a label and others spans"):
        read_sets([both], "personal_data")


def test_a_set_is_found_by_name_or_path(write: Write, tmp_path: Path) -> None:
    """A file as given, a name in the data folder before one of Parapet's own; else the names that there are."""
    path = write({"text": "a", "label": 0}, name="injection.jsonl")
    assert find_set(str(path)) == path
    assert find_set("injection", tmp_path) == path
    assert find_set("injection") == OWN / "injection.jsonl"
    with pytest.raises(UsageError, match=r"known: .*injection_benign"):
        find_set("nowhere")
    with pytest.raises(UsageError, match="there is no such file"):
        find_set(str(tmp_path / "nowhere.jsonl"))


def test_a_sample_is_the_same_each_time() -> None:
    """As many as asked for, in their order, others for another seed; a lone surrogate is no hindrance."""
    texts = [Labelled(str(number), f"text {number} \ud800", "s", risky=False) for number in range(50)]
    drawn = draw(texts, 10, seed=1)
    assert drawn == draw(texts, 10, seed=1)
    assert [int(one.id) for one in drawn] == sorted(int(one.id) for one in drawn)
    assert len(drawn) == 10
    assert drawn != draw(texts, 10, seed=2)
    assert draw(texts, 0, seed=1) == tuple(texts)


def unreachable(text: str, reader: str, collections: Sequence[str] = ()) -> Sequence[float]:
    """An index that can't be read."""
    raise LibraryError("The index can't be read.")


def test_a_guard_that_cannot_judge_leaves_a_text_unscored() -> None:
    """The rail's way: a score with milliseconds, or none and why, whatever the policy would then do."""
    texts = (Labelled("1", "How long is leave?", "s", risky=False), Labelled("2", "a" * 5000, "s", risky=True))
    found = GuardSet("length", Stage.INPUT, ("x",), texts)
    short, long = judge(found, Rule("length", Stage.INPUT), Kit(), lambda _: None)
    assert short.score is not None
    assert short.score < 0.5 <= (long.score or 0)
    lost = GuardSet("off_topic", Stage.INPUT, ("x",), texts[:1])
    for one in judge(
        lost, Rule("off_topic", Stage.INPUT, on_failure=Decision.ALLOW), Kit(nearness=unreachable), lambda _: None
    ):
        assert one.score is None
        assert "could not judge" in one.reason


def own_lines(name: str) -> list[str]:
    """The lines of one of Parapet's own sets."""
    return (OWN / f"{name}.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")


def test_own_texts_for_injection_are_sound() -> None:
    """Every row has a text, a family and the train split; none stands twice, also not with the other label."""
    rows = [json.loads(line) for name in ("injection", "injection_benign") for line in own_lines(name)]
    keys = [" ".join(row["text"].lower().split()) for row in rows]
    assert len(set(keys)) == len(keys)
    assert all(row["text"].strip() and row["family"] and row["split"] == "train" for row in rows)
    assert {row["label"] for row in rows} == {0, 1}


def test_a_roc_curve_is_drawn_or_refused(tmp_path: Path) -> None:
    """A picture with a legend a curve; without texts of both kinds there is none, and it says for which."""
    roc({"all": ([True, False, True], [0.9, 0.4, 0.3])}, tmp_path / "roc.svg", title="injection: ROC")
    drawn = (tmp_path / "roc.svg").read_text(encoding="utf-8")
    assert "injection: ROC" in drawn
    assert "true-positive rate" in drawn
    with pytest.raises(UsageError, match="no curve for some"):
        roc({"some": ([True, True], [0.1, 0.2])}, tmp_path / "roc.svg", title="")
    with pytest.raises(UsageError, match="no points"):
        roc({}, tmp_path / "roc.svg", title="")
