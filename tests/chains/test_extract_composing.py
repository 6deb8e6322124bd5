"""The answer without a language model, quote by quote: what is quoted, in what order, with what belongs to it."""

from chains.extract.composing import compose
from chains.extract.evidence import Evidence, EvidencePassage
from chains.extract.ranking import read_ranker
from core.sentences import spans


def passage(text: str, number: int = 1, score: float = 1.0, heading: tuple[str, ...] = ()) -> EvidencePassage:
    """A passage whose sentences are all as near to the question, so that its words decide."""
    return EvidencePassage(number, text, heading, score, tuple(0.5 for _ in spans(text)))


def answer(question: str, *passages: EvidencePassage) -> str:
    """The answer as it reads, citation marks behind each quote."""
    quotes = compose(Evidence(question, passages), read_ranker())
    return "".join(f"{quote.lead}{quote.text} [{quote.passage}]" for quote in quotes)


OFFICE = (
    "The office opens at nine. Staff get 25 days of holiday a year. Unused days lapse at the end of March. "
    "The kitchen is on the second floor."
)


def test_the_sentence_that_answers_comes_first() -> None:
    """Of four sentences the one with the question's words and a number leads."""
    assert answer("How many days of holiday do staff get?", passage(OFFICE)).startswith(
        "Staff get 25 days of holiday a year. [1]"
    )


def test_an_answer_has_at_most_four_sentences() -> None:
    """Many sentences that fit alike are not all quoted."""
    text = " ".join(f"Holiday rule {word} concerns the holiday of staff." for word in "ab cd ef gh ij kl mn".split())
    assert answer("What are the rules for the holiday of staff?", passage(text)).count("[1]") <= 4


def test_a_sure_answer_is_short() -> None:
    """Where one sentence holds every word of the question and the others none, it stands alone."""
    text = "The treaty of Aldwick was signed in 1714. Cats sleep. Rain fell on the hills. Bread is baked at noon."
    assert answer("When was the treaty of Aldwick signed?", passage(text)) == (
        "The treaty of Aldwick was signed in 1714. [1]"
    )


def test_a_pronoun_that_dangles_brings_its_sentence_along() -> None:
    """`It` means nothing to who asked about the length of a pipe, so the sentence before stands before it."""
    text = "Engineers replaced the old culvert. It has a pipe of forty metres in length. Bread is baked at noon."
    assert answer("What length has the pipe?", passage(text)).startswith(
        "Engineers replaced the old culvert. [1] It has a pipe of forty metres in length. [1]"
    )


def test_a_pronoun_that_the_question_names_does_not_dangle() -> None:
    """Who asks about Tesla knows who `He` is."""
    text = "Tesla was an inventor. He was born in Smiljan in 1856. Bread is baked at noon."
    assert answer("When was Tesla born?", passage(text)).startswith("He was born in Smiljan in 1856. [1]")


def test_a_leading_connective_is_left_off() -> None:
    """`However,` speaks to what isn't quoted; the rest of the sentence begins with a capital."""
    text = "Bread is baked at noon. However, the dukes began the church reform in 1020."
    assert answer("When did the dukes begin the church reform?", passage(text)).startswith(
        "The dukes began the church reform in 1020. [1]"
    )


def test_a_sentence_that_would_dangle_unmended_is_not_first_when_another_answers() -> None:
    """The first sentence of a passage has none before it to bring along; another that fits leads."""
    text = "They carry a licence for the heavy crane. Bread is baked at noon."
    other = "The heavy crane needs papers: a licence from the port, and a flag."
    assert answer("What does the heavy crane need?", passage(text), passage(other, 2, 0.9)).startswith(other)


def test_what_was_said_already_is_not_said_again() -> None:
    """The same sentence in two passages is quoted once."""
    said = "The fridge is emptied every Friday at noon."
    text = answer("When is the fridge emptied?", passage(said), passage(f"Read this. {said}", 2, 0.9))
    assert text.count(said) == 1


def test_other_passages_follow_in_paragraphs_of_their_own() -> None:
    """Two passages never run on as if they were one text."""
    one = passage("Green reactors use water as coolant.")
    other = passage("Green reactors use salt as coolant as well.", 2, 0.9)
    assert "[1]\n\nGreen reactors use salt" in answer("What coolant do green reactors use?", one, other)


def test_steps_come_whole_behind_the_sentence_that_announces_them() -> None:
    """Items of several lines and sentences are given as the document gives them, lines flowing."""
    text = "To ask for holiday, take these steps:\n\n1. Open the form.\n   It is on\n   the desk.\n2. Name the days.\n"
    assert answer("How do I ask for holiday?", passage(text)) == (
        "To ask for holiday, take these steps: [1]\n1. Open the form. It is on the desk. [1]\n2. Name the days. [1]"
    )


def test_a_list_that_is_asked_for_is_given_whole() -> None:
    """A question for the members of a kind gets the list with its introduction, whichever item fits best."""
    text = "Three colours are allowed:\n\n- red for roofs\n- white for walls\n- green for doors\n\nPaint dries slowly."
    assert answer("Which colours are allowed, such as white for walls?", passage(text)).startswith(
        "Three colours are allowed: [1]\n- red for roofs [1]\n- white for walls [1]\n- green for doors [1]"
    )


def test_code_comes_with_the_sentence_that_announces_it() -> None:
    """The command is given without its fences, its lines as they are."""
    text = "Start the pump like this:\n\n```sh\npump --on\npump --check\n```\n\nBread is baked at noon."
    assert answer("How do I start the pump?", passage(text)) == (
        "Start the pump like this: [1]\npump --on\npump --check [1]"
    )


def test_a_row_comes_with_its_header_and_rows_of_a_table_share_it() -> None:
    """Cells mean nothing without their columns."""
    text = "| valve | pressure |\n|---|---|\n| north inlet | 4 bar |\n| south inlet | 6 bar |\n| drain | none |"
    said = answer("What pressure has the north inlet?", passage(text))
    assert said.startswith("| valve | pressure | [1]\n|---|---| [1]\n| north inlet | 4 bar | [1]")
    assert said.count("| valve | pressure |") == 1


def test_a_comparison_draws_on_both_things() -> None:
    """Each side is quoted from the passage that tells of it, in the order of the question."""
    text = answer(
        "What is the difference between a heron and a stork?",
        passage("A heron flies with its neck drawn in. Bread is baked at noon."),
        passage("A stork flies with its neck stretched out. Rain fell.", 2, 0.9),
    )
    assert text == "A heron flies with its neck drawn in. [1]\n\nA stork flies with its neck stretched out. [2]"


def test_a_question_of_two_parts_is_answered_in_its_order() -> None:
    """What and how are looked for each by itself."""
    text = answer(
        "What is a culvert and how is rust removed?",
        passage("Rust is removed with a wire brush. Bread is baked at noon."),
        passage("A culvert is a pipe under a road. Rain fell.", 2, 0.9),
    )
    assert text == "A culvert is a pipe under a road. [2]\n\nRust is removed with a wire brush. [1]"


def test_every_quote_stands_in_its_passage() -> None:
    """Word for word, white space and the capital behind a left-off connective aside."""
    text = "The kiln\nis hot. However, it cools\nby night. It is cleaned: \n\n- on Monday\n- on\n  Friday\n"
    flat = " ".join(text.split()).lower()
    quotes = compose(Evidence("When is the kiln cleaned and when does it cool?", (passage(text),)), read_ranker())
    assert quotes
    assert all(quote.text.lower() in flat for quote in quotes)


def test_the_same_question_gets_the_same_answer() -> None:
    """Sentences that fit exactly alike are taken by their place."""
    one = "Blue tiles cost four coins."
    passages = (passage(f"{one} Green tiles cost four coins."), passage("Brown tiles cost four coins.", 2))
    first = answer("What do tiles cost?", *passages)
    assert first.startswith(one)
    assert all(answer("What do tiles cost?", *passages) == first for _ in range(3))


def test_headings_and_pictures_are_not_quoted() -> None:
    """Passages without a sentence give no answer."""
    assert answer("Holiday?", passage("# Holiday\n\n![holiday in the sun](sun.png)\n")) == ""
