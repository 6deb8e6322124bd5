"""What counts as personal data, what looks like it and must stay, and what an answer may repeat."""

import subprocess
import sys
from typing import Any

import phonenumbers
import pytest

from core.domain import Stage, Subject
from core.errors import SettingsError
from guards.checks.personal_data import build
from guards.guard import Finding, Kit
from guards.personal import checks
from guards.personal.found import REGIONS
from guards.redaction import redact

PASSAGES = ("The help desk: desk@mail-box.net, 030/901820. We are paid to DE89 3704 0044 0532 0130 00.",)


def judge(text: str, stage: Stage = Stage.INPUT, question: str = "", **options: Any) -> Finding:
    """What the guard finds in a text."""
    return build(options, Kit()).judge(Subject(text, stage, question, PASSAGES))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Mail jane.doe+x@mail-box.co.uk!", "Mail [e-mail address]!"),
        ("Mail joe (at) mail (dot) com now", "Mail [e-mail address] now"),
        ("Card 4111 1111 1111 1111.", "Card [payment card number]."),
        ("Card 378282246310005", "Card [payment card number]"),
        ("my card 630427373398 is lost", "my card [payment card number] is lost"),
        ("4111-1111-1111-1111 12/29", "[payment card number] 12/29"),
        ("IBAN GB82 WEST 1234 5698 7654 32, please", "IBAN [bank account number], please"),
        ("DE89370400440532013000 is mine", "[bank account number] is mine"),
        ("to de89 3704 0044 0532 0130 00 now", "to [bank account number] now"),
        ("SSN 514-69-0360.", "SSN [social security number]."),
        ("From 41.173.96.26 today", "From [IP address] today"),
        ("my IP is 10.0.0.5", "my IP is [IP address]"),
        ("From 2a00:1450:4001:81b::200e today", "From [IP address] today"),
        ("My website is https://Jane-Doe.example.ch/", "My website is [web address]"),
        ("See linkedin.com/in/jane-doe-123.", "See [web address]"),
        ("Call +44 20 7946 0958 or (415) 555-2671.", "Call [phone number] or [phone number]."),
        ("my mobile: 07911 123456", "my mobile: [phone number]"),
        ("Ring me on 0161 496 0000 ext 23", "Ring me on [phone number]"),
        ("my cell 4155552671", "my cell [phone number]"),
        ("Telefon: 030/901820", "Telefon: [phone number]"),
        ("Téléphone : 01 42 68 53 00", "Téléphone : [phone number]"),
        ("Teléfono 912 345 678", "Teléfono [phone number]"),
        ("28-64-66-98 office", "[phone number] office"),
    ],
)
def test_contact_and_payment_data_are_found(text: str, redacted: str) -> None:
    """Each kind is found whole and named."""
    finding = judge(text)
    assert finding.score is not None
    assert finding.score >= 0.5
    assert redact(text, finding.spans) == redacted


@pytest.mark.parametrize("region", REGIONS)
def test_phone_numbers_of_every_known_country_are_found(region: str) -> None:
    """The example number of its plan, written as that country writes it, as the world does, and in digits alone."""
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    assert example is not None
    forms = phonenumbers.PhoneNumberFormat
    for form in (forms.NATIONAL, forms.INTERNATIONAL, forms.E164):
        number = phonenumbers.format_number(example, form)
        for text in ("Call me at {}.", "{} is my mobile", "You can reach us at {} between 9 and 5"):
            found = judge(text.format(number)).spans
            assert redact(text.format(number), found).replace("([", "[") == text.format("[phone number]")


IDENTITIES = (
    "My SSN is 123-45-6789",
    "ssn 123456789",
    "ITIN 912-70-1234",
    "Medicare MBI 1EG4-TE5-MK73",
    "passport number 543210987",
    "Driver's license D1234567",
    "national insurance AB123456C",
    "NHS number 943 476 5919",
    "SIN 046 454 286",
    "TFN 123 456 782",
    "Medicare card 2123 45670 1",
    "PPS 1234567T",
    "Aadhaar 2345 6789 0124",
    "PAN ABCPE1234F",
    "NRIC S1234567D",
    "Steuer-ID 86 095 742 719",
    "Sozialversicherungsnummer 65170839J003",
    "Reisepass C01X00T47",
    "numéro de sécu 2 55 08 14 168 025 38",
    "AHV 756.9217.0769.85",
    "rijksregisternummer 85.07.30-033.28",
    "BSN 111222333",
    "NIE X1234567L",
    "DNI 12345678Z",
    "contribuinte 123456789",
    "codice fiscale RSSMRA85T10A562S",
    "PESEL 44051401359",
    "personnummer 811228-9874",
    "HETU 131052-308T",
    "fødselsnummer 13097248022",
    "CPR 010180-1234",
    "CPF 529.982.247-25",
)


@pytest.mark.parametrize("text", IDENTITIES)
def test_identity_numbers_are_found_beside_their_word(text: str) -> None:
    """The number is found to its end, and the word before it stays."""
    finding = judge(text)
    assert [span.end for span in finding.spans] == [len(text)]
    assert text[: finding.spans[0].start].strip().isprintable()
    assert finding.spans[0].label.endswith("number")
    assert finding.spans[0].label != "phone number"


@pytest.mark.parametrize(
    ("check", "number"),
    [
        (checks.steuer_id, "86095742719"),
        (checks.rentenversicherung, "65170839J003"),
        (checks.nir, "255081416802538"),
        (checks.ahv, "7569217076985"),
        (checks.rijksregister, "85073003328"),
        (checks.bsn, "111222333"),
        (checks.pesel, "44051401359"),
        (checks.personnummer, "8112289874"),
        (checks.fodselsnummer, "13097248022"),
        (checks.nif_pt, "123456789"),
        (checks.cpf, "52998224725"),
        (checks.sin, "046454286"),
    ],
)
def test_one_wrong_digit_fails_the_check(check: Any, number: str) -> None:
    """Each check passes a number and none that differs from it in the last digit."""
    assert check(number)
    assert not any(check(number[:-1] + digit) for digit in "0123456789" if digit != number[-1])


@pytest.mark.parametrize(("check", "number"), [(checks.nric, "S1234567D"), (checks.pps, "1234567T")])
def test_one_wrong_letter_fails_the_check(check: Any, number: str) -> None:
    """The letter that ends a number is proved as well."""
    assert check(number)
    assert sum(check(number[:-1] + letter) for letter in "ABCDEFGHIJKLMNOPQRSTUVW") == 1


@pytest.mark.parametrize(
    "text",
    [
        "Order 4111 1111 1111 1112 and order 1234567890123456",
        "order number 4111 1111 1111 1111; barcode 4006381333931, EAN 4012345678901",
        "4111 1111 1111 1111 1111 1111",
        "ISBN 978-0-306-40615-7, ISBN 0-306-40615-2",
        "Version 10.15.7.1, release 8.8.8.8, http://127.0.0.1:8501, 192.168.0.1",
        "On 2024-01-15 at 12:30:45, from 1990-1995, 01.02.2024, 24/12/2023; work 2019 2020 2021",
        "Timestamps 1700000000, 1700000000000 and 20240115123045",
        "Commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b, id 550e8400-e29b-41d4-a716-446655440000",
        "GB82 WEST 1234 5698 7654 33 has a wrong digit; 000-12-3456 and 666-12-3456 are none",
        "It costs 1,234,567.89 or 12 345 678 dollars; section 3.2.1; 100-200-300; reach 12 345 678 people",
        "Invoice 202555012345, serial 00123456789, ticket #20255501, part number 123-45-6789, part AB123456C",
        "customer id is 0412 345 678, total (201) 555-0123, customer number 4155552671",
        "grant number 9978518, article 12345678, ticket 2025-555-0123",
        "at 48.8583701, 2.2944813 or 51.5074, -0.1278; 3.141592653589793; x = 1234567 + 7654321",
        "user@localhost, @name, a@b, price@3.50, icon@2x.png, react@18.2.0, git@github.com:org/repo.git",
        "The home page is https://docs.example.net/x, doi 10.1016/j.cell.2003.08.001",
        "The social security budget is 1,234,567,890 dollars, the tax 123456789, the final 111222333 rows",
        "MAC 00:1B:44:11:3A:B7, time 12:34:56, model SM-G991B/DS 2021, DIN 912-345-678",
        "Biol Cell 2001 12 3114 3125 11598196; Mol Cell 2000b 5 97 107 10678172; Cell 2002 109 S45",
        "44051401359, 12345678Z, S1234567D, 111222333 and 86095742719",
    ],
)
def test_lookalikes_stay(text: str) -> None:
    """Order numbers, versions, dates, hashes, ISBN, part numbers, coordinates, and bare digits without a word stay."""
    assert judge(text).spans == ()


@pytest.mark.parametrize(
    "text",
    [
        "Card ４１１１ １１１１ １１１１ １１１１",
        "Card 4111\u200b 1111 11\u200d11 1111",
        "Card ٤١١١ ١١١١ ١١١١ ١١١١",
        "Mail ja\u200bne@mail\uff0ebox.net",
    ],
)
def test_disguised_values_are_found(text: str) -> None:
    """Other alphabets' digits, full width and invisible characters hide nothing; the span covers the original."""
    finding = judge(text)
    assert [(span.start, span.end) for span in finding.spans] == [(5, len(text))]


def test_the_reason_names_kinds_and_no_value() -> None:
    """Who reads the reason learns what was found, not the number itself."""
    reason = judge("Card 4111 1111 1111 1111, mail joe@mail-box.net").reason
    assert "payment card number" in reason
    assert "e-mail address" in reason
    assert "4111" not in reason
    assert "joe" not in reason


def test_an_answer_may_repeat_what_the_asker_wrote() -> None:
    """On output what is in the question passes, however it is grouped; `allow` lets more pass."""
    text = "We have 4111-1111-1111-1111 and eve@mail-box.net"
    finding = judge(text, Stage.OUTPUT, "Is 4111 1111 1111 1111 mine?")
    assert redact(text, finding.spans) == "We have 4111-1111-1111-1111 and [e-mail address]"
    assert judge(text, Stage.OUTPUT, allow=["@mail-box.net", "4111-1111-1111-1111"]).spans == ()
    assert len(judge(text, Stage.INPUT, "Is 4111 1111 1111 1111 mine?").spans) == 2


@pytest.mark.parametrize(
    ("shown", "kept"),
    [("question", []), ("contacts", ["desk@", "030 901820"]), ("passages", ["desk@", "030 901820", "DE89"])],
)
def test_policy_says_what_an_answer_may_repeat_of_the_passages(shown: str, kept: list[str]) -> None:
    """Nothing, contact data, or all; what stands in no passage never passes."""
    text = "Write to desk@mail-box.net, call 030 901820, pay to DE89370400440532013000, not to joe@mail-box.net."
    answer = redact(text, judge(text, Stage.OUTPUT, shown=shown).spans)
    assert [word for word in ("desk@", "030 901820", "DE89", "joe@") if word in answer] == kept


def test_contact_data_of_the_passages_pass_by_default() -> None:
    """What is the phone number of the help desk can be answered without an option."""
    assert judge("Call 030 901820.", Stage.OUTPUT).spans == ()
    assert len(judge("Call 030 901821.", Stage.OUTPUT).spans) == 1


def test_kinds_regions_and_languages_can_be_chosen() -> None:
    """What is not chosen is not looked for."""
    assert judge("Card 4111 1111 1111 1111, mail joe@mail-box.net", kinds=["email"]).spans[0].label == "e-mail address"
    assert judge("PESEL 44051401359", regions=["DE"]).spans == ()
    assert judge("Telefoon 4155552671", regions=["US"], languages=["nl"]).spans
    assert judge("Telefoon 4155552671", regions=["US"], languages=["en"]).spans == ()


def test_wrong_options_are_told_all_at_once() -> None:
    """Each fault names the option and what is allowed."""
    with pytest.raises(SettingsError) as told:
        build({"kinds": ["names"], "languages": ["xx"], "shown": "all", "regions": ["uk"]}, Kit())
    assert [fault.split(":")[0] for fault in told.value.faults] == ["kinds", "languages", "shown", "regions"]


def test_presidio_is_used_without_what_it_imports() -> None:
    """Its recognisers run with neither spaCy nor torch, and whoever imports the package afterwards gets all of it."""
    program = (
        "import sys\n"
        "from guards.personal.found import Chosen\n"
        "from guards.personal.pieces import pieces\n"
        "assert [s.label for s, _ in pieces('NHS number 943 476 5919', Chosen())] == ['health number']\n"
        "assert not {'spacy', 'torch', 'transformers', 'presidio_analyzer'} & set(sys.modules)\n"
        "import presidio_analyzer\n"
        "assert presidio_analyzer.AnalyzerEngine\n"
        "from presidio_analyzer.predefined_recognizers import EmailRecognizer\n"
        "assert EmailRecognizer()\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
