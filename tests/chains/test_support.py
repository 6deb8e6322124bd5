"""From a judged sentence to the one that is shown: its state, its citations, and where they stand after redaction."""

from dataclasses import replace

import pytest

from chains.support import plain_text, sentence_of
from core.domain import Chunk, Decision, Passage, Screening, Sentence, Stage, Support, Verdict
from guards.checks.groundedness import NO_CLAIM

TEXT = "Write to ann@example.org. The badge office opens at nine. Ask there. The badge office opens at nine."
PASSAGE = Passage(Chunk("badge.txt", "Badges", TEXT, start=50, end=50 + len(TEXT)), score=0.9, rank=1)
SAID = "The badge office opens at nine. [1]"


def screening(text: str, score: float | None, reason: str = "") -> Screening:
    """What the output guards made of a sentence; `score` is the risk that it is not supported."""
    verdict = Verdict("groundedness", Stage.OUTPUT, Decision.ALLOW, score, 0.5, reason)
    return Screening(text, (verdict,), Decision.ALLOW)


@pytest.mark.parametrize(
    ("said", "score", "reason", "state", "cited"),
    [
        (SAID, 0.1, "", Support.SUPPORTED, True),
        (SAID, 0.9, "", Support.UNSUPPORTED, False),
        (SAID, None, "", Support.UNSUPPORTED, False),
        ("The badge office opens at ten. [1]", 0.1, "", Support.UNSUPPORTED, False),
        ("The badge office opens at nine. [4]", 0.1, "", Support.SUPPORTED, True),
        ("Hello! [1]", 0.0, NO_CLAIM, Support.NOT_A_CLAIM, False),
    ],
)
def test_supported_is_what_guard_and_words_support(
    said: str, score: float | None, reason: str, state: Support, cited: bool
) -> None:
    """A doubt of the guard, no verdict, or no words that say it: the sentence is marked and cites nothing."""
    shown = said.rpartition(" [")[0]
    sentence = sentence_of(said, screening(shown, score, reason), [PASSAGE], {}, "")
    assert (sentence.state, bool(sentence.citations)) == (state, cited)


def test_without_the_guard_the_words_decide() -> None:
    """Where policy leaves the guard out, a verified quote supports a sentence, and a greeting claims nothing."""
    bare = Screening("The badge office opens at nine.", (), Decision.ALLOW)
    assert sentence_of(SAID, bare, [PASSAGE], {}, "").state is Support.SUPPORTED
    assert sentence_of("It is ten. [1]", replace(bare, text="It is ten."), [PASSAGE], {}, "").state is (
        Support.UNSUPPORTED
    )
    assert sentence_of("Hello!", replace(bare, text="Hello!"), [PASSAGE], {}, "").state is Support.NOT_A_CLAIM


def test_quotes_stand_in_the_document_after_a_passage_was_redacted() -> None:
    """A quote is placed where its words stand in the document, the nearest of equal ones; never what a guard put in."""
    redacted = replace(PASSAGE, chunk=replace(PASSAGE.chunk, text=TEXT.replace("ann@example.org", "[e-mail address]")))
    good = screening("The badge office opens at nine.", 0.1)
    (citation,) = sentence_of(SAID, good, [redacted], {1: PASSAGE}, "").citations
    assert TEXT[citation.start - 50 : citation.end - 50] == citation.quote == "The badge office opens at nine."
    assert citation.start - 50 == TEXT.index("The badge")
    put_in = screening("Write to [e-mail address].", 0.1)
    assert sentence_of("Write to [e-mail address].", put_in, [redacted], {1: PASSAGE}, "").citations == ()


def test_white_space_between_sentences_is_kept() -> None:
    """A list and paragraphs read as the model wrote them."""
    told = [Sentence("Two rules:", lead=""), Sentence("- be kind", lead="\n"), Sentence("Bye.", lead="\n\n")]
    assert plain_text(told) == "Two rules:\n- be kind\n\nBye."
