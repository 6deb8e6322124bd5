"""Sets of cases: what is read, what is refused with its file and line, and how a sample is drawn."""

from pathlib import Path

import pytest

from core.errors import UsageError
from eval.cases import Case, Gold, draw, read_cases
from tests.eval.conftest import Write

GOLD = {"source": "a.md", "start": 3, "end": 6, "text": "abc"}


def test_a_case_needs_an_id_and_a_question(write: Write) -> None:
    """All else may be left out; a number is an id too; unknown fields and blank lines are passed over."""
    path = write({"id": 7, "question": "Why?", "paragraph": {}}, "", '{"id": "b", "question": "How?", "gold": null}')
    assert read_cases(path) == [Case("7", "Why?"), Case("b", "How?")]


def test_gold_is_read_with_the_folder_before_its_source(write: Write) -> None:
    """A prefix goes before each source; line separators inside of a text end no line."""
    path = write({"id": "1", "question": "a\u2028b?", "answers": ["x"], "gold": [GOLD]})
    assert read_cases(path, "kit/") == [Case("1", "a\u2028b?", answers=("x",), gold=(Gold("kit/a.md", 3, 6, "abc"),))]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("nonsense", "not JSON"),
        ("[]", "not a JSON object but a list"),
        ({"question": "Why?"}, '"id" is missing'),
        ({"id": True, "question": "Why?"}, '"id" must be a text'),
        ({"id": "2", "question": " "}, '"question" is empty'),
        ({"id": "2", "question": "Why?", "answerable": 1}, '"answerable" must be true or false'),
        ({"id": "2", "question": "Why?", "answers": "x"}, '"answers" must be a list'),
        ({"id": "2", "question": "Why?", "answers": [1]}, '"answers" must be a list of texts'),
        ({"id": "2", "question": "Why?", "gold": ["a.md"]}, '"gold" must be a list of objects'),
        ({"id": "2", "question": "Why?", "gold": [GOLD | {"start": "3"}]}, '"start" must be a whole number'),
        ({"id": "2", "question": "Why?", "gold": [GOLD | {"start": 6}]}, "gold from 6 to 6 is no stretch"),
        ({"id": "2", "question": "Why?", "gold": [GOLD | {"text": "ab"}]}, "is 3 characters, its text 2"),
        ({"id": "1", "question": "Again?"}, "the id '1' stands twice"),
    ],
)
def test_a_wrong_line_is_named(write: Write, line: dict[str, object] | str, fault: str) -> None:
    """The message says file, line and what is wrong there."""
    path = write({"id": "1", "question": "Why?"}, "", line)
    with pytest.raises(UsageError) as told:
        read_cases(path)
    assert str(told.value).startswith(f"{path}:3: ")
    assert fault in str(told.value)


def test_a_set_that_is_not_there_or_empty_is_told(write: Write, tmp_path: Path) -> None:
    """A missing file, bytes that are no text, and a file without cases."""
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\xfa")
    for path in (tmp_path / "nowhere", tmp_path / "bytes"):
        with pytest.raises(UsageError, match="can't be read"):
            read_cases(path)
    with pytest.raises(UsageError, match="holds no case"):
        read_cases(write(""))


def test_a_sample_is_the_same_each_time_and_keeps_its_order() -> None:
    """A seed decides; another seed draws others; an added case leaves the sample nearly as it was."""
    cases = [Case(str(number), "?") for number in range(200)]
    drawn = draw(cases, 50, seed=0)
    assert drawn == draw(cases, 50, seed=0) == sorted(drawn, key=lambda case: int(case.id))
    assert len(drawn) == 50
    assert drawn != draw(cases, 50, seed=1)
    assert len(set(drawn) - set(draw([*cases, Case("new", "?")], 50, seed=0))) <= 1
    assert draw(cases, 0, seed=0) == draw(cases, 500, seed=0) == cases
