"""OpenAI's models: `openai:NAME` with OPENAI_API_KEY (and OPENAI_BASE_URL where it isn't OpenAI's own)."""

from langchain_core.language_models import BaseChatModel

from core.errors import SettingsError
from core.ports import Embedder
from core.settings import Settings

DOC = "OpenAI's API, or any address that speaks it with a key"


def build(settings: Settings, name: str, embedder: Embedder) -> BaseChatModel:
    """The model of this name; SettingsError when there is no key."""
    from chains.models._compatible import build_compatible  # imports the client: 1.7 s

    if settings.openai_api_key is None:
        raise SettingsError([f"OPENAI_API_KEY: openai:{name} needs a key; set it in the environment or .env"])
    return build_compatible(settings, name, key=settings.openai_api_key, address=settings.openai_base_url)
