"""Any server that speaks OpenAI's Chat Completions, as a LangChain chat model whose errors are Parapet's.

The vendor's door: time-outs, refusals and broken streams leave it as ModelFailure, each with its kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.quiet import quiet

quiet()

import httpx  # noqa: E402
import openai  # noqa: E402
from langchain_core.callbacks import CallbackManagerForLLMRun  # noqa: E402
from langchain_core.exceptions import ContextOverflowError  # noqa: E402
from langchain_core.messages import BaseMessage  # noqa: E402
from langchain_core.outputs import ChatGenerationChunk, ChatResult  # noqa: E402
from langchain_openai import ChatOpenAI  # noqa: E402
from pydantic import SecretStr  # noqa: E402

from core.errors import ModelFailure  # noqa: E402
from core.settings import Settings  # noqa: E402

CONNECT_SECONDS = 5.0
STALL_SECONDS = 30.0  # longest silence within a stream
# how OpenAI, llama.cpp and vLLM say that a prompt is too long; the wording of the last has changed before
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|maximum context length|context (?:length|size|window)"
    r"|prompt is too long|too many (?:input )?tokens|maximum (?:input|model) length",
    re.IGNORECASE,
)


class CompatibleChat(ChatOpenAI):
    """ChatOpenAI that raises ModelFailure."""

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        with _translated(self.shown_address, self.model_name):
            return super()._generate(messages, stop, run_manager, **kwargs)

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        with _translated(self.shown_address, self.model_name):
            yield from super()._stream(*args, **kwargs)

    @property
    def shown_address(self) -> str:
        """Where the model is, for messages."""
        return self.openai_api_base or "OpenAI"


def build_compatible(settings: Settings, name: str, *, key: SecretStr, address: str | None) -> CompatibleChat:
    """A chat model of this name at this address; nothing is called yet."""
    return CompatibleChat(
        model=name,
        api_key=key,
        base_url=address,
        max_retries=0,  # the client's own retries obey a server's Retry-After for minutes
        timeout=httpx.Timeout(min(STALL_SECONDS, settings.model_timeout_seconds), connect=CONNECT_SECONDS),
        max_completion_tokens=settings.answer_tokens,
        # some local servers know only the older name of the limit
        extra_body={"max_tokens": settings.answer_tokens} if address else None,
        stream_usage=True,
        # a name such as "codex" would else move the call to an API that compatible servers lack
        use_responses_api=False if address else None,
    )


@contextmanager
def _translated(address: str, model: str) -> Iterator[None]:
    try:
        yield
    except ModelFailure:
        raise
    except openai.APITimeoutError as error:
        raise ModelFailure("timeout", f"{model} at {address} did not answer in time.") from error
    except openai.APIConnectionError as error:
        raise ModelFailure("unreachable", f"No language model answers at {address}.") from error
    except openai.AuthenticationError as error:
        raise ModelFailure("key", f"{address} refused the key for {model}.") from error
    except openai.RateLimitError as error:
        raise ModelFailure("limit", f"{address} takes no more requests for {model} now: {_cause(error)}") from error
    except openai.NotFoundError as error:
        raise ModelFailure("unknown_model", f"{address} has no model {model}: {_cause(error)}") from error
    except openai.OpenAIError as error:
        if isinstance(error, ContextOverflowError) or _TOO_LONG.search(str(error)):
            raise ModelFailure("too_long", f"The prompt is too long for {model} at {address}.") from error
        raise ModelFailure("refused", f"{address} refused the request to {model}: {_cause(error)}") from error
    except httpx.ReadTimeout as error:
        raise ModelFailure("stalled", f"{model} at {address} fell silent in mid-answer.") from error
    except (httpx.HTTPError, json.JSONDecodeError) as error:
        raise ModelFailure("broken_stream", f"The answer of {model} at {address} broke off.") from error


def _cause(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
