"""What the name of a value tells: that it is a password, that it is a key or token, or that it is neither.

A name is cut into its words (`dbPassword`, `DB_PASSWORD`, `db-password` are db and password); the last ones tell.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PASSWORD = frozenset(
    "password passwd passwort pass pwd passphrase passcode pw pswd psw userpassword dbpass dbpassword mdp senha "
    "contrasena contrasenia kennwort wachtwoord userpass mypassword pin rootpw adminpassword storepass keypass "
    "passw pgpassword requirepass sshpass smtppass ftppass".split()
)
_STRONG = frozenset(
    "secret secrets token apikey authtoken accesstoken secretkey clientsecret authkey privatekey credential "
    "credentials accesskey bearer authorization signingkey encryptionkey masterkey sharedsecret webhooksecret "
    "sessionsecret apitoken refreshtoken licensekey appsecret consumersecret apisecret appkey pat dsn jwt hmac "
    "sastoken otp".split()
)
_WITH_KEY = frozenset(
    "api secret access private auth account signing sign encryption encrypt encrypted master shared service app "
    "application license licence admin write ingest ingestion deploy hmac aes cipher crypt crypto session jwt "
    "cookie storage subscription consumer integration webhook rest server client db database data dkim stripe "
    "openai azure aws gcp google github gitlab slack sendgrid twilio mailgun mailchimp datadog algolia segment "
    "pagerduty heroku cloudflare newrelic anthropic cohere mistral maps weather root recovery ssh ssl tls rsa gpg "
    "pgp pem functions function host mgmt management user my primary secondary connection validation decryption "
    "machine activation product bot wallet signature token partner tenant".split()
)
_NEITHER = frozenset(
    "public pub id ids name names file files filename path paths dir folder url uri urls endpoint host hostname "
    "type types length len size min max policy policies ttl expiry expires expiration expire timeout count counts "
    "limit limits field fields header headers prefix suffix label labels hint regex pattern algorithm alg version "
    "format provider strength validator validation rules rule reset confirm confirmation manager store storage "
    "input form page prompt message error errors help text title description required enabled disabled changed "
    "updated created at date time age days hours minutes usage cost budget per price arn ref reference source "
    "scope scopes kind class mode tokens tokenizer encoder encoding parser index column columns attribute attr "
    "selector option options flag fingerprint thumbprint digest checksum sha md5 sha256 sha1 sha512 integrity "
    "etag link status state template mapping map list set num number rotation rotated location region bucket "
    "issuer audience lookup hash hashed".split()
)
_NO_KEY = frozenset(
    "cache primary foreign partition sort object s3 row record group hot shortcut map dict hash i18n translation "
    "lang route query index unique candidate composite natural surrogate registry public pub site "
    "publishable anon host known answer cursor next continuation page csrf xsrf idempotency dedup deduplication "
    "tracking measurement".split()
)


class Kind(Enum):
    """What stands behind a name."""

    PASSWORD = "password"  # noqa: S105  the kind, no password
    STRONG = "secret"
    WEAK = "key"  # may be one: only a value that looks drawn by chance counts
    NONE = ""


@lru_cache(maxsize=4096)
def kind(name: str) -> Kind:
    """What the name tells of its value."""
    words = [word.lower() for word in _WORD.findall(name)]
    words = [word for word in words if not word.isdigit()]
    if not words:
        return Kind.NONE
    last = words[-1]
    before = words[-2] if len(words) > 1 else ""
    if last in _NEITHER and last not in {"value", "text", "data", "string"}:
        return Kind.NONE
    if (
        words[-1]
        in {
            "value",
            "data",
            "string",
            "str",
            "val",
            "plain",
            "plaintext",
            "prod",
            "production",
            "staging",
            "dev",
            "live",
            "test",
        }
        and before
    ):
        return kind(name[: name.lower().rindex(last)].rstrip("_-. ")) if name.lower().rindex(last) else Kind.NONE
    if last in _PASSWORD or any(last.endswith(word) for word in ("password", "passwd", "passphrase", "passwort")):
        return Kind.PASSWORD if before not in {"one", "no", "by"} else Kind.NONE
    if before in _NO_KEY and last in {"key", "token"}:
        return Kind.NONE
    if last in _STRONG or any(
        last.endswith(word) for word in ("secret", "apikey", "secretkey", "token", "privatekey", "accesskey")
    ):
        return Kind.STRONG
    if last == "key" and before in _WITH_KEY:
        return Kind.STRONG
    if any(word in _PASSWORD or word in {"secret", "credentials"} for word in words):
        return Kind.WEAK
    if last in {
        "key",
        "keys",
        "salt",
        "pepper",
        "sig",
        "signature",
        "auth",
        "webhook",
        "sas",
        "cookie",
        "sid",
        "session",
        "code",
        "hash",
        "seed",
    }:
        return Kind.WEAK
    return Kind.NONE
