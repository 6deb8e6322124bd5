"""Which questions count as written in another language, and which get the benefit of the doubt."""

import pytest
from py3langid import rank

from core.domain import Stage, Subject
from core.errors import SettingsError
from guards import languages
from guards.checks import language
from guards.guard import Finding, Kit


def judge(text: str, *allow: str) -> Finding:
    """What the guard finds in a question where these languages are allowed."""
    return language.build({"allow": list(allow)}, Kit()).judge(Subject(text, Stage.INPUT))


def risk(text: str, *allow: str) -> float:
    """The score, which this guard always has."""
    score = judge(text, *allow).score
    assert score is not None
    return score


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wie viele Urlaubstage habe ich im Jahr?", "German"),
        ("¿Dónde informo de un portátil perdido?", "Spanish"),
        ("Сколько дней отпуска у меня в году?", "Russian"),
        ("病気休暇は何日ですか。", "Japanese"),
        ("больничный лист", "Russian"),  # two words, but in letters that no allowed language has
        ("WIE HOCH IST DIE GRENZE FÜR HOTELKOSTEN?", "German"),
    ],
)
def test_another_language_is_refused_by_name(text: str, name: str) -> None:
    """The reason names the language and those that are answered; all of the text is pointed at."""
    finding = judge(text, "en", "fr")
    assert finding.score is not None
    assert finding.score >= 0.5
    assert finding.reason == f"This is written in {name}; questions are answered in English and French."
    assert [(span.start, span.end, span.label) for span in finding.spans] == [(0, len(text), name)]


@pytest.mark.parametrize(
    ("text", "allow"),
    [
        ("How many days of holiday do I get?", "en"),
        ("HOW DO I FIND THE TOP-UP CODE?", "en"),
        ("Wen rufe ich nachts an?", "de"),
        ("plazo de preaviso", "es"),  # could be Galician as well
        ("A quem ligo durante a noite?", "pt"),
        ("Can I do a SWIFT transfer?", "en"),
        ('What does "ich habe einen Freund gefunden" mean?', "en"),  # a quotation is not the asker's language
        ("请问病假有几天？", "zh"),
    ],
)
def test_an_allowed_language_passes(text: str, allow: str) -> None:
    """Short questions, capitals, near relatives and quotations in another language too."""
    assert risk(text, allow) < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "Reisekosten",
        "Müller Lüdenscheidt",
        "Lüneburg GmbH",
        "",
        "?!",
        "4711",
        "😀",
        "https://example.net/wie/hoch/ist/die/grenze",
    ],
)
def test_too_little_to_tell_is_not_held_against_it(text: str) -> None:
    """A word or two in Latin letters, names, numbers and addresses pass, and the reason says why."""
    finding = judge(text, "en")
    assert finding.score is not None
    assert finding.score < 0.5
    assert "too little" in finding.reason


def test_code_is_no_language() -> None:
    """An English question with code in it stays English, whatever the code's words are."""
    code = "```python\nfor zahl in zahlen_der_woche: drucke(zahl, mitte=wahr)\nwenn nicht fertig dann weiter\n```"
    assert risk(f"Why does this loop not end?\n{code}", "en") < 0.5
    assert risk("Why does `wenn nicht fertig dann noch einmal von vorne` fail here?", "en") < 0.5


def test_without_a_list_every_language_is_told_and_allowed() -> None:
    """The default only tells the language."""
    assert judge("Wie viele Urlaubstage habe ich im Jahr?") == Finding(
        0.0, "This is written in German. Every language is answered."
    )


def test_a_wrong_code_is_named() -> None:
    """A name in place of a code is an error that says which codes there are."""
    with pytest.raises(SettingsError, match=r"allow: no language 'English' is told apart \(known: ace, af, .*, en, "):
        judge("Hello", "de", "English")


def test_every_language_that_is_told_apart_has_a_name() -> None:
    """The table of names and the model's languages are the same, save its mark for no language at all."""
    assert set(languages.NAMES) == {code for code, _ in rank("some words")} - {"zxx"}
