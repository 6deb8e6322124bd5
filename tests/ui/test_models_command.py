"""`parapet models` and what the other commands say of a model that can't be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest import tiny_cross_encoder as tiny
from tests.ui.conftest import Ran
from tests.ui.test_command import Run
from ui.command.main import main


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in a folder and a home of this test, whose models.toml lists a tiny model that is there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARAPET_HOME", "home")
    folder = tiny.make(Path("home") / "models" / "tiny")
    Path("models.toml").write_text(tiny.entry("tiny", folder))
    capsys.readouterr()

    def running(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as exit_:
            main(arguments)
        captured = capsys.readouterr()
        return Ran(int(exit_.value.code or 0), captured.out, captured.err)

    return running


def test_ls_tells_what_is_here_and_in_use(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped embedder and the owner's model, in words and as JSON, one a line."""
    monkeypatch.setenv("PARAPET_RERANKER", "tiny")
    lines = run("models", "ls").out.splitlines()
    assert lines == [
        "all-MiniLM-L6-v2  embedder, Apache-2.0, files here, in use by PARAPET_EMBEDDING",
        "tiny  cross-encoder, Apache-2.0, files here, in use by PARAPET_RERANKER",
    ]
    Path("home/models/tiny/config.json").unlink()
    rows = run("models", "ls", "--json").lines
    assert [row["files"]["config.json"]["state"] for row in rows] == ["there", "missing"]
    assert "1 of 4 files missing" in run("models", "ls").out


def test_show_tells_all_of_one_model(run: Run) -> None:
    """Every field, and the files with their hashes just checked; an unknown one is refused with the entry to add."""
    found = run("models", "show", "tiny", "--json").json
    assert (found["kind"], found["source"], found["used_by"]) == ("cross-encoder", "nobody/tiny", "")
    assert {item["state"] for item in found["files"].values()} == {"right"}
    assert "model.safetensors  right" in run("models", "show", "tiny").out
    unknown = run("models", "show", "other")
    assert unknown.code == 2
    assert '[models."other".files]' in unknown.err


def test_verify_finds_a_changed_file(run: Run) -> None:
    """All well is exit 0; a changed file is named, and exit 1."""
    assert run("models", "verify").code == 0
    Path("home/models/tiny/config.json").write_text("{}")
    found = run("models", "verify")
    assert found.code == 1
    assert "FAULT  tiny: config.json is changed" in found.out
    assert run("models", "verify", "tiny", "--json").json["wrong"] == {"config.json": "changed"}
    assert run("models", "verify", "all-MiniLM-L6-v2").code == 0


def test_a_listed_model_that_is_not_here_is_a_fault_only_when_it_is_needed(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list may hold more than was brought here; what the settings use must be here, and what is asked for by name."""
    for path in Path("home/models/tiny").iterdir():
        path.unlink()
    assert run("models", "verify").code == 0
    assert run("models", "verify", "tiny").code == 1
    monkeypatch.setenv("PARAPET_RERANKER", "tiny")
    assert run("models", "verify").code == 1


def test_doctor_tells_of_the_reranker(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed file of the cross-encoder is told by `parapet doctor`, which then doesn't exit with 0."""
    assert "PARAPET_RERANKER is not set" in run("doctor").out
    monkeypatch.setenv("PARAPET_RERANKER", "tiny")
    assert run("doctor").code == 0
    Path("home/models/tiny/config.json").write_text("{}")
    found = run("doctor")
    assert found.code != 0
    assert "config.json is changed" in found.out + found.err
