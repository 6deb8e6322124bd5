"""A real HTTP server that speaks OpenAI's Chat Completions and can be told to fail: the model's name selects the fault.

Runs in a thread on a free port; `requests` keeps the bodies it received.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

ANSWER = "Staff get 25 days of holiday a year [1]. Unused days lapse in March [1]."


class LlmServer:
    """What is asked of the server and what it says."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.answer = ANSWER
        self.window = 0  # characters that the model `small` reads
        self.too_long = ("context_length_exceeded", "This model's maximum context length is exceeded")  # code, message
        self.port = 0

    @property
    def address(self) -> str:
        """The base URL to set."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def complete(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        fault = body["model"]
        if fault == "no-key":
            return _error(401, "Incorrect API key provided", "invalid_api_key")
        if fault == "too-many":
            return _error(429, "Rate limit reached", "rate_limit_exceeded", {"Retry-After": "120"})
        if fault == "unknown":
            return _error(404, "The model `unknown` does not exist", "model_not_found")
        if fault == "small" and sum(len(m["content"]) for m in body["messages"]) > self.window:
            return _error(400, self.too_long[1], self.too_long[0])
        if fault == "broken":
            return _error(500, "boom", "server_error")
        return StreamingResponse(self._stream(fault), media_type="text/event-stream")

    async def _stream(self, fault: str) -> AsyncIterator[bytes]:
        import asyncio

        pieces = self.answer.split(" ")
        for number, piece in enumerate(pieces):
            if fault == "cut" and number == len(pieces) - 3:
                return
            if fault == "stall" and number == 2:
                await asyncio.sleep(20)
            if fault == "bad-json" and number == 2:
                yield b"data: {not json\n\n"
                return
            yield _chunk({"content": piece if number == 0 else f" {piece}"})
        reason = {"long": "length", "filtered": "content_filter"}.get(fault, "stop")
        yield _chunk({}, reason)
        usage = {"prompt_tokens": 321, "completion_tokens": 21, "total_tokens": 342}
        yield _data({"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [], "usage": usage})
        yield b"data: [DONE]\n\n"


@contextmanager
def running() -> Iterator[LlmServer]:
    """The server, listening."""
    server = LlmServer()
    app = Starlette(routes=[Route("/v1/chat/completions", server.complete, methods=["POST"])])
    runner = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=runner.run, daemon=True)
    thread.start()
    while not runner.started:
        time.sleep(0.01)
    server.port = runner.servers[0].sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        runner.should_exit = runner.force_exit = True
        thread.join(10)


def _chunk(delta: dict[str, str], reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return _data({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})


def _data(value: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


def _error(status: int, message: str, code: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"message": message, "type": code, "code": code}}, status, headers)
