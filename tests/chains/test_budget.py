"""The budget of tokens: what a model reads at once, how tokens are counted, and that a prompt stays within it."""

import json
from collections.abc import Callable, Iterator

import pytest

from chains import tokens
from chains.assemble import Parapet
from chains.budget import WINDOW, Budget, budget_of, window_of
from chains.tokens import counter, rough
from core import quiet
from core.domain import Outcome
from core.settings import Settings
from tests.chains.llm_server import LlmServer, running

ASKED = "How many days of holiday do staff get?"
TEXT = "Staff get 25 days of holiday a year. Unused days lapse at the end of March.\n" * 20


@pytest.fixture(scope="module")
def server() -> Iterator[LlmServer]:
    """An OpenAI-compatible server."""
    with running() as server:
        yield server


@pytest.mark.parametrize(
    ("provider", "name", "window"),
    [
        ("openai", "gpt-4o-mini", 128_000),
        ("openai", "gpt-4", 8_192),
        ("openai", "gpt-4.1-nano", 1_047_576),
        ("openai", "gpt-5-mini", 272_000),
        ("openai", "something-else", WINDOW),
        ("local", "gpt-4o", WINDOW),
    ],
)
def test_the_window_goes_by_the_longest_known_beginning(provider: str, name: str, window: int) -> None:
    """Known models by name; a local server decides for itself, whatever its model is called."""
    assert window_of(provider, name) == window


def test_the_setting_goes_before_the_name() -> None:
    """What the operator says of the window holds."""
    assert budget_of(Settings(model="openai:gpt-4o", context_tokens=4_096)).window == 4_096
    assert budget_of(Settings(model="openai:gpt-4o")).window == 128_000


def test_the_answer_is_kept_free() -> None:
    """What is left to read is less than the window by the answer; a limit beyond the window keeps half of it."""
    assert Budget(1_000, 300, 0, len).reading("a" * 100) < 1_000 - 300 - 100
    assert Budget(1_000, 5_000, 0, len).reading() > 400


def test_memory_never_crowds_out_the_passages() -> None:
    """Earlier turns get what the setting says, but a quarter of what is left at most."""
    assert Budget(100_000, 600, 1_500, len).remembering() == 1_500
    assert Budget(2_000, 600, 1_500, len).remembering() < 400
    assert Budget(2_000, 600, 1_500, len).remembering("x" * 3_000) == 0


def test_a_short_prompt_fits_without_counting() -> None:
    """Where there is room for each byte, the tables are not needed; a longer text is not taken on trust."""

    def never(text: str) -> int:
        raise AssertionError("counted")

    budget = Budget(1_000, 300, 0, never)
    assert budget.surely_fits("a" * 300, "é" * 100)
    assert not budget.surely_fits("é" * 320)


def test_tokens_are_counted_as_the_model_counts_them() -> None:
    """A known model by its own table, from the disk; of an unknown one rather too many."""
    exact = counter("openai", "gpt-4o")("The quick brown fox jumps over the lazy dog.")
    assert exact == 10
    assert counter("local", "llama3.2")("The quick brown fox jumps over the lazy dog.") == 12
    assert counter("openai", "gpt-4o")("<|endoftext|>") > 1  # text, not the mark of an end


def test_a_rough_count_is_never_short_of_english() -> None:
    """By length alone English has more tokens than by the table; Chinese and lone surrogates are counted too."""
    assert rough(TEXT) >= counter("openai", "gpt-4o")(TEXT)
    assert rough("一二三四") == 4
    assert rough("\ud800") == 1


def test_without_a_table_on_the_disk_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the tables are missing, length stands in; tiktoken, which would download one, is not asked."""
    monkeypatch.setattr(quiet, "_TOKEN_TABLES", {})
    tokens._encoding.cache_clear()
    assert counter("openai", "gpt-4o")("abcdef") == 2
    tokens._encoding.cache_clear()


def test_a_long_prompt_is_trimmed_to_the_window_and_quoted_whole(
    scripted: Callable[..., Parapet], server: LlmServer
) -> None:
    """The prompt stays within the window with the sentence that answers; the citation stands in the whole document."""
    server.answer = "Staff get 25 days of holiday a year [1]."
    settings = {"context_tokens": 700, "answer_tokens": 64, "passages": 6}
    parapet = scripted(model="local:good", local_url=server.address, **settings)
    answer = parapet.assistant.invoke(ASKED)
    sent = server.requests[-1]["messages"]
    assert sum(counter("local", "good")(message["content"]) for message in sent) <= 700 - 64
    assert "Staff get 25 days of holiday a year." in sent[-1]["content"]
    document = parapet.library.document("handbook.md")
    (sentence,) = answer.sentences
    assert document is not None
    assert [document.text[c.start : c.end] for c in sentence.citations] == [c.quote for c in sentence.citations]
    assert len(answer.passages) > sent[-1]["content"].count("--- ") // 4


@pytest.mark.parametrize(
    "too_long",
    [
        ("context_length_exceeded", "This model's maximum context length is 4096 tokens."),
        ("exceed_context_size_error", "the request exceeds the available context size, try increasing it"),
        ("400", "The prompt is too long: maximum model length is 2048."),
    ],
)
def test_a_prompt_that_the_server_finds_too_long_is_sent_once_more_with_half_the_evidence(
    scripted: Callable[..., Parapet], server: LlmServer, too_long: tuple[str, str]
) -> None:
    """OpenAI's, llama.cpp's and vLLM's words for it; the second prompt is shorter and is answered."""
    server.answer = "Staff get 25 days of holiday a year [1]."
    server.too_long = too_long
    parapet = scripted(model="local:small", local_url=server.address)
    server.window, begun = 0, len(server.requests)
    parapet.assistant.invoke(ASKED)
    first, second = (len(json.dumps(body["messages"])) for body in server.requests[begun:])
    assert second < first
    server.window = (first + second) // 2  # the marks of each turn differ, and with them the count
    answer = parapet.assistant.invoke(ASKED)
    assert (answer.model, answer.text) == ("local:small", "Staff get 25 days of holiday a year.")


def test_when_half_is_too_long_as_well_the_documents_are_quoted(
    scripted: Callable[..., Parapet], server: LlmServer
) -> None:
    """The server is asked twice, not more; the answer quotes and says why."""
    server.window, begun = 0, len(server.requests)
    answer = scripted(model="local:small", local_url=server.address).assistant.invoke(ASKED)
    assert len(server.requests) - begun == 2
    assert (answer.outcome, answer.model) == (Outcome.ANSWERED, "extractive")
    assert "too long" in answer.notice


def test_a_window_without_room_for_a_sentence_quotes_without_a_call(
    scripted: Callable[..., Parapet], server: LlmServer
) -> None:
    """The model is not asked a question without evidence."""
    begun = len(server.requests)
    parapet = scripted(model="local:good", local_url=server.address, context_tokens=200, answer_tokens=100)
    answer = parapet.assistant.invoke(ASKED)
    assert len(server.requests) == begun
    assert answer.model == "extractive"
    assert "200 tokens" in answer.notice
