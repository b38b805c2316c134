"""The parts of a check that decide without a connection: whose fault it is, what is sent, whom to trust."""

from __future__ import annotations

import asyncio
import errno
import os
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from service_servers import Issuer

from netwatch.model.service import Ending, Scheme, Service
from netwatch.polling.service.failing import connect_failed, talk_failed
from netwatch.polling.service.request import request
from netwatch.polling.service.trust import KEEP, Trust

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("number", "has_route", "ending"),
    [
        (errno.ECONNREFUSED, True, Ending.REFUSED),
        (errno.ETIMEDOUT, True, Ending.TIMEOUT),
        (errno.ECONNRESET, True, Ending.CLOSED),
        (errno.EHOSTUNREACH, True, Ending.UNREACHABLE),
        (errno.ENETUNREACH, True, Ending.UNREACHABLE),
        (errno.EHOSTUNREACH, False, Ending.LOCAL_ERROR),
        (errno.ENETUNREACH, False, Ending.LOCAL_ERROR),
        (errno.EADDRNOTAVAIL, True, Ending.LOCAL_ERROR),
        (errno.EPERM, True, Ending.LOCAL_ERROR),
        (errno.ENOBUFS, True, Ending.LOCAL_ERROR),
    ],
)
def test_whose_fault_a_failed_connection_is(number: int, ending: Ending, *, has_route: bool) -> None:
    """A router may say that a network is unreachable; without a route it is this machine that says so."""
    failed = connect_failed(OSError(number, "as asyncio words it"), has_route=has_route)
    assert (failed.ending, failed.ending.up) == (ending, None if ending is Ending.LOCAL_ERROR else False)
    assert failed.detail


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (ConnectionResetError(errno.ECONNRESET, "reset"), Ending.CLOSED),
        (BrokenPipeError(errno.EPIPE, "pipe"), Ending.CLOSED),
        (ConnectionAbortedError("the handshake takes longer than …"), Ending.CLOSED),
        (TimeoutError(errno.ETIMEDOUT, "timed out"), Ending.TIMEOUT),
        (ssl.SSLEOFError(), Ending.TLS_FAILED),
        (ssl.SSLCertVerificationError(), Ending.UNTRUSTED),
    ],
)
def test_an_error_on_an_open_connection_is_the_other_sides(error: OSError, ending: Ending) -> None:
    assert talk_failed(error).ending is ending


@pytest.mark.parametrize(
    ("scheme", "host", "port", "authority"),
    [
        (Scheme.HTTPS, "portal.example", 443, "portal.example"),
        (Scheme.HTTP, "portal.example", 80, "portal.example"),
        (Scheme.HTTP, "portal.example", 443, "portal.example:443"),
        (Scheme.HTTPS, "198.18.0.1", 8443, "198.18.0.1:8443"),
        (Scheme.HTTPS, "2001:db8::1", 443, "[2001:db8::1]"),
        (Scheme.HTTPS, "2001:db8::1", 8443, "[2001:db8::1]:8443"),
    ],
)
def test_a_request_names_its_host(scheme: Scheme, host: str, port: int, authority: str) -> None:
    sent = request(Service("portal", scheme, host, port), "netwatch/test")
    assert f"\r\nHost: {authority}\r\n".encode() in sent


class Reading:
    """A clock to turn, and how often certificates were read."""

    epoch = 0.0

    def __init__(self) -> None:
        self.now = 0.0
        self.reads = 0
        self.trust = Trust(self, self.read)

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now

    async def read(self, work: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        self.reads += 1
        await asyncio.sleep(0)
        return work()


def test_trusted_certificates_are_read_once_an_hour_and_at_a_reload(tmp_path: Path) -> None:
    """However many services need them at once."""
    file = Issuer(tmp_path).file

    async def run() -> list[int]:
        reading, reads = Reading(), []
        for turn in (lambda: None, lambda: setattr(reading, "now", KEEP), reading.trust.forget):
            turn()
            await asyncio.gather(*(reading.trust.context(file) for _ in range(20)))
            reads.append(reading.reads)
        return reads

    assert asyncio.run(run()) == [1, 2, 3]


def test_what_could_not_be_read_is_tried_again(tmp_path: Path) -> None:
    """A file that is put there later needs no reload."""

    async def run() -> None:
        reading = Reading()
        with pytest.raises(OSError, match="cannot be read: No such file"):
            await reading.trust.context(tmp_path / "authority.pem")
        await reading.trust.context(Issuer(tmp_path).file)

    asyncio.run(run())


def test_a_file_of_certificates_is_bounded(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(b"-" * (3 << 20))

    async def run() -> None:
        with pytest.raises(OSError, match="has more than 2 MiB"):
            await Reading().trust.context(file)

    asyncio.run(run())


VERIFYING = "from netwatch.polling.service.trust import verifying; verifying(None)"


@pytest.mark.parametrize(("known", "told"), [(True, ""), (False, "no certificates of authorities")])
def test_a_machine_without_authorities_can_verify_nobody(tmp_path: Path, known: bool, told: str) -> None:
    """Else every certificate in the world would be told as bad."""
    file = str(Issuer(tmp_path).file if known else tmp_path / "none")
    environment = {**os.environ, "SSL_CERT_FILE": file, "SSL_CERT_DIR": str(tmp_path / "none")}
    ended = subprocess.run(
        [sys.executable, "-c", VERIFYING], env=environment, capture_output=True, text=True, check=False
    )
    assert (ended.returncode == 0, told in ended.stderr) == (known, True)
