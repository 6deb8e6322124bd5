"""A real server with a home of its own, and a real Chromium to look at it with."""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.ui.conftest import write_handbook
from ui.screenshots import CHROMIUM_ARGUMENTS, chromium

Open = Callable[..., Page]
START_SECONDS = 120
STEP_MILLISECONDS = 60_000
INVENTED = "Napoleon Bonaparte moved the office to Mars in 1804."
SCRIPT = [
    {"when": "slow", "say": "Staff get 25 days of paid holiday a year [1]. " * 2, "delay_ms": 250},
    {"when": "parental", "say": f"Parents get sixteen weeks of paid parental leave [1]. {INVENTED}"},
    {"when": "sickness", "say": f"A doctor's note is needed from the fourth day of sickness [1]. {INVENTED}"},
    {"when": "holiday", "say": "Staff get 25 days of paid holiday a year [1]."},
    {"when": "train", "fail": "the server does not answer"},
    {"say": "{passage}"},
]


@dataclass(frozen=True)
class Server:
    """A running server and the environment in which the command reaches the same home."""

    address: str
    folder: Path
    environment: dict[str, str]

    def parapet(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command beside the server."""
        command = [sys.executable, "-m", "ui.command.main", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`parapet serve` on a free port, with the handbook ingested and the scripted model."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "script.jsonl").write_text("\n".join(json.dumps(line) for line in SCRIPT), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARAPET_")} | {
        "PARAPET_HOME": str(folder / "home"),
        "PARAPET_MODEL": "scripted",
        "PARAPET_SCRIPT": str(folder / "script.jsonl"),
        "PARAPET_PORT": str(port),
    }
    made = Server(f"http://127.0.0.1:{port}", folder, environment)
    write_handbook(folder / "handbook")
    added = made.parapet("ingest", "add", "handbook", "--quiet")
    assert added.returncode == 0, added.stderr
    with (folder / "errors.txt").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.command.main", "serve"],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        line = _first_line(process)
        assert line == f"Parapet is ready at {made.address}\n", (folder / "errors.txt").read_text()
        yield made
    finally:
        process.terminate()
        process.communicate(timeout=60)
    assert "Traceback" not in (folder / "errors.txt").read_text()


def _first_line(process: subprocess.Popen[str]) -> str:
    """The first line of a program's output; empty when it ends, or says nothing in good time."""
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    threading.Thread(target=lambda: lines.put(process.stdout.readline()), daemon=True).start()  # type: ignore[union-attr]
    try:
        return lines.get(timeout=START_SECONDS)
    except queue.Empty:
        return ""


def ask(page: Page, question: str) -> Locator:
    """Ask a question; the last message of the page."""
    field = page.get_by_test_id("stChatInputTextArea")
    expect(field).to_be_enabled()
    field.fill(question)
    field.press("Enter")
    expect(page.get_by_test_id("stChatMessage").filter(has_text=question[:60]).first).to_be_visible()
    return page.get_by_test_id("stChatMessage").last


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module's tests."""
    executable = os.environ.get("CHROMIUM") or chromium()
    if executable is None:
        pytest.skip("needs Chromium: install it, or set CHROMIUM to its program")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=[*CHROMIUM_ARGUMENTS])
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Callable[[str], Page]]:
    """Opens pages of the server; at the end, no page may have asked any other host for anything."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    context.set_default_timeout(STEP_MILLISECONDS)
    expect.set_options(timeout=STEP_MILLISECONDS)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))

    def opening(path: str = "/") -> Page:
        page = context.new_page()
        page.goto(server.address + path)
        page.get_by_test_id("stApp").wait_for()
        return page

    yield opening
    context.close()
    strangers = [url for url in asked if not url.startswith((server.address, "data:", "blob:"))]
    assert strangers == []
