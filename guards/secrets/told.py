"""Secrets that people tell each other in sentences: “the password is …”, “log in as … with …”.

A word of the sentence is no password: only a value that mixes letters with digits or marks counts.
"""
# ruff: noqa: E501  a pattern is read in one piece

from __future__ import annotations

import re
from collections.abc import Iterator

from guards.secrets.found import Found
from guards.secrets.placeholder import is_placeholder
from guards.secrets.randomness import is_random

_TELLING = (
    r"(?:pass(?:word|wd|phrase|code)|passwort|kennwort|wachtwoord|mot de passe|contrase(?:ñ|n)a|senha|"
    r"pwd|pw|login|wi-?fi (?:key|password)|pin)"
)
_TELLING_KEY = r"(?:(?:api|access|secret|license|licence|auth|private|service|master)[ -]?(?:key|token)|token|secret|credentials?|creds|key)"
_IS = (
    r"(?:(?:\s{1,2}(?:for|to|of|on|fürs?|zum|vom|pour|para)\s(?:[^\s:]{1,30}\s){0,3}[^\s:]{1,30})?\s{0,2}"
    r"(?:\s(?:is|was|are|ist|lautet|est|es|é|to|as|now|remains|will be)(?:\s{1,2}(?:now|still|jetzt|set to|changed to))?\s{0,2}[:=]?|"
    r"[:=]|=>|->|→)\s{0,3}|(?<=with password)\s|(?<=\spassword)\s(?=[A-Za-z]{0,20}[\d!#$%*+=@^&]))"
)
_VALUE = r"[\"'`“‘*(]{0,2}(?P<value>[^\s\"'`“”‘’<>]{5,200})"
_AFTER = re.compile(rf"(?i)(?<![\w:/.-])(?:(?P<password>{_TELLING})|{_TELLING_KEY}){_IS}{_VALUE}")
_BEFORE = re.compile(
    rf"(?i)[\"'`“‘*](?P<value>[^\s\"'`“”‘’<>]{{6,100}})[\"'`”’*]{{1,2}}\s(?:is|as|für|als|comme|como)\s(?:the|my|your|our|its|das|le|la)?\s?"
    rf"(?:\w{{1,20}}\s)?(?P<password>{_TELLING})"
)
_PAIR = re.compile(
    r"(?i)\b(?:credentials?|creds|login|log ?in|sign in|account|zugang(?:sdaten)?)\b(?:\s(?:is|are|as|with|to|for|using)|:)?(?:\s\S{1,30}){0,3}?\s{1,3}"
    r"(?:[\w.@+-]{2,60})\s{0,2}(?:/|:|\||,|\swith(?:\sthe)?(?:\spassword)?|\sand(?:\spassword)?)\s{0,2}[\"'`“]?(?P<value>[^\s\"'`”<>/]{6,80})"
)
_BRACKETED = re.compile(rf"(?i)(?<![\w-])(?P<password>{_TELLING})\s?\((?P<value>[^\s\"'`()]{{6,80}})\)")
_MEASURE = re.compile(
    r"(?i)\d+(?:[a-z]{1,3}|[-–]\w+)|v?\d+(?:\.\w+)+|[a-z]{1,4}-?\d{1,4}|\d+(?:st|nd|rd|th)|[a-z]+-\d{1,2}"
)
_TAIL = re.compile(r"[.,;:!?)\]}*_]+$")


def told(text: str) -> Iterator[Found]:
    """Every secret that a sentence tells."""
    for pattern in (_AFTER, _BEFORE, _PAIR, _BRACKETED):
        for match in pattern.finditer(text):
            value = _TAIL.sub("", match["value"])
            password = pattern is not _AFTER or match["password"] is not None
            if _is_told(value, password=password, strict=pattern in {_PAIR, _BRACKETED}):
                label = "password" if password else "secret"
                yield Found(match.start("value"), match.start("value") + len(value), label, 0.8)


def _is_told(value: str, *, password: bool, strict: bool) -> bool:
    """Whether it is a value rather than a word, a number, an address or a date of the sentence."""
    if (
        is_placeholder(value)
        or not any(c.isalpha() for c in value)
        or re.match(r"(?i)https?:|www\.|[\w.+-]+@\w", value)
    ):
        return False
    inner = any(c.isupper() for c in value[1:]) and any(c.islower() for c in value)
    if not any(c.isdigit() for c in value):
        marks = sum(not (c.isalnum() or c in "-'/.,’&") for c in value)
        return password and inner and len(value) >= 6 and (marks > 0 or is_random(value))
    if not password:
        return len(value) >= 12 and is_random(value) and re.search(r"\.[a-z]{2,5}$", value) is None
    letters = sum(c.isalpha() for c in value)
    if letters < 2 or _MEASURE.fullmatch(value):
        return False
    return not strict or (letters >= 4 and len(value) >= 7 and any(c.islower() for c in value))
