"""How passages were found, in a real browser: one click away, also where nothing was answered, on any width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from chains.turns import TurnStore
from core.clock import new_id
from core.database import Database
from core.domain import (
    Answer,
    Candidate,
    Chunk,
    Citation,
    Decision,
    Outcome,
    Passage,
    Question,
    Sentence,
    Support,
    Trace,
)
from core.settings import Settings
from guards.flags import FlagDesk
from tests.browser.conftest import Open, Server

pytestmark = pytest.mark.browser
TITLE = "How the passages were found"
LONG = "policies/of-the-whole-company/and-of-all-its-daughters/handbook-for-everyone-who-works-here.pdf"
WORDS = "Staff get 25 days of paid holiday a year."


def candidate(source: str, title: str, *, rank: int | None = None, dropped: str = "") -> Candidate:
    """A candidate that was found both ways."""
    return Candidate("default", source, title, 12, 0, 40, 0.91, 0.71, 2, 0.83, 12.4, 1, rank, dropped)


TRACE = Trace(
    sought="How many days of paid holiday do staff get?",
    rewritten="rule",
    chunks=2657,
    candidates=(
        candidate("leave.md", "Leave", rank=1),
        candidate(LONG, "Handbook for everyone who works here <b>bold</b> [x](http://127.0.0.1:9/)", rank=2),
        candidate("copy.md", "Copy", dropped="the same words as Leave"),
    ),
    more=40,
    evidence=0.93,
    threshold=0.4,
)


def answered() -> Answer:
    """An answer that cites the first passage and was found as TRACE tells."""
    passages = tuple(
        Passage(Chunk(source, "Leave", WORDS, 0, len(WORDS)), 0.9, rank)
        for rank, source in ((1, "leave.md"), (2, LONG))
    )
    citation = Citation(1, "leave.md", "Leave", None, WORDS, 0, len(WORDS))
    sentence = Sentence(WORDS, citations=(citation,), state=Support.SUPPORTED)
    return Answer(
        "", "How?", Outcome.ANSWERED, WORDS, (sentence,), passages, model="scripted", ms={"total": 9.0}, trace=TRACE
    )


@pytest.fixture(scope="module")
def database(server: Server) -> Iterator[Database]:
    """The database that the server reads."""
    opened = Database(Settings(home=server.folder / "home").database)
    yield opened
    opened.close()


def kept(database: Database, answer: Answer) -> str:
    """The id of a conversation that holds this answer."""
    question = Question("How many days of paid holiday do staff get?", turn=new_id(), conversation=new_id())
    store = TurnStore(database)
    store.begin(question)
    store.finish(question.turn, replace(answer, turn=question.turn))
    return question.conversation


def opened(page: Page) -> None:
    """Open the trace."""
    page.get_by_text(TITLE).click()
    expect(page.get_by_text("Searched for")).to_be_visible()


def test_the_trace_opens_below_an_answer(open_page: Open, database: Database) -> None:
    """Closed at first; one click tells what was searched for, what was cited, what was left out and why."""
    page = open_page(f"/?c={kept(database, answered())}")
    expect(page.get_by_text(TITLE)).to_be_visible()
    expect(page.get_by_text("2,657 passages")).to_be_hidden()
    opened(page)
    for text in (
        "By rule, so that it stands without the questions before it",
        "2,657 passages",
        "93% probable that the passages hold the answer; 40% is needed: enough",
        "read, not cited",
        "the same words as Leave",
        "by meaning 2nd (0.71), by words 1st (12.4)",
        "40 more were considered",
    ):
        expect(page.get_by_text(text).first).to_be_visible()
    first = page.locator("[class*=st-key-candidates-]").get_by_test_id("stMarkdownContainer").first
    expect(first).to_contain_text("Leave, page 12 1")


def test_a_declined_question_tells_what_was_weighed(open_page: Open, database: Database) -> None:
    """Where nothing was answered, the evidence is told against what is needed, and what came nearest."""
    declined = replace(
        answered(),
        outcome=Outcome.ABSTAINED,
        text="The documents do not answer this question.",
        sentences=(),
        model="",
        trace=replace(TRACE, evidence=0.03),
    )
    page = open_page(f"/?c={kept(database, declined)}")
    opened(page)
    expect(page.get_by_text("3% probable that the passages hold the answer; 40% is needed: too little")).to_be_visible()
    expect(page.get_by_text("weighed, not enough").first).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1400])
def test_the_trace_fits_any_width(open_page: Open, database: Database, width: int) -> None:
    """Nothing runs over the edge, however long a path is; markup in a title is shown as characters."""
    page = open_page(f"/?c={kept(database, answered())}")
    page.set_viewport_size({"width": width, "height": 900})
    opened(page)
    box = page.locator("[class*=st-key-trace-]").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    over = page.locator("[class*=st-key-candidates-]").evaluate("e => e.scrollWidth - e.clientWidth")
    assert over <= 0
    expect(page.get_by_text("<b>bold</b>")).to_be_visible()
    assert page.get_by_test_id("stMain").locator("a").count() == 0


def test_a_reviewer_reads_the_same_trace(open_page: Open, database: Database) -> None:
    """On the review page passages are numbered by their ranks, in the trace as in the list above it."""
    flag = FlagDesk(database).raise_flag(answered(), "", "local", Decision.FLAG)
    page = open_page(f"/review?flag={flag}")
    opened(page)
    expect(page.get_by_text("the same words as Leave")).to_be_visible()
    expect(page.get_by_text("read, not cited")).to_be_visible()


def test_without_a_search_there_is_no_trace(open_page: Open, database: Database) -> None:
    """An answer of before there were traces, and a question that was stopped, show none."""
    page = open_page(f"/?c={kept(database, replace(answered(), trace=None))}")
    expect(page.get_by_text(WORDS).first).to_be_visible()
    expect(page.get_by_text(TITLE)).to_have_count(0)
