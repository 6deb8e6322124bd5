"""A classifier of the trusted models judges in place of the head, from checked files alone."""

from pathlib import Path

import pytest

from core.domain import Stage, Subject
from core.errors import GuardFailure
from core.models import TrustedModel
from core.weights import sha256_of
from guards.checks import injection
from guards.classifier import TrustedClassifier
from guards.guard import Kit
from tests.ingest import tiny_cross_encoder as tiny

TEXTS = ["how many days of paid holiday", "is tea served at four", "invoices are paid by friday"]


def trusted(folder: Path, files: tuple[str, ...] = tiny.NEEDED, risky_label: str = "LABEL_1") -> TrustedModel:
    """The entry of a classifier in this folder."""
    return TrustedModel(
        name="tiny",
        kind="classifier",
        source="nobody/tiny",
        licence="Apache-2.0",
        card="https://example.org/card",
        max_tokens=tiny.MAX_TOKENS,
        files={file: sha256_of(folder / file) for file in files},
        path=folder,
        risky_label=risky_label,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier of two labels on disk."""
    return tiny.make(tmp_path_factory.mktemp("models") / "tiny", labels=2)


def test_it_gives_the_probability_of_the_risky_label(folder: Path) -> None:
    """Risks of the two labels add up to one, text by text, and differ between texts."""
    risks = TrustedClassifier(trusted(folder), folder).risks(TEXTS)
    others = TrustedClassifier(trusted(folder, risky_label="LABEL_0"), folder).risks(TEXTS)
    assert [a + b for a, b in zip(risks, others, strict=True)] == pytest.approx([1, 1, 1])
    assert len(set(risks)) == len(TEXTS)


def test_the_label_that_is_not_safe_is_the_risk(folder: Path) -> None:
    """Without a word on labels, the one whose name doesn't say it is safe counts as the risk."""
    named = TrustedClassifier(trusted(folder), folder).risks(TEXTS)
    assert TrustedClassifier(trusted(folder, risky_label=""), folder).risks(TEXTS) == named


def test_a_graph_gives_the_same_risks(folder: Path) -> None:
    """ONNX and safetensors of the same model agree."""
    graph = tiny.make_graph(folder).name
    files = ("config.json", "tokenizer.json", graph)
    fast = TrustedClassifier(trusted(folder, files), folder).risks(TEXTS)
    assert fast == pytest.approx(TrustedClassifier(trusted(folder), folder).risks(TEXTS), abs=1e-4)


def test_changed_files_and_unknown_labels_are_refused(folder: Path) -> None:
    """It cannot judge, and says why, when a file is not the listed one or no label is the risk."""
    entry = trusted(folder)
    changed = TrustedModel(
        **{f: getattr(entry, f) for f in entry.__slots__} | {"files": {**entry.files, "config.json": "0" * 64}}
    )
    with pytest.raises(GuardFailure, match=r"config\.json"):
        TrustedClassifier(changed, folder).risks(TEXTS)
    with pytest.raises(GuardFailure, match="risky_label"):
        TrustedClassifier(trusted(folder, risky_label="poison"), folder).risks(TEXTS)


def test_the_policy_may_name_it(folder: Path) -> None:
    """The guard takes the classifier's risk of a window; without classifiers at hand it can't judge."""
    loaded = TrustedClassifier(trusted(folder), folder)
    guard = injection.build({"model": "tiny"}, Kit(classifier=lambda _: loaded))
    finding = guard.judge(Subject(TEXTS[0], Stage.INPUT))
    assert finding.score == pytest.approx(loaded.risks([TEXTS[0]])[0])
    with pytest.raises(GuardFailure, match="tiny"):
        injection.build({"model": "tiny"}, Kit()).judge(Subject(TEXTS[0], Stage.INPUT))
