"""Stamps by a real authority over HTTP; an answer that is none is a line, and is asked for again."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from authority import Authority
from loopback_web import serving

from netwatch.daemon.anchoring import Anchoring
from netwatch.daemon.aside import Aside
from netwatch.daemon.posting import post_by
from netwatch.evidence import making, timestamps
from netwatch.evidence.anchors import REQUEST, RESPONSE, AnchorFolder
from netwatch.inventory.anchors import AnchorSettings
from netwatch.model.attestation import Receipt

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from netwatch.evidence.chain import Entry

    Behaviour = Callable[[bytes], Awaitable[web.StreamResponse]]

pytestmark = pytest.mark.system

FIRST = dt.date(2026, 11, 24)
DATES = [FIRST + dt.timedelta(days=day) for day in range(3)]
NOW = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC).timestamp()
PATIENCE = 0.5


class Clock:
    epoch = 0.0

    def __init__(self) -> None:
        self.now = NOW

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now


class Idle:
    """A ledger that no head is due of."""

    def ends(self) -> tuple[Receipt, ...]:
        return ()

    def last(self, _kind: str, _until: float = 0.0) -> Entry | None:
        return None


class Settings:
    timezone = "Asia/Ho_Chi_Minh"

    def __init__(self, anchors: AnchorSettings) -> None:
        self.anchors = anchors


class World:
    """Three heads without a stamp, and an authority on loopback that answers as `behaviour` says."""

    def __init__(self, place: Path, authority: Authority) -> None:
        self.place = place
        self.authority = authority
        self.certificates = authority.certificates
        self.clock = Clock()
        self.asked: list[bytes] = []
        self.behaviour: Behaviour = self.stamps
        self.folder = AnchorFolder(place / "anchors")
        ends = (Receipt("noc", 7, 0.0, bytes(32).hex()),)
        for date in DATES:
            making.make(self.folder, ends, date, 5, making.newest(self.folder))

    async def stamps(self, body: bytes) -> web.StreamResponse:
        answer = await asyncio.to_thread(self.authority.answer, body)
        return web.Response(body=answer, content_type="application/timestamp-reply")

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Content-Type"] == "application/timestamp-query"
        self.asked.append(await request.read())
        return await self.behaviour(self.asked[-1])

    def look(self, *, later: float = 0.0, times: int = 1) -> Any:
        """Look, some seconds after another; how it fares then."""

        async def run() -> Any:
            async with serving(self._answer) as url:
                aside = Aside(asyncio.get_running_loop(), threads=2)
                anchoring = Anchoring(
                    self.clock,
                    Settings(AnchorSettings(authority=url, authority_certificates=self.certificates)),  # type: ignore[arg-type]  # a part of them
                    self.place,
                    ledger=Idle(),
                    append=_nothing,
                    aside=aside,
                    post=post_by(aside, PATIENCE if self.behaviour == nothing_at_all else 20.0),
                )
                for _ in range(times):
                    await anchoring.look()
                    self.clock.now += later
                return anchoring.totals()

        return asyncio.run(run())

    @property
    def stamped(self) -> list[dt.date]:
        return self.folder.dates(RESPONSE)


async def _nothing(_entry: object) -> None:
    """Whatever the ledger is told is of no interest here."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, Authority(tmp_path / "tsa"))


def test_every_head_gets_its_stamp_the_newest_first(world: World) -> None:
    before = dt.datetime.now(dt.UTC).timestamp()
    totals = world.look()
    assert world.stamped == DATES
    newest = world.folder.read(DATES[-1])
    assert world.asked[0] == newest.request
    assert totals.last["stamped"] >= int(before)
    assert totals.errors["stamped"] == 0
    for date in DATES:
        anchor = world.folder.read(date)
        head, response = (world.folder.path / anchor.name(suffix) for suffix in ("json", RESPONSE))
        assert world.authority.verifies(head, response) == "Verification: OK"
    world.look()
    assert len(world.asked) == 3, "no head is stamped twice"


def test_a_request_that_was_carried_out_is_the_one_that_is_asked(world: World) -> None:
    """Its answer may still come back by stick: there is one request for each head."""
    asked = making.request(world.folder, world.folder.read(DATES[-1]))
    world.look()
    assert world.asked[0] == asked


async def a_page(_body: bytes) -> web.StreamResponse:
    return web.Response(text="<html>Sign in</html>", content_type="text/html")


async def huge(_body: bytes) -> web.StreamResponse:
    return web.Response(body=bytes(timestamps.LARGEST + 1))


async def nothing_at_all(_body: bytes) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


async def an_error(_body: bytes) -> web.StreamResponse:
    return web.Response(status=503)


def another_nonce(world: World) -> None:
    """A stamp on the right bytes that answers somebody else's request: an old one, played again."""

    async def answer(body: bytes) -> web.StreamResponse:
        date = next(date for date in DATES if world.folder.file(date, REQUEST) == body)
        return await world.stamps(timestamps.request(world.folder.read(date).head or b""))

    world.behaviour = answer


def other_bytes(world: World) -> None:
    async def answer(_body: bytes) -> web.StreamResponse:
        return await world.stamps(timestamps.request(b"other bytes"))

    world.behaviour = answer


def another_authority(world: World) -> None:
    """One that our certificates do not lead to."""
    world.authority = Authority(world.place / "other")


def a_refusal(world: World) -> None:
    world.authority = Authority(world.place / "choosy", digests="sha512")


def behaving(behaviour: Behaviour) -> Callable[[World], None]:
    def behave(world: World) -> None:
        world.behaviour = behaviour

    behave.__name__ = getattr(behaviour, "__name__", "")
    return behave


@pytest.mark.parametrize(
    ("hostile", "problem"),
    [
        (behaving(a_page), "not a response of a time-stamping authority"),
        (behaving(huge), "its answer has more than 65536 bytes"),
        (behaving(nothing_at_all), "no answer within 0.5 s"),
        (behaving(an_error), "it answers with status 503"),
        (another_nonce, "it answers another request: its nonce is another"),
        (other_bytes, "it is about other bytes"),
        (another_authority, "its certificate is not trusted to stamp at that time"),
        (a_refusal, "the authority gave no stamp (rejection"),
    ],
)
def test_an_answer_that_is_none_is_a_line_and_is_asked_for_again(
    world: World, caplog: pytest.LogCaptureFixture, hostile: Callable[[World], None], problem: str
) -> None:
    authority = world.authority
    hostile(world)
    totals = world.look(later=60.0, times=4)
    assert world.stamped == []
    told = [record.getMessage() for record in caplog.records if "stamped" in record.getMessage()]
    assert all(problem in line for line in told)
    assert not any("geheim" in line or "\n" in line for line in told)
    assert len(told) == totals.errors["stamped"] == len(world.asked) == 3, "at 0, 60 and 180 s"
    assert "stamped" not in totals.last
    world.authority, world.behaviour = authority, world.stamps
    world.look()
    assert world.stamped == DATES


@pytest.mark.parametrize(
    ("content", "problem"), [(None, "there is no such file"), ("nothing", "no certificates in PEM")]
)
def test_certificates_that_are_not_there(
    world: World, caplog: pytest.LogCaptureFixture, content: str | None, problem: str
) -> None:
    world.certificates = world.place / "missing.pem"
    if content is not None:
        world.certificates.write_text(content)
    world.look()
    assert world.stamped == []
    assert problem in caplog.text
