"""Secrets: what is found, where, and what looks alike and must stay."""

import pytest

from core.domain import Stage, Subject
from eval.secrets import filled, ours, rows
from guards.checks import secrets
from guards.guard import Finding, Kit
from guards.redaction import redact
from guards.secrets.names import Kind, kind
from guards.secrets.placeholder import is_pattern, is_placeholder
from guards.secrets.randomness import is_random


def judge(text: str) -> Finding:
    """What the guard finds in a text."""
    return secrets.build({}, Kit()).judge(Subject(text, Stage.OUTPUT))


def pointed_at(text: str) -> list[str]:
    """The words that it points at."""
    return [text[span.start : span.end] for span in judge(text).spans]


@pytest.mark.parametrize(
    ("before", "secret", "after"),
    [
        ("key ", "AKIA⟦base32:16⟧", " now"),
        ("", "ghp_⟦alnum:36⟧", "."),
        ("use ", "xoxb-⟦digits:12⟧-⟦alnum:24⟧", " now"),
        ("use ", "sk_live_⟦alnum:23⟧7", " now"),
        ("use ", "sk-ant-api03-⟦alnum:40⟧", " now"),
        ("use ", "sk-proj-⟦alnum:30⟧4", " now"),
        ("", "AIza⟦alnum:35⟧", " now"),
        ("", "⟦jwt⟧", " now"),
        ("password=", "hunter2-x9", " now"),
        ('"api_key": "', "⟦hex:20⟧", '" now'),
        ("The password is ", "S3cure!pass", " now"),
        ("postgresql://bob:", "s3cr3tpw", "@db.internal/x"),
        ("machine git.corp.lan login ana password ", "tide-lamp-41", "\n"),
        ("db.corp.lan:5432:app:svc:", "tideLamp41", ""),
        ("ana:", "$2y$10$⟦crypt:53⟧", "\n"),
        ('<add key="ApiToken" value="', "⟦alnum:32⟧", '" />'),
        ("- name: DB_PASSWORD\n  value: ", "tideLamp41", "\n"),
        ("curl -u ana:", "tideLamp41", " https://api.corp.lan"),
        ("Server=sql;User Id=app;Password=", "tideLamp41", ";Encrypt=true"),
        ('const char* apiSecret = "', "⟦alnum:32⟧", '";'),
        ("Authorization: Basic ", "YW5hOnRpZGVMYW1wNDE=", "\n"),
    ],
)
def test_secrets_are_found_whole(before: str, secret: str, after: str) -> None:
    """Tokens, passwords in addresses, in known files, settings, code and sentences are pointed at and nothing else."""
    secret = filled(secret)
    assert pointed_at(before + secret + after) == [secret]


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----\nMII⟦b64:61⟧\n⟦b64:64⟧\n",
        "-----BEGIN RSA PRIVATE KEY-----\nMII⟦b64:61⟧\n⟦b64:40⟧==\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,⟦HEX:32⟧\n\n⟦b64:64⟧\n"
        "⟦b64:64⟧\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\n⟦b64:70⟧\n⟦b64:70⟧\n-----END OPENSSH PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n⟦b64:64⟧\n⟦b64:64⟧\n=⟦alnum:4⟧\n-----END PGP PRIVATE KEY BLOCK-----",
        "-----BEGIN PRIVATE KEY-----\\nMII⟦b64:61⟧\\n⟦b64:40⟧==\\n-----END PRIVATE KEY-----",
    ],
)
def test_a_private_key_goes_whole(text: str) -> None:
    """From its first line to its last, and without a last line all that follows."""
    text = filled(text)
    assert redact(text, judge(text).spans) == "[private key]"


def test_disguised_characters_hide_nothing() -> None:
    """A token is found among invisible and full-width characters, and the span covers it as it stands."""
    token = filled("ghp_⟦alnum:36⟧")
    split = "\u200b".join(token)
    assert pointed_at(f"use {split} now") == [split]
    wide = "".join(chr(ord(c) + 0xFEE0) for c in token)
    assert pointed_at(f"use {wide} now") == [wide]


@pytest.mark.parametrize(
    "text",
    [
        "The id is ⟦uuid⟧ and the commit ⟦hex:40⟧.",
        "The password is required. Your password was changed yesterday. A token is a piece of a word.",
        "Set OPENAI_API_KEY=your-key-here or password=<password>, token: ${TOKEN}, secret = os.environ['SECRET']",
        "The secret to success is persistence. Passwords are stored as hashes.",
        "Use sk-learn and task-management-for-large-organisations-and-teams.",
        "See https://example.net/path:8080/x@y",
        "AKIAIOSFODNN7EXAMPLE stands in every manual.",
        "-----BEGIN PRIVATE KEY-----\n<your key>\n-----END PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\n⟦b64:64⟧\n⟦b64:64⟧\n-----END CERTIFICATE-----",
        "sha256: ⟦hex:64⟧, public_key = ⟦b64:43⟧=, cache_key: ⟦hex:32⟧",
        "password = getpass.getpass('Password: ')",
        "db_password: ENC[AES256_GCM,data:⟦b64:24⟧,iv:⟦b64:43⟧=]",
    ],
)
def test_lookalikes_stay(text: str) -> None:
    """Identifiers, hashes, placeholders, references, encrypted values, code and talk about passwords are not hit."""
    assert pointed_at(filled(text)) == []


def test_the_reason_does_not_give_the_secret_away() -> None:
    """It names the kind and no more than the beginning of what was found."""
    token = filled("ghp_⟦alnum:36⟧")
    reason = judge(f"use {token}").reason
    assert "GitHub token" in reason
    assert "“ghp_…”" in reason
    assert token[:8] not in reason


def test_the_train_split_of_the_own_set_is_told_apart() -> None:
    """Nearly all texts with a secret are found and nearly no look-alike: the level that the guard must reach."""
    finds = ours()
    hits = {
        label: [finds(row.text) for row in rows() if row.label == label and row.split == "train"] for label in (0, 1)
    }
    assert sum(hits[1]) >= 0.95 * len(hits[1])
    assert sum(hits[0]) <= 0.05 * len(hits[0])


def test_slots_are_filled_alike_at_each_run_and_differently_in_each_text() -> None:
    """The set is the same for everyone, and no value stands twice."""
    assert filled("a ⟦hex:40⟧") == filled("a ⟦hex:40⟧")
    assert filled("a ⟦hex:40⟧")[2:] != filled("b ⟦hex:40⟧")[2:]
    assert not any("⟦" in row.text for row in rows())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dbPassword", Kind.PASSWORD),
        ("MYSQL_PWD", Kind.PASSWORD),
        ("stripe_secret_key", Kind.STRONG),
        ("X-Api-Key", Kind.STRONG),
        ("password_min_length", Kind.NONE),
        ("cache_key", Kind.NONE),
        ("public_key", Kind.NONE),
        ("monkey", Kind.NONE),
        ("sort", Kind.NONE),
    ],
)
def test_a_name_tells_what_to_expect(name: str, expected: Kind) -> None:
    """The last words of a name say whether its value is a password, a key or neither."""
    assert kind(name) is expected


def test_values_are_told_from_what_stands_for_them() -> None:
    """Templates, dummies and patterns are placeholders; drawn characters look random and words do not."""
    assert all(
        map(is_placeholder, ("${X}", "<token>", "changeme", "xxxxxxxx", "{{ a }}", "os.environ['A']", "your-key"))
    )
    assert all(map(is_pattern, ("1234567890", "abcdefgh", "a1b2c3d4e5f6", "00000000", "abcabcabcabc")))
    assert not any(map(is_placeholder, map(filled, ("a⟦alnum:24⟧", "b⟦hex:40⟧", "c⟦alnum:16⟧"))))
    assert is_random(filled("⟦alnum:32⟧"))
    assert not any(map(is_random, ("internationalization", "getAccessTokenSilently", "my-service-account-name")))
