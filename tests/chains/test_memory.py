"""Memory: the newest turns word for word, older ones as notes, all within a budget; nothing that was refused."""

from collections.abc import Callable, Iterator

import pytest

from chains.assemble import Parapet
from chains.earlier import answered
from chains.memory import Memory, digest, is_of
from chains.models import extractive, local
from chains.tokens import rough
from chains.turns import Turn
from core.clock import now
from core.domain import Answer, Outcome, Question
from core.ports import Embedder
from core.settings import Settings
from tests.chains.llm_server import LlmServer, running

TURNS = tuple(
    (f"How many rooms has floor {n}?", f"Floor {n} has {n}0 rooms. Each has a window. It looks to the river.")
    for n in range(1, 9)
)


@pytest.fixture(scope="module")
def server() -> Iterator[LlmServer]:
    """An OpenAI-compatible server."""
    with running() as server:
        yield server


def cost(turns: tuple[tuple[str, str], ...]) -> int:
    """Tokens of turns by the count that is used here."""
    return sum(rough(q) + rough(a) for q, a in turns)


def memory_of(server: LlmServer, embedder: Embedder, name: str = "good") -> Memory:
    """A memory whose notes that server's model writes."""
    return Memory(local.build(Settings(local_url=server.address), name, embedder), rough)


def test_what_fits_is_recalled_word_for_word(embedder: Embedder) -> None:
    """A short conversation has no notes; without a budget nothing is recalled."""
    memory = Memory(extractive.build(Settings(), "", embedder), rough)
    assert memory.recall(TURNS[:3], 1_000, {}).turns == TURNS[:3]
    assert memory.recall(TURNS[:3], 1_000, {}).notes == ""
    assert memory.recall(TURNS, 0, {}).turns == ()
    assert memory.recall((), 1_000, {}).turns == ()


@pytest.mark.parametrize("room", [60, 100, 150, 200, 250])
def test_without_a_model_older_turns_are_questions_and_first_sentences(embedder: Embedder, room: int) -> None:
    """The newest turns stay whole, the notes are of those before, in order, and both are within the budget."""
    recalled = Memory(extractive.build(Settings(), "", embedder), rough).recall(TURNS, room, {})
    assert recalled.turns[-1][0] == TURNS[-1][0]
    assert cost(recalled.turns) + rough(recalled.notes) <= room
    if room >= 100:
        older = TURNS[: -len(recalled.turns)]
        assert recalled.notes.splitlines()[-1] == f"Asked: {older[-1][0]} Answered: {older[-1][1].split('. ')[0]}."
        assert "window" not in recalled.notes


def test_an_answer_that_is_too_long_by_itself_keeps_its_first_sentences(embedder: Embedder) -> None:
    """Never half a sentence."""
    memory = Memory(extractive.build(Settings(), "", embedder), rough)
    long = ("What is there?", "First comes this. " + "Then comes more of the same. " * 100)
    ((asked, said),) = memory.recall([long], 200, {}).turns
    assert asked == "What is there?"
    assert said.startswith("First comes this. Then comes more of the same.")
    assert said.endswith("same.")


def test_the_model_writes_notes_once_and_goes_on_from_them(server: LlmServer, embedder: Embedder) -> None:
    """The first overflow asks for notes; a later one sends the notes and the turns since, not all turns again."""
    memory = memory_of(server, embedder)
    server.answer = "The asker wanted to know how many rooms the floor has."
    begun = len(server.requests)
    recalled = memory.recall(TURNS[:6], 160, {})
    assert (recalled.notes, recalled.tokens.into) == (server.answer, 321)
    assert len(server.requests) - begun == 1
    again = memory.recall(TURNS[:6], 160, {})
    assert (again.notes, again.tokens.into) == (server.answer, 0)
    assert len(server.requests) - begun == 1
    memory.recall(TURNS, 160, {})
    later = server.requests[-1]["messages"][-1]["content"]
    assert f"Notes so far: {server.answer}" in later
    assert TURNS[0][0] not in later


@pytest.mark.parametrize(
    "said", ["There is a yacht in Monaco with golden taps.", "The floor has 99 rooms.", "word " * 2_000, ""]
)
def test_notes_that_say_what_was_never_said_are_not_used(server: LlmServer, embedder: Embedder, said: str) -> None:
    """New words, new numbers, or far too many words: the rule writes the notes."""
    server.answer = said
    recalled = memory_of(server, embedder).recall(TURNS, 160, {})
    assert recalled.notes.startswith("Asked: ")


def test_a_model_that_fails_leaves_the_notes_to_the_rule(server: LlmServer, embedder: Embedder) -> None:
    """No failure reaches the turn."""
    assert memory_of(server, embedder, "broken").recall(TURNS, 160, {}).notes.startswith("Asked: ")


def test_notes_are_those_of_the_same_turns_only(server: LlmServer, embedder: Embedder) -> None:
    """Two conversations that differ in one early turn have notes of their own."""
    memory = memory_of(server, embedder)
    server.answer = "The asker wanted to know how many rooms the floor has."
    memory.recall(TURNS, 160, {})
    begun = len(server.requests)
    memory.recall((("Who am I?", "The director."), *TURNS[1:]), 160, {})
    assert len(server.requests) == begun + 1


def test_a_long_conversation_reaches_the_model_as_notes_and_the_newest_turns(
    scripted: Callable[..., Parapet], server: LlmServer
) -> None:
    """Notes stand fenced before the question, the newest turns as messages; the tokens of both calls count."""
    server.answer = "The asker asked how many rooms each floor has."
    parapet = scripted(model="local:good", local_url=server.address, memory_tokens=150)
    asked = Question("How many days of holiday do staff get?", turn="t", earlier=TURNS)
    answer = parapet.assistant.invoke(asked)
    sent = server.requests[-1]["messages"]
    assert f"notes of earlier turns\n{server.answer}\n---" in sent[-1]["content"]
    assert [message["content"] for message in sent[-3:-1]] == list(TURNS[-1])
    assert TURNS[0][0] not in str(sent)
    assert answer.tokens.into == 642
    assert cost(tuple((q["content"], a["content"]) for q, a in zip(sent[1:-1:2], sent[2:-1:2], strict=True))) <= 150


def test_turns_that_a_guard_refused_are_never_recalled() -> None:
    """Of the turns of a conversation only those that were answered, or to which the documents held nothing."""
    texts = {
        Outcome.ANSWERED: "Yes. It does.",
        Outcome.ABSTAINED: "The documents do not answer this question. The nearest documents are: A.",
        Outcome.BLOCKED: "bad",
        Outcome.HELD: "bad",
        Outcome.FAILED: "bad",
    }
    turns = [
        Turn(str(n), "raw", "done", Answer(str(n), f"question {n}", outcome, text), now())
        for n, (outcome, text) in enumerate(texts.items())
    ]
    assert answered(turns) == (
        ("question 0", "Yes. It does."),
        ("question 1", "The documents do not answer this question."),
    )


def test_a_digest_keeps_the_newest() -> None:
    """Where not all fit, the oldest go; nothing is made of no room."""
    assert digest(TURNS, 40, rough).splitlines()[-1].startswith("Asked: How many rooms has floor 8?")
    assert digest(TURNS, 1, rough) == ""


def test_notes_are_compared_with_what_they_are_of() -> None:
    """A stray word is borne, a number that was not said is not."""
    source = "Floor 3 has 30 rooms. Each has a window that looks to the river and the old mill."
    assert is_of("Floor 3 has 30 rooms, each with a window to the river.", source)
    assert not is_of("Floor 3 has 31 rooms.", source)
    assert not is_of("", source)
