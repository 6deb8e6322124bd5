"""The API on the port of the pages: `parapet serve` as it is started, without a browser."""

from __future__ import annotations

from typing import Any

import httpx
import openai

from tests.browser.conftest import Server

QUESTION: list[Any] = [{"role": "user", "content": "How many days of holiday do staff get?"}]


def test_pages_and_api_share_a_port(server: Server) -> None:
    """Behind the pages' middleware, too, sentences stream, metrics count, and errors are the API's own."""
    with openai.OpenAI(base_url=f"{server.address}/v1", api_key="unused", max_retries=0) as client:
        with client.chat.completions.create(model="parapet", messages=QUESTION, stream=True) as chunks:
            said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        whole = client.chat.completions.create(model="parapet", messages=QUESTION)
    assert said == whole.choices[0].message.content == "Staff get 25 days of paid holiday a year."
    assert 'parapet_turns_total{face="api",outcome="answered"} 2' in httpx.get(f"{server.address}/metrics").text
    assert httpx.get(f"{server.address}/v1/nothing").json()["error"]["type"] == "invalid_request_error"
    assert "<html" in httpx.get(server.address).text


def test_a_key_made_by_command_closes_the_running_server(server: Server) -> None:
    """The next call already needs it; the pages stay as they are."""
    made = server.parapet("keys", "add", "batch")
    assert httpx.get(f"{server.address}/v1/models").status_code == 401
    key = made.stdout.strip()
    assert httpx.get(f"{server.address}/v1/models", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert httpx.get(server.address).status_code == 200
