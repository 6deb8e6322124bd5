"""`parapet ingest` from outside: what it prints and how it exits."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ui.command.ingest import app


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Runs the sub-command in a folder and a home of this test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARAPET_HOME", str(tmp_path / "home"))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "otter.md").write_bytes(b"# Otter\r\n\r\nThe otter eats fish; na\xc3\xafve fish.\r\n")

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    return invoke


def test_add_list_show_and_remove(run: object) -> None:
    """The way of one document through the library, as JSON."""
    assert callable(run)
    added = run("add", "docs", "--json")
    report = json.loads(added.stdout)
    assert added.exit_code == 0
    assert {name: report[name] for name in ("added", "refused", "quarantined", "chunks")} == {
        "added": 1,
        "refused": 0,
        "quarantined": 0,
        "chunks": 1,
    }
    assert report["documents"][0].items() >= {"source": "otter.md", "state": "added", "language": "en"}.items()
    assert json.loads(run("ls", "--json").stdout)["source"] == "otter.md"
    assert run("show", "otter.md", "--text").stdout_bytes == Path("docs/otter.md").read_bytes()
    assert json.loads(run("status", "--json").stdout)["faults"] == []
    removed = run("rm", "otter.md", "nothing.md", "--json")
    assert (removed.exit_code, json.loads(removed.stdout)["removed"]) == (1, 1)
    assert run("ls", "--json").stdout == ""


def test_exit_codes(run: object) -> None:
    """0 when all went in, 1 when something was refused, 2 when nothing that was named is there."""
    assert callable(run)
    Path("docs/empty.md").touch()
    refused = run("add", "docs", "missing.md")
    assert refused.exit_code == 1
    assert "refused: empty.md: the file is empty" in refused.stderr
    assert "refused: missing.md" in refused.stderr
    Path("docs/empty.md").unlink()
    quiet = run("add", "docs", "--quiet")
    assert (quiet.exit_code, quiet.stdout, quiet.stderr) == (0, "", "")
    assert run("add", "missing.md", "nowhere").exit_code == 2


def test_help_is_light() -> None:
    """Reading the command's help loads neither Chroma nor ONNX Runtime nor Tantivy."""
    code = (
        "import sys; import ui.command.ingest\n"
        "assert not {'chromadb', 'onnxruntime', 'tantivy', 'sqlalchemy', 'numpy'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
