"""Phone numbers: their form, the numbering plans of phonenumbers, and the words beside them.

Presidio tries each country over the whole text and gives all it finds one low score; here a number is looked up only
where its form or a word speaks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guards.personal import beside
from guards.personal.found import Chosen, Found, Kind

_SIGN = re.compile(r"\d(?:[ ().–/-]{0,3}\d){6}")
_PHONE = re.compile(
    r"(?<![\w./+-])(?<!\d,)\+?\(?\+?\d(?:[ ().–/-]{0,3}\d){6,16}(?: ?(?:x|ext\.?|extension|durchwahl) ?\d{1,6})?"
    r"(?!\w|[-–/]\d|[.,]\d)"
)
_EXTENSION = re.compile(r"(?i) ?(?:x|ext\.?|extension|durchwahl) ?\d{1,6}$")
_WORDS = {  # that speak of phones alone
    "en": "phone,phones,tel,telephone,call,calls,calling,mobile,my cell,cellphone,cell phone,cell number,fax,whatsapp,"
    "sms,dial,ring,hotline,helpline,landline,voicemail,pager,switchboard,contact number,phone number,"
    "reach me,text me,office",
    "de": "telefon,telefonnummer,handy,handynummer,mobil,mobilnummer,rufnummer,durchwahl,anrufen,ruf,rufen",
    "fr": "telephone,telephoner,telephonez,portable,appeler,appelez,appelle,telecopie,joindre,numero de portable",
    "es": "telefono,movil,celular,llamar,llame,llamame,llamenos",
    "it": "telefono,cellulare,chiamare,chiama,chiamami,chiamate,recapito",
    "nl": "telefoon,telefoonnummer,mobiel,bel,bellen,gsm",
    "pt": "telefone,telemovel,celular,ligar,ligue,contacto",
    "pl": "telefon,telefonu,komorka,komorkowy,zadzwon",
    "sv": "telefon,telefonnummer,mobilnummer,ring",
    "fi": "puhelin,puhelinnumero,puh,matkapuhelin,soita",
}
_HINTS = {  # that speak of other things too
    "en": "cell,text,texts,message,messages,registered,contact,reach,reached,home,work,signal,telegram,emergency,"
    "my number,his number,her number,their number,your number,our number,the number,this number,new number",
    "de": "erreichen,erreichbar,dienstlich,privat,zentrale,meine nummer,ihre nummer,unsere nummer,die nummer",
    "fr": "contact,contacter,contactez,bureau,mon numero,son numero,notre numero,votre numero",
    "es": "contacto,oficina,mi numero,su numero",
    "it": "contatto,ufficio,mio numero,suo numero",
    "nl": "bereikbaar,mijn nummer,ons nummer",
    "pt": "contato,meu numero",
    "pl": "kontakt,moj numer",
    "sv": "kontakt,mitt nummer",
    "fi": "yhteys,numeroni",
}
# between a word and its number: "phone number is: ", but not "number of people: "
_NEAR = re.compile(r"(?i)^\W{0,4}(?:(?!\d|of\b|von\b|der\b|de\b|di\b|van\b)\w{1,8}\W{1,3}){0,3}$")
_JOINED = re.compile(
    r"[ \t(/,–-]{0,3}(?:(?:is|was|ist) )?(?:(?:my|his|her|their|our|your|the|meine|work) )?"
)  # between a number and its word
_GROUPED = re.compile(r"^(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-])[2-9]\d\d[ .-]\d{4}$|^\(?0\d+\)?[ ()./–-]+\d")
_DATE = re.compile(
    r"^\d{1,2}([./ -])\d{1,2}\1\d{2,4}(?=$|T\d| \d{1,2}:)|^(?:19|20)\d\d([./ -])\d{1,2}\2\d{1,2}\b"
    r"|^(?:19|20)\d\d \d{1,3}(?: |$)|^(?:1[89]|20)\d\d ?[–/-] ?(?:1[89]|20)\d\d$"
)
_YEARS = re.compile(r"^(?:(?:1[89]|20)\d\d[ /–-]*)+$")
_AMOUNT = re.compile(r"^[1-9]\d{0,2}(?:[ .]\d{3})+$")  # thousands set apart: 12 345 678
_DECIMAL = re.compile(r"^\d{1,3}\.\d{5,}$|^\d{1,3}(?:\.\d{1,3}){3,}$")
_UNIT = re.compile(
    r"^ (?!(?:when|between|and|or|if|after|before|for|to|is|at|on|by|from|until|during|any|anytime|as|so|but|we|please|"
    r"thanks|today|tomorrow|now|und|oder|ab|bis|et|ou|y|e)\b)(?:[A-Za-z]{2,}|[€$£%])"
)  # a word after it: what is counted, or a street


def find(text: str, chosen: Chosen) -> Iterator[Found]:
    """Numbers that a plan knows or that a word calls one."""
    if not _SIGN.search(text):
        return
    words = beside.words(*beside.spoken(_WORDS, chosen.languages), "tel")
    hints = beside.words(*beside.spoken(_HINTS, chosen.languages), "office")
    for match in _PHONE.finditer(text):
        risk = _risk(match, words, hints, chosen.regions)
        if risk:
            yield Found(*match.span(), Kind.PHONE, "phone number", risk)


def _risk(match: re.Match[str], words: re.Pattern[str], hints: re.Pattern[str], regions: tuple[str, ...]) -> float:
    text, number = match.string, _EXTENSION.sub("", match.group())
    if _looks_otherwise(number) or beside.is_other(text, match.start()):
        return 0.0
    before, after = beside.before(text, match.start()), beside.after(text, match.end(), 24)
    international = number.lstrip("(").startswith("+")
    grouped = len(re.findall(r"\d+", number)) > 1
    told = _right_before(words, before) or _right_after(words, after) or (grouped and bool(words.search(before)))
    hinted = told or _right_before(hints, before) or _right_after(hints, after)
    followed = bool(_UNIT.match(text[match.end() : match.end() + 20]))
    amount = bool(_AMOUNT.match(number))
    if not (told or international) and ((amount and not hinted) or (followed and (amount or not grouped))):
        return 0.0
    if not (international or hinted or (_GROUPED.match(number) and not followed)):
        return 0.0
    possible = hinted and _is_plausible(number, told=told)  # asked first: plans are slow to look up
    if possible or ((told or grouped or len(number) > 8) and _is_known(number, (None,) if international else regions)):
        return 0.9 if told or international else 0.6
    return 0.0


def _looks_otherwise(number: str) -> bool:
    digits = beside.digits(number)
    return (
        not 7 <= len(digits) <= 15
        or len(set(digits)) == 1
        or any(form.match(number) for form in (_DATE, _YEARS, _DECIMAL))
    )


def _right_before(words: re.Pattern[str], before: str) -> bool:
    """Whether one of these words ends what stands before a number, short words aside."""
    return any(_NEAR.match(before[match.end() :]) for match in words.finditer(before))


def _right_after(words: re.Pattern[str], after: str) -> bool:
    """Whether one of these words begins what stands after a number: "-Office", " (mobile)"."""
    match = words.search(after)
    return match is not None and _JOINED.fullmatch(after[: match.start()]) is not None


def _is_plausible(number: str, *, told: bool) -> bool:
    """Whether it can be a number of a plan that isn't known: set in groups, or long enough after a word for phones."""
    groups = re.findall(r"\d+", number)
    if number.lstrip("(").startswith("+") or len(groups) > 3:
        return True
    return (len(groups) > 1 and max(map(len, groups)) > 2) or (told and len(beside.digits(number)) >= 9)


def _is_known(number: str, regions: tuple[str | None, ...]) -> bool:
    """Whether it is a number of one of these plans; None is that which its own prefix names."""
    import phonenumbers  # the numbering plans of every country: only where something looks like a number

    for region in regions:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(number, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False
