"""Secrets by their place: in lines of files that have a form of their own, in commands, headers and addresses.

Here the place says that it is a secret, so that a plain word counts too; what only stands for one does not.
"""
# ruff: noqa: E501  a form is read in one piece

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from guards.secrets.found import Found
from guards.secrets.placeholder import is_dummy, is_pattern, is_placeholder

_Q = r"[\"']?"
_V = r"(?P<value>[^\s\"'`<>]{3,200})"
_QUOTED = r"(?:\"(?P<double>[^\"\n]{3,200})\"|'(?P<single>[^'\n]{3,200})'|(?P<value>[^\s\"'`<>;|&]{3,200}))"
_PLACES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (label, mark, re.compile(pattern))
    for label, mark, pattern in (
        # label, what stands in the text, form
        ("password in an address", "://", r"(?<![A-Za-z])[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s:/?#@\"'<>]{0,100}:(?P<value>[^\s/\"'<>@]{2,200}(?:@[^\s/\"'<>@.]{1,40})?)@(?=[\w\[$({])"),
        ("token in an address", "://", r"(?<![A-Za-z])https?://(?P<value>[A-Za-z0-9_-]{24,120})@(?=[a-z])"),
        ("password", "machine", rf"(?m)\b(?:machine\s+\S{{1,200}}|default)\s+login\s+\S{{1,200}}\s+password\s+{_V}"),
        ("password", ":", r"(?m)^(?:[A-Za-z0-9.*_-]{1,120}|\*):(?:\d{2,5}|\*):[\w.*-]{1,60}:[\w.*-]{1,60}:(?P<value>[^\s:/]{3,120})$"),
        ("npm token", "_auth", rf"(?i):?_(?:authToken|auth|password)\s{{0,3}}=\s{{0,3}}{_Q}{_V}"),
        ("password hash", "$", r"(?<![\w$])(?P<value>\$(?:1|5|6|7|y|gy|2[abxy]?|apr1|md5|sha1|argon2(?:id|i|d)|scrypt|pbkdf2-sha\d{1,3})\$[A-Za-z0-9./$,=+-]{20,200})"),
        ("password hash", "{S", r"(?P<value>\{(?:SSHA|SHA|SMD5|SSHA256|SSHA512|CRYPT)\}[A-Za-z0-9+/=$.]{20,140})"),
        ("password hash", "pbkdf2", r"(?P<value>pbkdf2[_:]sha\d{1,3}[$:]\d{1,9}[$:][A-Za-z0-9./+=]{6,60}[$:][A-Za-z0-9./+=]{30,140})"),
        ("password hash", "scrypt:", r"(?P<value>scrypt:\d{1,7}:\d{1,3}:\d{1,3}\$[A-Za-z0-9./+=]{6,40}\$[a-f0-9]{40,200})"),
        ("password hash", ":::", r"(?m)^[^\s:]{1,40}:\d{1,6}:(?P<value>[a-fA-F0-9]{32}:[a-fA-F0-9]{32}):::"),
        ("password hash", "IDENTIFIED BY PASSWORD", r"IDENTIFIED BY PASSWORD\s{1,3}'(?P<value>\*[A-F0-9]{40})'"),
        ("password", "IDENTIFIED", rf"(?i)\bIDENTIFIED\s{{1,3}}(?:WITH\s{{1,3}}\S{{1,40}}\s{{1,3}})?(?:BY|AS)\s{{1,3}}{_QUOTED}"),
        ("password", "", r"(?i)\b(?:CREATE|ALTER)\s{1,3}(?:USER|ROLE|LOGIN)\s[^;\n]{1,120}?\bPASSWORD\s{0,3}=?\s{0,3}N?'(?P<value>[^'\n]{3,120})'"),
        ("password", "equirepass", rf"\b(?:requirepass|masterauth)\s{{1,4}}{_QUOTED}"),
        ("password", " -", rf"\b(?:sshpass|mongo|mongosh|docker login|podman login|az login|oc login|7z|zip|unzip|htpasswd|ldapsearch|redis-cli|twine upload|mosquitto_(?:pub|sub)|xfreerdp|kinit|lftp)\b[^\n|;]{{0,160}}?\s(?:--password[= ]|--pass[= ]|-p ?|-P ?|-w ?|-a ){_QUOTED}"),
        ("password", "--pass", rf"\s--(?:[a-z]{{1,20}}-)?(?:password|passwd|passphrase|pass)(?:=|\s{{1,2}}){_QUOTED}"),
        ("password", "-p", rf"\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{{0,160}}?\s(?:--password=|-p){_QUOTED}"),
        ("password", "-", rf"\s-(?:storepass|keypass|srcstorepass|deststorepass|passphrase|pass|password)\s{{1,2}}{_QUOTED}"),
        ("password", "-pass", r"\s-pass(?:in|out)?\s{1,2}[\"']?pass:(?P<value>[^\s\"']{3,120})"),
        ("token", "--", rf"\s--(?:[a-z]{{1,20}}-){{0,2}}(?:token|api-key|apikey|secret|secret-key|access-key|client-secret|auth-token)(?:=|\s{{1,2}})(?=[^\s\"']{{0,3}}\S{{12}}){_QUOTED}"),
        ("password", "curl", rf"\bcurl\b[^\n|;]{{0,300}}?\s(?:-u|--user|--proxy-user|-U)[= ]?\s{{0,2}}{_Q}[^\s:\"']{{0,80}}:(?P<value>[^\s\"'@]{{3,150}})"),
        ("password", "/user:", rf"(?i)/user:\S{{1,60}}\s{{1,2}}(?:/p(?:ass)?:)?{_QUOTED}"),
        ("password", "ConvertTo-SecureString", r"(?i)ConvertTo-SecureString\s{1,3}(?:-String\s{1,3})?[\"'](?P<value>[^\"'\n$]{3,120})[\"']"),
        ("password", "chpasswd", r"(?i)\becho\s{1,2}[\"']?[\w.-]{1,40}:(?P<value>[^\s\"'|]{3,100})[\"']?\s{0,2}\|\s{0,2}(?:sudo\s)?chpasswd"),
        ("password", "echo", r"\becho\s{1,2}(?:-n\s)?[\"']?(?P<value>[^\s\"'|$]{4,100})[\"']?\s{0,2}\|\s{0,2}(?:sudo -S|docker login|passwd --stdin|helm registry login)"),
        ("password", "enable", r"(?m)^\s{0,8}enable (?:secret|password)(?: \d)? (?P<value>\S{4,80})\s{0,3}$"),
        ("password", "username", r"(?m)^\s{0,8}username \S{1,40}(?: privilege \d{1,2})? (?:secret|password)(?: \d)? (?P<value>\S{4,80})\s{0,3}$"),
        ("password", "snmp-server community", r"snmp-server community (?P<value>\S{4,60}) "),
        ("network key", "psk", r"(?i)\b(?:wpa_)?(?:psk|passphrase|sae_password)\s{0,2}=\s{0,2}\"?(?P<value>[^\s\"]{8,64})"),
        ("machine key", "ecryption", r"(?i)(?:validation|decryption)Key=\"(?P<value>[0-9A-F]{32,160})"),
        ("seed phrase", "", r"(?i)\b(?:mnemonic|seed[ _-]?phrase|recovery[ _-]?phrase|seed[ _-]?words)\b[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?P<value>[a-z]{3,8}(?: [a-z]{3,8}){11}(?:(?: [a-z]{3,8}){12})?)(?![a-z])"),
        ("password", "encoded", r"(?i)\b(?:user(?:name)?|login|log)[=:][^\s&\"']{1,60}&(?:amp;)?(?:pass(?:word|wd)?|pwd)=(?P<value>[^\s&\"'<>]{4,100})"),
    )
)  # fmt: skip
_BASIC = re.compile(
    r"(?i)(?:\bbasic\s{1,3}|[\"']?\bauth[\"']?\s{0,3}[:=]\s{0,3}[\"']?|_auth\s{0,3}=\s{0,3}[\"']?)(?P<value>[A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/=])"
)


def placed(text: str) -> Iterator[Found]:
    """Secrets that stand where only a secret stands."""
    for label, mark, pattern in _PLACES:
        if mark and mark not in text:
            continue
        for match in pattern.finditer(text):
            group = next(name for name, value in match.groupdict().items() if value is not None)
            value = match[group]
            if label == "password hash":
                if not is_dummy(value):
                    yield Found(*match.span(group), label, 0.9)
            elif not _stands_for_one(value):
                yield Found(*match.span(group), label, 0.9)
    for match in _BASIC.finditer(text):
        if _is_login(match["value"]):
            yield Found(*match.span("value"), "password", 0.95)


def _stands_for_one(value: str) -> bool:
    return is_placeholder(value) or value.startswith("-") or (len(value) > 6 and is_pattern(value))


def _is_login(code: str) -> bool:
    """Whether base64 holds a name and a password."""
    try:
        plain = base64.b64decode(code + "=" * (-len(code) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return False
    name, colon, password = plain.partition(":")
    return bool(colon and name.isprintable() and len(password) >= 3 and password.isprintable()) and not _stands_for_one(
        password
    )
