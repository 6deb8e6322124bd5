"""The HTTP API for programs: OpenAI's Chat Completions over the same assistant and guards, and the metrics.

Routes, keys and errors; the forms of requests and answers are in completion.py, the making of turns in asking.py.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from core.clock import new_id, now
from core.domain import Answer, AnswerChunk, Outcome, Question
from core.errors import ParapetError
from ui.asking import Turn, Turns
from ui.completion import (
    Refusal,
    Wish,
    check_model,
    chunk_json,
    completion_json,
    error_json,
    last_chunk_json,
    model_json,
    read_wish,
    usage_chunk_json,
)
from ui.metrics import MEDIA_TYPE, exposition

if TYPE_CHECKING:
    from chains.assemble import Parapet

MOST_BYTES = 1_000_000
CLOSED_REQUEST = 499  # nobody reads it: the caller has gone
_NOT_STORED = {"Cache-Control": "no-store"}
_LOG = logging.getLogger("parapet")


class Api:
    """The routes for programs."""

    def __init__(self, opened: Callable[[], Parapet], *, loopback: bool) -> None:
        """Routes over the Parapet that `opened` gives; beyond `loopback` addresses every call needs a key."""
        self._opened = opened
        self._loopback = loopback
        self._turns = Turns(opened)

    def routes(self) -> list[BaseRoute]:
        """What to mount: /v1 and /metrics."""
        inside = Starlette(
            routes=[
                Route("/chat/completions", self.complete, methods=["POST"]),
                Route("/models", self.models, methods=["GET"]),
                Route("/models/{name:path}", self.model, methods=["GET"]),
            ],
            exception_handlers={
                HTTPException: _refuse,
                ClientDisconnect: _hang_up,
                ParapetError: _break,
                Exception: _break,
            },
        )
        return [Mount("/v1", app=inside), Route("/metrics", self.metrics, methods=["GET"])]

    async def close(self) -> None:
        """Let running turns end."""
        await self._turns.close()

    # --- the endpoints ------------------------------------------------------------------------------------------

    async def complete(self, request: Request) -> Response:
        """Answer the last question of a conversation, at once or as a stream."""
        asker = await self._asker(request)
        wish = read_wish(await _body(request))
        turn = self._turns.begin(Question(wish.question, turn=new_id(), asker=asker, earlier=wish.earlier))
        if turn is None:
            raise Refusal(503, "Too many questions are being answered; try again soon.", code="overloaded")
        created = int(now().timestamp())
        if wish.stream:
            headers = _NOT_STORED | {"X-Accel-Buffering": "no"}  # a proxy must not keep sentences back
            return StreamingResponse(_events(turn, wish, created), media_type="text/event-stream", headers=headers)
        answer = await _unless_gone(request, turn)
        if answer is None:
            return Response(status_code=CLOSED_REQUEST)
        # as ASCII, here and in a stream: a model can write halves of characters, which have no other form
        return Response(
            json.dumps(completion_json(answer, created)), headers=_NOT_STORED, media_type="application/json"
        )

    async def models(self, request: Request) -> Response:
        """The models on offer."""
        await self._asker(request)
        return JSONResponse({"object": "list", "data": [model_json()]})

    async def model(self, request: Request) -> Response:
        """One model."""
        await self._asker(request)
        check_model(request.path_params["name"])
        return JSONResponse(model_json())

    async def metrics(self, request: Request) -> Response:
        """The counts of this process, for Prometheus."""
        await self._asker(request)
        return Response(await to_thread.run_sync(self._exposition), headers={"Content-Type": MEDIA_TYPE})

    def _exposition(self) -> str:
        parapet = self._opened()
        documents, chunks = parapet.library.size()
        gauges = {
            "parapet_documents": ("Documents in the library.", documents),
            "parapet_chunks": ("Chunks in the library.", chunks),
            "parapet_documents_quarantined": ("Documents that wait for a person.", parapet.quarantine.count()),
            "parapet_flags_open": ("Flagged answers that wait for a person.", parapet.flags.counts()["open"]),
        }
        return exposition(parapet.telemetry.counts(), gauges)

    # --- who asks -----------------------------------------------------------------------------------------------

    async def _asker(self, request: Request) -> str:
        """Who asks; Refusal when a key is needed and none that fits is given."""
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        secret = secret.strip() if scheme.lower() == "bearer" else ""
        asker = await to_thread.run_sync(self._who, secret)
        if asker is None:
            given = "That key lets nobody in" if secret else "This call needs a key"
            raise Refusal(
                401,
                f"{given}: send `Authorization: Bearer pk-…` with a key made by `parapet keys add NAME`.",
                code="invalid_api_key",
            )
        return asker

    def _who(self, secret: str) -> str | None:
        keys = self._opened().keys
        if self._loopback and not keys.any():
            return "local"
        name = keys.check(secret) if secret else None
        return None if name is None else f"key:{name}"


async def _body(request: Request) -> bytes:
    """The body, read no further than allowed."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise Refusal(413, f"The body of the request has more than {MOST_BYTES:,} bytes.", code="request_too_large")
    return bytes(body)


async def _unless_gone(request: Request, turn: Turn) -> Answer | None:
    """What comes of a turn; None, and the turn stopped, when the caller hangs up before."""
    answered = asyncio.ensure_future(turn.answer())
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({answered, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await answered if answered.done() else None
    finally:
        turn.stop()
        answered.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _events(turn: Turn, wish: Wish, created: int) -> AsyncIterator[str]:
    """A turn as server-sent events. Sentences are released ones; when the caller hangs up, the turn is stopped."""
    try:
        async for piece in _pieces(turn, wish, created):
            yield f"data: {json.dumps(piece)}\n\n"
        yield "data: [DONE]\n\n"
    except Exception as error:  # noqa: BLE001 - the edge: the head is out, so what broke can only be said in the stream
        yield f"data: {json.dumps(_incident(error))}\n\n"
    finally:
        turn.stop()


async def _pieces(turn: Turn, wish: Wish, created: int) -> AsyncIterator[dict[str, Any]]:
    identity = turn.question.turn
    none_yet = {"usage": None} if wish.usage else {}
    yield chunk_json(identity, created, {"role": "assistant", "content": ""}) | none_yet
    said = False
    async for chunk in turn.chunks():
        if text := _released(chunk, said=said):
            said = True
            yield chunk_json(identity, created, {"content": text}) | none_yet
        if answer := chunk.answer:
            yield last_chunk_json(answer, created) | none_yet
            if wish.usage:
                yield usage_chunk_json(answer, created)


def _released(chunk: AnswerChunk, *, said: bool) -> str:
    """What a chunk adds to what is shown: sentences, or at the end why there is no answer."""
    text = "".join(sentence.lead + sentence.text for sentence in chunk.sentences)
    if chunk.answer is not None and (not said or chunk.answer.outcome is not Outcome.ANSWERED):
        text += ("\n\n" if said else "") + chunk.answer.text
    return text


def _refuse(_request: Request, error: Exception) -> Response:
    """The answer to a request that is refused, in OpenAI's form also where Starlette refuses."""
    assert isinstance(error, HTTPException)
    param, code = (error.param, error.code) if isinstance(error, Refusal) else (None, None)
    body = error_json(error.status_code, error.detail, param=param, code=code)
    return JSONResponse(body, status_code=error.status_code, headers=error.headers)


def _break(_request: Request, error: Exception) -> Response:
    return JSONResponse(_incident(error), status_code=500)


def _hang_up(_request: Request, _error: Exception) -> Response:
    return Response(status_code=CLOSED_REQUEST)


def _incident(error: Exception) -> dict[str, Any]:
    """What a caller is told of an error; the rest is in the log, for the operator."""
    incident = new_id()
    _LOG.error("A call of the API failed (incident %s)", incident, exc_info=error)
    message = f"Something broke while answering. Tell the operator: incident {incident}."
    return error_json(500, message, code="internal_error")
