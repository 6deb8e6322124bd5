"""Settings: their order, their secrets, and all faults at once."""

from pathlib import Path

import pytest

from chains.configuration import read_settings
from core.errors import SettingsError
from core.settings import describe, load


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working folder and no setting from outside."""
    import os

    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("PARAPET_", "OPENAI_")):
            monkeypatch.delenv(name)


def test_flags_win_over_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearer the source, the stronger."""
    Path("parapet.toml").write_text('model = "local:a"\nport = 1\npassages = 3\n')
    monkeypatch.setenv("PARAPET_PORT", "2")
    monkeypatch.setenv("PARAPET_MODEL", "local:b")
    settings = load({"model": "local:c"})
    assert (settings.model, settings.port, settings.passages) == ("local:c", 2, 3)


def test_every_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unknown keys, wrong values, policy faults and a wrong model come in one error, each with its place."""
    Path("parapet.toml").write_text(
        'nonsense = 1\nport = "many"\nmodel = "mistral"\n[guards.input.injection]\nthreshold = 7\n'
    )
    monkeypatch.setenv("PARAPET_PASAGES", "3")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    told = "\n".join(caught.value.faults)
    for part in (
        "parapet.toml: nonsense",
        "parapet.toml: port",
        "no such provider 'mistral'",
        "threshold",
        "PARAPET_PASAGES",
    ):
        assert part in told
    assert len(caught.value.faults) == 5


def test_a_secret_comes_from_the_environment_or_a_file_never_from_the_toml(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key in parapet.toml is refused; NAME_FILE is read; the value is never shown."""
    Path("key").write_text("sk-secret\n")
    monkeypatch.setenv("OPENAI_API_KEY_FILE", "key")
    settings = load()
    assert settings.openai_api_key is not None
    assert settings.openai_api_key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in repr(settings)
    Path("parapet.toml").write_text('openai_api_key = "sk-other"\n')
    with pytest.raises(SettingsError, match="is a secret"):
        load()


def test_dotenv_is_read_and_the_real_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` fills what the environment leaves open."""
    Path(".env").write_text("PARAPET_PORT=9000\nPARAPET_PASSAGES=2\nOTHER=x\n")
    monkeypatch.setenv("PARAPET_PORT", "9001")
    settings = load()
    assert (settings.port, settings.passages) == (9001, 2)


def test_every_setting_is_described() -> None:
    """Each setting has a line for the manual."""
    assert all(meaning for _, _, meaning in describe())
