"""The door of httpcore: requests over connections to exactly the address that was checked, none past its deadline.

httpcore reads no environment: no proxy, no password file. Redirects, bodies and manners are for the files above.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from core.errors import RefusedDocument
from ingest.web.addresses import Address

if TYPE_CHECKING:
    from httpcore import SOCKET_OPTION, NetworkBackend, NetworkStream, Response


class Find(Protocol):
    """Gives the addresses of a host, each of them checked; RefusedDocument when the host may not be asked."""

    def __call__(self, host: str, port: int) -> Sequence[str]:
        """The addresses in the order that they should be tried."""
        ...


class Deadline:
    """The instant at which one request must be over."""

    def __init__(self, seconds: float, timeout_seconds: float) -> None:
        self._seconds = seconds
        self._timeout_seconds = timeout_seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """How long the next wait may be; RefusedDocument when the time is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise RefusedDocument("timeout", f"it was not whole after {self._seconds:g} seconds")
        return min(left, self._timeout_seconds)


class TimedStream:
    """A connection whose every wait ends at the deadline; what httpcore asks of a NetworkStream."""

    def __init__(self, stream: NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes as they come."""
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of them."""
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> TimedStream:
        """The same connection, encrypted; the certificate is checked against the host's name, not its address."""
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> object:
        """What the connection knows of itself."""
        return self._stream.get_extra_info(info)


class PinnedNetwork:
    """Opens connections; what httpcore asks of a NetworkBackend. Names are resolved here once, and nowhere else."""

    def __init__(self, under: NetworkBackend, find: Find, deadline: Deadline) -> None:
        self._under = under
        self._find = find
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> TimedStream:
        """A connection to the first of the host's addresses that takes it."""
        import httpcore

        failure: Exception = RefusedDocument("unknown_host", f"{host} has no address")
        for address in self._find(host, port):
            try:
                return TimedStream(self._under.connect_tcp(address, port, self._deadline.left()), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def sleep(self, seconds: float) -> None:
        """Nothing waits: no connection is tried twice."""


@contextmanager
def exchange(
    address: Address, headers: Mapping[str, str], find: Find, deadline: Deadline, trust: ssl.SSLContext
) -> Iterator[Response]:
    """The answer to one GET, its body still to be read inside the block. Each failure leaves as RefusedDocument."""
    import httpcore

    network = cast("NetworkBackend", PinnedNetwork(httpcore.SyncBackend(), find, deadline))
    sent = [(name.encode("ascii"), value.encode("latin-1", "ignore")) for name, value in headers.items()]
    try:
        with (
            httpcore.ConnectionPool(ssl_context=trust, max_keepalive_connections=0, network_backend=network) as pool,
            pool.stream("GET", str(address), headers=sent) as response,
        ):
            yield response
    except httpcore.TimeoutException as error:
        raise RefusedDocument("timeout", f"{address.netloc} gave no answer in time") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise _translated(address, error) from error


def _translated(address: Address, error: Exception) -> RefusedDocument:
    """What went wrong, in words for people: the system's own error lies beneath httpcore's."""
    cause = error.__context__ or error  # httpcore takes the cause away, the context stays
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = cause.verify_message.rstrip(".")
        return RefusedDocument("certificate", f"the certificate of {address.netloc} can't be trusted: {why}")
    if isinstance(cause, ssl.SSLError):
        why = cause.reason or str(cause)
        return RefusedDocument("certificate", f"{address.netloc} and Parapet agree on no encryption: {why}")
    if isinstance(cause, OSError):
        return RefusedDocument("unreachable", f"{address.netloc} can't be reached: {cause.strerror or cause}")
    return RefusedDocument("broken", f"{address.netloc} did not answer as a web server does: {error}")


def trusted() -> ssl.SSLContext:
    """The authorities that this system trusts, an organisation's own among them; httpx's where it names none."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile or (paths.capath and any(Path(paths.capath).iterdir())):
        return ssl.create_default_context()
    import httpx

    return httpx.create_ssl_context(trust_env=False)
