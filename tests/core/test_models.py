"""The list of trusted models: what an entry may say, what is refused, and that every fault is told."""

from pathlib import Path

import pytest

from chains.configuration import read_settings
from core.errors import SettingsError
from core.models import BUNDLED, check_models, in_use, trusted_models
from core.settings import Settings
from ingest.export import WEIGHTS_SHA256

HASH = "0" * 64
ENTRY = f"""
[models.tiny]
kind = "cross-encoder"
source = "nobody/tiny"
licence = "MIT"
card = "https://example.org/card"
max_tokens = 32
[models.tiny.files]
"model.safetensors" = "{HASH}"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Where an owner's list lies."""
    return tmp_path / "models.toml"


def test_the_bundled_embedder_is_listed_with_the_hash_that_its_export_demands(settings: Settings) -> None:
    """The list and the program that loads the model agree on the published weights."""
    assert trusted_models(settings)[BUNDLED].files["model.safetensors"] == WEIGHTS_SHA256


def test_the_owners_models_come_beside_the_shipped_ones(tmp_path: Path, own: Path) -> None:
    """An owner's entry is read with its defaults: any language, its folder in the home."""
    own.write_text(ENTRY)
    models = trusted_models(Settings(home=tmp_path, models=own))
    assert list(models) == [BUNDLED, "tiny"]
    tiny = models["tiny"]
    assert (tiny.kind, tiny.languages, tiny.path, tiny.files) == (
        "cross-encoder",
        (),
        None,
        {"model.safetensors": HASH},
    )


def test_a_language_model_needs_no_files(own: Path) -> None:
    """A model that a server runs is listed by name alone, dots and slashes in it too."""
    own.write_text('[models."org/llama3.2:3b"]\nkind = "llm"\nsource = "x"\nlicence = "x"\ncard = "x"\n')
    assert check_models(own) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (('"model.safetensors"', '"pytorch_model.bin"'), "a pickled file"),
        (('"model.safetensors"', '"model.py"'), "only .json"),
        (('"model.safetensors"', '"../model.safetensors"'), "must lie inside"),
        (('"model.safetensors"', '"/model.safetensors"'), "must lie inside"),
        ((HASH, "unknown"), "must be a SHA-256"),
        ((HASH, HASH.replace("0", "A")), "must be a SHA-256"),
        (('"model.safetensors"', '"config.json"'), "must name weights"),
        (("[models.tiny.files]", f'[models.tiny.files]\n"model.onnx" = "{HASH}"'), "must name weights in one of"),
        (("max_tokens = 32", ""), "max_tokens"),
        (('licence = "MIT"', 'licence = " "'), "licence: must say something"),
        (('licence = "MIT"', ""), "licence"),
        (('kind = "cross-encoder"', 'kind = "oracle"'), "kind"),
        (("max_tokens = 32", "max_tokens = 32\ntrust_remote_code = true"), "trust_remote_code"),
        (("[models.tiny", '[models."../tiny"'), "named like a folder"),
        (("[models.tiny]", f"[models.{BUNDLED}]"), "ships with Parapet"),
        (("[models.tiny]", "[other]\n[models.tiny]"), "other: no such key"),
        (("[models.tiny]", "[models.tiny"), "can't be read"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place(tmp_path: Path, own: Path, change: tuple[str, str], told: str) -> None:
    """Pickled weights, code, paths that lead out, missing hashes and unknown keys are faults that name file and key."""
    text = ENTRY.replace("[models.tiny", change[1]) if change[0] == "[models.tiny" else ENTRY.replace(*change)
    own.write_text(text.replace("tiny.files", f"{BUNDLED}.files") if BUNDLED in text else text)
    with pytest.raises(SettingsError, match=told) as caught:
        trusted_models(Settings(home=tmp_path, models=own))
    assert all(str(own) in fault for fault in caught.value.faults)


def test_the_list_beside_the_settings_is_found_and_its_faults_join_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """models.toml beside parapet.toml is read without being named; a fault in it and one elsewhere are told at once."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PARAPET_MODELS", raising=False)
    Path("models.toml").write_text(ENTRY)
    assert read_settings().models == Path("models.toml")
    Path("models.toml").write_text(ENTRY.replace(HASH, "none"))
    Path("parapet.toml").write_text("passages = 0\n")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert len(caught.value.faults) == 2
    assert "models.tiny.files" in str(caught.value)
    monkeypatch.setenv("PARAPET_MODELS", "elsewhere.toml")
    Path("parapet.toml").write_text("")
    with pytest.raises(SettingsError, match=r"PARAPET_MODELS: elsewhere\.toml"):
        read_settings()


def test_what_the_settings_name_is_in_use(tmp_path: Path) -> None:
    """The embedder always, a cross-encoder and a language model when they are named."""
    assert in_use(Settings(home=tmp_path)) == {BUNDLED: "PARAPET_EMBEDDING"}
    named = in_use(Settings(home=tmp_path, reranker="tiny", model="local:llama3.2"))
    assert named == {
        BUNDLED: "PARAPET_EMBEDDING",
        "tiny": "PARAPET_RERANKER",
        "llama3.2": "PARAPET_MODEL",
    }
