"""When services are checked, what is made of a check, and that a daemon tells when a certificate expires."""

from __future__ import annotations

import asyncio
import itertools
import logging
from typing import TYPE_CHECKING

import pytest
from service_servers import DAY, NOW, Issuer, saying, serving

from netwatch.daemon.configuration import Configuration
from netwatch.daemon.serve import Place, serve
from netwatch.daemon.services import FIRST_WITHIN, Services
from netwatch.model.service import Ending, Scheme, Service, ServiceCheck
from netwatch.polling.clock import steady
from netwatch.polling.schedule import offset
from tools.truth.virtual import VirtualClock, VirtualLoop

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Coroutine
    from pathlib import Path
    from typing import Any

    from conftest import Site


START = 1_800_000_000.0
"""Steady seconds."""


def service(name: str = "portal", interval: float = 60.0, port: int = 443) -> Service:
    return Service(name, Scheme.TCP, "198.18.0.1", port, interval=interval)


class World:
    """Services that are checked in virtual time, by a checker that plays."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.clock = VirtualClock(loop, START)
        self.takes = 0.0  # seconds
        self.ends = (Ending.ANSWERED, "")
        self.blind: set[str] = set()
        self.begun: list[tuple[str, float]] = []
        self.renewed = 0
        self.told: list[ServiceCheck] = []
        self.services = Services(loop, self.clock, self, blind=self.blind.__contains__, tell=self.told.append)

    async def check(self, asked: Service) -> ServiceCheck:
        self.begun.append((asked.name, steady(self.clock)))
        await asyncio.sleep(self.takes)
        return ServiceCheck(asked, steady(self.clock), *self.ends)

    def renew(self) -> None:
        self.renewed += 1


def play(story: Callable[[World], Coroutine[Any, Any, None]]) -> None:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, VirtualLoop)
        world = World(loop)

        async def told() -> None:
            try:
                await story(world)
            finally:
                await world.services.close()

        runner.run(told())


def test_each_service_is_checked_once_an_interval_at_its_own_phase() -> None:
    async def story(world: World) -> None:
        every = {"portal": 60.0, "mail": 60.0, "one-stop": 300.0}
        world.services.use([service(name, interval) for name, interval in every.items()])
        await asyncio.sleep(FIRST_WITHIN)
        assert {name for name, _ in world.begun} == every.keys(), "nobody waits a whole interval"
        world.begun.clear()
        await asyncio.sleep(3600)
        for name, interval in every.items():
            at = [at for each, at in world.begun if each == name]
            assert len(at) == 3600 / interval
            assert [each % interval for each in at] == pytest.approx([offset(name, interval)] * len(at))

    play(story)


def test_of_one_service_one_check_is_under_way_at_most() -> None:
    async def story(world: World) -> None:
        world.takes = 150.0
        world.services.use([service()])
        await asyncio.sleep(600)
        starts = [at for _, at in world.begun]
        assert len(starts) > 1
        assert all(later - sooner >= 150 for sooner, later in itertools.pairwise(starts))

    play(story)


def test_a_reload_moves_no_service_that_is_unchanged() -> None:
    async def story(world: World) -> None:
        world.services.use([service("portal"), service("mail")])
        await asyncio.sleep(FIRST_WITHIN)
        world.begun.clear()
        world.services.use([service("portal"), service("new")])
        await asyncio.sleep(FIRST_WITHIN)
        assert [name for name, _ in world.begun if name != "portal"] == ["new"], "the one that is gone ends"
        await asyncio.sleep(300)
        at = [at % 60 for name, at in world.begun if name == "portal"]
        assert at == pytest.approx([offset("portal", 60.0)] * 5)
        assert world.renewed == 2, "certificates that are trusted are read again"

    play(story)


@pytest.mark.parametrize(
    ("ends", "blind", "up", "detail"),
    [
        (Ending.ANSWERED, False, True, "why"),
        (Ending.ANSWERED, True, True, "why"),  # what answers counts, whatever the path's references do
        (Ending.TIMEOUT, False, False, "why"),
        (Ending.TIMEOUT, True, None, "path default is blind (why)"),
        (Ending.NO_NAME, True, None, "path default is blind (why)"),
        (Ending.LOCAL_ERROR, True, None, "why"),
        (Ending.LOCAL_ERROR, False, None, "why"),
    ],
)
def test_what_cannot_be_seen_is_nobodys_fault(
    ends: Ending, detail: str, *, blind: bool, up: bool | None
) -> None:
    async def story(world: World) -> None:
        world.ends = (ends, "why")
        world.blind |= {"default"} if blind else {"another"}
        world.services.use([service()])
        await asyncio.sleep(FIRST_WITHIN)
        assert [(check.ending.up, check.detail) for check in world.told] == [(up, detail)]

    play(story)


def test_the_log_tells_what_changed_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        world.services.use([service()])
        for ends in [
            (Ending.ANSWERED, ""),
            (Ending.UNEXPECTED, "status 503"),
            (Ending.UNEXPECTED, "status 503"),
            (Ending.LOCAL_ERROR, "no name server tells the address of portal.example"),
            (Ending.ANSWERED, ""),
        ]:
            world.ends = ends
            await asyncio.sleep(60)

    caplog.set_level(logging.INFO)
    play(story)
    assert [record.getMessage() for record in caplog.records] == [
        "service portal is not up: status 503",
        "service portal cannot be judged: no name server tells the address of portal.example",
        "service portal is up again",
    ]


@pytest.mark.system
def test_a_daemon_tells_when_a_certificate_expires(
    folder: Path, tmp_path: Path, listener: socket.socket, site: Site
) -> None:
    """End to end: netwatch.yaml, a server of TLS, /metrics; a reload ends what is no longer asked.

    The names are such as are checked first within 1.4 seconds.
    """
    until = NOW + 12 * DAY
    issuer = Issuer(folder)
    settings = folder / "netwatch.yaml"
    before = settings.read_text("utf-8")

    async def main() -> None:
        async with serving(saying(b"HTTP/1.1 200 OK\r\n\r\n"), issuer.serving(until=until)) as port:
            settings.write_text(
                f"{before}services:\n"
                f'  van-ban: {{url: "https://127.0.0.1:{port}/", ca_file: authority.pem}}\n'
                f'  mail: {{url: "tls://127.0.0.1:{port}"}}\n',
                "utf-8",
            )
            configuration = Configuration(folder, tmp_path / "state", {})
            place = Place(tmp_path / "state", "test")
            running = asyncio.create_task(serve(configuration, configuration.first(), listener, place, {}))
            try:
                await site.until("netwatch_service_up", lambda up: up == 1, service="van-ban")
                await site.until("netwatch_service_up", lambda up: up == 0, service="mail")
                samples = await site.samples()
                expiries = samples["netwatch_tls_not_after_timestamp_seconds"]
                assert sorted((labels["service"], value) for labels, value in expiries) == [
                    ("mail", until.timestamp()),
                    ("van-ban", until.timestamp()),
                ]
                phases = {
                    labels["phase"]
                    for labels, _ in samples["netwatch_service_duration_seconds"]
                    if labels["service"] == "van-ban"
                }
                assert phases == {"connect", "tls", "answer"}
                settings.write_text(before, "utf-8")
                assert await site.ask("/-/reload", "POST") == (200, "reloaded\n")
                assert "netwatch_service_up" not in await site.samples()
            finally:
                running.cancel()
                await asyncio.wait([running])

    asyncio.run(main())
