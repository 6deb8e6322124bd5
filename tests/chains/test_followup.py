"""Follow-up questions: which lean, how the rule and a language model put them, and that the answer is found."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from langchain_core.language_models import BaseChatModel

from chains.assemble import Parapet
from chains.conversation import rewriting
from chains.conversation.leaning import leans
from chains.conversation.rewriting import is_fair
from chains.followup import Standing, by_rule, standing_alone
from chains.models import extractive, local
from core.clock import new_id
from core.domain import Outcome, Question, Tokens
from core.ports import Embedder
from core.settings import Settings
from eval.followups import read_conversations
from tests.chains.llm_server import LlmServer, running

HOLIDAY = ("How many days of holiday do staff get?", "Staff get 25 days of holiday a year.")
SERVER = ("How do I stop the server?", "Press Ctrl-C.")
CURIE = ("Who is Marie Curie?", "Marie Curie was a physicist.")
PARIS = ("What was the population of Paris in 2019?", "2.1 million.")


@pytest.mark.parametrize(
    ("before", "question", "alone"),
    [
        (HOLIDAY, "When do they lapse?", "When do the days of holiday lapse?"),
        (HOLIDAY, "And the unused ones?", "How many unused days of holiday do staff get?"),
        (HOLIDAY, "What about dogs?", "How many days of holiday do dogs get?"),
        (HOLIDAY, "And in 2020?", "How many days of holiday do staff get in 2020?"),
        (PARIS, "And in 2020?", "What was the population of Paris in 2020?"),
        (PARIS, "What about Berlin?", "What was the population of Berlin in 2019?"),
        (CURIE, "When was she born?", "When was Marie Curie born?"),
        (SERVER, "Does that lose data?", "Does stopping the server lose data?"),
        (SERVER, "How long does it take?", "How long does stopping the server take?"),
        (SERVER, "What happens then?", "What happens then (stopping the server)?"),
        (("What is a collection?", "A library."), "How do I make one?", "How do I make a collection?"),
        (("Where is the database stored?", "In the home."), "What is its size?", "What is the database's size?"),
        (("What does the action flag mean?", "It passes."), "And hold?", "What does the action hold mean?"),
        (("Is a file refused?", "Yes."), "Why?", "Why is a file refused?"),
        (("Who may release an answer?", "A reviewer."), "And uphold?", "Who may uphold an answer?"),
        (("Who may release an answer?", "A reviewer."), "Is that logged?", "Is releasing an answer logged?"),
        (("What does PARAPET_PORT set?", "The port."), "And PARAPET_HOST?", "What does PARAPET_HOST set?"),
    ],
)
def test_a_question_that_leans_is_put_by_the_nouns_that_it_leans_on(
    before: tuple[str, str], question: str, alone: str
) -> None:
    """Leaning words become nouns, a fragment takes the place of its like, and the trace says that a rule did it."""
    assert standing_alone(question, [before]) == Standing(alone, "rule")
    assert standing_alone(question, ()) == Standing(question)


def test_a_question_leans_through_several_turns() -> None:
    """When the question before leans itself, what it leans on is taken."""
    turns = [
        ("What does the action redact mean?", "The words that made the guard fire are replaced."),
        ("And flag?", "A person is asked."),
        ("thanks", "You are welcome."),
    ]
    assert by_rule("And block?", turns) == "What does the action block mean?"
    assert by_rule("Who decides about it?", [("What is quarantine?", "A place."), ("Why?", "For safety.")]) == (
        "Who decides about quarantine?"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Is it raining frogs in the Bible?",
        "Is it possible to run two ingest commands?",
        "How long does it take to set up Parapet?",
        "Does the manual say that answers are judged?",
        "What happens to a document when it is refused?",
        "If a guard fails, does it let the text pass?",
        "Can a reviewer change an answer before she releases it?",
        "Which documents are removed when their files are gone?",
        "Can one process write while others read?",
        "Which one is faster, Ollama or vLLM?",
        "Does this program call home?",
        "Which of those who ask may read a collection?",
        "What is Tantivy?",
        "And how do I stop the server?",
        "Are dogs welcome in the office?",
        "Who wrote that famous book?",
        "Is there a login?",
        "evidence gate threshold",
        "PARAPET_PORT",
        "thanks",
        "Explain the difference between hold and block, and when each of them is used, "
        + "in detail and " * 30
        + "so on",
    ],
)
def test_a_question_that_stands_alone_is_never_changed(question: str) -> None:
    """Lookalikes: an `it` for nothing, a `that` that joins, a noun in the same question, numbers, changes of topic."""
    assert standing_alone(question, [HOLIDAY]) == Standing(question)


def test_the_shipped_conversations_are_understood() -> None:
    """Of the conversations about the manual, those that stand alone stay, and nearly all that lean are put rightly."""
    conversations = read_conversations(Path("eval/sets/followups.jsonl"))
    assert len(conversations) >= 60
    kept = [c for c in conversations if not c.leans]
    assert [c.question for c in kept if by_rule(c.question, c.earlier) != c.question] == []
    leaning = [c for c in conversations if c.leans]
    right = [c for c in leaning if c.is_right(by_rule(c.question, c.earlier))]
    assert len(right) >= 0.9 * len(leaning)


@pytest.mark.parametrize(
    "question", ["it", "and?", "?", "…", "of of of", "the", "it's its it", "what about", "a" * 4000]
)
def test_odd_questions_end_as_something_to_search_for(question: str) -> None:
    """Whatever is asked, after whatever, there is a text to search for and no error."""
    for before in (HOLIDAY, ("?", ""), ("it", "it"), ("", "")):
        assert standing_alone(question, [before]).text.strip()


def test_a_follow_up_is_answered(scripted: Callable[..., Parapet]) -> None:
    """Retrieval finds the passage that the question before was about; the question itself is what is kept."""
    asked = Question("And when do unused ones lapse?", turn=new_id(), earlier=(HOLIDAY,))
    answer = scripted(model="extractive").assistant.invoke(asked)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.question == "And when do unused ones lapse?"
    assert "end of March" in answer.text


# --- with a language model --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[LlmServer]:
    """An OpenAI-compatible server."""
    with running() as server:
        yield server


def model_at(server: LlmServer, embedder: Embedder, name: str = "good") -> BaseChatModel:
    """A model of that server; its name selects the fault."""
    return local.build(Settings(local_url=server.address), name, embedder)


def test_a_language_model_puts_the_question(server: LlmServer, embedder: Embedder) -> None:
    """What it says is searched for under its name, its tokens are counted, and the turns go to it fenced as data."""
    server.answer = 'Question: "When do the days of holiday of staff lapse?"'
    turns = [("Hello", "Hello."), HOLIDAY]
    standing = standing_alone("When do they lapse?", turns, model_at(server, embedder), name="local:good")
    assert (standing.text, standing.by) == ("When do the days of holiday of staff lapse?", "local:good")
    assert standing.tokens.into == 321
    sent = server.requests[-1]["messages"][-1]["content"]
    assert "Asked: How many days of holiday do staff get?" in sent
    assert sent.count("---") == 6


@pytest.mark.parametrize(
    "said",
    [
        "The days of holiday lapse at the end of March.\nAnything else?",
        "When do the yachts in Monaco lapse?",
        "When do the 99 days of holiday lapse?",
        "Days of holiday " * 60,
        "Staff get 25 days.",
        "",
    ],
)
def test_what_a_model_must_not_say_leaves_the_question_to_the_rule(
    server: LlmServer, embedder: Embedder, said: str
) -> None:
    """Two lines, new facts or numbers, too much, or another question: the rule stands in, the tokens still count."""
    server.answer = said
    standing = standing_alone("When do they lapse?", [HOLIDAY], model_at(server, embedder), name="local:good")
    assert (standing.text, standing.by) == ("When do the days of holiday lapse?", "rule")
    assert standing.tokens.into > 0


@pytest.mark.parametrize("fault", ["no-key", "broken", "cut", "filtered"])
def test_a_model_that_fails_leaves_the_question_to_the_rule(server: LlmServer, embedder: Embedder, fault: str) -> None:
    """No failure of the model reaches the turn."""
    standing = standing_alone("When do they lapse?", [HOLIDAY], model_at(server, embedder, fault), name="local:x")
    assert standing.by == "rule"


def test_no_model_is_asked_about_a_question_that_stands_alone(server: LlmServer, embedder: Embedder) -> None:
    """It costs no call; nor does a model without language get one."""
    asked = len(server.requests)
    standing_alone("Are dogs welcome?", [HOLIDAY], model_at(server, embedder), name="local:good")
    quoting = extractive.build(Settings(), "", embedder)
    assert standing_alone("When do they lapse?", [HOLIDAY], quoting).by == "rule"
    assert len(server.requests) == asked


def test_a_question_in_another_language_is_put_by_a_model_alone(server: LlmServer, embedder: Embedder) -> None:
    """The rules are for English; a model may change the endings of what was said, but adds nothing."""
    turns = [("Wie viele Urlaubstage gibt es?", "Es gibt 25 Urlaubstage im Jahr. Unbenutzte verfallen im März.")]
    model, asked = model_at(server, embedder), "Und wann verfallen sie?"
    server.answer = "Wann verfallen die unbenutzten Urlaubstage?"
    assert standing_alone(asked, turns, model, name="local:good").text == server.answer
    server.answer = "Wann verfallen die Gutscheine?"
    assert standing_alone(asked, turns, model, name="local:good") == Standing(asked, tokens=Tokens(321, 21))
    assert standing_alone(asked, turns) == Standing(asked)


def test_a_model_that_falls_silent_is_not_waited_for(
    server: LlmServer, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seconds of its own bound the rewriting, which are shorter here so that the test is; the rule stands in."""
    monkeypatch.setattr(rewriting, "SECONDS", 0.5)
    standing = standing_alone("When do they lapse?", [HOLIDAY], model_at(server, embedder, "stall"), name="local:x")
    assert (standing.text, standing.by) == ("When do the days of holiday lapse?", "rule")


def test_the_turn_counts_the_tokens_of_the_rewriting(scripted: Callable[..., Parapet], server: LlmServer) -> None:
    """A follow-up takes two calls of the model, and the answer's tokens are those of both."""
    server.answer = "Unused days lapse at the end of March [1]."
    asked = Question("When do they lapse?", turn=new_id(), earlier=(HOLIDAY,))
    answer = scripted(model="local:good", local_url=server.address).assistant.invoke(asked)
    assert answer.text == "Unused days lapse at the end of March."
    assert answer.tokens.into == 642


def test_a_fair_rewriting_may_use_plain_words() -> None:
    """Words that state nothing are no new facts; names of the answer may be used."""
    assert is_fair("What does Marie Curie's work mean?", "What does her work mean?", [CURIE])
    assert not is_fair("What did Pierre Curie work on?", "What did he work on?", [CURIE])


def test_leaning_is_told_in_a_bounded_time() -> None:
    """The longest question that is let in is judged, however it is made."""
    for text in ("it " * 1300, "is it " * 600, '"' * 4000, "a.b" * 1300, "the of " * 500):
        assert leans(text) in {True, False}


def test_the_set_is_json_lines() -> None:
    """Each line of the shipped set has an id of its own."""
    rows = [json.loads(line) for line in Path("eval/sets/followups.jsonl").read_text().splitlines()]
    assert len({row["id"] for row in rows}) == len(rows)
