"""A Chroma server instead of the embedded one: a real one, started for this test."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of an empty Chroma server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = shutil.which("chroma", path=str(Path(sys.executable).parent))
    assert program, "chromadb brings its server program"
    command = [program, "run", "--path", str(tmp_path / "chroma"), "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/heartbeat", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def test_the_library_works_over_a_chroma_server(address: str, tmp_path: Path) -> None:
    """Documents go in and are found; when the server is gone, the error names its address and what to do."""

    def parapet(*arguments: str, at: str = address) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PARAPET_")}
        environment = kept | {"PARAPET_HOME": str(tmp_path / "home"), "PARAPET_CHROMA_URL": at}
        command = [sys.executable, "-m", "ui.command.main", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    (tmp_path / "note.md").write_text("# Holiday\n\nStaff get 25 days of holiday a year.\n")
    assert parapet("ingest", "add", "note.md").returncode == 0
    found = parapet("search", "days of holiday")
    assert "25 days" in found.stdout, found.stderr
    assert not (tmp_path / "home" / "index" / "chroma").exists()
    gone = parapet("search", "days of holiday", at="http://127.0.0.1:9")
    assert gone.returncode == 2
    assert "127.0.0.1:9" in gone.stderr
    assert "PARAPET_CHROMA_URL" in gone.stderr
