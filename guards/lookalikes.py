"""What a single character looks like: compatibility forms, letters drawn like Latin ones, styled and turned letters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Mn", "Me"}
_KEPT_CONTROLS = "\n\t\r"
_CONFUSABLE = str.maketrans(
    # Cyrillic, Greek, Armenian, Cherokee, Lisu and Latin letters and marks that are drawn like plain Latin ones
    "АВЕЅІЈКМНОРСТУХЬаеіјоргсухѕһԁԛԝӏьпкмтвнѡѵґɡΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικνορτυχωηγβɑıոսօցհԍքզյ"
    "ᎪᏴᏟᎠᎬᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃꓮꓐꓚꓓꓰꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ"
    "ɛɩʋɐǝɥɹʇʌʍʎɯɔƃʞᴉɟɾℓ℮∂∑∩∪⁄",
    "ABESIJKMHOPCTYXbaeijoprcyxshdqwlbnkmtbhwvrgABEZHIKMNOPTYXaeiknoptuxwnyBainuoghGqqj"
    "ABCDEHJKLMPRSTVWZABCDEGHIJKLMNOPRSTUVWXYZ"
    "eivaehrtvwymcgkifjledEnu/",
)
_NAMED = re.compile(
    r"(?:REGIONAL INDICATOR SYMBOL LETTER|NEGATIVE CIRCLED LATIN CAPITAL LETTER|NEGATIVE SQUARED LATIN CAPITAL LETTER|"
    r"SQUARED LATIN CAPITAL LETTER|PARENTHESIZED LATIN (?:CAPITAL|SMALL) LETTER|LATIN LETTER SMALL CAPITAL|"
    r"LATIN (?:CAPITAL|SMALL) LETTER(?: DOTLESS| SCRIPT)?|MODIFIER LETTER (?:SMALL|CAPITAL)) "
    r"([A-Z])(?: WITH .{1,60})?"
)


@cache
def plain(character: str) -> str:
    """What one character looks like, in plain letters where it is one; empty when it shows nothing."""
    if character in _KEPT_CONTROLS:
        return character
    if character in _STYLED:
        return _STYLED[character]
    # a letter with marks keeps its base letter: é reads e, and stacked marks fall away
    simple = unicodedata.normalize("NFKD", character).translate(_CONFUSABLE)
    if not simple.isascii():
        simple = "".join(_base(c) for c in simple)
    return "".join(c for c in simple if unicodedata.category(c) not in _INVISIBLE)


def _base(character: str) -> str:
    """The letter that a character's name says it is a form of, such as ø, ɪ or a letter in a black square."""
    found = _NAMED.fullmatch(unicodedata.name(character, ""))
    if found is None:
        return character
    return found[1] if "CAPITAL LETTER" in unicodedata.name(character) else found[1].lower()


# NFKD gives "(A)" for these: as a letter they read on within their word
_STYLED = {
    **{chr(0x249C + i): chr(ord("a") + i) for i in range(26)},
    **{chr(0x1F110 + i): chr(ord("a") + i) for i in range(26)},
    **{chr(start + i): chr(ord("a") + i) for start in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6) for i in range(26)},
}
