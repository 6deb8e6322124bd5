"""E-mail as it is stored: who wrote to whom and when, what it says, and the files that came with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

from core.domain import Attachment, Document
from core.errors import RefusedDocument
from ingest.formats.decoding import decode
from ingest.formats.hypertext.tree import blocks_of
from ingest.formats.manuscript import Manuscript
from ingest.source import SourceFile

if TYPE_CHECKING:
    from ingest.formats.hypertext.flow import Block

SUFFIXES = frozenset({".eml", ".emlx", ".mht", ".mhtml"})
DOC = "e-mail: sender, receivers, date and text; attachments become documents of their own"
_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_HEAD = 16_384
_HEADER = re.compile(rb"([!-9;-~]{1,76}):[ \t\r]?")
_TRAVELLED = {b"received", b"return-path", b"delivered-to", b"message-id", b"mime-version"}
_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
_SEALED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_DEEPEST = 30  # parts within parts
_TOO_DEEP = f"its parts are nested more than {_DEEPEST} deep: no mail program does that"
_MALFORMED = (LookupError, AttributeError, ValueError, TypeError, RecursionError)  # what Python's parser stumbles with
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_NAME = 150


def recognise(content: bytes) -> bool:
    """Whether this begins with nothing but headers, among them a sender and one that only sent mail has."""
    head = content[:_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if b"\0" in head or b":" not in head[:77]:
        return False
    lines = head.split(b"\n")[: -1 if len(head) >= _HEAD - 1 else None]
    found = [_HEADER.match(line) for line in lines if line[:1] not in {b" ", b"\t"}]
    names = {match[1].lower() for match in found if match}
    return all(found) and b"from" in names and bool(names & _TRAVELLED)


def load(file: SourceFile) -> Document:
    """The headers that people read, an empty line, then the text; plain text is preferred to HTML."""
    message = _parsed(_letter(file))
    if not any(_header(message, name) for name in (*_SHOWN, "Message-ID", "Received")):
        raise RefusedDocument("corrupt", "it is no e-mail: no sender, receiver, date or subject stands at its head")
    reader = _Reader()
    reader.written.block("\n".join(f"{name}: {value}" for name in _SHOWN if (value := _header(message, name))))
    reader.read(message)
    written = reader.written
    return Document(
        file.source,
        _header(message, "Subject") or file.stem,
        written.text,
        written.sections(),
        tables=written.tables,
        hidden=tuple(reader.hidden),
        attachments=tuple(_numbered(reader.attachments)),
    )


def _letter(file: SourceFile) -> bytes:
    """The message alone: Apple's files begin with its length and end with a property list."""
    first, _, rest = file.content.partition(b"\n")
    return rest[: int(first)] if file.suffix == ".emlx" and first.strip().isdigit() else file.content


def _parsed(content: bytes) -> EmailMessage:
    try:
        return message_from_bytes(content.lstrip(), policy=policy.default)
    except RecursionError as error:
        raise RefusedDocument("bomb", _TOO_DEEP) from error


def _header(message: EmailMessage, name: str) -> str:
    """A header as people read it; malformed ones, over which Python's parser stumbles, as they stand."""
    try:
        value = message[name]
        moment = getattr(value, "datetime", None)
        text = str(value or "") if moment is None else moment.isoformat(" ", "minutes")
    except _MALFORMED:
        text = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


class _Reader:
    """Goes through the parts of a message."""

    def __init__(self) -> None:
        self.written = Manuscript()
        self.hidden: list[str] = []
        self.attachments: list[Attachment] = []

    def read(self, part: EmailMessage, depth: int = 0) -> None:
        """Write what a part says, or put it among the attachments."""
        kind = part.get_content_type()
        if depth > _DEEPEST:
            raise RefusedDocument("bomb", _TOO_DEEP)
        if kind in _SEALED:
            raise RefusedDocument("encrypted", "the message is encrypted: save it decrypted")
        if kind == "message/rfc822":
            self._enclosed(part)
        elif kind == "multipart/alternative":
            self.read(_preferred(part), depth + 1)
        elif part.is_multipart():
            for child in _parts(part):
                self.read(child, depth + 1)
        else:
            self._leaf(part, kind)

    def _leaf(self, part: EmailMessage, kind: str) -> None:
        name = _file_name(part)
        attached = part.get_content_disposition() == "attachment"
        if kind in {"text/plain", "text/html"} and not attached and not name:
            self._text(part, kind)
        elif kind in _SIGNATURES or (kind.startswith("image/") and not attached and _is_inline(part)):
            return  # logos and the like, which the text shows
        elif content := _bytes(part):
            self.attachments.append(Attachment(name or _made_up(part), content))

    def _text(self, part: EmailMessage, kind: str) -> None:
        text = _decoded(part)
        if kind == "text/plain":
            self.written.block(text.replace("\r\n", "\n").strip())
            return
        found, hidden = blocks_of(text)
        self.hidden.extend(hidden)
        for block in found:
            self._block(block)

    def _block(self, block: Block) -> None:
        if block.kind == "heading":
            self.written.heading(block.level, block.text)
        else:
            self.written.block(block.text, table=block.kind == "table")

    def _enclosed(self, part: EmailMessage) -> None:
        """A message within the message."""
        for inner in _parts(part):
            try:
                content = inner.as_bytes()
            except _MALFORMED:
                continue  # so malformed that it can't be written down again
            name = _header(inner, "Subject") or "message"
            self.attachments.append(Attachment(_bare(f"{name}.eml"), content))


# --- parts ------------------------------------------------------------------------------------------------------


def _parts(part: EmailMessage) -> Iterator[EmailMessage]:
    children = part.get_payload()
    return (child for child in children if isinstance(child, EmailMessage)) if isinstance(children, list) else iter(())


def _preferred(part: EmailMessage) -> EmailMessage:
    """Of the forms of one text the plain one if it says anything, or else the HTML, or else the last."""
    forms = list(_parts(part))
    plain = (form for form in forms if form.get_content_type() == "text/plain" and _decoded(form).strip())
    rich = (form for form in forms if any(below.get_content_type() == "text/html" for below in form.walk()))
    return next(plain, None) or next(rich, None) or (forms[-1] if forms else EmailMessage())


def _is_inline(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "inline" or "Content-ID" in part


def _bytes(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decoded(part: EmailMessage) -> str:
    """The text in its declared encoding; by its looks where that is wrong or unknown."""
    content = _bytes(part)
    try:
        return content.decode(str(part.get_content_charset("utf-8")))
    except (UnicodeDecodeError, LookupError):
        return decode(content) if content.strip() else ""


def _file_name(part: EmailMessage) -> str:
    try:
        return _bare(str(part.get_filename("") or ""))
    except _MALFORMED:
        return ""


def _bare(name: str) -> str:
    """The name without folders and signs that no file system takes."""
    last = re.split(r"[\\/]", _UNPRINTABLE.sub("", name.encode("utf-8", "replace").decode("utf-8")))[-1].strip(" .")
    return last if len(last) <= _LONGEST_NAME else last[: _LONGEST_NAME - 10] + last[-10:]


def _made_up(part: EmailMessage) -> str:
    subtype = re.sub(r"[^a-z0-9]", "", part.get_content_subtype().removeprefix("x-"))
    return f"attachment.{subtype or 'bin'}"


def _numbered(attachments: list[Attachment]) -> Iterator[Attachment]:
    """Each under a name of its own."""
    taken: set[str] = set()
    for attachment in attachments:
        stem, dot, suffix = attachment.name.rpartition(".")
        name, number = attachment.name, 1
        while name.lower() in taken:
            number += 1
            name = f"{stem} ({number}){dot}{suffix}" if stem else f"{attachment.name} ({number})"
        taken.add(name.lower())
        yield Attachment(name, attachment.content)
