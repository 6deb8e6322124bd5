"""What every model provider keeps: a chat model of LangChain, nothing called at building, failures of our kind."""

from pathlib import Path

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage
from pydantic import SecretStr

from core import plugins
from core.errors import ModelFailure
from core.ports import Embedder
from core.settings import Settings

NOBODY = "http://127.0.0.1:9/v1"


@pytest.fixture
def reachless(tmp_path: Path) -> Settings:
    """Settings with which every provider can be built and none can reach anyone."""
    script = tmp_path / "script.jsonl"
    script.write_text('{"when": "something else", "say": "Hello."}\n')
    return Settings(
        home=tmp_path, script=script, openai_api_key=SecretStr("sk-x"), openai_base_url=NOBODY, local_url=NOBODY
    )


@pytest.mark.parametrize("name", plugins.names("chains.models"))
def test_a_provider_gives_a_chat_model_without_calling_anyone(
    name: str, reachless: Settings, embedder: Embedder
) -> None:
    """Building works with nobody at the address."""
    provider = plugins.load("chains.models", name)
    assert isinstance(provider.build(reachless, "some-model", embedder), BaseChatModel)
    assert provider.DOC


@pytest.mark.parametrize("name", plugins.names("chains.models"))
def test_a_provider_that_cannot_answer_raises_a_model_failure(
    name: str, reachless: Settings, embedder: Embedder
) -> None:
    """Whatever goes wrong is a ModelFailure with a kind and a reason, streaming and not."""
    evidence = {"evidence": {"question": "x", "passages": []}} if name == "scripted" else {}
    message = HumanMessage(content="x", additional_kwargs=evidence)
    model = plugins.load("chains.models", name).build(reachless, "some-model", embedder)
    for ask in (model.invoke, lambda messages: list(model.stream(messages))):
        with pytest.raises(ModelFailure) as caught:
            ask([message])
        assert caught.value.kind
        assert caught.value.reason
