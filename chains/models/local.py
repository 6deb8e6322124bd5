"""Models of a local server that speaks OpenAI's API (Ollama, llama.cpp, vLLM, LM Studio): `local:NAME`."""

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from core.ports import Embedder
from core.settings import Settings

DOC = "any OpenAI-compatible server at PARAPET_LOCAL_URL: Ollama, llama.cpp, vLLM, LM Studio"


def build(settings: Settings, name: str, embedder: Embedder) -> BaseChatModel:
    """The model of this name at PARAPET_LOCAL_URL; most local servers want no key, the client wants some."""
    from chains.models._compatible import build_compatible  # imports the client: 1.7 s

    key = settings.local_api_key or SecretStr("none")
    return build_compatible(settings, name, key=key, address=settings.local_url)
