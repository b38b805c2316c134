"""The lab's services answer whoever connects, fail as they are told, and end with the lab."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import ssl
from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.services import ServiceAddress
from netwatch.lab.services.certificates import Authority
from netwatch.lab.services.port import ADDRESS, Port
from netwatch.lab.services.server import LONGEST_REQUEST, MOST, PATIENCE, Server, ServiceFault
from netwatch.lab.services.services import OFFERS, Services
from netwatch.model.service import Ending, Service
from netwatch.polling.clock import SystemClock
from netwatch.polling.service.checker import ServiceChecker
from netwatch.polling.service.trust import Trust
from netwatch.publishing.alerts.services import GROUP

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from pathlib import Path

    from netwatch.model.service import ServiceCheck

    Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
"""Certificates are good or not by the system's clock."""

REQUEST = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture
def services() -> Iterator[Services]:
    """Those that the lab offers, not started yet."""
    services = Services.offer(OFFERS, NOW)
    yield services
    services.close()


async def nobody(_name: str) -> Sequence[str]:
    raise AssertionError("an address is not looked up")


async def at_once(work: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    return work()


async def check(services: Services, name: str, ca_file: Path) -> ServiceCheck:
    """Ask a service as netwatch does."""
    url, clock = ServiceAddress().parse(services.section[name]["url"]), SystemClock()
    service = Service(name, url.scheme, url.host, url.port, timeout=5.0, ca_file=ca_file)
    return await ServiceChecker(clock, nobody, Trust(clock, at_once), "netwatch/test").check(service)


@pytest.mark.parametrize(
    ("name", "faults", "found"),
    [
        ("cong-thong-tin", "", (Ending.ANSWERED, "", 180)),
        ("mot-cua", "", (Ending.ANSWERED, "", 24)),
        ("thu-dien-tu", "", (Ending.ANSWERED, "", 90)),
        ("cong-thong-tin", "service-down", (Ending.REFUSED, "the port is closed", None)),
        ("thu-dien-tu", "service-down", (Ending.REFUSED, "the port is closed", None)),
        ("mot-cua", "service-error", (Ending.UNEXPECTED, "status 503", 24)),
        ("mot-cua", "certificate-expires", (Ending.ANSWERED, "", 2)),
        ("mot-cua", "service-error certificate-expires", (Ending.UNEXPECTED, "status 503", 2)),
    ],
)
def test_netwatch_finds_a_service_as_it_is(
    services: Services, tmp_path: Path, name: str, faults: str, found: tuple[Ending, str, int | None]
) -> None:
    """How its check ends, why, and in how many days its certificate expires."""
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(services.authority)

    async def ask() -> tuple[ServiceCheck, ServiceCheck]:
        services.start(asyncio.get_running_loop())
        for fault in faults.split():
            services.strike(fault, [name])
        struck = await check(services, name, ca_file)
        services.restore(name, [])
        restored = await check(services, name, ca_file)
        services.close()
        return struck, restored

    struck, restored = asyncio.run(ask())
    left = None if struck.not_after is None else (struck.not_after - NOW.timestamp()) / 86400
    assert (struck.ending, struck.detail, left) == found
    assert restored.ending is Ending.ANSWERED


def test_no_alert_tells_of_a_certificate_unless_it_is_struck() -> None:
    days = {int(each) for alert in GROUP.rules for each in re.findall(r"< (\d+) \* 86400", alert.expr)}
    assert len(days) == 2
    assert min(offer.left for offer in OFFERS) > dt.timedelta(days=max(days) + 1)


def test_two_labs_get_in_each_others_way_nowhere(services: Services) -> None:
    other = Services.offer(OFFERS, NOW)
    other.close()
    ports = [entry["url"] for each in (services, other) for entry in each.section.values()]
    assert len({*ports}) == 2 * len(OFFERS)


def test_a_port_stays_the_labs_while_nobody_listens() -> None:
    port = Port()

    async def listen_and_refuse() -> None:
        port.listen(asyncio.get_running_loop(), lambda connection: connection.close())
        port.refuse()

    asyncio.run(listen_and_refuse())
    with pytest.raises(OSError, match="in use"):
        asyncio.run(listened(port.number))
    number = port.number
    port.close()
    asyncio.run(listened(number))


async def listened(number: int) -> None:
    """Listen at a port for a moment, as another program would that nobody told of the first."""
    server = await asyncio.start_server(lambda *_: None, ADDRESS, number, reuse_address=False)
    server.close()


AUTHORITY = Authority(NOW)
TLS = AUTHORITY.serving("test", ADDRESS, dt.timedelta(days=1))


def serve(use: Callable[[Callable[[], Awaitable[Stream]]], Awaitable[bytes]], patience: float = 60.0) -> str:
    """Use a server, by a function that connects to it, and give the text that came of it."""
    trusting = ssl.create_default_context(cadata=AUTHORITY.pem.decode())

    async def run() -> bytes:
        port = Port()
        server = Server(port, "Một cửa", {None: TLS}, patience)
        server.start(asyncio.get_running_loop())
        number = port.number
        try:
            return await use(lambda: asyncio.open_connection(ADDRESS, number, ssl=trusting))
        finally:
            server.close()

    return asyncio.run(run()).decode()


async def ending_of(stream: Stream, said: bytes = b"") -> bytes:
    """Say something, and hear all until the other side ends it."""
    reader, writer = stream
    try:
        writer.write(said)
        writer.write_eof() if writer.can_write_eof() else None
        return await reader.read(65536)
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (REQUEST, "HTTP/1.1 200 OK"),
        (REQUEST.replace(b"/ ", b"/thu-tuc?ma=1 "), "HTTP/1.1 200 OK"),
        (b"HEAD" + REQUEST[3:], "HTTP/1.1 400 Bad Request"),
        (b"\x00\xff" * 40 + REQUEST, "HTTP/1.1 400 Bad Request"),
        (REQUEST[:-4] + b"\r\nX: " + b"x" * LONGEST_REQUEST + b"\r\n\r\n", ""),
        (b"x" * 4 * LONGEST_REQUEST, ""),
    ],
)
def test_a_request_is_answered_or_hung_up_on(said: bytes, status: str) -> None:
    answer = serve(lambda connect: connected(connect, said))
    assert answer.split("\r\n")[0] == status
    assert ("<h1>Một cửa</h1>" in answer) is bool(status)


async def connected(connect: Callable[[], Awaitable[Stream]], said: bytes) -> bytes:
    return await ending_of(await connect(), said)


def test_who_says_nothing_is_hung_up_on_in_the_end() -> None:
    assert serve(lambda connect: connected(connect, b""), patience=0.05) == ""


def test_so_many_are_heard_at_a_time_and_no_more() -> None:
    async def crowd(connect: Callable[[], Awaitable[Stream]]) -> bytes:
        streams = [await connect() for _ in range(MOST)]
        with pytest.raises((ConnectionError, ssl.SSLError)):
            await connect()
        heard = [await ending_of(streams[0], REQUEST), await ending_of(streams[-1], REQUEST)]
        for _, writer in streams:
            writer.transport.abort()
        return b"".join(heard)

    assert serve(crowd).count("200 OK</p>") == 2


def test_whoever_is_connected_is_cut_off_where_a_service_dies(services: Services) -> None:
    name, url = "thu-dien-tu", ServiceAddress().parse(services.section["thu-dien-tu"]["url"])
    trusting = ssl.create_default_context(cadata=services.authority.decode())

    async def connected_when_it_dies() -> bytes:
        services.start(asyncio.get_running_loop())
        stream = await asyncio.open_connection(ADDRESS, url.port, ssl=trusting)
        services.strike(ServiceFault.DOWN, [name])
        async with asyncio.timeout(PATIENCE / 2):  # it is not for its patience that it hangs up
            return await ending_of(stream)

    assert asyncio.run(connected_when_it_dies()) == b""


def test_at_the_end_nobody_listens_any_more(services: Services) -> None:
    async def end() -> None:
        services.start(asyncio.get_running_loop())
        services.close()
        for entry in services.section.values():
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(ADDRESS, ServiceAddress().parse(entry["url"]).port)

    asyncio.run(end())
