"""Which language a text is written in, and how surely it is none of some. What follows from it is a guard's matter.

The ranking is py3langid's (naive Bayes over bytes, Lui and Baldwin 2012). Code, names in capitals, addresses, numbers
and quoted words are no language and are left out first; what is left must be enough to tell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

# Names of the languages that py3langid tells apart, by its codes (ISO 639).
NAMES: Mapping[str, str] = dict(
    pair.split(" ", 1)
    for pair in (
        "ace Acehnese|af Afrikaans|am Amharic|an Aragonese|ar Arabic|ary Moroccan Arabic|arz Egyptian Arabic|"
        "as Assamese|az Azerbaijani|ba Bashkir|bcl Central Bikol|be Belarusian|bg Bulgarian|bn Bengali|br Breton|"
        "bs Bosnian|ca Catalan|crh Crimean Tatar|cs Czech|cy Welsh|da Danish|de German|dz Dzongkha|el Greek|"
        "en English|eo Esperanto|es Spanish|et Estonian|eu Basque|ext Extremaduran|fa Persian|fi Finnish|fo Faroese|"
        "fr French|fuv Nigerian Fulfulde|fy West Frisian|ga Irish|gcf Guadeloupean Creole|gcr Guianese Creole|"
        "gd Scottish Gaelic|gl Galician|gom Konkani|grc Ancient Greek|gu Gujarati|gug Guarani|guw Gun|ha Hausa|"
        "hbo Biblical Hebrew|he Hebrew|hi Hindi|hr Croatian|ht Haitian Creole|hu Hungarian|hy Armenian|id Indonesian|"
        "ig Igbo|is Icelandic|it Italian|ja Japanese|jv Javanese|ka Georgian|kab Kabyle|kik Kikuyu|kk Kazakh|km Khmer|"
        "kn Kannada|ko Korean|ku Kurdish|ky Kyrgyz|la Latin|lb Luxembourgish|lg Luganda|lij Ligurian|ln Lingala|"
        "lo Lao|lt Lithuanian|ltg Latgalian|lv Latvian|mg Malagasy|mk Macedonian|ml Malayalam|mn Mongolian|"
        "mr Marathi|ms Malay|mt Maltese|my Burmese|ne Nepali|nl Dutch|nn Norwegian Nynorsk|no Norwegian|"
        "nso Northern Sotho|oc Occitan|om Oromo|or Odia|pa Punjabi|pcm Nigerian Pidgin|pl Polish|ps Pashto|"
        "pt Portuguese|qu Quechua|ro Romanian|ru Russian|rw Kinyarwanda|sa Sanskrit|sdh Southern Kurdish|"
        "se Northern Sami|si Sinhala|sk Slovak|sl Slovenian|sn Shona|so Somali|sq Albanian|sr Serbian|st Sotho|"
        "sv Swedish|sw Swahili|ta Tamil|te Telugu|tg Tajik|th Thai|tk Turkmen|tl Tagalog|tr Turkish|tt Tatar|"
        "ug Uyghur|uk Ukrainian|ur Urdu|uz Uzbek|uzs Southern Uzbek|vec Venetian|vi Vietnamese|vo Volapük|wa Walloon|"
        "wuu Wu Chinese|xh Xhosa|yo Yoruba|yue Cantonese|zh Chinese|zu Zulu"
    ).split("|")
)
# Who reads the one reads the other, and a short text does not tell them apart.
_NEAR = (
    "en pcm|es gl ext an|pt gl|ca oc|fr wa gcf gcr oc|it vec lij|nl af fy|de lb|no nn da|da no nn|id ms|ms id|"
    "zh yue wuu|ar ary arz|he hbo|el grc|hr bs sr|sr bs hr|bs hr sr|cs sk|sk cs|bg mk|ru be|ku sdh|uz uzs|lv ltg"
)
_SAMPLE = 4000  # characters that are read
_FEW_WORDS = 3  # below them, words in Latin letters may be names, or the same in many languages
_DOUBT = 0.4  # what is then left of the risk: it never reaches one half
_FEW_LETTERS = 2
# Risk as a logistic function of how much better the best other language explains the text than the best one wanted,
# in units of py3langid's score over the root of the bytes. `python -m eval.language` prints what this leads to.
_SLOPE, _MIDDLE = 1.6, 1.5
_STEEPEST = 30.0
_QUOTED = re.compile(r"“[^”]{0,400}”|„[^“”]{0,400}[“”]|«[^»]{0,400}»|\"[^\"\n]{0,400}\"|(?<!\w)'[^'\n]{0,400}'(?!\w)")
_CODE = re.compile(r"```[\s\S]{0,4000}?(?:```|\Z)|`[^`\n]{0,400}`")
_NO_WORD = re.compile(r"[\d_/\\<>{}=@#$*+~^|]")  # what holds one is a number, an address or code
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NAME = re.compile(r"[^\W\d_]*[a-z][A-Z][^\W\d_]*|[A-Z]{2,6}")  # camelCase, ISO
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


@dataclass(frozen=True, slots=True)
class Writing:
    """What a text was found to be written in."""

    language: str  # code; und: there is too little to tell
    risk: float  # probability that it is none of those wanted; 0 when all are
    few: bool = False  # whether it is too short to be held against anybody


def known(code: str) -> bool:
    """Whether languages of this code are told apart."""
    return code in NAMES


def listed(codes: Sequence[str]) -> str:
    """Languages in a sentence: English, French and German."""
    names = [NAMES[code] for code in codes]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def writing(text: str, wanted: Collection[str] = ()) -> Writing:
    """The language of a text, and the probability that it is none of those wanted (codes; none: all are).

    Loads py3langid's model at the first call (a second or two).
    """
    words = _words(text)
    letters = " ".join(words)
    if len(letters) < _FEW_LETTERS:
        return Writing("und", 0.0, few=True)
    from py3langid import rank

    scores: dict[str, float] = dict(rank(letters))
    scores.pop("zxx", None)  # no linguistic content: not a language that one could write in
    best = max(scores, key=scores.__getitem__)
    few = len(words) < _FEW_WORDS and _LATIN.search(letters) is not None
    mine = {near for code in wanted for near in _with_near(code)}
    others = [score for code, score in scores.items() if code not in mine]
    if not mine or not others:
        return Writing("und" if few else best, 0.0, few)
    ahead = max(others) - max(score for code, score in scores.items() if code in mine)
    logit = _SLOPE * (ahead / math.sqrt(len(letters.encode("utf-8", "replace"))) - _MIDDLE)
    risk = 1 / (1 + math.exp(-max(-_STEEPEST, min(_STEEPEST, logit))))
    return Writing("und" if few else best, _DOUBT * risk if few else risk, few)


def _words(text: str) -> list[str]:
    """The words of the beginning of a text that belong to a language; quoted ones only where there are no others."""
    sample = _CODE.sub(" ", text[:_SAMPLE])
    own = _plain(_QUOTED.sub(" ", sample))
    return own if len(own) >= _FEW_WORDS else _plain(sample)


def _plain(text: str) -> list[str]:
    kept = [word for part in text.split() if _NO_WORD.search(part) is None for word in _WORD.findall(part)]
    some_small = any(word.islower() for word in kept)
    return [word for word in kept if not (some_small and _NAME.fullmatch(word))]


def _with_near(code: str) -> Sequence[str]:
    """The language and those that count as it."""
    return next((group.split() for group in _NEAR.split("|") if group.split()[0] == code), [code])
