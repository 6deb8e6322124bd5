"""The quoted answer as it goes through a turn: cut into sentences, judged, cited, and put together again."""

from collections.abc import Callable
from pathlib import Path

from chains.assemble import Parapet
from core.domain import Outcome, Support
from ingest.pipeline import add

PUMP = """# Pump

Start the pump like this:

```sh
pump --on
# check it
pump --check
```

| valve | pressure |
|---|---|
| north inlet | 4 bar |
| south inlet | 6 bar |
"""


def test_code_and_rows_keep_their_lines(scripted: Callable[..., Parapet], tmp_path: Path) -> None:
    """Lines that begin like a heading or a row stay lines of their own, and what is quoted is supported."""
    (tmp_path / "pump.md").write_text(PUMP)
    parapet = scripted(model="extractive", home=tmp_path / "home", evidence_threshold=0.0)
    add(parapet.library, [str(tmp_path / "pump.md")])
    code = parapet.assistant.invoke("How do I start the pump?")
    assert code.outcome is Outcome.ANSWERED
    assert code.text == "Start the pump like this:\npump --on\n# check it\npump --check"
    table = parapet.assistant.invoke("What pressure has the north inlet?")
    assert table.text.startswith("| valve | pressure |\n|---|---|\n| north inlet | 4 bar |")
    row = next(sentence for sentence in table.sentences if "north inlet" in sentence.text)
    assert (row.state, len(row.citations)) == (Support.SUPPORTED, 1)
