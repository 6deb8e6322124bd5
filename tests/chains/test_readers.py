"""An asker is answered only from collections that they may read."""

from pathlib import Path

from chains.assemble import assemble
from core.clock import new_id
from core.domain import Outcome, Question
from core.settings import Settings
from ingest.pipeline import Ingester

VAULT = "The vault of the board opens with the numbers four, nine and two.\n"
OFFICE = "The office opens at eight in the morning and closes at six.\n"


def test_an_answer_knows_only_what_its_asker_may_read(tmp_path: Path) -> None:
    """One asker is answered from the board's papers; for another they are not there, nor does a date tell of them."""
    (tmp_path / "office.md").write_text(OFFICE)
    (tmp_path / "vault.md").write_text(VAULT)
    parapet = assemble(Settings(home=tmp_path / "home"))
    for collection, name in (("public", "office.md"), ("board", "vault.md")):
        with Ingester(parapet.library, collection) as ingester:
            ingester.add([tmp_path / name])
    parapet.library.set_readers("board", ["ann"])
    answers = {
        asker: parapet.assistant.invoke(Question("Which numbers open the vault of the board?", new_id(), asker=asker))
        for asker in ("ann", "bob")
    }
    assert answers["ann"].outcome is Outcome.ANSWERED
    assert "four, nine and two" in answers["ann"].text
    assert {passage.chunk.collection for passage in answers["bob"].passages} <= {"public"}
    assert "four" not in answers["bob"].text
    assert answers["bob"].index_as_of == parapet.library.as_of("bob") != answers["ann"].index_as_of
    parapet.close()
