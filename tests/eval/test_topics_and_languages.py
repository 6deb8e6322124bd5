"""The commands that measure the guards of languages and topics tell what they should of small sets."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from eval import language, off_topic
from eval.off_topic import Asked


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """Rows as JSON lines, in a folder that is made for them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_a_wrong_refusal_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two rows that should be English, the German one counts as refused; attacks and other sources don't count."""
    benign = {"label": 0, "source": "banking77", "split": "dev"}
    german = "Wie viele Urlaubstage habe ich im Jahr?"
    write(
        tmp_path / "guards" / "input_injection.jsonl",
        [
            {**benign, "text": "How do I order\u2028a new card?"},
            {**benign, "text": german},
            {**benign, "text": german, "label": 1},
            {**benign, "text": german, "source": "deepset"},
        ],
    )
    for name in ("squad", "chunking"):
        write(tmp_path / "corpora" / f"{name}.questions.jsonl", [{"question": "Who founded the abbey?"}])
    monkeypatch.setattr(sys, "argv", ["language", "--data", str(tmp_path)])
    language.main()
    lines = capsys.readouterr().out.splitlines()
    told = {line[:52].strip(): line[52:].split() for line in lines}
    assert told["banking77 (dev), wrongly refused"][:3] == ["1", "of", "2"]
    assert told["squad, wrongly refused"][:3] == ["0", "of", "1"]


def test_the_middle_turns_away_one_in_a_hundred_on_topic() -> None:
    """The fitted curve reaches one half where one of a hundred questions on topic lies, on the mean over libraries."""
    rng = np.random.default_rng(0)
    on = np.arange(2_000) < 1_000
    libraries = []
    for near in (0.5, 0.7):
        best = np.where(on, near, 0.15) + 0.1 * rng.standard_normal(2_000)
        libraries.append(Asked("a", np.stack([best, best - 0.05], axis=1), on, np.ones(2_000, dtype=bool)))
    weights, bias = off_topic._fit(libraries)
    risks = [1 / (1 + np.exp(-(one.features() @ weights + bias))) for one in libraries]
    assert np.mean([(risk[on] >= 0.5).mean() for risk in risks]) < 0.05
    assert risks[0][~on].mean() > 0.8
    logits = [one.features()[on] @ weights + bias for one in libraries]
    assert np.mean([np.quantile(logit, 0.99) for logit in logits]) == pytest.approx(0, abs=1e-6)
