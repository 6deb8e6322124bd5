"""Ranking anew by a cross-encoder: the order, what is trusted, and what is refused. A real tiny model, made on disk."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.domain import Chunk, Passage
from core.errors import LibraryError, SettingsError
from core.ports import Reranker
from core.settings import Settings
from ingest.rerank import open_reranker, rerank
from tests.ingest import tiny_cross_encoder as tiny

QUESTION = "how many days of holiday do staff get"
TEXTS = ["staff get 25 days a year", "tea is served at four", "invoices are paid by friday", ""]
Opened = Callable[..., Reranker]


@dataclass(frozen=True)
class Listed:
    """Scores texts by a table, and remembers what it was asked."""

    table: dict[str, float]
    asked: list[str] = field(default_factory=list)
    name: str = "listed"

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """The scores of the table."""
        self.asked.extend(texts)
        return [self.table[text] for text in texts]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose models/tiny holds the model in both forms."""
    home = tmp_path_factory.mktemp("home")
    tiny.make_graph(tiny.make(home / "models" / "tiny").parent / "tiny")
    return home


@pytest.fixture
def opened(made: Path, tmp_path: Path) -> Opened:
    """Opens the model as the settings would, after its list was written."""

    def opening(files: tuple[str, ...] = tiny.NEEDED, home: Path = made, **other: object) -> Reranker:
        own = tmp_path / "models.toml"
        own.write_text(tiny.entry("tiny", made / "models" / "tiny", files, **other))
        found = open_reranker(Settings(home=home, models=own, reranker="tiny"))
        assert found is not None
        return found

    return opening


def copied(made: Path, tmp_path: Path) -> Path:
    """A home of its own with the same model, to be spoilt; the path of the model's folder."""
    folder = tmp_path / "home" / "models" / "tiny"
    folder.mkdir(parents=True)
    for path in (made / "models" / "tiny").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def passages(*given: tuple[str, float]) -> list[Passage]:
    """Passages of these texts and scores, in this order."""
    return [Passage(Chunk("a.md", "a", text, 0, len(text)), score, rank) for rank, (text, score) in enumerate(given, 1)]


def test_the_new_score_is_half_of_both() -> None:
    """A passage that the cross-encoder prefers comes first, with blended scores and ranks from 1."""
    found = rerank("?", passages(("a", 0.9), ("b", 0.8), ("c", 0.1)), Listed({"a": 0.1, "b": 0.9, "c": 0.2}))
    assert [(p.chunk.text, p.rank) for p in found] == [("b", 1), ("a", 2), ("c", 3)]
    assert [p.score for p in found] == pytest.approx([0.85, 0.5, 0.15])


def test_only_the_best_passages_are_read_and_the_rest_stay_behind() -> None:
    """Beyond the first few nothing is scored, and what was read stays before it however little the model gives."""
    reranker = Listed({"a": 0.0, "b": 0.3})
    found = rerank("?", passages(("a", 0.5), ("b", 0.5), ("c", 0.5), ("d", 0.4)), reranker, top=2)
    assert reranker.asked == ["a", "b"]
    assert [p.chunk.text for p in found] == ["b", "a", "c", "d"]
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)


def test_equal_scores_keep_the_order_of_retrieval() -> None:
    """A tie is broken by the place that a passage had; nothing found stays nothing."""
    found = rerank("?", passages(("a", 0.5), ("b", 0.5), ("c", 0.5)), Listed(dict.fromkeys("abc", 0.5)))
    assert [p.chunk.text for p in found] == ["a", "b", "c"]
    assert rerank("?", [], Listed({})) == []


def test_the_heading_is_read_with_the_text() -> None:
    """The cross-encoder reads what the retrievers saw."""
    reranker = Listed({"Leave\nstaff": 1.0})
    rerank("?", [Passage(Chunk("a", "a", "staff", 0, 5, heading=("Leave",)), 0.5, 1)], reranker)
    assert reranker.asked == ["Leave\nstaff"]


def test_scores_are_those_of_the_model(made: Path, opened: Opened) -> None:
    """Each score is the sigmoid of the model's logit for question and text, as transformers computes it."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = made / "models" / "tiny"
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    with torch.no_grad():
        expected = [
            torch.sigmoid(model(**tokenizer([QUESTION], [text], return_tensors="pt")).logits).item() for text in TEXTS
        ]
    found = opened().scores(QUESTION, TEXTS)
    assert found == pytest.approx(expected, abs=1e-5)
    assert max(found) - min(found) > 0.01


def test_onnx_and_safetensors_give_the_same_scores(opened: Opened) -> None:
    """The same model as an ONNX graph, which torch has no part in."""
    of_graph = opened(("model.onnx", "tokenizer.json")).scores(QUESTION, TEXTS)
    assert of_graph == pytest.approx(opened().scores(QUESTION, TEXTS), abs=1e-4)


@pytest.mark.parametrize("files", [tiny.NEEDED, ("model.onnx", "tokenizer.json")], ids=["safetensors", "onnx"])
def test_a_long_passage_is_cut_to_what_the_model_reads(opened: Opened, files: tuple[str, ...]) -> None:
    """Words beyond the model's length change nothing, and don't break it."""
    long = "staff get 25 days " * 50
    first, second = opened(files).scores(QUESTION, [long, long + "tea is served"])
    assert first == pytest.approx(second, abs=1e-6)


@pytest.mark.parametrize("files", [tiny.NEEDED, ("model.onnx", "tokenizer.json")], ids=["safetensors", "onnx"])
def test_many_threads_share_one_model(opened: Opened, files: tuple[str, ...]) -> None:
    """Questions asked at once, the first ones while it is still being loaded, get the scores that each gets alone."""
    reranker = opened(files)
    questions = [QUESTION + " the" * (i % 4) for i in range(24)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: reranker.scores(question, TEXTS), questions))
    for question, scores in zip(questions, together, strict=True):
        assert scores == pytest.approx(reranker.scores(question, TEXTS), abs=1e-5)


def test_no_reranker_is_named_by_default(settings: Settings) -> None:
    """Without the setting there is none."""
    assert open_reranker(settings) is None


def test_a_model_that_is_not_listed_is_refused_with_the_entry_to_add(made: Path, tmp_path: Path) -> None:
    """The error holds an entry with the hashes of the files in its folder, and that entry is right once it is added."""
    with pytest.raises(SettingsError, match="not a trusted model") as caught:
        open_reranker(Settings(home=made, reranker="tiny"))
    own = tmp_path / "models.toml"
    own.write_text(str(caught.value).split("\n\n", 1)[1])
    assert open_reranker(Settings(home=made, models=own, reranker="tiny")) is not None
    with pytest.raises(SettingsError, match="its SHA-256"):
        open_reranker(Settings(home=made, reranker="../models/tiny"))


def test_a_model_of_another_kind_is_refused(settings: Settings) -> None:
    """An embedder can't rank."""
    with pytest.raises(SettingsError, match="of kind embedder, not a cross-encoder"):
        open_reranker(settings.model_copy(update={"reranker": "all-MiniLM-L6-v2"}))


@pytest.mark.parametrize("file", tiny.NEEDED)
def test_a_changed_or_missing_file_is_refused_at_the_start(
    made: Path, tmp_path: Path, opened: Opened, file: str
) -> None:
    """One flipped bit in any listed file, or its absence, is an error that names the file and the folder."""
    folder = copied(made, tmp_path)
    content = bytearray((folder / file).read_bytes())
    content[-1] ^= 1
    (folder / file).write_bytes(content)
    with pytest.raises(LibraryError, match=f"{file} is changed") as caught:
        opened(home=folder.parent.parent)
    assert str(folder) in str(caught.value)
    (folder / file).unlink()
    with pytest.raises(LibraryError, match=f"{file} is missing"):
        opened(home=folder.parent.parent)


def test_a_file_that_changes_after_the_start_is_refused_when_it_is_loaded(
    made: Path, tmp_path: Path, opened: Opened
) -> None:
    """The hashes are checked again right before the load."""
    folder = copied(made, tmp_path)
    reranker = opened(home=folder.parent.parent)
    (folder / "config.json").write_text("{}")
    with pytest.raises(LibraryError, match=r"config\.json is changed"):
        reranker.scores(QUESTION, TEXTS)


class Bomb:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.mark,))


def test_a_pickle_beside_the_weights_is_never_opened(made: Path, tmp_path: Path, opened: Opened) -> None:
    """Pickled weights and a module of Python in the folder, which the list does not name, leave no mark."""
    folder, mark = copied(made, tmp_path), tmp_path / "mark"
    for name in ("pytorch_model.bin", "model.pt", "adapter_model.bin", "optimizer.pt"):
        (folder / name).write_bytes(pickle.dumps(Bomb(mark)))
    (folder / "modeling_tiny.py").write_text(f"import pathlib\npathlib.Path({str(mark)!r}).touch()\n")
    (folder / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "modeling_tiny.Module"}]')
    assert len(opened(home=folder.parent.parent).scores(QUESTION, TEXTS)) == len(TEXTS)
    assert not mark.exists()


def test_a_pickle_in_place_of_the_weights_is_refused(made: Path, tmp_path: Path, opened: Opened) -> None:
    """A file that is called safetensors and is a pickle does not even load when its hash is listed."""
    mark = tmp_path / "mark"
    folder = copied(made, tmp_path)
    (folder / "model.safetensors").write_bytes(pickle.dumps(Bomb(mark)))
    own = tmp_path / "own.toml"
    own.write_text(tiny.entry("tiny", folder))
    reranker = open_reranker(Settings(home=folder.parent.parent, models=own, reranker="tiny"))
    assert reranker is not None
    with pytest.raises(LibraryError, match="can't be loaded"):
        reranker.scores(QUESTION, TEXTS)
    assert not mark.exists()


def test_code_that_a_model_brings_is_not_run(made: Path, tmp_path: Path) -> None:
    """A config that asks for a class of the model's own files is loaded without it, though the config is trusted."""
    folder, mark = copied(made, tmp_path), tmp_path / "mark"
    config = (folder / "config.json").read_text()
    wanted = '{"auto_map": {"AutoConfig": "own.Config", "AutoModelForSequenceClassification": "own.Model"},'
    (folder / "config.json").write_text(config.replace("{", wanted, 1))
    (folder / "own.py").write_text(f"import pathlib\npathlib.Path({str(mark)!r}).touch()\n")
    own = tmp_path / "own.toml"
    own.write_text(tiny.entry("tiny", folder))
    reranker = open_reranker(Settings(home=folder.parent.parent, models=own, reranker="tiny"))
    assert reranker is not None
    assert len(reranker.scores(QUESTION, TEXTS)) == len(TEXTS)
    assert not mark.exists()


def test_a_classifier_of_several_labels_is_no_cross_encoder(tmp_path: Path) -> None:
    """A model that gives three numbers for a pair is refused, in both forms."""
    home = tmp_path / "home"
    folder = tiny.make(home / "models" / "three", labels=3)
    tiny.make_graph(folder)
    own = tmp_path / "models.toml"
    for files in (tiny.NEEDED, ("model.onnx", "tokenizer.json")):
        own.write_text(tiny.entry("three", folder, files))
        reranker = open_reranker(Settings(home=home, models=own, reranker="three"))
        assert reranker is not None
        with pytest.raises(LibraryError, match="3 numbers for a pair"):
            reranker.scores(QUESTION, TEXTS)


def test_a_list_that_names_too_few_files_says_so(opened: Opened) -> None:
    """Weights without their tokenizer can't be loaded, and the error says what to list."""
    with pytest.raises(LibraryError, match="List every file that it needs"):
        opened(("model.safetensors",)).scores(QUESTION, TEXTS)
