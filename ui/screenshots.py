"""Takes the pictures of the README from the real pages: `python -m ui.screenshots` (needs Chromium and playwright).

Each picture comes from a server of its own, with a fresh home into which docs/ is ingested.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SIZE = (1100, 800)
QUESTION = "How do I ingest a folder?"
SCRIPT = {
    "say": "To ingest a folder, run `parapet ingest add FOLDER` [1]. The command was first used in Lisbon in 1871 [1]."
}


def chromium() -> str | None:
    """Where Chromium is on this machine, if anywhere."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def main() -> None:
    """Take every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, model, draw in (("ask", "extractive", _ask), ("review", "scripted", _review)):
        with tempfile.TemporaryDirectory() as folder, _served(Path(folder), model) as address:
            _take(address, draw, IMAGES / f"{name}.png")


def _take(address: str, draw: Callable[[Page, str], None], target: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*CHROMIUM_ARGUMENTS])
        width, height = SIZE
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
        page.goto(address)
        draw(page, address)
        page.wait_for_timeout(800)  # what opens, opens with a movement
        page.screenshot(path=target)
        browser.close()
    sys.stderr.write(f"{target.relative_to(ROOT)}\n")


def _ask(page: Page, _address: str) -> None:
    """An answer with an opened citation."""
    _put_question(page)
    page.get_by_text("extractive · ").wait_for()
    page.get_by_test_id("stPopoverButton").first.click()
    page.get_by_test_id("stPopoverBody").wait_for()


def _review(page: Page, address: str) -> None:
    """A held answer on the reviewer's page."""
    _put_question(page)
    page.get_by_text("Waiting for a person").wait_for()
    page.goto(f"{address}/review")
    page.get_by_role("button", name="Look at it").first.click()
    page.locator(".st-key-under-review").wait_for()
    page.get_by_label("Note (the asker sees it)").scroll_into_view_if_needed()
    page.mouse.wheel(0, -10_000)


def _put_question(page: Page) -> None:
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill(QUESTION)
    field.press("Enter")


@contextmanager
def _served(folder: Path, model: str) -> Iterator[str]:
    """`parapet serve` over docs/, in a home of its own."""
    (folder / "script.jsonl").write_text(json.dumps(SCRIPT), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = [f"PARAPET_HOME={folder / 'home'}", f"PARAPET_MODEL={model}", f"PARAPET_PORT={port}"]
    settings.append(f"PARAPET_SCRIPT={folder / 'script.jsonl'}")
    command = ["env", *settings, sys.executable, "-m", "ui.command.main"]
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("images"))
    subprocess.run([*command, "ingest", "add", "docs", "--quiet"], cwd=folder, check=True)  # noqa: S603
    with subprocess.Popen([*command, "serve"], cwd=folder, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            assert server.stdout is not None
            server.stdout.readline()  # comes when the pages answer
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
