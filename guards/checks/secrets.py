"""Guard `secrets`: keys, tokens and passwords by their published forms, and values given after a word such as password.

Random-looking text alone is no secret here: hashes and identifiers stand in every manual.
"""
# ruff: noqa: E501  a pattern is read in one piece

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import Span, Stage, Subject
from guards import options as given
from guards.guard import Finding, Guard, Kit
from guards.overlap import Untaken

STAGES = frozenset({Stage.INPUT, Stage.OUTPUT})
DOC = "keys and tokens of well-known services, private keys, passwords in addresses and assignments"
TITLE = "keys and passwords"
ADVICE = "Leave it out; a key or password that was sent somewhere should be replaced."

_B, _E = r"(?<![A-Za-z0-9_-])", r"(?![A-Za-z0-9_-])"
# label, what stands in every match (a text without it isn't searched; none: always searched), form
_FORMS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (label, marks, re.compile(pattern))
    for label, marks, pattern in (
        ("AWS key", ("AKIA", "ASIA", "ABIA", "ACCA"), rf"{_B}(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{{16}}{_E}"),
        (
            "GitHub token",
            ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
            rf"{_B}(?:gh[pousr]_[A-Za-z0-9]{{36,255}}|github_pat_[A-Za-z0-9_]{{22,255}}){_E}",
        ),
        (
            "GitLab token",
            ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "gloas-", "glagent-", "glimt-", "glsoat-"),
            rf"{_B}gl(?:pat|dt|rt|cbt|ptt|ft|oas|agent|imt|soat)-[A-Za-z0-9_-]{{20,200}}",
        ),
        (
            "Slack token",
            ("xox", "xapp-"),
            rf"{_B}xox[abeoprs](?:-[A-Za-z0-9]{{4,150}}){{1,6}}|{_B}xapp-\d-[A-Za-z0-9-]{{20,200}}",
        ),
        (
            "Slack webhook",
            ("https://hooks.slack.com/",),
            r"https://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{20,120}",
        ),
        (
            "Stripe key",
            ("sk_", "rk_", "whsec_"),
            rf"{_B}(?:sk|rk|whsec)_(?:(?:live|test|prod)_)?[A-Za-z0-9]{{16,250}}{_E}",
        ),
        ("Anthropic key", ("sk-ant-",), rf"{_B}sk-ant-[A-Za-z0-9_-]{{20,250}}"),
        (
            "OpenAI key",
            ("sk-",),
            rf"{_B}sk-(?:proj-|svcacct-|admin-|or-v1-)?(?=[A-Za-z_-]{{0,99}}\d)[A-Za-z0-9_-]{{20,250}}",
        ),
        (
            "Google key",
            ("AIza", "GOCSPX-", "ya29."),
            rf"{_B}AIza[A-Za-z0-9_-]{{35}}{_E}|{_B}GOCSPX-[A-Za-z0-9_-]{{28}}{_E}|{_B}ya29\.[A-Za-z0-9_-]{{20,500}}",
        ),
        ("Hugging Face token", ("hf_",), rf"{_B}hf_[A-Za-z]{{30,60}}{_E}"),
        ("npm token", ("npm_",), rf"{_B}npm_[A-Za-z0-9]{{36}}{_E}"),
        ("PyPI token", ("pypi-",), rf"{_B}pypi-AgE[A-Za-z0-9_-]{{50,1000}}"),
        ("SendGrid key", ("SG.",), rf"{_B}SG\.[A-Za-z0-9_-]{{16,32}}\.[A-Za-z0-9_-]{{32,64}}"),
        ("Twilio key", ("SK",), rf"{_B}SK[0-9a-f]{{32}}{_E}"),
        ("Telegram token", (":AA",), rf"{_B}\d{{8,10}}:AA[A-Za-z0-9_-]{{33}}{_E}"),
        ("DigitalOcean token", ("_v1_",), rf"{_B}do[opr]_v1_[a-f0-9]{{64}}{_E}"),
        ("Shopify token", ("shp",), rf"{_B}shp(?:at|ca|pa|ss)_[a-fA-F0-9]{{32}}{_E}"),
        ("Databricks token", ("dapi",), rf"{_B}dapi[a-f0-9]{{32}}(?:-\d)?{_E}"),
        ("HashiCorp token", ("hvs.",), rf"{_B}hvs\.[A-Za-z0-9_-]{{24,250}}"),
        ("age key", ("AGE-SECRET-KEY-1",), rf"{_B}AGE-SECRET-KEY-1[A-Z0-9]{{58}}{_E}"),
        (
            "Azure key",
            ("AccountKey=", "SharedAccessKey="),
            r"(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,100}={0,2}",
        ),
        (
            "signed token",
            ("eyJ",),
            rf"{_B}eyJ[A-Za-z0-9_-]{{8,2000}}\.eyJ[A-Za-z0-9_-]{{8,4000}}\.[A-Za-z0-9_-]{{10,1500}}",
        ),
        (
            "private key",
            ("PRIVATE KEY",),
            r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r"(?:[^-]{0,12000}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[^-]{0,12000})",
        ),
        (
            "password in an address",
            ("://",),
            r"(?<![a-z])[a-z][a-z0-9+.-]{1,20}://[^\s:/?#@]{1,100}:(?P<value>[^\s/?#@]{3,200})@(?=[\w\[])",
        ),
        ("access token", (), r"(?i)\bbearer[ \t]{1,3}(?P<value>[A-Za-z0-9._~+/-]{20,2000}=*)"),
    )
)
_NAMED = re.compile(
    r"(?i)(?<![A-Za-z])(?P<name>(?:[a-z0-9]{1,20}[_-]){0,4}(?:password|passwd|passphrase|passcode|pwd|secret|token|"
    r"api[ _-]?key|access[ _-]?key|secret[ _-]?key|private[ _-]?key|auth[ _-]?key|credentials?)(?:[_-][a-z0-9]{1,20}){0,3})"
    r"[\"'`]?(?P<sign>\s{0,3}(?:=>|:=|==?|:)\s{0,3}|\s{1,3}(?:is|was|are|to)(?:\s{1,3}now)?:?\s{1,3})"
    r"(?P<quote>[\"'`]?)(?P<value>[^\s\"'`<>]{6,300})"
)
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PLACEHOLDER = re.compile(
    r"(?i)^(?:\$|%|\{|\[|\*{3}|x{4}|\.{3}|-{3}|_{3})|your|example|placeholder|changeme|redacted|os\.environ|getenv|"
    r"process\.env|https?://|^(?:none|null|true|false|required|optional|string|undefined)\b"
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Finds secrets by form and by name."""

    def judge(self, subject: Subject) -> Finding:
        """The risk of the surest secret found."""
        found = list(find(subject.text))
        if not found:
            return Finding(0.0, "No keys or passwords found.")
        kinds = ", ".join(sorted({span.label for span, _ in found}))
        spans = tuple(sorted((span for span, _ in found), key=lambda span: span.start))
        return Finding(
            max(risk for _, risk in found),
            f"This holds what looks like a secret ({kinds}), which is left out here. If it is real, have it replaced.",
            spans,
        )


def build(options: Mapping[str, Any], kit: Kit) -> Guard:  # noqa: ARG001  every guard is built alike
    """No options."""
    given.read(options)
    return Secrets()


def find(text: str) -> Iterator[tuple[Span, float]]:
    """Every secret with its risk, without overlaps; known forms first, so that they win."""
    untaken = Untaken(len(text))
    for label, marks, pattern in _FORMS:
        if marks and not any(mark in text for mark in marks):
            continue
        for match in pattern.finditer(text):
            named = "value" in pattern.groupindex
            if named and _PLACEHOLDER.search(match["value"]):
                continue
            span = Span(*(match.span("value") if named else match.span()), label)
            if untaken.take(span.start, span.end):
                yield span, 1.0
    for match in _NAMED.finditer(text):
        value = match["value"].rstrip(".,;:!?)]}")
        span = Span(match.start("value"), match.start("value") + len(value), _kind(match["name"]))
        if _is_secret(match, value) and untaken.take(span.start, span.end):
            yield span, 0.9


def _kind(name: str) -> str:
    return "password" if "pass" in name.lower() or "pwd" in name.lower() else "secret"


def _is_secret(match: re.Match[str], value: str) -> bool:
    """Whether what follows the name is a value rather than a word of the sentence, a placeholder or an identifier."""
    if len(value) < 6 or _PLACEHOLDER.search(value) or _UUID.fullmatch(value):
        return False
    kinds = sum(
        (
            any(c.isdigit() for c in value),
            any(c.isupper() for c in value[1:]),
            any(c.islower() for c in value),
            any(not c.isalnum() for c in value[:-1]),
        )
    )
    told = match["sign"].strip() not in {"is", "was", "are", "to", ""}
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    if _kind(match["name"]) == "password":
        return mixed or kinds >= 3 or (told and bool(match["quote"]) and len(value) >= 8)
    if value.replace("-", "").isalpha() and value.islower():
        return False
    return len(value) >= 12 and mixed and _entropy(value) >= 3.0 and (told or kinds >= 2)


def _entropy(text: str) -> float:
    """Bits a character, going by how often each occurs."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
