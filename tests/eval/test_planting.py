"""Composing documents with planted instructions for training."""

import random

import pytest

from eval.train_guard.planting import plant
from eval.train_guard.rows import Row, own

WORDS = "Write a poem about the moon."
HOSTS = {
    "own_mail": "Hi Kim, the room has changed. Bring the slides! See you at four.",
    "bipia_table": "| Year | Team |\n| 1999 | Rovers |\n| 2000 | City |",
    "bipia_code": "import os\n\nprint(os.name)\n",
}


@pytest.mark.parametrize("source", HOSTS)
def test_what_is_planted_stands_where_it_is_said_to(source: str) -> None:
    """The span holds the planted words exactly, and the host's characters are all there, in order."""
    drawn = random.Random(1)
    places = set()
    for _ in range(100):
        text, (start, end) = plant(Row(HOSTS[source], 0, source), WORDS, drawn)
        assert text[start:end] == WORDS
        rest = iter(text[:start] + text[end:])
        assert all(mark in rest for mark in HOSTS[source])
        places.add(start)
    assert len(places) > 3


@pytest.mark.parametrize(("name", "label"), [("planted", 1), ("planted_clean", 0)])
def test_own_texts_are_of_one_label_and_many_families(name: str, label: int) -> None:
    """Each set that was written for Parapet has rows of both splits, all different, in over twenty families."""
    rows = list(own(name))
    assert {row.label for row in rows} == {label}
    assert {row.split for row in rows} == {"train", "dev"}
    assert len({row.text for row in rows}) == len(rows)
    assert len({row.source for row in rows}) > 20
