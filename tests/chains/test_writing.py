"""One call of a model: short texts for purposes of our own, prompts that a server cut, tokens of calls that failed."""

from collections.abc import Iterator

import pytest
from langchain_core.messages import BaseMessage, HumanMessage

from chains.models import extractive, local
from chains.writing import Writing, has_language, short_text, together
from core.domain import Tokens
from core.errors import ModelFailure
from core.ports import Embedder
from core.settings import Settings
from tests.chains.llm_server import LlmServer, running

MESSAGES: list[BaseMessage] = [HumanMessage("Say something short.")]


@pytest.fixture(scope="module")
def server() -> Iterator[LlmServer]:
    """An OpenAI-compatible server."""
    with running() as server:
        yield server


def test_a_short_text_is_whole_or_nothing(server: LlmServer, embedder: Embedder) -> None:
    """A text that ends in time is given; one that is too long, cut at its limit or broken off is empty, not half."""
    server.answer = "Seven words are not very many words."
    settings = Settings(local_url=server.address)
    for name, most, wanted in (("good", 100, server.answer), ("good", 10, ""), ("long", 100, ""), ("cut", 100, "")):
        model = local.build(settings, name, embedder)
        assert short_text(model, MESSAGES, {}, seconds=5, most_characters=most)[0] == wanted


def test_a_call_that_never_began_took_no_tokens(server: LlmServer, embedder: Embedder) -> None:
    """What a server refused was not read; what broke off was, and is counted roughly."""
    settings = Settings(local_url=server.address)
    for name, counted in (("no-key", False), ("cut", True)):
        writing = Writing(local.build(settings, name, embedder), MESSAGES, {}, 5)
        with pytest.raises(ModelFailure):
            list(writing.pieces())
        assert (writing.tokens.into > 0) is counted


def test_a_prompt_that_the_server_cut_is_noticed(server: LlmServer, embedder: Embedder) -> None:
    """Some servers leave out the beginning of a long prompt without a word; their own count of tokens shows it."""
    model = local.build(Settings(local_url=server.address), "good", embedder)
    for text, cut in (("word " * 100, False), ("word " * 5_000, True)):  # the server says 321 to either
        writing = Writing(model, [HumanMessage(text)], {}, 5)
        list(writing.pieces())
        assert writing.read_too_little is cut


def test_only_language_models_are_asked_for_other_things(server: LlmServer, embedder: Embedder) -> None:
    """The quoting answerer reads passages, not instructions."""
    assert has_language(local.build(Settings(local_url=server.address), "good", embedder))
    assert not has_language(extractive.build(Settings(), "", embedder))


def test_tokens_of_two_calls_add_up() -> None:
    """The sum is estimated when either part is."""
    assert together(Tokens(1, 2), Tokens(3, 4, estimated=True)) == Tokens(4, 6, estimated=True)
