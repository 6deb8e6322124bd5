"""From named paths to files: hidden ones are left out, what can't go in is refused by name, nothing is opened."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from core.errors import RefusedDocument, UsageError
from ingest import reading
from ingest.finding.candidate import Candidate, Refusal
from ingest.finding.walking import walk


def found(*paths: Path) -> dict[str, str]:
    """Source of each file, or the code of its refusal."""
    return {item.source: "" if isinstance(item, Candidate) else item.code for item in walk(paths)}


def test_a_folder_is_walked_in_order(tmp_path: Path) -> None:
    """Sources are relative to the folder; hidden files and folders are left out."""
    for name in ("b.md", "a/z.txt", ".hidden.md", ".git/config.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert list(found(tmp_path)) == ["a/z.txt", "b.md"]


def test_a_single_file_is_called_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file named by itself keeps the path that was given, even when it is hidden."""
    (tmp_path / ".notes.md").write_text("x")
    monkeypatch.chdir(tmp_path)
    assert found(Path(".notes.md")) == {".notes.md": ""}


def test_missing_and_empty(tmp_path: Path) -> None:
    """A path that is not there and a folder without a document are refused by name."""
    (tmp_path / "empty").mkdir()
    assert found(tmp_path / "no.md", tmp_path / "empty") == {
        f"{tmp_path}/no.md": "missing",
        f"{tmp_path}/empty": "empty_folder",
    }


def test_special_files_and_links(tmp_path: Path) -> None:
    """Pipes are never opened; links are followed only inside the folder."""
    (tmp_path / "outside.md").write_text("x")
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "real.md").write_text("x")
    os.mkfifo(folder / "pipe.md")
    (folder / "in.md").symlink_to("real.md")
    (folder / "out.md").symlink_to("../outside.md")
    (folder / "broken.md").symlink_to("nowhere.md")
    (folder / "sub" / "loop").symlink_to("..")
    assert found(folder) == {
        "broken.md": "broken_link",
        "in.md": "",
        "out.md": "link_outside",
        "pipe.md": "special",
        "real.md": "",
    }
    assert found(folder / "pipe.md", Path("/dev/zero")) == {f"{folder}/pipe.md": "special", "/dev/zero": "special"}


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    """A file name in broken bytes is refused under a name that can be printed."""
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.md")).write_text("x")
    except OSError:
        pytest.skip("this file system takes only valid names")
    assert found(tmp_path) == {"bad\\udcff.md": "bad_name"}


def test_unreadable() -> None:
    """A file or folder that this user may not read is refused by name."""
    with TemporaryDirectory() as folder:  # pytest's own folder lies below one that only its user may enter
        _check_unreadable(Path(folder))


def _check_unreadable(tmp_path: Path) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "shut.md").write_text("x")
    tmp_path.chmod(0o755)
    (tmp_path / "shut").chmod(0)
    (tmp_path / "shut.md").chmod(0)
    before = os.geteuid()
    try:
        if before == 0:
            os.seteuid(65534)  # the superuser may read everything
        items = list(walk([tmp_path]))
        codes = {item.source: item.code for item in items if isinstance(item, Refusal)}
        with pytest.raises(RefusedDocument) as refusal:
            reading.read("shut.md", tmp_path / "shut.md", 1000)
    finally:
        if before == 0:
            os.seteuid(before)
        (tmp_path / "shut").chmod(0o755)
    assert codes == {f"{tmp_path}/shut": "unreadable"}
    assert refusal.value.code == "unreadable"


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b" \n\t\n", "empty"), (b"x" * 101, "too_large")])
def test_empty_and_too_large(tmp_path: Path, content: bytes, code: str) -> None:
    """An empty file and one above the limit are refused before any loader sees them."""
    (tmp_path / "a.md").write_bytes(content)
    with pytest.raises(RefusedDocument) as refusal:
        reading.read("a.md", tmp_path / "a.md", 100)
    assert refusal.value.code == code


def test_a_pipe_that_took_a_files_place(tmp_path: Path) -> None:
    """A file that was swapped for a pipe after it was looked at does not hang the run."""
    os.mkfifo(tmp_path / "a.md")
    with pytest.raises(RefusedDocument) as refusal:
        reading.read("a.md", tmp_path / "a.md", 100)
    assert refusal.value.code == "special"


def test_dots_that_climb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that climbs out of a folder that it names is refused; one that begins where the user stands is not."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "x.md").write_text("x")
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert found(Path("../../x.md"), tmp_path / "a" / ".." / "x.md") == {
        "../../x.md": "",
        f"{tmp_path}/a/../x.md": "bad_path",
    }


def test_ignore_files(tmp_path: Path) -> None:
    """Globs of gitignore leave paths out, each file's for what lies below it; `!` takes back."""
    names = "a.log keep.log drafts/x.md sub/drafts/y.md sub/top.md sub/deep/z.md build/out.md sub/build/in.md b/c/d.txt"
    for name in names.split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / ".parapetignore").write_text("# notes\n\n*.log\n!keep.log\ndrafts/\n/build\nb/**/d.txt\n")
    (tmp_path / "sub" / ".parapetignore").write_text("deep\ntop.md\n")
    assert list(found(tmp_path)) == ["keep.log", "sub/build/in.md"]


def test_an_ignore_file_that_cannot_be_read(tmp_path: Path) -> None:
    """Nothing is taken when it is not known what is to be left out."""
    (tmp_path / "a.md").write_text("x")
    (tmp_path / ".parapetignore").write_bytes(b"\0\1")
    with pytest.raises(UsageError, match=r"\.parapetignore can't be read"):
        found(tmp_path)
