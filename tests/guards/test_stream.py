"""The sentence gate: nothing is given out before it is whole, and all of it in the end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guards.stream import MOST, SentenceStream

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"


def pieces(text: str, step: int) -> list[str]:
    """What the gate gives when the text comes in steps."""
    stream, given_out = SentenceStream(), []
    for begin in range(0, len(text), step):
        given_out += stream.feed(text[begin : begin + step])
    return given_out + stream.flush()


def test_sentences_come_one_by_one_once_they_have_ended() -> None:
    """A sentence is given out when the next one shows that it has ended, not before."""
    stream = SentenceStream()
    assert stream.feed("The first is whole") == []
    assert stream.feed(".") == []
    assert [piece.strip() for piece in stream.feed(" The se")] == ["The first is whole."]
    assert stream.held.strip() == "The se"
    assert [piece.strip() for piece in stream.flush()] == ["The se"]


@pytest.mark.parametrize("step", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    "whole",
    [
        "[the manual. It is good](http://evil.net/a. b)",
        "![a picture. Of it](http://evil.net/p.png)",
        "<script>alert(1). Go on. </script>",
        '<a href="http://evil.net/x. y">',
        "-----BEGIN RSA PRIVATE KEY-----\nabc. Def\n\n- ghi\n-----END RSA PRIVATE KEY-----",
        TOKEN,
    ],
)
def test_what_must_be_judged_whole_is_never_split(whole: str, step: int) -> None:
    """A link, a picture, a script, a tag, a key and a token each come in one piece, however the text came."""
    given_out = pieces(f"It starts here. See {whole} and go on. The end is near.", step)
    assert sum(whole in piece for piece in given_out) == 1


def test_a_text_without_an_end_is_cut_between_words() -> None:
    """After many characters without a sentence's end a piece is given out, cut between two plain words."""
    given_out = pieces("word " * 1000, 7)
    assert all(len(piece) <= MOST for piece in given_out)
    assert all(piece.endswith("word ") for piece in given_out)


def test_a_forced_cut_spares_numbers_and_what_follows_a_password_word() -> None:
    """The groups of a card number and a value after a word such as `is` are not parted from what is before them."""
    filler = "x" * (MOST - 30)
    for secret in ("number 4111 1111 1111 1111 please", "password is hunter2x9 okay"):
        assert any(secret[:-7] in piece for piece in pieces(f"{filler} {secret} " + "and so on " * 30, 5))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab .!?\n[](<>)-1:é", max_size=200), st.integers(1, 20))
def test_the_pieces_together_are_the_text(text: str, step: int) -> None:
    """Nothing is lost, doubled or changed."""
    assert "".join(pieces(text, step)) == text
