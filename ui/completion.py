"""The forms of OpenAI's Chat Completions API: what a request says, and the objects that answer it. Forms only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from starlette.exceptions import HTTPException

from core.domain import Answer, Outcome
from core.wire import answer_json

MODEL = "parapet"
_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "5"}}
ROLES = frozenset({"assistant", "developer", "function", "system", "tool", "user"})


class Refusal(HTTPException):
    """A request that is not carried out, with what OpenAI's error object says of it."""

    def __init__(self, status: int, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(status, message, headers=_HEADERS.get(status))
        self.param = param
        self.code = code


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request asks for."""

    question: str
    earlier: tuple[tuple[str, str], ...]  # earlier (question, answer) pairs, oldest first
    stream: bool
    usage: bool  # end a stream with a chunk that tells the tokens


def read_wish(body: bytes) -> Wish:
    """What the body of a request asks for; Refusal when it can't be that."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "The body of the request is not JSON.", code="invalid_json") from error
    if not isinstance(data, dict):
        raise Refusal(400, "The body of the request must be a JSON object.", code="invalid_json")
    check_model(data.get("model"))
    stream = data.get("stream")
    if stream not in (None, True, False):
        raise Refusal(400, "`stream` must be true or false.", param="stream", code="invalid_type")
    options = data.get("stream_options")
    question, earlier = _conversation(data.get("messages"))
    return Wish(question, earlier, bool(stream), isinstance(options, dict) and options.get("include_usage") is True)


def check_model(name: Any) -> None:
    """Refuse any model but ours."""
    if not isinstance(name, str):
        raise Refusal(400, f"Name the model: `{MODEL}`.", param="model", code="missing_required_parameter")
    if name != MODEL:
        raise Refusal(
            404, f"There is no model of that name; there is `{MODEL}`.", param="model", code="model_not_found"
        )


def _conversation(messages: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The last question and the answered ones before it. Instructions of the caller (system messages) are left out."""
    if not isinstance(messages, list) or not messages:
        raise Refusal(400, "`messages` must be a list of messages.", param="messages", code="invalid_type")
    said = [_message(message, f"messages[{number}]") for number, message in enumerate(messages)]
    said = [(role, text) for role, text in said if role in {"user", "assistant"}]
    last = max((number for number, (role, _) in enumerate(said) if role == "user"), default=None)
    if last is None:
        raise Refusal(
            400, "There is no message of the role `user` to answer.", param="messages", code="no_user_message"
        )
    before = said[:last]
    pairs = [
        (asked, answered)
        for (role, asked), (next_role, answered) in pairwise(before)
        if (role, next_role) == ("user", "assistant")
    ]
    return said[last][1], tuple(pairs)


def _message(message: Any, where: str) -> tuple[str, str]:
    """Role and text of a message; no text of those that are left out anyway."""
    role = message.get("role") if isinstance(message, dict) else None
    if not isinstance(role, str) or role not in ROLES:
        raise Refusal(400, f"A message needs a role: {', '.join(sorted(ROLES))}.", param=where, code="invalid_value")
    content = message.get("content")
    if role not in {"user", "assistant"} or (role == "assistant" and content is None):
        return role, ""
    parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
    texts = [part.get("text") for part in parts if isinstance(part, dict) and part.get("type") == "text"]
    if len(texts) != len(parts) or not all(isinstance(text, str) for text in texts):
        raise Refusal(
            400,
            "The content of a message must be text, or a list of text parts.",
            param=f"{where}.content",
            code="invalid_type",
        )
    # JSON can carry halves of characters, which no encoder takes
    return role, "\n".join(map(str, texts)).encode("utf-8", "replace").decode("utf-8")


# --- what answers it --------------------------------------------------------------------------------------------


def error_json(status: int, message: str, *, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    """An error as OpenAI's clients read it."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def model_json() -> dict[str, Any]:
    """The one model that is on offer."""
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "parapet"}


def completion_json(answer: Answer, created: int) -> dict[str, Any]:
    """A whole answer."""
    message = {"role": "assistant", "content": answer.text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason(answer)}
    return _object("chat.completion", answer.turn, created) | {
        "choices": [choice],
        "usage": usage_json(answer),
        "parapet": answer_json(answer),
    }


def chunk_json(turn: str, created: int, delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    """A piece of an answer."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    return _object("chat.completion.chunk", turn, created) | {"choices": [choice]}


def last_chunk_json(answer: Answer, created: int) -> dict[str, Any]:
    """The chunk after all text: how the writing ended, and the whole answer."""
    return chunk_json(answer.turn, created, {}, finish_reason(answer)) | {"parapet": answer_json(answer)}


def usage_chunk_json(answer: Answer, created: int) -> dict[str, Any]:
    """The chunk after the last, for those who asked for the tokens."""
    return _object("chat.completion.chunk", answer.turn, created) | {"choices": [], "usage": usage_json(answer)}


def finish_reason(answer: Answer) -> str:
    """How the writing ended, in OpenAI's words."""
    return "content_filter" if answer.outcome in {Outcome.BLOCKED, Outcome.HELD} else "stop"


def usage_json(answer: Answer) -> dict[str, int]:
    """The tokens of an answer."""
    into, out = answer.tokens.into, answer.tokens.out
    return {"prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out}


def _object(kind: str, turn: str, created: int) -> dict[str, Any]:
    return {"id": f"chatcmpl-{turn}", "object": kind, "created": created, "model": MODEL}
