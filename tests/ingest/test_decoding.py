"""Bytes become text by their mark, as UTF-8, as Windows-1252 or by a good guess; what is no text is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RefusedDocument
from ingest.formats.decoding import decode

RUSSIAN = (
    "Совет директоров утвердил новый порядок хранения документов. Каждый отдел обязан передать в архив отчёты за "
    "прошедший год до конца января. Ответственность за сроки несёт руководитель отдела, а контроль осуществляет архив."
)
JAPANESE = (
    "取締役会は文書の保管に関する新しい手続きを承認しました。各部門は前年度の報告書を一月末までに提出してください。" * 3
)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(lambda t: not t.startswith("\ufeff")))
def test_utf8_comes_back_unchanged(text: str) -> None:
    """Whatever is written as UTF-8 is read as it was."""
    assert decode(text.encode()) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_names_the_encoding(encoding: str) -> None:
    """A file with a byte order mark is decoded by it, and the mark is not part of the text."""
    assert decode("naïve façade\r\n".encode(encoding)) == "naïve façade\r\n"


def test_western_text_without_a_mark() -> None:
    """Old Windows files with curly quotes and accents are read."""
    assert decode("“Déjà vu” costs 5 €, said the façade’s owner.".encode("cp1252")).startswith("“Déjà vu” costs 5 €")


@pytest.mark.parametrize(("text", "encoding"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (JAPANESE, "shift_jis")])
def test_other_encodings_are_guessed(text: str, encoding: str) -> None:
    """A text in another script is recognised rather than read as Western gibberish."""
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x7fELF\x02\x01\x01\x00\x00", "binary"),
        (bytes(range(1, 32)) * 40, "binary"),
        (b"\xef\xbb\xbf\xff\xfe\x41", "encoding"),
        (bytes(range(128, 256)) * 20, "encoding"),
        (b"\x81\x8d\x8f\x90\x9d" * 100, "encoding"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, code: str) -> None:
    """Binary data and unrecognisable bytes are refused, each with its code."""
    with pytest.raises(RefusedDocument) as refusal:
        decode(content)
    assert refusal.value.code == code
