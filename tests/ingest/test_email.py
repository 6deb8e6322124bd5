"""What comes out of e-mail: headers, text in any encoding, attachments; and what is refused."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from core.domain import Document
from core.errors import RefusedDocument
from ingest import reading
from ingest.loaders import email as loader
from ingest.source import SourceFile


def letter(text: str = "Hello.", **headers: str) -> EmailMessage:
    """A message with usual headers."""
    message = EmailMessage()
    usual = {"From": "Ann <a@example.org>", "To": "b@example.org", "Date": "Mon, 06 May 2024 10:30:00 +0200"}
    for name, value in {**usual, "Subject": "The plan", **headers}.items():
        message[name] = value
    message.set_content(text)
    return message


def loaded(message: EmailMessage | bytes, name: str = "a.eml") -> Document:
    """The document in a message."""
    return reading.load(SourceFile(name, Path(name), message if isinstance(message, bytes) else bytes(message)))


def test_headers_then_text() -> None:
    """The subject is the title; who wrote to whom and when stands above the text."""
    document = loaded(letter("Dear Bob,\n\nthe café is £5 — see you.\n", Subject="Über den Plan"))
    assert document.title == "Über den Plan"
    assert document.text == (
        "From: Ann <a@example.org>\nTo: b@example.org\nDate: 2024-05-06 10:30+02:00\nSubject: Über den Plan"
        "\n\nDear Bob,\n\nthe café is £5 — see you."
    )


def test_plain_text_is_preferred_to_html() -> None:
    """Of two forms of one text only one is read, and HTML where the plain one says nothing."""
    message = letter("Plain words.")
    message.add_alternative("<p>Rich words.</p>", subtype="html")
    assert loaded(message).text.endswith("\n\nPlain words.")
    message = letter(" ")
    message.add_alternative(
        "<h1>News</h1><p>Rich <b>words</b>.</p><p style='display:none'>words that are unseen</p>", subtype="html"
    )
    document = loaded(message)
    assert document.text.endswith("\n\nNews\n\nRich words.")
    assert document.sections[-1].heading == ("News",)
    assert document.hidden == ("words that are unseen",)


def test_attachments_become_files_with_bare_names() -> None:
    """Folders are cut off names, equal names are told apart; pictures within the text are no attachments."""
    message = letter()
    message.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="../../etc/data.csv")
    message.add_attachment(b"c,d\n", maintype="text", subtype="csv", filename="C:\\x\\data.csv")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="Bücher.pdf")
    message.add_attachment(b"raw", maintype="application", subtype="x-thing")
    message.add_attachment("Notes.", filename="notes.txt")
    message.add_attachment(b"logo", maintype="image", subtype="png", disposition="inline", cid="<1>")
    found = [(attachment.name, attachment.content) for attachment in loaded(message).attachments]
    assert found == [
        ("data.csv", b"a,b\n"),
        ("data (2).csv", b"c,d\n"),
        ("Bücher.pdf", b"%PDF-"),
        ("attachment.thing", b"raw"),
        ("notes.txt", b"Notes.\n"),
    ]


def test_a_message_within_a_message_is_an_attachment() -> None:
    """It goes by its own subject and can be read as e-mail again."""
    message = letter()
    message.add_attachment(letter("Inner words.", Subject="Re: a/b"))
    (inner,) = loaded(message).attachments
    assert inner.name == "b.eml"
    assert loaded(inner.content).text.endswith("Inner words.")


def test_text_after_an_attachment_is_read_too() -> None:
    """Some programs cut a text around its attachments."""
    raw = (
        b"From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
        b"--x\nContent-Type: text/plain\n\nBefore.\n--x\nContent-Type: application/pdf; name=a.pdf\n\n%PDF\n"
        b"--x\nContent-Type: text/plain\n\nAfter.\n--x--\n"
    )
    document = loaded(raw)
    assert document.text.endswith("Before.\n\nAfter.")
    assert [attachment.name for attachment in document.attachments] == ["a.pdf"]


@pytest.mark.parametrize("charset", ["koi8-r", "utf-8", "unheard-of", "us-ascii"])
def test_encodings(charset: str) -> None:
    """A wrong or unknown encoding is made up for by the looks of the bytes."""
    words = "Привет, это письмо о документах."
    body = words.encode("koi8-r" if charset == "koi8-r" else "utf-8")
    head = f"From: a@example.org\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert words in loaded(head.encode() + body).text


def test_malformed_headers_are_given_as_they_stand() -> None:
    """Addresses and dates that no standard knows stop nothing."""
    raw = b'From: <<a@@b>, "x\nTo: =?utf-8?b?????=\nDate: yesterday\nSubject: \xff\xfe ok\n\nText.\n'
    document = loaded(raw)
    assert document.text.endswith("Text.")
    assert "yesterday" in document.text
    assert loaded(b"From: a@example.org\nTo: " + b"(" * 20_000 + b"\n\nText.\n").text.endswith("Text.")


def test_sent_mail_is_known_by_its_content() -> None:
    """Whatever its name; a letter about headers and a mere list of keys are none."""
    raw = b"Return-Path: <a@example.org>\r\nReceived: from x\r\n\tby y\r\nFrom: a@example.org\r\n\r\nText.\r\n"
    assert reading.loader_of(SourceFile("a", Path("a"), raw)) == "email"
    assert not loader.recognise(b"From: someone\nTo: someone\n\nA letter in a text file.\n")
    assert not loader.recognise(b"Received: the goods\nFrom: the port\nand more text here\n\nYes.\n")
    assert not loader.recognise(b"# Title\n\nReceived: x\nFrom: y\n")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"Just words, no headers.\n", "corrupt"),
        (b"From: a@example.org\nContent-Type: multipart/encrypted; boundary=x\n\n--x\n\nx\n--x--\n", "encrypted"),
        (b"From: a@example.org\nContent-Type: application/pkcs7-mime\n\nxxxx\n", "encrypted"),
        (
            b"From: a\n"
            + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(60)),
            "bomb",
        ),
        (b"From: a\n" + b"Content-Type: message/rfc822\n\n" * 3000 + b"Subject: x\n\nText.\n", "bomb"),
    ],
)
def test_refusals(content: bytes, code: str) -> None:
    """What is no e-mail, is locked, or is nested without end has its reason."""
    with pytest.raises(RefusedDocument) as refusal:
        loaded(content)
    assert refusal.value.code == code
