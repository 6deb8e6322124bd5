"""The checks within identity numbers that Presidio has no recogniser for, each with its source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from guards.personal import beside


def weighted(number: Sequence[str], weights: Sequence[int]) -> int:
    """The sum of the digits, each times its weight; the last weight holds for what is longer."""
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def is_day(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def steuer_id(text: str) -> bool:
    """German tax number (§ 139b AO): ISO 7064 modulus 11,10; of the first ten digits one comes two or three times."""
    number = beside.digits(text)
    most = max(number[:10].count(digit) for digit in set(number[:10]))
    product = 10
    for digit in number[:10]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return len(number) == 11 and number[0] != "0" and most in {2, 3} and (11 - product) % 10 == int(number[10])


def rentenversicherung(text: str) -> bool:
    """German pension insurance number (VKVV, § 2): a letter as two digits, then weighted sums of digits."""
    compact = "".join(c for c in text.upper() if c.isalnum())
    number = f"{compact[:8]}{ord(compact[8]) - 64:02}{compact[9:11]}"
    products = (int(d) * w for d, w in zip(number, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True))
    return sum(p // 10 + p % 10 for p in products) % 10 == int(compact[11])


def nir(text: str) -> bool:
    """French social security number (INSEE): 13 digits and 97 minus their rest; Corsica's letters stand for digits."""
    compact = "".join(c for c in text.upper() if c.isalnum()).replace("2A", "19").replace("2B", "18")
    return len(compact) == 15 and compact.isdigit() and 97 - int(compact[:13]) % 97 == int(compact[13:])


def ahv(text: str) -> bool:
    """Swiss AHV number (eCH-0044): the check digit of EAN-13."""
    number = beside.digits(text)
    return (10 - weighted(number[:12], (1, 3) * 6) % 10) % 10 == int(number[12])


def rijksregister(text: str) -> bool:
    """Belgian national number: 97 minus the rest of the first nine digits, with a 2 before them from the year 2000."""
    number = beside.digits(text)
    check = int(number[9:])
    return check in {97 - int(number[:9]) % 97, 97 - int("2" + number[:9]) % 97}


def bsn(text: str) -> bool:
    """Dutch citizen service number: the eleven-test, the last digit weighing -1."""
    number = beside.digits(text)
    return int(number) > 0 and weighted(number, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def pesel(text: str) -> bool:
    """Polish PESEL number: weighted sum, modulus 10. Presidio's check has its weights the wrong way round."""
    number = beside.digits(text)
    return weighted(number[:10], (9, 7, 3, 1, 9, 7, 3, 1, 9, 7)) % 10 == int(number[10])


def personnummer(text: str) -> bool:
    """Swedish identity number (SKV 704): a day, coordination numbers counting from 61, and Luhn's check."""
    number = beside.digits(text)[-10:]
    day = int(number[4:6])
    return is_day(2000, int(number[2:4]), day - 60 if day > 60 else day) and beside.luhn(number)


def fodselsnummer(text: str) -> bool:
    """Norwegian identity number: a day, D-numbers counting from 41, and two checks of modulus 11."""
    number = beside.digits(text)
    day = int(number[:2])
    return (
        is_day(2000, int(number[2:4]), day - 40 if day > 40 else day)
        and weighted(number, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11 == 0
        and weighted(number, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0
    )


def cpr_day(text: str) -> bool:
    """Danish CPR number: a day; its check is no longer kept to since 2007."""
    number = beside.digits(text)
    return is_day(2000, int(number[2:4]), int(number[:2]))


def nif_pt(text: str) -> bool:
    """Portuguese tax number: modulus 11."""
    number = beside.digits(text)
    rest = weighted(number[:8], range(9, 1, -1)) % 11
    return int(number[8]) == (0 if rest < 2 else 11 - rest)


def cpf(text: str) -> bool:
    """Brazilian CPF number: two checks of modulus 11; equal digits are none."""
    number = beside.digits(text)
    checks = (weighted(number[:size], range(size + 1, 1, -1)) * 10 % 11 % 10 for size in (9, 10))
    return len(set(number)) > 1 and all(int(number[9 + i]) == check for i, check in enumerate(checks))


def sin(text: str) -> bool:
    """Canadian social insurance number: Luhn's check."""
    return beside.luhn(beside.digits(text))


def nric(text: str) -> bool:
    """Singapore's NRIC and FIN: a letter from the weighted sum; T and G count 4 more, M 3."""
    first, number, last = text[0].upper(), text[1:8], text[8].upper()
    rest = (weighted(number, (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(first, 0)) % 11
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}
    return letters[first][rest] == last


def pps(text: str) -> bool:
    """Irish PPS number: modulus 23 of the weighted digits and the second letter, which counts nine times."""
    letters = text[7:].upper()
    second = 0 if len(letters) < 2 or letters[1] == "W" else ord(letters[1]) - 64
    rest = (weighted(text[:7], range(8, 1, -1)) + 9 * second) % 23
    return letters[0] == "WABCDEFGHIJKLMNOPQRSTUV"[rest]
