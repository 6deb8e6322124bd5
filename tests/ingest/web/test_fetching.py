"""Single requests against a hostile or broken server: every body is bounded, every failure is told in plain words."""

import gzip
import socket
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from ingest.web.crawling import Page, Unfetched, World
from tests.ingest.web.stage import Names, Reply, Stage, only, page, refusal, rules, run, served


def test_a_page(stage: Stage) -> None:
    """A page comes with its bytes, its type and charset, its links, and what the server will want to hear next time."""
    body = "<html><body>Grüße <a href='/b#x'>b</a><a href='a'>a</a><a href='/b'>b</a></body></html>".encode("latin-1")
    headers = {"ETag": '"one"', "Last-Modified": "Sun, 01 Nov 2026 10:00:00 GMT"}
    stage.plays["/doc"] = Reply(body, type="Text/HTML; Charset=ISO-8859-1", headers=headers)
    found = page(run(f"{stage.url}/doc#part"))
    assert found.url == f"{stage.url}/doc"
    assert found.content == body
    assert (found.content_type, found.charset, found.suffix) == ("text/html", "iso-8859-1", ".html")
    assert (found.validators.etag, found.validators.last_modified) == ('"one"', headers["Last-Modified"])
    assert found.links == (f"{stage.url}/a", f"{stage.url}/b")
    assert stage.agents[0].startswith("Parapet/")


@pytest.mark.parametrize(
    ("path", "header", "suffix"),
    [
        ("/a", "text/markdown; charset=utf-8", ".md"),
        ("/a", "application/pdf", ".pdf"),
        ("/a", "application/json", ".json"),
        ("/a", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
        ("/a.md", None, ".md"),
        ("/a.pdf", "application/octet-stream", ".pdf"),
        ("/a.htm", "", ".html"),
    ],
)
def test_types(stage: Stage, path: str, header: str | None, suffix: str) -> None:
    """Documents of each type are taken; a server that names no type is helped out by the address."""
    stage.plays[path] = Reply(b"content", type=header)
    assert page(run(stage.url + path)).suffix == suffix


@pytest.mark.parametrize("header", ["image/png", "video/mp4", "application/zip", "text/css", None, "?"])
def test_other_types(stage: Stage, header: str | None) -> None:
    """What can't become a document is refused by its type, without its body."""
    stage.plays["/a"] = Reply((b"x" * 1000 for _ in range(1000)), type=header)
    outcome = refusal(run(f"{stage.url}/a"))
    assert outcome.code == "unsupported_type"
    assert not outcome.partial


def test_gzip(stage: Stage) -> None:
    """A compressed body arrives unpacked, also one of several members."""
    whole = gzip.compress(b"<p>one</p>") + gzip.compress(b"<p>two</p>")
    stage.plays["/"] = Reply(whole, headers={"Content-Encoding": "gzip"})
    assert page(run(stage.url)).content == b"<p>one</p><p>two</p>"


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [
        (gzip.compress(bytes(50_000_000)), "gzip", "too_large"),
        (gzip.compress(bytes(600_000)) * 3, "gzip", "too_large"),
        (gzip.compress(gzip.compress(bytes(50_000_000))), "gzip, gzip", "broken"),
        (gzip.compress(b"<p>text</p>" * 1000)[:-20], "gzip", "broken"),
        (b"no gzip at all", "gzip", "broken"),
        (b"whatever", "br", "broken"),
    ],
    ids=[
        "bomb",
        "bomb of members",
        "bomb in a bomb",
        "cut off",
        "not packed",
        "unknown packing",
    ],  # gzip tells the time
)
def test_compressed_attacks(stage: Stage, body: bytes, encoding: str, code: str) -> None:
    """A body that swells, is cut off, damaged, or packed as was not asked for is given up."""
    stage.plays["/"] = Reply(body, headers={"Content-Encoding": encoding})
    assert refusal(run(stage.url, by=rules(max_bytes=1_000_000))).code == code


def _endless() -> Iterator[bytes]:
    while True:
        yield b"x" * 65536


def test_huge_bodies(stage: Stage) -> None:
    """A body above the limit is given up, whether its length is told before or it just goes on."""
    stage.plays["/told"] = Reply(_endless(), headers={"Content-Length": str(10**12)})
    stage.plays["/untold"] = Reply(_endless())
    for path in ("/told", "/untold"):
        outcome = refusal(run(stage.url + path, by=rules(max_bytes=1_000_000)))
        assert outcome.code == "too_large"
        assert "1,000,000" in outcome.reason


def _dripping() -> Iterator[bytes]:
    for _ in range(600):
        yield b"x"
        time.sleep(0.05)


def test_a_slow_drip(stage: Stage) -> None:
    """A server that sends a byte now and then can't hold the crawl: the whole request has a deadline."""
    stage.plays["/"] = Reply(_dripping())
    assert refusal(run(stage.url, by=rules(total_seconds=0.3))).code == "timeout"


def test_silence(stage: Stage) -> None:
    """A server that takes the connection and says nothing is given up."""

    def wait(_: object) -> Reply:
        time.sleep(0.6)
        return Reply(b"late")

    stage.plays["/"] = wait
    assert refusal(run(stage.url, by=rules(timeout_seconds=0.2))).code == "timeout"


def _speaking(lines: Iterator[bytes]) -> tuple[str, Thread, socket.socket]:
    """A bare server that sends what it is told to one caller, whatever that one asks."""
    listener = socket.create_server(("127.0.0.1", 0))

    def speak() -> None:
        caller, _ = listener.accept()
        with caller:
            caller.recv(65536)
            try:
                for line in lines:
                    caller.sendall(line)
            except OSError:
                return

    thread = Thread(target=speak)
    thread.start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/", thread, listener


def _dripping_head() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    for number in range(600):
        yield f"X-{number}: x\r\n".encode()
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (_dripping_head(), "timeout"),
        (iter([b"SSH-2.0-OpenSSH_9.2\r\n"]), "broken"),
        (iter([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 8\r\n\r\n"]), "broken"),
        (iter([b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nx"]), "broken"),
        (iter([b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\nhalf"]), "broken"),
        (iter([b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n"]), "broken"),
        (iter([b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"]), "broken"),
        (iter([]), "broken"),
    ],
)
def test_no_web_server(lines: Iterator[bytes], code: str) -> None:
    """Whatever a port answers that is not HTTP, or is too slow or cut off, has its code and its words."""
    url, thread, listener = _speaking(lines)
    with listener:
        outcome = refusal(run(url, by=rules(obey_robots=False, total_seconds=0.5)))
        thread.join()
    assert outcome.code == code
    assert outcome.reason


def test_nobody_listens() -> None:
    """A refused connection is told as such."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outcome = refusal(run(f"http://127.0.0.1:{port}/", by=rules(obey_robots=False)))
    assert outcome == Unfetched(
        f"http://127.0.0.1:{port}/", "unreachable", f"127.0.0.1:{port} can't be reached: Connection refused"
    )
    assert outcome.partial


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "forbidden"), (403, "forbidden"), (500, "server_error"), (418, "status"), (204, "status"), (304, "status")],
)
def test_statuses(stage: Stage, status: int, code: str) -> None:
    """Each status that gives no page has its code; none of them removes what the library has."""
    stage.plays["/"] = Reply(status=status, type=None)
    assert refusal(run(stage.url)).code == code


def test_an_empty_page(stage: Stage) -> None:
    """A page without content is refused."""
    stage.plays["/"] = Reply(b" \n")
    assert refusal(run(stage.url)).code == "empty"


def _certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A self-made certificate for a name, and what serves with it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(whose).issuer_name(whose).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(datetime.now(UTC) - timedelta(days=1))
    builder = builder.not_valid_after(datetime.now(UTC) + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    public = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(public + private)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(path)
    return path, serving


def test_an_untrusted_certificate(tmp_path: Path) -> None:
    """A certificate that nobody vouches for is refused, and the reason says so."""
    _, serving = _certificate(tmp_path, "wiki.example")
    by = rules(allowed_hosts=frozenset({"wiki.example"}), obey_robots=False)
    with served(serving) as stage:
        stage.html("/")
        world = World(resolve=Names({"wiki.example": [["127.0.0.1"]]}))
        outcome = refusal(run(f"https://wiki.example:{stage.port}/", by=by, world=world))
        assert stage.asked == []
    assert outcome.code == "certificate"
    assert "self-signed certificate" in outcome.reason.replace("self signed", "self-signed")


def test_the_certificate_is_the_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trusted certificate serves the host that it names, though the connection goes to a number; no other host."""
    path, serving = _certificate(tmp_path, "wiki.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    by = rules(allowed_hosts=frozenset({"wiki.example", "other.example"}), obey_robots=False)
    world = World(resolve=Names({"wiki.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]}))
    with served(serving) as stage:
        stage.html("/")
        assert isinstance(only(run(f"https://wiki.example:{stage.port}/", by=by, world=world)), Page)
        outcome = refusal(run(f"https://other.example:{stage.port}/", by=by, world=world))
    assert outcome.code == "certificate"
    assert "other.example" in outcome.reason


def test_https_where_there_is_none(stage: Stage) -> None:
    """A server that speaks no TLS is told apart from one that can't be trusted."""
    outcome = refusal(run(stage.url.replace("http", "https"), by=rules(obey_robots=False)))
    assert outcome.code == "certificate"
    assert "encryption" in outcome.reason
