"""The language models: a real OpenAI-compatible server with every fault, the extractive answerer, the scripted one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from chains.models import extractive, local, openai, scripted
from chains.models._evidence import Evidence, EvidencePassage
from chains.writing import Writing
from core.errors import ModelFailure, SettingsError, UsageError
from core.ports import Embedder
from core.settings import Settings
from tests.chains.llm_server import ANSWER, LlmServer, running

EVIDENCE = {
    "question": "How many days of holiday do staff get?",
    "passages": [{"number": 1, "text": "Staff get 25 days. They lapse.", "heading": [], "score": 0.9}],
}
MESSAGES = [HumanMessage(content="How many?", additional_kwargs={"evidence": EVIDENCE})]


@pytest.fixture(scope="module")
def server() -> Iterator[LlmServer]:
    """The server, for all tests of this file."""
    with running() as server:
        yield server


def written(server: LlmServer, name: str, embedder: Embedder, seconds: float = 5.0) -> tuple[str, Writing]:
    """What `local:NAME` writes."""
    settings = Settings(local_url=server.address, model_timeout_seconds=seconds, answer_tokens=99)
    writing = Writing(local.build(settings, name, embedder), MESSAGES, {}, seconds)
    return "".join(writing.pieces()), writing


def test_a_local_model_streams_its_answer_with_its_usage(server: LlmServer, embedder: Embedder) -> None:
    """The text comes in pieces, tokens are the server's, and the evidence that rides along is not sent."""
    text, writing = written(server, "good", embedder)
    assert text == ANSWER
    assert (writing.tokens.into, writing.tokens.out, writing.tokens.estimated, writing.cut) == (321, 21, False, False)
    sent = server.requests[-1]
    assert sent["messages"] == [{"content": "How many?", "role": "user"}]
    assert sent["stream"] is True
    assert sent["max_tokens"] == sent["max_completion_tokens"] == 99


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("no-key", "key"),
        ("too-many", "limit"),
        ("unknown", "unknown_model"),
        ("broken", "refused"),
        ("cut", "broken_stream"),
        ("bad-json", "broken_stream"),
        ("filtered", "filtered"),
    ],
)
def test_each_fault_of_a_server_is_a_failure_of_its_kind(
    server: LlmServer, embedder: Embedder, name: str, kind: str
) -> None:
    """Refused keys, limits, unknown models, cut and broken streams leave the door as ModelFailure, at once."""
    with pytest.raises(ModelFailure) as caught:
        written(server, name, embedder)
    assert caught.value.kind in ({kind, "cut"} if name == "cut" else {kind})


def test_a_stalled_stream_fails_within_the_deadline(server: LlmServer, embedder: Embedder) -> None:
    """A server that falls silent is left after the seconds that the settings allow."""
    with pytest.raises(ModelFailure) as caught:
        written(server, "stall", embedder, seconds=1.0)
    assert caught.value.kind in {"stalled", "timeout"}


def test_nobody_at_the_address_is_told_with_the_address(embedder: Embedder) -> None:
    """An address where nothing listens is named."""
    model = local.build(Settings(local_url="http://127.0.0.1:9/v1"), "llama", embedder)
    with pytest.raises(ModelFailure, match=r"http://127\.0\.0\.1:9/v1"):
        list(Writing(model, MESSAGES, {}, 5).pieces())


def test_an_answer_that_stopped_at_its_limit_is_marked(server: LlmServer, embedder: Embedder) -> None:
    """A finish reason of length keeps the text and says that it was cut."""
    text, writing = written(server, "long", embedder)
    assert text == ANSWER
    assert writing.cut


def test_openai_without_a_key_is_a_wrong_setting(embedder: Embedder) -> None:
    """The message names the variable to set."""
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        openai.build(Settings(), "gpt-5-mini", embedder)


# --- extractive -------------------------------------------------------------------------------------------------

HOLIDAY = EvidencePassage(
    1,
    "The office opens at nine. Staff get 25 days of holiday a year. Unused days lapse at the end of March.",
    ("Handbook", "Holiday"),
    1.0,
)
STEPS = EvidencePassage(
    2, "To ask for holiday, take these steps:\n\n1. Open the form.\n2. Name the days.\n\nThe office is large.", (), 0.6
)


def test_the_extractive_answer_is_made_of_exact_quotes(embedder: Embedder) -> None:
    """The sentence that answers comes first, word for word, with its citation, and always the same."""
    evidence = Evidence("How many days of holiday do staff get?", (HOLIDAY, STEPS))
    pieces = list(extractive.compose(evidence, embedder))
    assert pieces[0] == "Staff get 25 days of holiday a year. [1]"
    assert pieces == list(extractive.compose(evidence, embedder))


def test_steps_are_given_as_the_document_gives_them(embedder: Embedder) -> None:
    """A sentence that announces steps brings them along, each on a line of its own."""
    evidence = Evidence("How do I ask for holiday?", (replace(STEPS, number=1),))
    text = "".join(extractive.compose(evidence, embedder))
    assert "take these steps: [1]\n1. Open the form. [1]\n2. Name the days. [1]" in text


def test_nothing_to_quote_is_an_empty_answer(embedder: Embedder) -> None:
    """Headings and tables alone give no sentence."""
    passage = EvidencePassage(1, "# Holiday\n\n| a | b |\n", (), 1.0)
    assert list(extractive.compose(Evidence("Holiday?", (passage,)), embedder)) == []


# --- scripted ---------------------------------------------------------------------------------------------------


def test_the_script_is_played_by_question(tmp_path: Path, embedder: Embedder) -> None:
    """The first line whose `when` stands in the question is said."""
    script = tmp_path / "script.jsonl"
    script.write_text('{"when": "weather", "say": "Rain."}\n{"when": "HOLIDAY", "say": "It says: {passage}"}\n')
    model = scripted.build(Settings(script=script), "", embedder)
    assert model.invoke(MESSAGES).content == "It says: Staff get 25 days. They lapse."


@pytest.mark.parametrize("line", ["{", '{"sya": "x"}', '{"say": 1}'])
def test_a_wrong_script_is_refused_by_its_line(tmp_path: Path, embedder: Embedder, line: str) -> None:
    """The message names the file and the line."""
    script = tmp_path / "script.jsonl"
    script.write_text(f'{{"say": "fine"}}\n{line}\n')
    with pytest.raises(UsageError, match=r"script\.jsonl:2"):
        scripted.build(Settings(script=script), "", embedder)
    with pytest.raises(UsageError, match="PARAPET_SCRIPT"):
        scripted.build(Settings(), "", embedder)
