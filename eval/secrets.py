"""Measures how well secrets are told from what looks like them: the guard `secrets` beside detect-secrets, in one run.

    python -m eval.secrets [--data FOLDER] [--split dev|train|all] [--misses]

The texts (`eval/sets/guards/secrets.jsonl`, written for Parapet) hold slots such as ⟦hex:40⟧ in place of values: each
is filled with characters drawn by a fixed seed, so that no file of this project looks as if it held a key. FOLDER may
hold input_injection.jsonl, whose harmless rows are the ordinary text. Found means: at least one secret in the text.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import re
import string
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain import Stage, Subject
from guards.checks import secrets
from guards.guard import Kit
from guards.wordlist import known

SET = Path(__file__).parent / "sets" / "guards" / "secrets.jsonl"
ORDINARY = 720  # harmless texts that are measured on
_SLOT = re.compile(r"⟦([a-z0-9A-Z]+)(?::([^⟧]+))?⟧")
_ALPHABETS = {
    "alnum": string.ascii_letters + string.digits,
    "letters": string.ascii_letters,
    "lower": string.ascii_lowercase + string.digits,
    "upper": string.ascii_uppercase + string.digits,
    "base32": string.ascii_uppercase + "234567",
    "digits": string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "b64": string.ascii_letters + string.digits + "+/",
    "b64u": string.ascii_letters + string.digits + "_-",
    "crypt": string.ascii_letters + string.digits + "./",
    "strong": string.ascii_letters + string.digits + "!#%*+-_.=",
}
Detector = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One text of the set, its slots filled."""

    text: str
    label: int  # 1: it holds a secret
    family: str
    split: str  # train or dev


def rows(path: Path = SET) -> Iterator[Row]:
    """The set, filled: the same characters at each run, others for each text."""
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        yield Row(filled(data["text"]), data["label"], data["family"], data["split"])


def filled(text: str) -> str:
    """The text with its slots filled; what is drawn depends on the text alone."""
    draw = random.Random(zlib.crc32(text.encode("utf-8")))  # noqa: S311  made to be repeated, not to be secret
    return _SLOT.sub(lambda slot: _value(draw, slot[1], slot[2] or ""), text)


def _value(draw: random.Random, kind: str, argument: str) -> str:
    """Characters for one slot."""
    if kind in _ALPHABETS:
        return _drawn(draw, kind, int(argument))
    return _MADE[kind](draw, argument)


def _drawn(draw: random.Random, kind: str, length: int) -> str:
    return "".join(draw.choices(_ALPHABETS[kind], k=length))


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _password(draw: random.Random, _: str = "") -> str:
    """A password as people make them: a word with capitals, digits and marks in it, or drawn characters."""
    words = sorted(word for word in known() if 4 <= len(word) <= 8)
    word, other = draw.choice(words), draw.choice(words)
    return draw.choice(
        (
            f"{word.capitalize()}{draw.randrange(10, 9999)}{draw.choice('!?#*')}",
            f"{word}{draw.choice('-_.')}{other}{draw.randrange(10, 99)}",
            f"{word[:2]}{draw.randrange(10)}{word[2:].upper()}{draw.choice('!$%')}{draw.randrange(100)}",
            _drawn(draw, "alnum", draw.randrange(9, 15)),
        )
    )


def _lines(draw: random.Random, argument: str) -> str:
    body = "MII" + _drawn(draw, "b64", int(argument))
    return "\n".join(body[at : at + 64] for at in range(0, len(body), 64))


def _uuid(draw: random.Random, _: str) -> str:
    return "-".join(_drawn(draw, "hex", size) for size in (8, 4, 4, 4, 12))


def _token(draw: random.Random, _: str) -> str:
    parts = ('{"alg":"HS256","typ":"JWT"}', f'{{"sub":"{_drawn(draw, "digits", 9)}","iat":1930000000}}')
    return ".".join([*(_coded(part).rstrip("=") for part in parts), _drawn(draw, "b64u", 43)])


def _escaped(draw: random.Random, argument: str) -> str:
    return _lines(draw, argument).replace("\n", "\\n")


def _key_in_code(draw: random.Random, _: str) -> str:
    return _coded(f"-----BEGIN RSA PRIVATE KEY-----\n{_lines(draw, '600')}\n-----END RSA PRIVATE KEY-----\n")


def _docker(draw: random.Random, _: str) -> str:
    return _coded(json.dumps({"auths": {"registry.corp.lan": {"auth": _coded(f"ci:{_password(draw)}")}}}))


def _seed_phrase(draw: random.Random, _: str) -> str:
    words = sorted(word for word in known() if 4 <= len(word) <= 7)
    return " ".join(draw.choices(words, k=12))


_MADE: dict[str, Callable[[random.Random, str], str]] = {
    "password": _password,
    "pem": _lines,
    "pemn": _escaped,
    "pemb64": _key_in_code,
    "uuid": _uuid,
    "jwt": _token,
    "seed": _seed_phrase,
    "dockerb64": _docker,
    "basic": lambda draw, _: _coded(f"{draw.choice(('ana', 'ci', 'ops'))}:{_password(draw)}"),
    "basepass": lambda draw, _: _coded(_password(draw)),
    "pick": lambda draw, argument: draw.choice(argument.split("|")),
}


# --- detectors ----------------------------------------------------------------------------------------------------


def ours() -> Detector:
    """The guard at its default threshold."""
    guard = secrets.build({}, Kit())

    def finds(text: str) -> bool:
        score = guard.judge(Subject(text, Stage.OUTPUT)).score
        return score is not None and score >= 0.5

    return finds


def detect_secrets(*, entropy: bool) -> Detector:
    """detect-secrets as it scans a string given to it, line by line, with its default plugins and filters."""
    from detect_secrets.core import scan
    from detect_secrets.settings import default_settings

    def finds(text: str) -> bool:
        with default_settings() as settings:
            if not entropy:
                settings.disable_plugins("Base64HighEntropyString", "HexHighEntropyString")
            return any(True for line in text.splitlines() for _ in scan.scan_line(line))

    return finds


# --- figures ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """How a detector did."""

    recall: float  # of texts with a secret
    false: float  # of look-alikes
    ordinary: int  # ordinary texts in which it found something
    ms: float  # median for one text of the set

    def line(self, name: str, ordinary: int) -> str:
        """One line of the report."""
        return f"{name:34} {self.recall:6.3f} {self.false:9.3f} {self.ordinary:5d}/{ordinary:<5d} {self.ms:7.2f}"


def measure(finds: Detector, texts: Sequence[Row], ordinary: Sequence[str]) -> Figures:
    """The figures of a detector over the set and over ordinary texts."""
    hits: dict[int, list[bool]] = {0: [], 1: []}
    took = []
    for row in texts:
        began = time.perf_counter()
        hits[row.label].append(finds(row.text))
        took.append((time.perf_counter() - began) * 1000)
    shares = {label: sum(found) / max(1, len(found)) for label, found in hits.items()}
    return Figures(shares[1], shares[0], sum(map(finds, ordinary)), sorted(took)[len(took) // 2])


def ordinary_texts(folder: Path | None, most: int = ORDINARY) -> list[str]:
    """Harmless texts, evenly over the file; none without a folder."""
    if folder is None:
        return []
    lines = (folder / "input_injection.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    texts = [data["text"] for data in map(json.loads, lines) if data["label"] == 0]
    return texts[:: max(1, len(texts) // most)][:most] if most else texts


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures, and with `--misses` what the guard got wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with input_injection.jsonl, for ordinary text")
    parser.add_argument("--split", choices=("train", "dev", "all"), default="dev")
    parser.add_argument("--ordinary", type=int, default=ORDINARY, help="how many ordinary texts; 0: all")
    parser.add_argument("--misses", action="store_true", help="show each text that the guard gets wrong")
    given = parser.parse_args(arguments)
    texts = [row for row in rows() if given.split in (row.split, "all")]
    ordinary = ordinary_texts(given.data, given.ordinary)
    held = sum(row.label for row in texts)
    say = sys.stdout.write
    say(f"{given.split}: {held} texts with a secret, {len(texts) - held} look-alikes, {len(ordinary)} ordinary texts\n")
    say(f"{'':34} {'recall':>6} {'false':>9} {'ordinary':>11} {'ms p50':>7}\n")
    detectors = {
        "parapet": ours(),
        "detect-secrets": detect_secrets(entropy=True),
        "detect-secrets without entropy": detect_secrets(entropy=False),
    }
    for name, finds in detectors.items():
        finds("warm up")
        say(measure(finds, texts, ordinary).line(name, len(ordinary)) + "\n")
    if given.misses:
        finds = detectors["parapet"]
        wrong = [row for row in texts if finds(row.text) != bool(row.label)]
        say("".join(f"\n[{row.label} {row.family}]\n{row.text}" for row in wrong))
        say("".join(f"\n[ordinary]\n{text[:400]}" for text in ordinary if finds(text)))


if __name__ == "__main__":
    main()
