"""Values that are given to a telling name: in settings, environment files, markup, code, requests and logs.

The name says what to expect (`names.py`), the value must look like it (`randomness.py`) and not stand for it
(`placeholder.py`). A random-looking value without such a name is no secret: hashes stand in every manual.
"""
# ruff: noqa: E501  a form is read in one piece

from __future__ import annotations

import re
from collections.abc import Iterator

from guards.secrets.found import Found
from guards.secrets.names import Kind, kind
from guards.secrets.placeholder import is_pattern, is_placeholder, is_uuid
from guards.secrets.randomness import entropy, is_random

MOST_BEFORE = 160  # characters of a line before the name that are looked at
_CORE = (
    r"pass|pwd|psw|secret|token|key|cred|auth|bearer|dsn|jwt|hmac|kennwort|senha|contrase|wachtwoord|mdp|pat\b|pw\b|pin\b|"
    r"salt|pepper|sig|webhook|sas|cookie|session|sid|otp|seed"
)
_NAME = rf"(?<![A-Za-z0-9_.-])(?P<name>[A-Za-z0-9_.-]{{0,80}}?(?:{_CORE})[A-Za-z0-9_.-]{{0,40}}(?:[ ](?:key|token|secret|password))?)"
_TYPE = r"(?:\s{0,2}:\s{0,2}(?:&?'?[A-Za-z][\w.\[\]?<>' ]{0,30}?)|\s(?:As\s)?[A-Za-z]\w{0,12})?"
_SIGN = (
    r"(?:[\"'`]?\]?(?:\[\d{0,5}\])?"
    + _TYPE
    + r"\s{0,12}(?:=>|:=|\?=|={1,3}|!={1,2})\s{0,6}(?:(?:new\s)?(?:[\w.:]{0,20}(?:Secret|SecretStr|SecureString|[sS]tring|str|Some|Password)|b64decode|Buffer\.from)\()?|"  # given or compared
    r"[\"'`]?\s{0,12}:\s{0,12}(?:!!str\s)?(?:[|>][+-]?\s{1,12})?|"  # JSON, YAML
    r"[\"'`]\s{0,3},\s{0,3}|"  # an argument after the name
    r"[\"'`]\s{1,4}(?:value|default)\s{0,2}=\s{0,2}|"  # attributes
    r">\s{0,4}|"  # elements
    r"(?:\s{0,2}\(\s{0,2})(?=[\"'`])|"  # a call
    r"\s{1,3}(?=[\"'][^\"'\n]{8,200}[\"']\s{0,3};?\s{0,3}$))"  # words beside each other, as in web servers' settings
)
_VALUE = r"(?:@|[rbuf]|L|SecretStr\(|Secret\()?(?P<quote>\"\"\"|[\"'`])(?P<quoted>(?:(?!(?P=quote))[^\n]){3,600})(?P=quote)|(?P<bare>[^\s\"'`<>]{3,600})"
_ASSIGNED = re.compile(rf"(?im){_NAME}{_SIGN}(?:{_VALUE})")
_PAIR = re.compile(
    r"(?i)(?:\bname|\bkey|\bparameterkey|\bparameter_key)[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?P<name>[A-Za-z0-9_.:/-]{3,60})[\"']?,?\s{1,20}(?:[^\S\n]|\n){0,3}"
    r"[\"']?(?:\bvalue|parametervalue|parameter_value)[\"']?\s{0,3}[:=]\s{0,3}(?:(?P<quote>[\"'])(?P<quoted>[^\"'\n]{3,400})[\"']|(?P<bare>[^\s\"'`<>]{3,400}))"
)
_DEFAULT = re.compile(
    r"(?i)\b(?:variable|parameter)\s{1,3}[\"']?(?P<name>[A-Za-z0-9_-]{3,60})[\"']?\s{0,3}[{=:]\s{0,3}(?:[^{}\n]{0,120}\n){0,6}?"
    r"\s{0,8}default\s{0,12}[=:]\s{0,3}(?:(?P<quote>[\"'])(?P<quoted>[^\"'\n]{3,400})[\"']|(?P<bare>[^\s\"'`<>]{3,400}))"
)
_SET = re.compile(
    r"(?i)(?:\bsetenv|\bset|\bconfig|--global|\bput|\badd)\s{1,3}(?P<name>[A-Za-z0-9_.-]{0,40}(?:secret|token|pass|pwd|key)[A-Za-z0-9_.-]{0,30})\s{1,3}"
    r"(?:(?P<quote>[\"'])(?P<quoted>[^\"'\n]{8,400})[\"']|(?P<bare>[^\s\"'`<>=]{8,400}))"
)
# a line of a program: there a bare word is a name, not a value
_CODE = re.compile(
    r"[({;]\s{0,20}$|^\s{0,40}(?:const|let|var|def|func|public|private|return|if|self\.|this\.|String|int|final|static|import|"
    r"export (?:const|let))\b|\)\s{0,20}$|\w\(.{0,80}="
)
_TAIL = re.compile(r"[.,;:!?)\]}\\]+$")
_EXAMPLE = re.compile(r"(?i)\b(?:e\.g\.|for example|such as|placeholder|replace (?:this|it|with)|z\.B\.)")
_FORM = re.compile(
    r"(?i)^(?:https?://|/|\./|~/|[A-Z]:\\|[\w.-]+\.(?:json|ya?ml|pem|key|crt|txt|py|js|ts|env|conf|cfg|ini|toml|html|php|md|xml|sh|pub|p12|pfx|jks)$)"
)
_CALL = re.compile(r"^[A-Za-z_][\w.]*[(\[]")
_DOTTED = re.compile(r"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+[;,)]*$")
_IDENTIFIER = re.compile(r"^[A-Za-z_][A-Za-z_]*$")
_SQL = re.compile(r"(?i)^(?:%s|\?|:\w+|@\w+|\{\d*\}|%\(\w+\)s)")


def given(text: str) -> Iterator[Found]:
    """Every value that its name makes a secret."""
    for pattern in (_ASSIGNED, _PAIR, _DEFAULT, _SET):
        for match in pattern.finditer(text):
            found = _found(match, text)
            if found is not None:
                yield found


def _found(match: re.Match[str], text: str) -> Found | None:
    telling = kind(match["name"])
    if telling is Kind.NONE:
        return None
    quoted = match["quoted"] is not None
    group = "quoted" if quoted else "bare"
    start, value = match.start(group), match[group]
    if not quoted:
        value = _bare(value, text, match.end(group))
    line = _line_start(text, match.start())
    if _EXAMPLE.search(text, line, match.start()):
        return None
    code = _CODE.search(text[line : match.end() + 40].split("\n", maxsplit=1)[0]) is not None
    risk = _risk(telling, value, quoted=quoted, code=code)
    if risk < 0.5:
        return None
    label = "password" if telling is Kind.PASSWORD else "secret"
    return Found(start, start + len(value), label, risk)


def _bare(value: str, text: str, end: int) -> str:
    """The value without what belongs to the line: a mark at its end, further parts after a sign."""
    for sign in (";", "&", ',"', "\\n"):
        value = value.split(sign, 1)[0]
    whole_line = end >= len(text) or text[end] in "\r\n"
    return value.rstrip(",;") if whole_line and not value.endswith((")", "]", "}", ".")) else _TAIL.sub("", value)


def _line_start(text: str, at: int) -> int:
    """Where the line begins, or the part of it that is looked at."""
    far = max(0, at - MOST_BEFORE)
    return max(far, text.rfind("\n", far, at) + 1)


def _risk(telling: Kind, value: str, *, quoted: bool, code: bool) -> float:
    """How sure it is that the value is a secret, from 0 to 1."""
    if not value or is_placeholder(value) or _FORM.match(value) or _SQL.match(value):
        return 0.0
    if not quoted and (_CALL.match(value) or (_DOTTED.match(value) and not is_random(value))):
        return 0.0
    if telling is Kind.PASSWORD:
        return _password(value, quoted=quoted, code=code)
    if " " in value.strip() or len(value) < (12 if telling is Kind.STRONG else 16):
        return 0.0
    if is_uuid(value):
        return 0.6 if telling is Kind.STRONG else 0.0
    if not quoted and code and _IDENTIFIER.match(value):
        return 0.0
    if telling is Kind.WEAK:
        return 0.55 if is_random(value) and len(value) >= 20 and entropy(value) >= 3.3 else 0.0
    return 0.85 if is_random(value) and not value.isdigit() else 0.0


def _password(value: str, *, quoted: bool, code: bool) -> float:
    if len(value) < 4 or " " in value.strip() or len(value) > 200:
        return 0.0
    kinds = sum(
        (
            any(c.isdigit() for c in value),
            any(c.isupper() for c in value[1:]),
            any(c.islower() for c in value),
            any(not c.isalnum() for c in value[:-1]),
        )
    )
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    if is_uuid(value):
        return 0.6
    if mixed or (kinds >= 3 and not _IDENTIFIER.match(value)):
        return 0.9
    if _IDENTIFIER.match(value):
        return 0.7 if len(value) >= 8 and is_random(value) and (quoted or not code) else 0.0
    if value.isdigit():
        return 0.6 if len(value) >= 6 and not is_pattern(value) else 0.0
    return 0.6 if quoted and kinds >= 2 and len(value) >= 8 else 0.0
