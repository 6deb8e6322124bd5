"""`parapet ingest erase`: takes every trace of documents from the disk, and prints the receipts."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from ui.command import terminal
from ui.command.library import Collection, Json, Sources, moments
from ui.command.wording import counted

if TYPE_CHECKING:
    from ingest.rows.receipts import Receipt
    from ingest.rows.shelf import DocumentRow

_FINDINGS = 1


def erase(
    sources: Sources,
    collection: Collection = "default",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
    as_json: Json = False,
) -> None:
    """Erase documents for good: text, vectors, stored answers, flags; prints a receipt. It can't be undone."""
    from chains.ingestion import keepers
    from ingest.erasing import erase as wipe
    from ui.command.session import open_library

    if sys.stdin.isatty() and not yes:
        names = ", ".join(terminal.clean(source) for source in sources)
        typer.confirm(f"Erase {names} for good?", abort=True, err=True)
    with open_library() as library:
        rows = [row for row in (library.document_row(source, collection) for source in sources) if row is not None]
        found = wipe(library, sources, collection=collection, keepers=keepers(library.database), notice=terminal.note)
    for receipt in found:
        if as_json:
            terminal.say_json(moments(asdict(receipt)))
        else:
            _say_receipt(receipt)
    _warn_of_files(rows)
    if any(receipt.proof and receipt.proof["found_in"] for receipt in found):
        raise typer.Exit(_FINDINGS)


def _say_receipt(receipt: Receipt) -> None:
    from core.clock import iso

    assert receipt.proof is not None
    assert receipt.ended_at is not None
    nouns = {what: what.removesuffix("s") for what in receipt.erased} | {"set_aside": "file set aside"}
    erased = ", ".join(counted(number, nouns[what]) for what, number in receipt.erased.items() if number)
    proof = receipt.proof
    terminal.say(f"Receipt {receipt.id}: {terminal.clean(receipt.source)} erased from {receipt.collection}")
    terminal.say(f"  at {iso(receipt.ended_at)}, SHA-256 of the file {receipt.content_hash or '-'}")
    terminal.say(f"  erased: {erased}")
    terminal.say(
        f"  looked for {proof['words_looked_for']} of its wordings and {proof['vectors_looked_for']} of its vectors in "
        f"{proof['files_searched']:,} files ({proof['bytes_searched']:,} bytes) of the home"
    )
    where = ", ".join(proof["found_in"])
    terminal.say(f"  STILL FOUND in {where}" if where else "  found: nothing")
    terminal.say(f"  not searched: {proof['kept_elsewhere']}")


def _warn_of_files(rows: list[DocumentRow]) -> None:
    from pathlib import Path

    for row in rows:
        if row.container is None and Path(row.origin).exists():
            terminal.note(
                f"The file itself still lies at {terminal.clean(row.origin)}: delete it or ignore it "
                "(.parapetignore), or the next sync brings it back."
            )
