"""The parts joined on a real loop: what goes wrong in one of them is told, and the others go on."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import socket
import threading
import time
import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import notifications as sent
import pytest

from netwatch.daemon.aside import Aside
from netwatch.daemon.configuration import Configuration, Loaded
from netwatch.daemon.daemon import Daemon
from netwatch.daemon.ledger import address, open_ledger
from netwatch.daemon.service_manager import ServiceManager
from netwatch.evidence.anchors import HEAD, AnchorFolder
from netwatch.evidence.heads import decode, digest
from netwatch.evidence.kinds import Anchored
from netwatch.evidence.reading import content
from netwatch.evidence.store import Store
from netwatch.model.attestation import Attestation, AttestationKind
from netwatch.model.claim import Criterion, Finding
from netwatch.model.fact import Fact, FactKind, Survey
from netwatch.model.outcome import Outcome
from netwatch.model.sign import Sign
from netwatch.polling.clock import SystemClock
from netwatch.polling.echo_socket import open_echo_sockets
from netwatch.polling.trap_socket import TrapSocket, open_trap_socket
from netwatch.protocols.icmp import EchoFormat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator
    from pathlib import Path

    from netwatch.inventory.load import Inventory

    Edit = Callable[[str, str], None]

PATIENCE = 30.0
"""Seconds within which a slow machine is done too, unless it waits for what hangs: here twice as long."""

ZONE = zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass
class Shifted:
    """The machine's clock, but it is another time of day."""

    epoch: float

    def monotonic(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return self.epoch + time.monotonic()

    def forward(self, seconds: float) -> None:
        """A test that waits for midnight would miss it on a slow machine, and the day before it as well."""
        self.epoch += seconds


def at(moment: dt.datetime) -> Shifted:
    return Shifted(moment.timestamp() - time.monotonic())


class Silent:
    """An echo socket that sends into nothing; each look for errors fails if it is `broken`."""

    method = "raw"
    drops = 0
    drained = True

    def __init__(self, *, broken: bool = False) -> None:
        self.format = EchoFormat(4, 1, bytes(8), checked=True)
        self.broken = broken
        self.looks = 0
        self.closed = False

    def outbox(self, messages: Any) -> Any:
        return self

    def send(self, mark: bytes, start: int, stop: int) -> tuple[int, int]:
        return stop - start, 0

    def receive(self, limit: int) -> Iterable[Any]:
        return ()

    def sender(self, origin: bytes) -> bytes:
        return origin

    def errors(self, limit: int) -> Iterator[Any]:
        self.looks += 1
        if self.broken:
            raise RuntimeError("a mistake of our own")
        return iter(())

    def close(self) -> None:
        self.closed = True


class Counted(Configuration):
    """Counts how often its files were read again, each of which waits for `gate`."""

    gate = threading.Event()
    count = 0

    def again(self, running: Inventory, *, force: bool) -> Inventory:
        self.count += 1
        assert self.gate.wait(2 * PATIENCE)
        return super().again(running, force=force)


async def no_name(name: str) -> str:
    raise OSError(name)


async def hanging(_name: str) -> str:
    await asyncio.Event().wait()
    raise AssertionError


class World:
    """One daemon on a folder, and all that the test may look at."""

    def __init__(self, folder: Path, listener: socket.socket, site: Any) -> None:
        self.site = site
        self.listener = listener
        self.state = folder.parent / "state"
        self.configuration = Counted(folder, self.state, {})
        self.configuration.gate.set()
        self.clock: Any = at(dt.datetime(2026, 11, 20, 12, tzinfo=ZONE))
        self.sockets: dict[int, Any] = {4: Silent()}
        self.look_up: Callable[[str], Awaitable[str]] = no_name
        self.traps: tuple[TrapSocket, ...] = ()
        self.mistakes: list[dict[str, Any]] = []
        self.loaded: Loaded | None = None
        self.seeded = False  # whether claims are told what the ledger knows: that takes another process

    def play(self, story: Callable[[Daemon], Awaitable[None]], *, start: bool = True) -> float:
        """Run the daemon for a story, stop it, and return how many seconds the stop took."""
        return asyncio.run(self._play(story, start=start))

    async def _play(self, story: Callable[[Daemon], Awaitable[None]], *, start: bool) -> float:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self.mistakes.append(context))
        loaded = self.loaded or self.configuration.first()
        settings = loaded.inventory.settings
        ledger = open_ledger(address(settings, self.state), "test", settings, self.clock, Aside(loop, 1))
        daemon = Daemon(
            self.clock,
            self.configuration,
            loaded,
            resumption=ledger.resumption,
            chronicle=ledger.chronicle,
            state=self.state,
            listener=self.listener,
            sockets=self.sockets,
            look_up=self.look_up,
            manager=ServiceManager({}),
            reading=ledger.reading,
            traps=self.traps,
            source=ledger.source if self.seeded else None,
        )
        try:
            if start:
                await daemon.start()
            await story(daemon)
        finally:
            began = time.monotonic()
            await daemon.stop()
        return time.monotonic() - began


@pytest.fixture
def world(folder: Path, listener: socket.socket, site: Any) -> World:
    return World(folder, listener, site)


def device_names(samples: dict[str, Any]) -> set[str]:
    return {labels["device"] for labels, _ in samples["netwatch_device_info"]}


def test_a_started_daemon_is_ready_and_a_stopped_one_is_gone(world: World) -> None:
    async def story(daemon: Daemon) -> None:
        assert (await world.site.ask("/-/ready"))[0] == 200
        samples = await world.site.samples()
        assert len(samples["netwatch_unit_info"]) == 104
        assert device_names(samples) == {"gw", "sw"}
        assert await world.site.value("netwatch_config_last_reload_successful") == 1

    world.play(story)
    assert world.mistakes == []
    assert world.sockets[4].closed
    assert world.listener.fileno() == -1


def test_a_start_that_fails_leaves_nothing_open(world: World) -> None:
    world.listener.close()

    async def story(daemon: Daemon) -> None:
        raise AssertionError

    with pytest.raises(OSError, match="descriptor"):
        world.play(story)
    assert world.sockets[4].closed


def test_a_daemon_that_was_never_started_can_be_stopped(world: World) -> None:
    async def story(daemon: Daemon) -> None:
        return

    world.play(story, start=False)
    assert world.sockets[4].closed
    assert world.listener.fileno() == -1


MAINTENANCE = """\
windows:
  - {name: work, what: splicing, by: NOC, every: day, at: "11:00", duration: 3h, devices: [gw]}
"""


def test_who_is_told_anew_by_a_reload_is_still_in_maintenance(world: World, edit: Edit, folder: Path) -> None:
    """Without that, a reload in the middle of announced work would page."""
    (folder / "maintenance.yaml").write_text(MAINTENANCE)

    async def story(daemon: Daemon) -> None:
        await world.site.until("netwatch_maintenance", bool, unit="12004")
        edit("area: Văn Lâm", "area: Yên Mỹ")
        assert (await world.site.ask("/-/reload", "POST"))[0] == 200
        assert await world.site.value("netwatch_device_info", device="gw", area="Yên Mỹ") == 1
        assert await world.site.value("netwatch_maintenance", unit="12004") == 1
        assert await world.site.value("netwatch_device_maintenance", device="gw") == 1

    world.play(story)


def test_a_bad_reload_changes_nothing_and_says_so(
    world: World, edit: Edit, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(daemon: Daemon) -> None:
        edit("name: gw", "name: new, rol: x")
        status, problems = await world.site.ask("/-/reload", "POST")
        assert (status, "site.yaml:5:" in problems) == (500, True)
        samples = await world.site.samples()
        assert device_names(samples) == {"gw", "sw"}
        assert samples["netwatch_config_last_reload_successful"] == [({}, 0)]
        edit("name: new, rol: x", "name: gw")
        assert (await world.site.ask("/-/reload", "POST"))[0] == 200
        assert await world.site.value("netwatch_config_last_reload_successful") == 1

    with caplog.at_level(logging.DEBUG):
        world.play(story)
    assert "site.yaml:5:" in caplog.text
    assert "geheim" not in caplog.text


def test_a_reload_that_drops_much_wants_to_be_forced(world: World, edit: Edit) -> None:
    async def story(daemon: Daemon) -> None:
        edit("      - {name: sw, address: 127.0.0.2, role: switch, snmp: lab}\n", "")
        status, told = await world.site.ask("/-/reload", "POST")
        assert (status, "forced" in told) == (500, True)
        assert device_names(await world.site.samples()) == {"gw", "sw"}
        assert (await world.site.ask("/-/reload?force=1", "POST"))[0] == 200
        assert device_names(await world.site.samples()) == {"gw"}

    world.play(story)


def test_the_last_good_is_run_on_until_the_folder_is_mended(
    world: World, edit: Edit, caplog: pytest.LogCaptureFixture
) -> None:
    world.configuration.keep(world.configuration.first().inventory)
    edit("role: uplink", "role: uplnk")

    async def story(daemon: Daemon) -> None:
        assert device_names(await world.site.samples()) == {"gw", "sw"}
        assert await world.site.value("netwatch_config_last_reload_successful") == 0
        assert await world.site.value("netwatch_config_on_last_good") == 1
        assert "site.yaml:5:" in caplog.text
        assert await daemon.reload(force=False) != ""
        assert await world.site.value("netwatch_config_on_last_good") == 1
        edit("role: uplnk", "role: uplink")
        assert await daemon.reload(force=False) == ""
        assert await world.site.value("netwatch_config_last_reload_successful") == 1
        assert await world.site.value("netwatch_config_on_last_good") == 0
        edit("role: uplink", "role: uplnk")  # what runs is not older than the last reload that was good
        assert await daemon.reload(force=False) != ""
        assert await world.site.value("netwatch_config_last_reload_successful") == 0
        assert await world.site.value("netwatch_config_on_last_good") == 0

    world.play(story)


def test_a_storm_of_signals_is_two_reloads(world: World) -> None:
    async def begun() -> bool:
        return world.configuration.count > 0

    async def story(daemon: Daemon) -> None:
        world.configuration.gate.clear()
        daemon.ask_reload()
        await world.site.eventually(begun)
        for _ in range(500):
            daemon.ask_reload()
        last = asyncio.create_task(daemon.reload(force=False))
        await asyncio.sleep(0)
        world.configuration.gate.set()
        assert await last == ""
        assert world.configuration.count == 2

    world.play(story)


def test_a_reload_asked_for_during_the_start_is_not_undone_by_it(world: World, edit: Edit) -> None:
    async def story(daemon: Daemon) -> None:
        edit("name: gw", "name: gateway")
        starting = asyncio.create_task(daemon.start())
        assert await asyncio.create_task(daemon.reload(force=True)) == ""
        await starting
        assert device_names(await world.site.samples()) == {"gateway", "sw"}

    world.play(story, start=False)


def test_a_mistake_of_our_own_in_a_reload_is_told_and_the_next_one_is_taken(
    world: World, edit: Edit, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(Counted):
        def again(self, running: Inventory, *, force: bool) -> Inventory:
            if self.count == 0:
                self.count = 1
                raise KeyError("surprise")
            return super().again(running, force=force)

    world.configuration = Failing(world.configuration._folder, world.configuration._state, {})

    async def story(daemon: Daemon) -> None:
        assert (await world.site.ask("/-/reload", "POST"))[0] == 500
        assert await world.site.value("netwatch_config_last_reload_successful") == 0
        assert await daemon.reload(force=False) == ""

    world.play(story)
    assert "KeyError: 'surprise'" in caplog.text


def test_a_setting_that_waits_for_the_next_start_is_named_each_time(
    world: World, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Also by a second reload, and no more once it is as it was."""
    path = folder / "netwatch.yaml"
    good = path.read_text()

    async def story(daemon: Daemon) -> None:
        path.write_text(f"{good}language: en\n")
        for _ in range(2):
            caplog.clear()
            await daemon.reload(force=False)
            assert "'language'" in caplog.text
        path.write_text(good)
        caplog.clear()
        await daemon.reload(force=False)
        assert "'language'" not in caplog.text

    world.play(story)


@pytest.mark.parametrize(
    ("dates", "before", "after"),
    [("since: 2026-11-21", {"gw"}, {"gw", "sw"}), ("until: 2026-11-21", {"gw", "sw"}, {"gw"})],
)
def test_devices_begin_and_end_with_the_day(
    world: World, edit: Edit, dates: str, before: set[str], after: set[str]
) -> None:
    """At local midnight, without a reload."""
    edit("snmp: lab}", f"snmp: lab, {dates}}}")
    world.loaded = world.configuration.first()
    world.clock = at(dt.datetime(2026, 11, 20, 23, 30, tzinfo=ZONE))

    async def changed() -> bool:
        return device_names(await world.site.samples()) == after

    async def story(daemon: Daemon) -> None:
        assert device_names(await world.site.samples()) == before
        world.clock.forward(1800)
        await world.site.eventually(changed)

    world.play(story)


def test_units_change_with_the_day(world: World) -> None:
    """The register knows of the merger of 1 July 2025: 139 units become 104."""
    world.loaded = world.configuration.first()
    world.clock = at(dt.datetime(2025, 6, 30, 23, 30, tzinfo=ZONE))

    async def merged() -> bool:
        return len((await world.site.samples())["netwatch_unit_info"]) == 104

    async def story(daemon: Daemon) -> None:
        assert len((await world.site.samples())["netwatch_unit_info"]) == 139
        world.clock.forward(1800)
        await world.site.eventually(merged)

    world.play(story)


def test_a_name_without_an_address_costs_only_its_own_device(world: World, edit: Edit) -> None:
    """It is a local error and unknown, and counts as no loss."""
    edit("127.0.0.2", "sw.example.org")

    async def story(daemon: Daemon) -> None:
        polls = {"device": "sw", "outcome": "local_error"}
        await world.site.until("netwatch_snmp_polls_total", bool, **polls)
        await world.site.until("netwatch_echo_local_errors_total", bool, device="sw")
        assert await world.site.value("netwatch_device_state", device="sw", state="unknown") == 1
        await world.site.until("netwatch_device_state", bool, device="gw", state="down")
        assert await world.site.value("netwatch_device_state", device="sw", state="unknown") == 1

    world.play(story)


def test_a_name_server_that_hangs_holds_up_neither_start_nor_reload_nor_stop(
    world: World, edit: Edit
) -> None:
    edit("127.0.0.2", "sw.example.org")
    world.look_up = hanging

    async def story(daemon: Daemon) -> None:
        edit("127.0.0.1", "gw.example.org")
        async with asyncio.timeout(PATIENCE):
            assert await daemon.reload(force=False) == ""

    began = time.monotonic()
    assert world.play(story) < PATIENCE
    assert time.monotonic() - began < 2 * PATIENCE


def test_a_name_that_gets_an_address_is_echoed_there(world: World, edit: Edit) -> None:
    edit("127.0.0.1", "gw.example.org")

    async def look_up(_name: str) -> str:
        return "127.0.0.1"

    world.look_up = look_up

    async def story(daemon: Daemon) -> None:
        await world.site.until("netwatch_device_state", bool, device="gw", state="down")

    world.play(story)


def test_a_stop_waits_for_no_reload_that_hangs(world: World) -> None:
    async def story(daemon: Daemon) -> None:
        world.configuration.gate.clear()
        daemon.ask_reload()
        await asyncio.sleep(0.05)

    assert world.play(story) < PATIENCE
    world.configuration.gate.set()


def test_a_stop_waits_for_no_poll_that_nobody_answers(world: World, edit: Edit) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.2", 0))
        edit("snmp: lab}", f"snmp: lab, snmp_port: {silent.getsockname()[1]}}}")
        silent.settimeout(0)

        async def story(daemon: Daemon) -> None:
            async with asyncio.timeout(PATIENCE):
                await asyncio.get_running_loop().sock_recv(silent, 4096)

        assert world.play(story) < 10, "a poll waits for longer"
    assert world.mistakes == []


def test_a_tick_that_always_fails_stops_no_other_part(world: World) -> None:
    """The echoes are broken; polls go on, the page is served, and each failure was told."""
    world.sockets = {4: Silent(broken=True)}

    async def story(daemon: Daemon) -> None:
        await world.site.until("netwatch_snmp_polls_total", bool, device="sw", outcome="refused")
        async with asyncio.timeout(PATIENCE):
            while world.sockets[4].looks <= 1:  # noqa: ASYNC110 - it is looked at, and tells nobody
                await asyncio.sleep(0.01)

    world.play(story)
    assert {str(context["exception"]) for context in world.mistakes} == {"a mistake of our own"}


def test_a_device_without_a_credential_has_no_polls(world: World) -> None:
    async def story(daemon: Daemon) -> None:
        await world.site.until("netwatch_snmp_polls_total", bool, device="sw", outcome="refused")
        polled = (await world.site.samples())["netwatch_snmp_polls_total"]
        assert {labels["device"] for labels, value in polled if value} == {"sw"}

    world.play(story)


def test_a_secret_that_is_gone_costs_only_its_own_devices(
    world: World, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A reload takes the folder all the same, warns, and asks by echo as before."""

    async def story(daemon: Daemon) -> None:
        (folder / "credentials.yaml").write_text("credentials:\n  lab: {version: 2c, community_env: GONE}\n")
        assert await daemon.reload(force=False) == ""
        polls = {"device": "sw", "outcome": "local_error"}
        await world.site.until("netwatch_snmp_polls_total", bool, **polls)
        await world.site.until("netwatch_device_state", bool, device="sw", state="down")

    world.play(story)
    assert "GONE" in caplog.text


def test_units_are_news_and_devices_are_detail(world: World, caplog: pytest.LogCaptureFixture) -> None:
    async def story(daemon: Daemon) -> None:
        await world.site.until("netwatch_unit_state", bool, unit="12004", state="down")

    with caplog.at_level(logging.DEBUG):
        world.play(story)
    told = {
        (record.getMessage().split()[0], record.levelname)
        for record in caplog.records
        if " is down: " in record.getMessage()
    }
    assert told == {("unit", "INFO"), ("device", "DEBUG")}


@pytest.mark.system
def test_a_reload_keeps_state_and_counters_of_what_stayed_the_same(world: World, edit: Edit) -> None:
    """On real sockets and loopback: a device more is no reason to lose sight of the others."""
    world.clock = SystemClock()  # the kernel stamps replies by its own
    world.sockets = dict(open_echo_sockets(random.SystemRandom(), versions=(4,)).by_version)
    gw = {"device": "gw"}

    async def story(daemon: Daemon) -> None:
        site = world.site
        await site.until("netwatch_device_state", bool, **gw, state="up")
        await site.until("netwatch_echo_requests_total", lambda value: (value or 0) > 3, **gw)
        before = await site.value("netwatch_echo_requests_total", **gw)
        edit("snmp: lab}\n", "snmp: lab}\n      - {name: third, address: 127.0.0.3, role: server}\n")
        assert await daemon.reload(force=False) == ""
        assert await site.value("netwatch_device_state", **gw, state="up") == 1
        assert await site.value("netwatch_echo_requests_total", **gw) >= before
        await site.until("netwatch_device_state", bool, device="third", state="up")
        await site.until("netwatch_echo_requests_total", lambda value: value > before + 3, **gw)

    world.play(story)
    assert world.mistakes == []


def test_a_trap_is_taken_counted_and_shown(world: World) -> None:
    """From the socket to the metrics; the port is free again when the daemon has stopped."""
    heard = open_trap_socket("127.0.0.1", 0)
    port = heard.address[1]
    world.traps = (heard,)

    async def story(daemon: Daemon) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sw:
            sw.bind(("127.0.0.2", 0))
            sw.sendto(sent.v2c("geheim"), ("127.0.0.1", port))
            sw.sendto(sent.v2c("geraten"), ("127.0.0.1", port))
        count = {"device": "sw", "unit": "12004", "kind": "link_down"}
        await world.site.until("netwatch_notifications_total", lambda value: value == 1, **count)
        rejected = {"protocol": "traps", "reason": "wrong community"}
        await world.site.until("netwatch_rejected_datagrams_total", lambda value: value == 1, **rejected)
        assert await world.site.value("netwatch_socket_drops_total", protocol="traps") == 0

    world.play(story)
    assert world.mistakes == []
    open_trap_socket("127.0.0.1", port).close()


def test_the_gasp_of_a_device_stands_in_the_ledger(world: World) -> None:
    heard = open_trap_socket("127.0.0.1", 0)
    world.traps = (heard,)
    row = (1, 3, 6, 1, 2, 1, 158, 1, 6, 1)
    told = sent.varbind((*row, 4, 3, 1), sent.number(257)) + sent.varbind((*row, 5, 3, 1), sent.number(1))
    gasp = sent.v2c("geheim", trap=(1, 3, 6, 1, 2, 1, 158, 0, 2), varbinds=told)

    async def story(daemon: Daemon) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sw:
            sw.bind(("127.0.0.2", 0))
            sw.sendto(gasp, heard.address)
        await world.site.until("netwatch_notifications_total", bool, device="sw", kind="dying_gasp")

    world.play(story)
    ledger = Store(f"sqlite:///{world.state / 'ledger.db'}", "test")
    signs = [each for each in map(content, ledger.entries()) if isinstance(each, Sign)]
    assert [(each.device, each.kind.value, each.detail) for each in signs] == [
        ("sw", "dying_gasp", "not signed")
    ]
    assert world.mistakes == []


PAPER = Attestation(
    0.0, "look", AttestationKind.INSPECTION, "hung-yen", "12004", "", Criterion.LAN, Finding.SHOWN,
    dt.date(2026, 11, 19), "Sở", (),
)  # fmt: skip


def test_what_is_entered_is_judged_at_once(world: World) -> None:
    async def story(daemon: Daemon) -> None:
        about = {"unit": "12004", "criterion": "lan"}
        assert await world.site.value("netwatch_unit_criterion", **about) == 0
        daemon._auditing.entered(PAPER)
        await world.site.until("netwatch_unit_criterion", lambda value: value == 1, **about)

    world.play(story)
    assert world.mistakes == []


@pytest.mark.system
def test_a_restart_shows_what_the_ledger_knows(world: World, folder: Path, edit: Edit) -> None:
    """Papers, and facts that a survey told: both are there again without anybody saying so again."""
    edit("address: 127.0.0.1,", "address: 127.0.0.1, expect: {serial: HC1},")
    row = Fact(world.clock.wall(), "gw", FactKind.IDENTITY, "serial", 1.0, "HC1", "entPhysicalSerialNum")

    async def first(daemon: Daemon) -> None:
        await daemon._chronicle.keep(PAPER)
        daemon._surveyed(Survey("gw", world.clock.wall(), Outcome.ANSWERED, 0.1, facts=(row,)))

    world.play(first)
    listener = socket.create_server(("127.0.0.1", 0))
    again = World(folder, listener, type(world.site)(listener.getsockname()[1]))
    again.seeded = True

    async def second(_daemon: Daemon) -> None:
        for criterion in ("lan", "identified"):
            about = {"unit": "12004", "criterion": criterion}
            await again.site.until("netwatch_unit_criterion", lambda value: value == 1, **about)

    assert again.play(second) < 5
    assert again.mistakes == []


def test_yesterdays_head_is_made_after_a_start_where_the_configuration_says(
    world: World, folder: Path
) -> None:
    step = {"step": "head"}

    async def yesterday(daemon: Daemon) -> None:
        await daemon._anchoring.look()  # type: ignore[union-attr]  # there is one
        assert await world.site.value("netwatch_anchor_errors_total", **step) == 0
        assert await world.site.value("netwatch_anchor_last_timestamp_seconds", **step) is None

    async def today(daemon: Daemon) -> None:
        with (folder / "netwatch.yaml").open("a") as settings:
            settings.write("anchors: {folder: ../anchors}\n")
        assert await daemon.reload(force=False) == ""
        await daemon._anchoring.look()  # type: ignore[union-attr]  # there is one
        made = await world.site.value("netwatch_anchor_last_timestamp_seconds", **step)
        assert made == pytest.approx(world.clock.wall(), abs=60)

    place = world.listener.getsockname()
    world.clock = at(dt.datetime(2026, 11, 20, 23, 30, tzinfo=ZONE))
    world.play(yesterday)
    world.listener = socket.create_server(place)
    world.clock = at(dt.datetime(2026, 11, 21, 0, 0, 20, tzinfo=ZONE))
    world.play(today)
    anchors = AnchorFolder(folder.parent / "anchors")
    assert anchors.dates(HEAD) == [dt.date(2026, 11, 20)]
    head = anchors.file(dt.date(2026, 11, 20), HEAD) or b""
    ledger = Store(f"sqlite:///{world.state / 'ledger.db'}", "test")
    (chain,) = decode(head).chains
    assert ledger.hash_of("test", chain.seq) == chain.hash
    (told,) = (each for each in map(content, ledger.entries()) if isinstance(each, Anchored))
    assert told == Anchored(dt.date(2026, 11, 20), digest(head))
    assert world.mistakes == []
