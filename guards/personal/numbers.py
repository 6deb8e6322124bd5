"""Numbers that a state gives a person, by country: which are known, what proves them, which words speak of them.

Left out are numbers of businesses (VAT, ABN, UEN, NPI), of vehicles and of places: they name no person. Bare digits
count only beside such a word, even with a check: one in ten or eleven order numbers passes it too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guards.personal import checks

_SOCIAL, _TAX, _ID, _HEALTH = "social security number", "tax number", "identity number", "health number"
_PASSPORT, _LICENCE = "passport number", "driving licence number"


@dataclass(frozen=True, slots=True)
class Number:
    """One sort of identity number."""

    region: str  # ISO 3166 code of the country that gives it
    label: str  # for a person
    words: str  # that speak of it, with commas; folded: small letters without accents
    presidio: tuple[str, str] | None = None  # folder and class of Presidio's recogniser, where there is one
    pattern: str = ""  # otherwise its form
    check: Callable[[str], bool] | None = None  # and what proves it, beside the form
    alone: str = ""  # a form that counts without such a word, where nothing calls it an order's; none: never alone


NUMBERS = (
    Number(
        "US",
        _SOCIAL,
        "ssn,ssns,ssn#,social security,social",
        pattern=r"(?!000|666|9)\d{3}([- ]?)(?!00)\d\d\1(?!0000)\d{4}",
        alone=r"(?!123-45-6789)\d{3}-\d\d-\d{4}",
    ),
    Number("US", _TAX, "itin,taxpayer,tax id,tin", ("us", "UsItinRecognizer")),
    Number("US", _HEALTH, "medicare,mbi,beneficiary", ("us", "UsMbiRecognizer")),
    Number("US", _PASSPORT, "passport", ("us", "UsPassportRecognizer")),
    Number(
        "US",
        _LICENCE,
        "driver license,driver s license,driver's license,drivers license,driver licence,dl number",
        ("us", "UsLicenseRecognizer"),
    ),
    Number(
        "GB",
        _SOCIAL,
        "national insurance,nino,ni number,ni no",
        ("uk", "UkNinoRecognizer"),
        alone=r"[A-Z]{2} \d\d \d\d \d\d [A-D]",
    ),
    Number("GB", _HEALTH, "nhs,national health", ("uk", "NhsRecognizer")),
    Number("GB", _PASSPORT, "passport", ("uk", "UkPassportRecognizer")),
    Number("CA", _SOCIAL, "sin,social insurance,nas", pattern=r"\d{3}([- ]?)\d{3}\1\d{3}", check=checks.sin),
    Number("AU", _TAX, "tfn,tax file", ("australia", "AuTfnRecognizer")),
    Number("AU", _HEALTH, "medicare", ("australia", "AuMedicareRecognizer")),
    Number("IE", _SOCIAL, "pps,ppsn,personal public service", pattern=r"\d{7}[A-Wa-w][A-Ia-iWw]?", check=checks.pps),
    Number("IN", _ID, "aadhaar,aadhar,uidai", ("india", "InAadhaarRecognizer")),
    Number("IN", _TAX, "pan,permanent account,pan card,pan number", pattern=r"[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]"),
    Number("IN", _PASSPORT, "passport", ("india", "InPassportRecognizer")),
    Number("IN", _ID, "voter,epic,election", ("india", "InVoterRecognizer")),
    Number("SG", _ID, "nric,fin,identity card", pattern=r"[STFGMstfgm]\d{7}[A-Za-z]", check=checks.nric),
    Number(
        "DE",
        _TAX,
        "steuer-id,steuerid,steuer-idnr,idnr,steueridentifikationsnummer,identifikationsnummer,"
        "tax id,tin,steuerliche identifikationsnummer,steuernummer",
        pattern=r"\d\d ?\d{3} ?\d{3} ?\d{3}",
        check=checks.steuer_id,
    ),
    Number(
        "DE",
        _SOCIAL,
        "rentenversicherung,rentenversicherungsnummer,rvnr,sozialversicherung,"
        "sozialversicherungsnummer,versicherungsnummer,social security",
        pattern=r"\d\d ?[0-3]\d[01]\d\d\d ?[A-Z] ?\d{3}",
        check=checks.rentenversicherung,
    ),
    Number(
        "DE",
        _PASSPORT,
        "reisepass,passnummer,pass-nr,personalausweis,ausweisnummer,passport,id card",
        pattern=r"[CFGHJKLMNPRTVWXYZ](?=(?:[A-Z]*\d){3})[CFGHJKLMNPRTVWXYZ0-9]{8}\d?",
    ),
    Number(
        "FR",
        _SOCIAL,
        "nir,insee,securite sociale,numero de secu,secu,social security",
        pattern=r"[12] ?\d\d ?[0-9]\d ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d",
        check=checks.nir,
        alone=r"[12] \d\d \d\d (?:\d\d|2[AB]) \d{3} \d{3} \d\d",
    ),
    Number(
        "BE",
        _ID,
        "rijksregister,rijksregisternummer,registre national,national number,niss,insz",
        pattern=r"\d\d[.]?[0-5]\d[.]?[0-3]\d[- ]?\d{3}[. ]?\d\d",
        check=checks.rijksregister,
        alone=r"\d\d\.\d\d\.\d\d-\d{3}\.\d\d",
    ),
    Number(
        "NL",
        _ID,
        "bsn,burgerservicenummer,sofinummer,citizen service",
        pattern=r"\d{4}[. ]?\d\d[. ]?\d{3}|\d{9}",
        check=checks.bsn,
    ),
    Number(
        "CH",
        _SOCIAL,
        "ahv,avs,ahv-nummer,ahv-nr",
        pattern=r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d\d",
        check=checks.ahv,
        alone=r"756\.\d{4}\.\d{4}\.\d\d",
    ),
    Number("ES", _ID, "nie,extranjero", ("spain", "EsNieRecognizer"), alone=r"[XYZ]-?\d{7}-?[A-Z]"),
    Number("ES", _ID, "dni,nif,identidad,identificacion", ("spain", "EsNifRecognizer")),
    Number("PT", _TAX, "nif,contribuinte,nif number", pattern=r"[1-35689]\d\d ?\d{3} ?\d{3}", check=checks.nif_pt),
    Number(
        "IT",
        _TAX,
        "codice fiscale,fiscale,cf",
        ("italy", "ItFiscalCodeRecognizer"),
        alone=r"[A-Za-z]{6}\d\d[A-Za-z]\d\d[A-Za-z]\d{3}[A-Za-z]",
    ),
    Number("IT", _PASSPORT, "passaporto,passport", ("italy", "ItPassportRecognizer")),
    Number("IT", _ID, "carta d'identita,carta di identita,carta identita,cie", ("italy", "ItIdentityCardRecognizer")),
    Number("IT", _LICENCE, "patente", ("italy", "ItDriverLicenseRecognizer")),
    Number("PL", _ID, "pesel", pattern=r"\d\d\d\d[0-3]\d{6}", check=checks.pesel),
    Number(
        "SE",
        _ID,
        "personnummer,samordningsnummer,personal identity,pnr",
        pattern=r"(?:19|20)?\d{6}[-+]?\d{4}",
        check=checks.personnummer,
        alone=r"(?:19|20)?\d{6}[-+]\d{4}",
    ),
    Number(
        "FI",
        _ID,
        "hetu,henkilotunnus,personbeteckning,personal identity",
        ("finland", "FiPersonalIdentityCodeRecognizer"),
        alone=r"\d{6}[-+A-F]\d{3}[0-9A-Z]",
    ),
    Number(
        "NO",
        _ID,
        "fodselsnummer,personnummer,d-nummer,fnr,identity number",
        pattern=r"\d{6} ?\d{5}",
        check=checks.fodselsnummer,
    ),
    Number("DK", _ID, "cpr,cpr-nummer,personnummer,cpr-nr", pattern=r"\d{6}[- ]?\d{4}", check=checks.cpr_day),
    Number(
        "BR", _TAX, "cpf", pattern=r"\d{3}\.?\d{3}\.?\d{3}-?\d\d", check=checks.cpf, alone=r"\d{3}\.\d{3}\.\d{3}-\d\d"
    ),
    Number("KR", _ID, "rrn,resident registration,jumin", ("korea", "KrRrnRecognizer")),
    Number("TH", _ID, "tnin,thai national,thai id,national id", ("thai", "ThTninRecognizer")),
    Number("NG", _ID, "nin,national identification,national identity,nimc", ("nigeria", "NgNinRecognizer")),
)
