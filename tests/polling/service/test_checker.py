"""What a check finds, against real servers on loopback: good ones, bad ones, and such as mean harm."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import random
import socket
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from service_servers import (
    DAY,
    NOW,
    Issuer,
    cutting_off,
    dripping,
    flooding,
    hanging_up,
    saying,
    serving,
    silent,
)

from netwatch.model.service import Ending, Phase, Scheme, Service, ServiceCheck
from netwatch.polling.clock import SystemClock
from netwatch.polling.service.certificates import first_expiry
from netwatch.polling.service.checker import ServiceChecker
from netwatch.polling.service.trust import Trust

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from service_servers import Play

PATIENT, HASTY = 5.0, 0.5  # seconds


async def nobody(_name: str) -> Sequence[str]:
    raise AssertionError("a numeric address is not looked up")


async def at_once(work: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    return work()


async def check(
    service: Service, look_up: Callable[[str], Awaitable[Sequence[str]]] = nobody
) -> ServiceCheck:
    clock = SystemClock()
    return await ServiceChecker(clock, look_up, Trust(clock, at_once), "netwatch/test").check(service)


def of_server(
    play: Play,
    scheme: Scheme = Scheme.HTTP,
    *,
    tls: ssl.SSLContext | None = None,
    timeout: float = PATIENT,
    expect: tuple[int, int] = (200, 399),
    ca_file: Path | None = None,
) -> ServiceCheck:
    """Check a server that behaves so."""

    async def run() -> ServiceCheck:
        async with serving(play, tls) as port:
            return await check(
                Service("portal", scheme, "127.0.0.1", port, timeout=timeout, expect=expect, ca_file=ca_file)
            )

    return asyncio.run(run())


def status(line: str) -> bytes:
    return f"HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n".encode()


NOISE = random.Random(1).randbytes(500)
"""The same in every process: pytest-xdist compares the names of cases, which bear their values."""
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"


@pytest.mark.parametrize(
    ("said", "ending", "detail"),
    [
        (status("200 OK"), Ending.ANSWERED, ""),
        (status("204"), Ending.ANSWERED, ""),
        (status("301 Moved Permanently"), Ending.ANSWERED, ""),  # an answer, and not followed
        (b"HTTP/1.0 200 OK\n\n", Ending.ANSWERED, ""),
        (HINTS + HINTS + status("200 OK"), Ending.ANSWERED, ""),
        (HINTS + status("503 Service Unavailable"), Ending.UNEXPECTED, "status 503"),
        (status("200 OK")[:-2] + b"X-Huge: " + b"x" * 300_000, Ending.ANSWERED, ""),  # it answered before
        (status("404 Not Found"), Ending.UNEXPECTED, "status 404"),
        (status("500 Internal Server Error"), Ending.UNEXPECTED, "status 500"),
        (status("101 Switching Protocols"), Ending.UNEXPECTED, "status 101"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Ending.MALFORMED, "the answer is not HTTP/1.1"),
        (b"HTTP/1.1 999 Request denied\r\n\r\n", Ending.MALFORMED, "the answer is not HTTP/1.1"),
        (NOISE[:64].replace(b"\n", b"") + b"\n", Ending.MALFORMED, "the answer is not HTTP/1.1"),
        (b"x" * 100_000, Ending.MALFORMED, "no status within 16 KiB"),
        (b"HTTP/1.1 2", Ending.CLOSED, "the connection was closed before an answer"),
        (b"", Ending.CLOSED, "the connection was closed before an answer"),
    ],
)
def test_an_answer_by_http(said: bytes, ending: Ending, detail: str) -> None:
    found = of_server(saying(said))
    assert (found.ending, found.detail) == (ending, detail)
    assert found.not_after is None


@pytest.mark.parametrize(
    ("expect", "up"), [((401, 401), True), ((400, 499), True), ((200, 399), False), ((402, 599), False)]
)
def test_the_statuses_that_are_well_are_configured(expect: tuple[int, int], *, up: bool) -> None:
    assert of_server(saying(status("401 Unauthorized")), expect=expect).ending.up is up


@pytest.mark.parametrize("play", [silent, dripping])
@pytest.mark.parametrize("scheme", [Scheme.HTTP, Scheme.HTTPS])
def test_an_answer_that_takes_too_long(tmp_path: Path, scheme: Scheme, play: Play) -> None:
    """A byte now and then buys nobody time."""
    issuer = Issuer(tmp_path)
    tls = issuer.serving() if scheme is Scheme.HTTPS else None
    found = of_server(play, scheme, tls=tls, ca_file=issuer.file, timeout=HASTY)
    assert found.ending is Ending.TIMEOUT


@pytest.mark.parametrize(
    ("play", "ending"),
    [
        (flooding, Ending.MALFORMED),
        (saying(status("200 OK"), wait=False), Ending.ANSWERED),  # half closed, before it was asked
        (cutting_off, Ending.CLOSED),
        (hanging_up, Ending.CLOSED),
    ],
)
def test_a_server_that_behaves_oddly(play: Play, ending: Ending) -> None:
    assert of_server(play).ending is ending


def test_a_request_is_one_that_servers_understand() -> None:
    heard: list[bytes] = []

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(status("200 OK"))
        await writer.drain()

    async def run() -> int:
        async with serving(play) as port:
            found = await check(Service("portal", Scheme.HTTP, "127.0.0.1", port, target="/van-ban?trang=2"))
            assert found.ending.up
            return port

    port = asyncio.run(run())
    assert heard == [
        f"GET /van-ban?trang=2 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: netwatch/test\r\n"
        "Accept: */*\r\nConnection: close\r\n\r\n".encode()
    ]


def test_phases_are_those_that_were_completed(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    whole = of_server(saying(status("200 OK")), Scheme.HTTPS, tls=issuer.serving(), ca_file=issuer.file)
    assert [phase for phase, _ in whole.phases] == [Phase.CONNECT, Phase.TLS, Phase.ANSWER]
    assert all(0 < seconds < PATIENT for _, seconds in whole.phases)
    cut = of_server(hanging_up, Scheme.HTTPS, tls=issuer.serving(), ca_file=issuer.file)
    assert [phase for phase, _ in cut.phases] == [Phase.CONNECT, Phase.TLS]


SOON, PAST = NOW + 2 * DAY, NOW - DAY
FOREVER = dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
"""Of a certificate without an end (RFC 5280, section 4.1.2.5)."""


@pytest.mark.parametrize(
    ("made", "why", "expires"),
    [
        ({}, "", NOW + 90 * DAY),
        ({"until": SOON}, "", SOON),
        ({"until": FOREVER}, "", NOW + 3650 * DAY),  # the authority's own ends before
        ({"until": PAST}, "certificate has expired", PAST),
        (
            {"address": "127.0.0.9", "until": SOON},
            "IP address mismatch, certificate is not valid for '127.0.0.1'.",
            SOON,
        ),
        ({"self_signed": True, "until": SOON}, "self-signed certificate", SOON),
        ({"self_signed": True, "until": FOREVER}, "self-signed certificate", FOREVER),
    ],
    ids=["good", "soon", "never", "expired", "of another name", "self-signed", "self-signed for ever"],
)
@pytest.mark.parametrize("scheme", [Scheme.TLS, Scheme.HTTPS])
def test_a_certificate_and_its_expiry(
    tmp_path: Path, scheme: Scheme, made: dict[str, Any], why: str, expires: dt.datetime
) -> None:
    """The expiry is told also where the certificate is refused: its owner has to know."""
    issuer = Issuer(tmp_path)
    found = of_server(saying(status("200 OK")), scheme, tls=issuer.serving(**made), ca_file=issuer.file)
    ended = (Ending.UNTRUSTED, f"certificate: {why}") if why else (Ending.ANSWERED, "")
    assert (found.ending, found.detail) == ended
    assert found.not_after == expires.timestamp()


def test_a_certificate_that_is_huge_is_refused(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    found = of_server(silent, Scheme.TLS, tls=issuer.serving(padding=200_000), ca_file=issuer.file)
    assert (found.ending, found.not_after) == (Ending.TLS_FAILED, None)


@pytest.mark.parametrize(
    ("der", "expires"),
    [
        ([], None),
        ([b""], None),
        ([NOISE], None),
        (["good"], SOON.timestamp()),
        (["good, of a month that there is not"], None),
        (["good, of a month that there is not", "good"], SOON.timestamp()),
        (["good"] * 100_000, SOON.timestamp()),
    ],
    ids=["none", "empty", "noise", "good", "absurd date", "absurd date before a good one", "many"],
)
def test_certificates_may_be_nonsense(tmp_path: Path, der: list[Any], expires: float | None) -> None:
    good = Issuer(tmp_path, until=SOON).own.public_bytes(Encoding.DER)
    date = SOON.strftime("%y%m%d").encode()
    assert good.count(date) == 1
    known = {
        "good": good,
        "good, of a month that there is not": good.replace(date, date[:2] + b"99" + date[4:]),
    }
    assert first_expiry([known.get(each, each) for each in der]) == expires


def test_one_that_the_system_does_not_trust_is_refused(tmp_path: Path) -> None:
    found = of_server(silent, Scheme.TLS, tls=Issuer(tmp_path).serving(until=SOON))
    assert (found.ending, found.not_after) == (Ending.UNTRUSTED, SOON.timestamp())


def test_the_first_of_a_chain_that_expires_counts(tmp_path: Path) -> None:
    """The authority's own certificate ends before the service's."""
    issuer = Issuer(tmp_path, until=SOON)
    found = of_server(silent, Scheme.TLS, tls=issuer.serving(), ca_file=issuer.file)
    assert (found.ending, found.not_after) == (Ending.ANSWERED, SOON.timestamp())


def test_one_that_leads_nowhere_does_not_count_where_the_chain_is_good(tmp_path: Path) -> None:
    """Servers send certificates along that nobody needs, and forget them until they are expired."""
    (tmp_path / "other").mkdir()
    stray = Issuer(tmp_path / "other", until=PAST).own
    issuer = Issuer(tmp_path)
    tls = issuer.serving(besides=stray)
    good = of_server(silent, Scheme.TLS, tls=tls, ca_file=issuer.file)
    assert (good.ending, good.not_after) == (Ending.ANSWERED, (NOW + 90 * DAY).timestamp())


def test_a_service_may_be_trusted_by_its_own_certificate(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    tls = issuer.serving()

    async def run() -> ServiceCheck:
        async with serving(silent, tls) as port:
            pem = await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", port))
            (tmp_path / "own.pem").write_text(f"Cổng thông tin\n{pem}", "utf-8")
            return await check(Service("portal", Scheme.TLS, "127.0.0.1", port, ca_file=tmp_path / "own.pem"))

    assert asyncio.run(run()).ending is Ending.ANSWERED


def test_an_old_server_is_up_as_browsers_have_it(tmp_path: Path) -> None:
    issuer = Issuer(tmp_path)
    tls = issuer.serving()
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    tls.set_ciphers("ECDHE-ECDSA-AES128-SHA")
    found = of_server(saying(status("200 OK")), Scheme.HTTPS, tls=tls, ca_file=issuer.file)
    assert found.ending is Ending.ANSWERED


def test_a_certificate_of_a_weak_key_is_read_all_the_same(tmp_path: Path) -> None:
    """Old machines have such; what refuses them must not hide when they expire."""
    issuer = Issuer(tmp_path)
    tls = issuer.serving(until=SOON, weak=True)
    found = of_server(silent, Scheme.TLS, tls=tls, ca_file=issuer.file)
    assert (found.ending.up, found.not_after) == (False, SOON.timestamp())


@pytest.mark.parametrize("content", [None, "no certificates", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_that_cannot_be_used_is_not_the_services_fault(tmp_path: Path, content: str | None) -> None:
    """Nobody can tell then whether the certificate is good; when it expires can be told."""
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    tls = Issuer(tmp_path).serving(until=SOON)
    found = of_server(silent, Scheme.TLS, tls=tls, ca_file=tmp_path / "ca.pem")
    assert (found.ending, found.ending.up, found.not_after) == (Ending.LOCAL_ERROR, None, SOON.timestamp())
    assert "ca.pem" in found.detail


@pytest.mark.parametrize(
    ("play", "ending"),
    [
        (silent, Ending.TIMEOUT),
        (dripping, Ending.TLS_FAILED),
        (saying(b"HTTP/1.1 400 Bad Request\r\n\r\n", wait=False), Ending.TLS_FAILED),
        (cutting_off, Ending.CLOSED),
    ],
)
def test_a_server_that_does_not_speak_tls(play: Play, ending: Ending) -> None:
    timeout = HASTY if ending is Ending.TIMEOUT else PATIENT
    found = of_server(play, Scheme.TLS, timeout=timeout)
    assert (found.ending, found.not_after) == (ending, None)


def test_trusted_certificates_that_hang_are_not_the_services_fault(tmp_path: Path) -> None:
    """As on a disk that is gone."""

    async def never(_work: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        await asyncio.sleep(3600)
        raise AssertionError

    async def run() -> ServiceCheck:
        async with serving(silent, Issuer(tmp_path).serving()) as port:
            clock = SystemClock()
            checker = ServiceChecker(clock, nobody, Trust(clock, never), "netwatch/test")
            return await checker.check(Service("portal", Scheme.TLS, "127.0.0.1", port, timeout=HASTY))

    assert asyncio.run(run()).ending is Ending.LOCAL_ERROR


def test_a_second_look_that_hangs_changes_no_verdict(tmp_path: Path) -> None:
    """The certificate was refused; that the server is silent afterwards is no time-out."""
    tls = Issuer(tmp_path).serving(until=PAST)
    connections = 0

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        if connections == 1:
            await writer.start_tls(tls)
        await reader.read()

    found = of_server(play, Scheme.TLS, ca_file=tmp_path / "authority.pem", timeout=1.0)
    assert (found.ending, found.not_after, connections) == (Ending.UNTRUSTED, None, 2)


def test_a_connection_is_enough_for_tcp() -> None:
    assert of_server(silent, Scheme.TCP).ending is Ending.ANSWERED


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_closed_port_is_refused(scheme: Scheme) -> None:
    found = asyncio.run(check(Service("portal", scheme, "127.0.0.1", closed_port())))
    assert (found.ending, found.detail, found.phases) == (Ending.REFUSED, "the port is closed", ())


@pytest.mark.parametrize(
    ("raised", "ending"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), Ending.NO_NAME),
        (socket.gaierror(socket.EAI_AGAIN, "no server"), Ending.LOCAL_ERROR),
        (socket.gaierror(socket.EAI_FAIL, "no server"), Ending.LOCAL_ERROR),
        (OSError("no thread"), Ending.LOCAL_ERROR),
        (UnicodeError("label too long"), Ending.LOCAL_ERROR),
    ],
)
def test_a_name_without_an_address(raised: Exception, ending: Ending) -> None:
    """That there is no such name is known from a server; that none answers says nothing of the service."""

    async def look_up(_name: str) -> Sequence[str]:
        raise raised

    found = asyncio.run(check(Service("portal", Scheme.TCP, "portal.example", 443), look_up))
    assert (found.ending, found.phases) == (ending, ())


def test_name_servers_that_hang_are_not_the_services_fault() -> None:
    async def look_up(_name: str) -> Sequence[str]:
        await asyncio.sleep(3600)
        return ()

    service = Service("portal", Scheme.TCP, "portal.example", 443, timeout=0.05)
    assert asyncio.run(check(service, look_up)).ending is Ending.LOCAL_ERROR


def test_addresses_are_tried_in_turn() -> None:
    """One of them is enough; the phases tell of a look-up, too."""

    async def look_up(_name: str) -> Sequence[str]:
        return ("127.0.0.2", "127.0.0.1")

    async def run() -> ServiceCheck:
        async with serving(silent) as port:
            return await check(Service("portal", Scheme.TCP, "portal.example", port), look_up)

    found = asyncio.run(run())
    assert found.ending is Ending.ANSWERED
    assert [phase for phase, _ in found.phases] == [Phase.RESOLVE, Phase.CONNECT]


def test_a_silent_address_leaves_time_for_the_next() -> None:
    """A queue that is full drops whoever knocks, as a firewall does."""

    async def look_up(_name: str) -> Sequence[str]:
        return ("127.0.0.2", "127.0.0.1")

    async def run() -> ServiceCheck:
        async with serving(silent) as port:
            with contextlib.ExitStack() as stack:
                full = stack.enter_context(socket.socket())
                full.bind(("127.0.0.2", port))
                full.listen(0)
                for _ in range(4):
                    knock = stack.enter_context(socket.socket())
                    knock.setblocking(False)
                    knock.connect_ex(("127.0.0.2", port))
                return await check(
                    Service("portal", Scheme.TCP, "portal.example", port, timeout=1.0), look_up
                )

    found = asyncio.run(run())
    assert found.ending is Ending.ANSWERED
    assert dict(found.phases)[Phase.CONNECT] >= 0.4


@pytest.mark.parametrize(
    ("addresses", "ending"),
    [
        ((), Ending.LOCAL_ERROR),
        (("127.0.0.1",), Ending.REFUSED),
        (("255.255.255.255",), Ending.LOCAL_ERROR),  # no way there, says the kernel at once
        (("255.255.255.255", "127.0.0.1"), Ending.REFUSED),
        (("127.0.0.1", "255.255.255.255"), Ending.REFUSED),
    ],
)
def test_a_failure_of_ours_counts_only_where_there_is_no_other(
    addresses: Sequence[str], ending: Ending
) -> None:
    async def look_up(_name: str) -> Sequence[str]:
        return addresses

    service = Service("portal", Scheme.TCP, "portal.example", closed_port())
    assert asyncio.run(check(service, look_up)).ending is ending


def test_nothing_stays_open(tmp_path: Path) -> None:
    """However a check ends, its sockets are closed."""
    issuer = Issuer(tmp_path)
    good, refused = issuer.serving(), issuer.serving(self_signed=True)

    async def run() -> tuple[int, int]:
        async with (
            serving(silent) as mute,
            serving(silent, good) as tls,
            serving(silent, refused) as untrusted,
        ):
            services = [
                Service("mute", Scheme.HTTP, "127.0.0.1", mute, timeout=0.05),
                Service("no handshake", Scheme.TLS, "127.0.0.1", mute, timeout=0.05),
                Service("tls", Scheme.TLS, "127.0.0.1", tls, ca_file=issuer.file),
                Service("no answer", Scheme.HTTPS, "127.0.0.1", tls, timeout=0.1, ca_file=issuer.file),
                Service("untrusted", Scheme.TLS, "127.0.0.1", untrusted, ca_file=issuer.file),
                Service("closed", Scheme.TCP, "127.0.0.1", closed_port()),
            ]
            before = await settled()
            for _ in range(3):
                await asyncio.gather(*map(check, services))
            return before, await settled(before)

    before, after = asyncio.run(run())
    assert after == before


async def settled(wanted: int | None = None) -> int:
    """How many descriptors are open once servers have seen the ends, too."""
    for _ in range(30 if wanted is None else 300):
        await asyncio.sleep(0.01)
        if descriptors() == wanted:
            break
    return descriptors()


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())
