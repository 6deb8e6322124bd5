"""`parapet ingest` from outside: what it prints and how it exits."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.ingest.papers import pdf
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


def test_the_report_tells_each_document(run: object) -> None:
    """Pages, characters, tables, pages without text, language, chunks, seconds, and what was found in it."""
    assert callable(run)
    Path("docs/report.pdf").write_bytes(pdf("The harvest was rich this year.", "", "The barn is full of it."))
    Path("docs/prices.csv").write_text("fruit,price\napple,3\npear,4\n")
    Path("docs/mail.txt").write_text("Write to jane.doe@example.org about the barn.")
    added = run("add", "docs", "--json")
    documents = {document["source"]: document for document in json.loads(added.stdout)["documents"]}
    report = documents["report.pdf"]
    expected = {"pages": 3, "empty_pages": [2], "tables": 0, "language": "en", "state": "added", "reason": None}
    assert expected.items() <= report.items()
    assert report["characters"] > 40
    assert report["chunks"] >= 1
    assert report["seconds"] >= 0
    assert documents["prices.csv"]["tables"] == 1
    assert documents["mail.txt"]["personal_data"] == 1
    told = run("add", "docs")
    assert told.stdout.startswith("4 unchanged; 0 chunks in ")
    Path("docs/report.pdf").write_bytes(pdf("The harvest was poor this year.", ""))
    assert "note: report.pdf: no text on page 2" in run("sync", "docs").stderr


def test_diff_prints_marks_and_a_summary(run: object) -> None:
    """One line for each difference, then the numbers; JSON has the same; --exit-code is for scripts."""
    assert callable(run)
    run("add", "docs", "-q")
    Path("docs/new.md").write_text("A beaver builds a dam.")
    assert run("diff", "docs").stdout == "+ new.md\n+1 ~0 -0 =1\n"
    found = json.loads(run("diff", "docs", "--json").stdout)
    assert found == {
        "added": ["new.md"],
        "updated": [],
        "removed": [],
        "unchanged": 1,
        "refused": [],
        "summary": "+1 ~0 -0 =1",
    }
    assert [run("diff", "docs").exit_code, run("diff", "docs", "--exit-code").exit_code] == [0, 1]


def test_progress_is_shown_on_a_terminal(run: object) -> None:
    """A bar with what is being worked on and how many are done; in a pipe there is none."""
    assert callable(run)
    for number in range(3):
        Path(f"docs/{number}.txt").write_text(f"Note number {number} of the keeper.")
    shown = _on_a_terminal("ingest", "add", "docs")
    assert "%" in shown
    assert "/4 " in shown
    assert "4 added" in shown


def _on_a_terminal(*arguments: str) -> str:
    """What the command shows on a terminal."""
    code = f"import pty; pty.spawn({[sys.executable, '-m', 'ui.command.main', *arguments]!r})"
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    return done.stdout
