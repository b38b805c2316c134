"""The site over a real socket: what each address answers, and what no client can do to it."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import logging
import socket
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import aiohttp
import pytest
from province_site import province

from netwatch.publishing.exposition import Format
from netwatch.publishing.web import Limits, Server, Sources, build_site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds after which a test that waits for something gives up; nothing is measured by it."""


PROVINCE = province()
SOURCES = replace(
    PROVINCE.sources(),
    metrics=lambda chosen: f"metrics {chosen.name}\n".encode(),
    device_metrics=lambda chosen: f"devices {chosen.name}\n".encode(),
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Site:
    """A running site, and a client of it."""

    server: Server
    port: int
    session: aiohttp.ClientSession

    async def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask as a program would: with no header but those given (`_` stands for `-`)."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"http://127.0.0.1:{self.port}{path}"
        async with self.session.request(
            method, url, headers=given, skip_auto_headers=["Accept", "Accept-Encoding"]
        ) as answer:
            return Answer(answer.status, dict(answer.headers), await answer.read())

    async def connect(self, sent: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(sent)
        await writer.drain()
        return reader, writer

    async def exchange(self, sent: bytes) -> bytes:
        """Send bytes as they are, and return everything until the site closes the connection."""
        reader, writer = await self.connect(sent)
        try:
            return await until_closed(reader)
        finally:
            writer.close()


async def until_closed(reader: asyncio.StreamReader) -> bytes:
    """Return what still comes; a reset is a close as well."""
    received = bytearray()
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(65536):
            received += chunk
    return bytes(received)


@contextlib.asynccontextmanager
async def running(sources: Sources, limits: Limits) -> AsyncIterator[Site]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = Server(build_site(sources, keep=0.0), listener, limits)
    await server.start()
    try:
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            yield Site(server, port, session)
    finally:
        await server.stop()


def visit(
    scenario: Callable[[Site], Awaitable[T]], sources: Sources = SOURCES, limits: Limits | None = None
) -> T:
    """Run a site for as long as `scenario` lasts."""

    async def story() -> T:
        async with asyncio.timeout(PATIENCE), running(sources, limits or Limits()) as site:
            return await scenario(site)

    return asyncio.run(story())


def ask(path: str, method: str = "GET", sources: Sources = SOURCES, **headers: str) -> Answer:
    return visit(lambda site: site.ask(path, method, **headers), sources)


# What each address answers


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("text/plain;version=0.0.4", Format.TEXT_0_0_4),
        ("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5", Format.OPENMETRICS),
        ("text/plain;version=1.0.0;escaping=underscores", Format.TEXT_1_0_0),
        ("image/png", Format.TEXT_0_0_4),
    ],
)
@pytest.mark.parametrize(("path", "what"), [("/metrics", "metrics"), ("/metrics/devices", "devices")])
def test_metrics_come_in_the_format_asked_for(path: str, what: str, accept: str, chosen: Format) -> None:
    answer = ask(path, Accept=accept)
    assert (answer.status, answer.text) == (200, f"{what} {chosen.name}\n")
    assert answer.headers["Content-Type"] == chosen.value
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("size", [0, 100, 64 * 1024, 64 * 1024 + 1, 300_000])
def test_metrics_are_compressed_for_who_takes_gzip(size: int) -> None:
    body = b"netwatch_unit_state 1\n" * (size // 22) + b"#" * (size % 22)
    sources = replace(SOURCES, metrics=lambda _: body)
    packed = ask("/metrics", sources=sources, Accept_Encoding="gzip, deflate")
    plain = ask("/metrics", sources=sources)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == body
    assert "Content-Encoding" not in plain.headers
    assert plain.body == body


def test_a_head_has_the_headers_of_the_page_and_no_body() -> None:
    whole, head = ask("/metrics"), ask("/metrics", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.body))
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


def test_healthy_while_the_loop_turns() -> None:
    answer = ask("/-/healthy", sources=replace(SOURCES, not_ready=lambda: "starting"))
    assert (answer.status, answer.text) == (200, "netwatch is healthy\n")


@pytest.mark.parametrize(
    ("reason", "status", "text"),
    [
        ("", 200, "netwatch is ready\n"),
        ("the ledger cannot be written", 503, "the ledger cannot be written\n"),
    ],
)
def test_ready_or_the_reason_why_not(reason: str, status: int, text: str) -> None:
    answer = ask("/-/ready", sources=replace(SOURCES, not_ready=lambda: reason))
    assert (answer.status, answer.text) == (status, text)


def test_the_page_is_html_in_utf_8() -> None:
    answer = ask("/")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Xã Như Quỳnh" in answer.text


def test_text_that_is_no_text_is_replaced_and_costs_no_page() -> None:
    first = PROVINCE.units[0]
    broken = replace(first, unit=replace(first.unit, name="broken \udcff name"))
    sources = replace(SOURCES, units=lambda: (broken,))
    paths = ("/", "/api/v1/units")
    answers = [ask(path, sources=sources) for path in paths]
    assert [(answer.status, "broken ? name" in answer.text) for answer in answers] == [(200, True)] * 2


def test_an_unknown_path_is_404_in_one_line() -> None:
    answer = ask("/probe?target=198.18.0.1")
    assert answer.status == 404
    assert len(answer.text.splitlines()) == 1


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/-/reload", "GET", "POST"),
        ("/-/reload", "HEAD", "POST"),
        ("/metrics", "POST", "GET,HEAD"),
        ("/", "DELETE", "GET,HEAD"),
        ("/api/v1/units", "OPTIONS", "GET,HEAD"),
    ],
)
def test_other_methods_are_405_and_told_which_are_allowed(path: str, method: str, allowed: str) -> None:
    answer = ask(path, method)
    assert answer.status == 405
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize(
    "path", ["/", "/metrics", "/-/ready", "/api/v1/units", "/nowhere", "/-/reload", "/metrics/devices"]
)
def test_every_answer_is_hardened(path: str) -> None:
    headers = ask(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] in {"no-store", "private, no-cache"}
    assert headers["Server"] == "netwatch"


# Reload


class Reload:
    """Remembers how it was asked, and ends as it was told to."""

    def __init__(self, problems: str = "") -> None:
        self.problems = problems
        self.forced: list[bool] = []

    async def __call__(self, force: bool) -> str:
        self.forced.append(force)
        return self.problems


@pytest.mark.parametrize(
    ("query", "forced"), [("", [False]), ("?force=1", [True]), ("?force=0", [False]), ("?force=yes", [])]
)
def test_a_reload_is_forced_where_that_is_said(query: str, forced: list[bool]) -> None:
    reload = Reload()
    answer = ask(f"/-/reload{query}", "POST", replace(SOURCES, reload=reload))
    assert reload.forced == forced
    assert (answer.status, answer.text) == ((200, "reloaded\n") if forced else (400, "force is 0 or 1\n"))


def test_a_failed_reload_tells_every_problem() -> None:
    problems = "sites/a.yaml:3:5: unknown key\nsites/b.yaml:1:1: empty"
    answer = ask("/-/reload", "POST", replace(SOURCES, reload=Reload(problems)))
    assert (answer.status, answer.text) == (500, problems + "\n")


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"Sec_Fetch_Site": "same-origin"}, True),
        ({"Sec_Fetch_Site": "none"}, True),
        ({"Sec_Fetch_Site": "cross-site"}, False),
        ({"Sec_Fetch_Site": "same-site"}, False),
        ({"Origin": "http://netwatch.example:9950", "Host": "netwatch.example:9950"}, True),
        ({"Origin": "https://NETWATCH.example", "Host": "netwatch.example"}, True),
        ({"Origin": "http://elsewhere.example", "Host": "netwatch.example:9950"}, False),
        ({"Origin": "http://netwatch.example:80", "Host": "netwatch.example:9950"}, False),
        ({"Origin": "null", "Host": "netwatch.example"}, False),
        ({"Origin": "http://[", "Host": "netwatch.example"}, False),
        ({"Origin": "", "Host": ""}, False),
    ],
)
def test_a_page_of_another_site_cannot_reload(headers: dict[str, str], taken: bool) -> None:
    reload = Reload()
    answer = ask("/-/reload", "POST", replace(SOURCES, reload=reload), **headers)
    assert answer.status == (200 if taken else 403)
    assert reload.forced == ([False] if taken else [])


# What goes wrong on our side


def test_a_failure_of_ours_is_one_neutral_line_and_one_entry_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_: Format) -> bytes:
        raise RuntimeError("community s3cret")

    answer = ask("/metrics", sources=replace(SOURCES, metrics=fail))
    assert answer.status == 500
    assert len(answer.text.splitlines()) == 1
    assert "s3cret" not in answer.text
    assert [record.levelname for record in caplog.records] == ["ERROR"]


# What clients do

HEALTHY = b"GET /-/healthy HTTP/1.1\r\nHost: netwatch\r\n\r\n"
LARGE = 32 << 20
"""Bytes: more than the buffers of a connection hold."""

HASTY = Limits(head_timeout=0.2)


@pytest.mark.parametrize(
    "head", [b"", b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: netwatch\r\nX-Slow: "]
)
def test_who_does_not_finish_a_head_is_closed(head: bytes) -> None:
    assert visit(lambda site: site.exchange(head), limits=HASTY) == b""


def test_who_dribbles_a_head_is_closed() -> None:
    async def scenario(site: Site) -> None:
        reader, writer = await site.connect(b"GET / HTTP/1.1\r\nX-Slow: ")
        closing = asyncio.create_task(until_closed(reader))
        with contextlib.suppress(ConnectionError):
            while not closing.done():
                writer.write(b"a")
                await writer.drain()
                await asyncio.sleep(0.02)
        assert await closing == b""
        writer.close()

    visit(scenario, limits=HASTY)


def test_who_does_not_finish_a_second_head_is_closed() -> None:
    async def scenario(site: Site) -> bytes:
        reader, writer = await site.connect(HEALTHY)
        first = await reader.readuntil(b"netwatch is healthy\n")
        writer.write(b"GET / HT")
        rest = await until_closed(reader)
        writer.close()
        return rest if first.startswith(b"HTTP/1.1 200") else first

    assert visit(scenario, limits=HASTY) == b""


def test_who_waits_between_two_requests_stays() -> None:
    async def scenario(site: Site) -> None:
        reader, writer = await site.connect()
        for _ in range(2):
            writer.write(HEALTHY)
            await reader.readuntil(b"netwatch is healthy\n")
            await asyncio.sleep(0.3)  # several head timeouts
        writer.close()

    visit(scenario, limits=Limits(head_timeout=0.1))


def test_who_idles_too_long_is_closed() -> None:
    answer = visit(lambda site: site.exchange(HEALTHY), limits=Limits(idle_timeout=0.2))
    assert answer.endswith(b"netwatch is healthy\n")


def test_an_answer_may_take_longer_than_a_head() -> None:
    async def slow(_: bool) -> str:
        await asyncio.sleep(0.3)  # several head timeouts
        return ""

    answer = visit(
        lambda site: site.ask("/-/reload", "POST"), replace(SOURCES, reload=slow), Limits(head_timeout=0.1)
    )
    assert answer.text == "reloaded\n"


def test_bytes_that_come_during_an_answer_do_not_make_a_client_late() -> None:
    async def scenario(site: Site) -> bytes:
        reader, writer = await site.connect(
            b"POST /-/reload HTTP/1.1\r\nHost: netwatch\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"
        )
        await begun.wait()
        writer.write(b"{}")
        answer = await until_closed(reader)
        writer.close()
        return answer

    async def slow(_: bool) -> str:
        begun.set()
        await asyncio.sleep(0.3)  # several head timeouts
        return ""

    begun = asyncio.Event()
    answer = visit(scenario, replace(SOURCES, reload=slow), Limits(head_timeout=0.1))
    assert answer.endswith(b"reloaded\n")


def test_who_never_reads_what_was_asked_for_is_closed() -> None:
    """The only connection there may be is free again, though the client still holds its end."""

    async def scenario(site: Site) -> bytes:
        _, hog = await site.connect(b"GET /metrics HTTP/1.1\r\nHost: netwatch\r\n\r\n")
        answer = b""
        while not answer:
            answer = await site.exchange(HEALTHY.replace(b"Host", b"Connection: close\r\nHost"))
        hog.close()
        return answer

    sources = replace(SOURCES, metrics=lambda _: bytes(LARGE))
    answer = visit(scenario, sources, Limits(connections=1, send_timeout=0.2))
    assert answer.startswith(b"HTTP/1.1 200")


def test_a_connection_too_many_is_closed_and_those_before_it_live() -> None:
    async def scenario(site: Site) -> None:
        early = [await site.connect() for _ in range(3)]
        for reader, writer in early:
            writer.write(HEALTHY)
            await reader.readuntil(b"netwatch is healthy\n")
        assert await site.exchange(HEALTHY) == b""
        for reader, writer in early:
            writer.write(HEALTHY)
            await reader.readuntil(b"netwatch is healthy\n")
            writer.close()
            await writer.wait_closed()
        answer = b""
        while not answer:
            answer = await site.exchange(HEALTHY.replace(b"Host", b"Connection: close\r\nHost"))

    visit(scenario, limits=Limits(connections=3))


REQUEST = b"GET / HTTP/1.1\r\nHost: netwatch\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        REQUEST + b"X-Huge: " + b"a" * 100_000 + b"\r\n\r\n",
        REQUEST + b"".join(b"X-%d: a\r\n" % number for number in range(1000)) + b"\r\n",
        REQUEST + b"X-Endless: " + b"a" * 8_000_000,
        REQUEST + b"Content-Length: -1\r\n\r\n",
        REQUEST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        REQUEST + b"no colon\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\nHost: netwatch\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) + b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_and_the_site_goes_on(
    sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(site: Site) -> tuple[bytes, Answer]:
        with contextlib.suppress(ConnectionError):
            reader, writer = await site.connect()
            writer.write(sent)
            refused = await until_closed(reader)
            writer.close()
        return refused, await site.ask("/-/healthy")

    refused, after = visit(scenario)
    status = refused.partition(b"\r\n")[0]
    if status or len(sent) < 1000:  # the reset that ends a huge one may overtake the answer
        assert status.split(b" ")[1] in {b"400", b"431"}
    assert b"aiohttp" not in refused
    assert after.status == 200
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    "body",
    [b"Content-Length: 1025\r\n\r\n" + b"a" * 1025, b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"],
)
def test_a_body_is_refused_and_nothing_done(body: bytes) -> None:
    reload = Reload()
    sent = b"POST /-/reload HTTP/1.1\r\nHost: netwatch\r\n" + body
    answer = visit(lambda site: site.exchange(sent), replace(SOURCES, reload=reload))
    assert answer.startswith(b"HTTP/1.1 413")
    assert reload.forced == []


@pytest.mark.parametrize("body", [b"Content-Length: 0\r\n\r\n", b"Content-Length: 2\r\n\r\n{}"])
def test_a_small_body_is_ignored(body: bytes) -> None:
    sent = b"POST /-/reload HTTP/1.1\r\nHost: netwatch\r\nConnection: close\r\n" + body
    assert visit(lambda site: site.exchange(sent)).startswith(b"HTTP/1.1 200")


def test_requests_may_follow_each_other_without_waiting() -> None:
    last = HEALTHY.replace(b"Host", b"Connection: close\r\nHost")
    answers = visit(lambda site: site.exchange(HEALTHY * 99 + last))
    assert answers.count(b"netwatch is healthy\n") == 100


# The end


def test_stopping_waits_for_nobody_for_ever() -> None:
    """An idle client, a half-sent head, an unread page and a reload that never ends."""

    async def scenario(site: Site) -> None:
        idle = await site.connect(HEALTHY)
        await idle[0].readuntil(b"netwatch is healthy\n")
        half = await site.connect(b"GET / HT")
        hog = await site.connect(b"GET /metrics HTTP/1.1\r\nHost: netwatch\r\n\r\n")
        endless = await site.connect(b"POST /-/reload HTTP/1.1\r\nHost: netwatch\r\n\r\n")
        await begun.wait()
        await site.server.stop()
        assert len(await until_closed(hog[0])) < LARGE
        for reader, writer in (idle, half, hog, endless):
            assert await until_closed(reader) == b""
            writer.close()
        with pytest.raises(ConnectionError):
            await site.connect()

    async def never(_: bool) -> str:
        begun.set()
        await asyncio.Event().wait()
        return ""

    begun = asyncio.Event()
    sources = replace(SOURCES, metrics=lambda _: bytes(LARGE), reload=never)
    visit(scenario, sources, Limits(stop_timeout=0.05))


def test_a_site_that_was_never_started_can_be_stopped() -> None:
    async def story() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        await Server(build_site(SOURCES), listener).stop()
        assert listener.fileno() == -1

    asyncio.run(story())
