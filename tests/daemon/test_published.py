"""What is decided, observed and counted is found where Prometheus and people look for it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.daemon.configuration import Configuration
from netwatch.daemon.published import Published, roll
from netwatch.judgement.events import Reconfigured
from netwatch.judgement.reducer import Judgement
from netwatch.model.observation import Observation
from netwatch.model.outcome import Outcome
from netwatch.protocols.icmp import Rejection
from netwatch.publishing.self_metrics import LedgerTotals

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from netwatch.inventory.load import Inventory

T0 = 1_790_000_000.0


@pytest.fixture
def inventory(folder: Path) -> Inventory:
    return Configuration(folder, folder / "state", {}).first().inventory


class World:
    """A `Published` between a judgement and engines that only count."""

    def __init__(self, inventory: Inventory, listener: socket.socket) -> None:
        self.echo = SimpleNamespace(drops=3, rejected=Counter({Rejection.LATE: 2}))
        self.snmp = SimpleNamespace(dropped=4, rejected=Counter({"late or duplicate": 5}))
        self.forced: list[bool] = []
        self.judgement = Judgement(inventory.settings.rules)
        engines: Any = (self.echo, self.snmp)
        self.published = Published(inventory, self.judgement, engines, listener, self.reload, LedgerTotals)
        self.configure(inventory)

    async def reload(self, force: bool) -> str:
        self.forced.append(force)
        return "site.yaml:1:1: bad" if force else ""

    def configure(self, inventory: Inventory) -> None:
        self.judgement.advance(Reconfigured(T0, (), inventory.devices))
        called = roll(inventory, inventory.units(dt.date(2026, 11, 20)))
        self.published.configure(inventory, called, inventory.devices, T0)

    def observe(self, device: str) -> None:
        seen = Observation(device, T0, Outcome.ANSWERED, 0.1, uptime=60.0)
        self.judgement.advance(seen)
        self.published.observe(seen)


def play(inventory: Inventory, listener: socket.socket, story: Callable[[World], Awaitable[None]]) -> None:
    async def main() -> None:
        world = World(inventory, listener)
        await world.published.start()
        try:
            await story(world)
        finally:
            await world.published.stop()

    asyncio.run(main())


def test_it_is_ready_once_it_is_said_to_be(inventory: Inventory, listener: socket.socket, site: Any) -> None:
    async def story(world: World) -> None:
        assert await site.ask("/-/ready") == (503, "starting\n")
        assert (await site.ask("/-/healthy"))[0] == 200
        world.published.ready()
        assert (await site.ask("/-/ready"))[0] == 200

    play(inventory, listener, story)


def test_the_engines_counts_are_told_by_protocol(
    inventory: Inventory, listener: socket.socket, site: Any
) -> None:
    async def story(world: World) -> None:
        samples = await site.samples()
        drops = {labels["protocol"]: value for labels, value in samples["netwatch_socket_drops_total"]}
        assert drops == {"icmp": 3, "snmp": 4}
        rejected = samples["netwatch_rejected_datagrams_total"]
        assert {(labels["protocol"], labels["reason"]): value for labels, value in rejected} == {
            ("icmp", str(Rejection.LATE)): 2,
            ("snmp", "late or duplicate"): 5,
        }

    play(inventory, listener, story)


def test_a_device_that_is_gone_is_shown_no_more(
    inventory: Inventory, listener: socket.socket, site: Any
) -> None:
    """Neither what it told before nor what a poll that was under way brings."""

    async def story(world: World) -> None:
        world.observe("sw")
        assert "sysUpTime" in await site.samples("/metrics/devices")
        world.configure(replace(inventory, devices=inventory.devices[:1]))
        assert "sysUpTime" not in await site.samples("/metrics/devices")
        world.observe("sw")
        assert "sysUpTime" not in await site.samples("/metrics/devices")
        assert await site.value("netwatch_device_info", device="sw") is None
        assert await site.value("netwatch_device_info", device="gw") == 1

    play(inventory, listener, story)


@pytest.mark.parametrize(
    ("path", "force", "answer"),
    [
        ("/-/reload", False, (200, "reloaded\n")),
        ("/-/reload?force=1", True, (500, "site.yaml:1:1: bad\n")),
    ],
)
def test_a_reload_is_passed_on_and_its_problems_come_back(
    inventory: Inventory,
    listener: socket.socket,
    site: Any,
    *,
    path: str,
    force: bool,
    answer: tuple[int, str],
) -> None:
    async def story(world: World) -> None:
        assert await site.ask(path, "POST") == answer
        assert world.forced == [force]

    play(inventory, listener, story)


@pytest.mark.parametrize(("day", "units"), [("2018-01-01", 161), ("2020-01-01", 161), ("2026-01-01", 104)])
def test_the_roll_has_every_unit_in_force(inventory: Inventory, day: str, units: int) -> None:
    called = roll(inventory, inventory.units(dt.date.fromisoformat(day)))
    assert called.register == "hung-yen"
    assert len(called.units) == units
    assert {register for register, _ in called.units} == {"hung-yen"}


def test_the_pages_show_units_and_devices_as_they_are_and_no_address(
    inventory: Inventory, listener: socket.socket, site: Any
) -> None:
    async def story(world: World) -> None:
        world.published.show_windows(frozenset((("hung-yen", "12004"),)), frozenset())
        _, told = await site.ask("/api/v1/devices")
        devices = {device["name"]: device for device in json.loads(told)["devices"]}
        assert {name: (device["role"], device["unit"]) for name, device in devices.items()} == {
            "gw": ("uplink", "12004"),
            "sw": ("switch", "12004"),
        }
        _, units = await site.ask("/api/v1/units")
        rows = {unit["code"]: unit for unit in json.loads(units)["units"]}
        assert len(rows) == 104
        assert {code for code, unit in rows.items() if unit["monitored"]} == {"12004"}
        assert {code for code, unit in rows.items() if unit["maintenance"]} == {"12004"}
        pages = [(await site.ask(path))[1] for path in ("/", "/units/hung-yen/12004", "/api/v1/claims")]
        for page in (told, units, *pages):
            assert "127.0.0." not in page
            assert "geheim" not in page

    play(inventory, listener, story)


@pytest.mark.parametrize(("refuse", "last_good"), [(True, True), (False, False)])
def test_a_refused_configuration_is_told_and_a_good_one_is_not(
    inventory: Inventory, listener: socket.socket, site: Any, *, refuse: bool, last_good: bool
) -> None:
    async def story(world: World) -> None:
        world.published.own.refused()
        if not refuse:
            world.published.own.loaded(T0)
        _, told = await site.ask("/api/v1/units")
        assert json.loads(told)["notices"] == {"blind": [], "last_good": last_good, "reading": False}

    play(inventory, listener, story)


def test_without_a_register_nobody_is_called(inventory: Inventory) -> None:
    none = replace(inventory, registers={})
    assert roll(none, none.units(dt.date(2026, 1, 1))).units == ()
