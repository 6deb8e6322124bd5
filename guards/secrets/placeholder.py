"""Telling a value from what only stands for one: references, templates, dummies, patterns, encrypted values.

Such a value is no secret wherever it stands, also when it has the form of a service's key.
"""
# ruff: noqa: E501  a pattern is read in one piece

from __future__ import annotations

import itertools
import re

LEAST_SHARE = 0.5  # of the characters in runs such as abcd, 1234, aaaa from which a value is a pattern
_RUN = 4  # characters in a row from which a run counts
_LONGEST = 400  # characters of a value that are looked at

_REFERENCE = re.compile(
    r"""(?xi)
    ^(?: \$\w+$ | [$#@%&!]?[{(] | \$\[ | %[\w.-]+%$ | <[^>]*>?$ | \[[^\]]*\]?$ | \{\{ | [*•●x._-]{3,}$   # templates, masks
      | [a-z_]\w*(?:\.\w+|->\w+|::\w+){0,6}[(\[] | [a-z_]\w*(?:::|->)\w | (?:process\.env|os\.environ|env|vars|var
        |secrets|secret|config|settings|self|this|args|options|params|request|req|data|local|module|ctx|input|props
        |values|data\.\w+)\.[a-z_]                                                                          # code
      | ref\+|op://|vault[:/]|sm://|ssm:|awskms|arn:|projects/|secretref|keyvault|@microsoft | !vault|\$ansible_vault
      | enc[\[(]|cipher|\{cipher\}|aqicah|ag[a-z][A-Za-z0-9+/]{150}|age1|kms:|encrypted[:(]|sops                                   # encrypted
    )"""
)
_WORDS = re.compile(
    r"(?i)your|example|sample|placeholder|change[_-]?(?:me|this|it)|replace|redacted|masked|removed|dummy|fake|"
    r"insert|todo|fixme|foo_?bar|foobaz|not[_-]?(?:a[_-]?)?real|not[_-]?(?:a[_-]?)?secret|goes[_-]?here|[_-]here\b|"
    r"x{5,}|X{4,}|\*{3,}|\.{3,}|…|deadbeef|cafebabe|loremipsum|lorem|asdf|qwerty|environ|getenv|"
    r"(?:^|[^a-z])(?:my|the|some|any|own|new|old|mock|test|testing|demo|default|invalid|secret|dev|local)[_ -]?"
    r"(?:super[_-]?)?(?:secret|key|token|pass|password|passwd|pwd|api[_-]?key|credentials?|value|string)\b|"
    r"^(?:test|testing|demo|default|secret|password|passwd|pass|token|key|value|string|text|null|none|nil|true|false|"
    r"yes|no|required|optional|undefined|unset|empty|blank|admin|root|user|username|guest|postgres|mysql|redis|"
    r"rabbitmq|anonymous|foo|bar|baz|abc|xyz|tbd|n/?a|int|integer|bool|boolean|number|float|char|varchar|object|"
    r"(?:str|String|SecretStr|Optional)(?:\b.*)?)\d{0,3}[!?.,;:)]*$"
)
_CODE = re.compile(r"^[A-Za-z_]\w*\(|^\w+\[|^new [A-Z]|^(?:lambda|function|func|def|await|return)\b")
_ORDERED = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_placeholder(value: str) -> bool:
    """Whether a value stands for a secret, points at one, or is plainly none."""
    value = value[:_LONGEST]
    return bool(_REFERENCE.match(value) or _CODE.match(value) or _WORDS.search(value)) or is_pattern(value)


def is_dummy(value: str) -> bool:
    """The same of a value that has the form of a service's key: only what was made to be read as no key counts."""
    value = value[:_LONGEST]
    return bool(_DUMMY.search(value)) or is_pattern(value)


_DUMMY = re.compile(
    r"(?i)your|example|sample|placeholder|change[_-]?me|replace|redacted|dummy|insert|not[_-]?real|"
    r"x{5,}|\*{3,}|\.{3,}|…|deadbeef|[_-]here\b|\$\{|\{\{|<[a-z]"
)


def is_uuid(value: str) -> bool:
    """Whether it is a universally unique identifier and nothing else."""
    return _UUID.fullmatch(value) is not None


def is_pattern(value: str) -> bool:
    """Whether most of a value is counting, one character over and over, a row of keys, or one piece repeated."""
    letters = [c for c in value.lower() if c.isalnum()]
    if len(letters) < 4:
        return True
    if len(set(letters)) <= max(2, min(len(letters), 64) // 8) or _repeats("".join(letters)):
        return True
    return _in_runs(letters) >= LEAST_SHARE * len(letters)


def _in_runs(letters: list[str]) -> int:
    """How many characters stand in runs; a run may also go through every second character, as in a1b2c3d4."""
    steps = [ord(b) - ord(a) for a, b in itertools.pairwise(letters)]
    inside = _covered(steps, 1, _RUN)
    if inside < LEAST_SHARE * len(letters):
        twos = [ord(b) - ord(a) for a, b in zip(letters, letters[2:], strict=False)]
        inside = max(inside, _covered(twos, 2, 2 * _RUN))
    if inside < LEAST_SHARE * len(letters):
        text = "".join(letters)
        rows = (row[i : i + 5] for row in _ORDERED[2:] for i in range(len(row) - 4))
        inside = max(inside, sum(5 for row in rows if row in text))
    return inside


def _covered(steps: list[int], stride: int, least: int) -> int:
    """Characters in stretches over which the step stays the same and is -1, 0 or 1."""
    covered = count = 0
    last: int | None = None
    for step in [*steps, 99]:
        if step == last and -1 <= step <= 1:
            count += 1
            continue
        if last is not None and -1 <= last <= 1 and count + stride >= least:
            covered += count + stride
        last, count = step, 1
    return covered


def _repeats(text: str) -> bool:
    """Whether the text is one short piece over and over."""
    return any(text[size:] == text[:-size] for size in range(1, min(8, len(text) // 3) + 1))
