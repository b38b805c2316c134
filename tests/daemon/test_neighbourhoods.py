"""Whom devices see is compared now and then: one warning a wrong parent, and no claim from who is silent."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.daemon.neighbourhoods import Neighbourhoods
from netwatch.model.device import Device, Role
from netwatch.model.fact import Survey
from netwatch.model.neighbour import LldpSelf, Neighbour, Neighbourhood
from netwatch.model.observation import Observation, SystemGroup
from netwatch.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

CORE = Device(name="core", address="198.18.0.1", role=Role.CORE, snmp="noc")
AREA = Device(name="area", address="198.18.0.2", role=Role.CORE, snmp="noc", parents=("core",))
GATEWAY = Device(name="gw", address="198.18.1.1", role=Role.UPLINK, snmp="noc", unit="1", parents=("core",))
MACS = {"core": "02:00:00:00:00:01", "area": "02:00:00:00:00:02", "gw": "02:00:00:00:00:03"}


class Resolver:
    def address(self, written: str) -> str | None:
        return written


class World:
    def __init__(self) -> None:
        self.shown: list[tuple[Any, ...]] = []
        self.compared = 0
        self.neighbourhoods = Neighbourhoods(Resolver(), self.aside, self.shown.append)  # type: ignore[arg-type]
        self.neighbourhoods.use((CORE, AREA, GATEWAY))

    async def aside(self, do: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
        self.compared += 1
        return do()

    def sees(
        self, name: str, *others: str, complete: bool = True, outcome: Outcome = Outcome.ANSWERED
    ) -> None:
        neighbours = tuple(
            Neighbour("lldp", f"to-{other}", MACS[other], other, f"to-{name}") for other in others
        )
        told = Neighbourhood(LldpSelf(MACS[name], name), neighbours, complete)
        self.neighbourhoods.surveyed(Survey(name, 0.0, outcome, 0.1, neighbourhood=told))

    def compare(self) -> list[tuple[str, str, str]]:
        asyncio.run(self.neighbourhoods.compare())
        return [(each.device, each.parent, each.neighbour) for each in self.shown[-1]]


@pytest.fixture
def world() -> World:
    return World()


def as_it_is(world: World) -> None:
    """The gateway hangs on the area's router, whatever its configuration says."""
    world.sees("core", "area")
    world.sees("area", "core", "gw")
    world.sees("gw", "area")


def test_a_parent_that_is_not_plugged_in_is_shown_and_warned_of_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    as_it_is(world)
    with caplog.at_level(logging.WARNING):
        assert world.compare() == [("gw", "core", "area")]
        world.sees("area", "core", "gw", complete=False)
        world.compare()
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) == 1
    assert all(name in warnings[0] for name in ("gw", "core", "area"))


def test_nothing_is_compared_where_nothing_changed(world: World) -> None:
    as_it_is(world)
    world.compare()
    as_it_is(world)
    world.compare()
    assert world.compared == 1


def test_who_does_not_answer_says_nothing(world: World) -> None:
    as_it_is(world)
    world.sees("gw", "area", outcome=Outcome.TIMEOUT)
    assert world.compare() == []


def test_a_device_that_is_watched_no_longer_is_forgotten(world: World) -> None:
    as_it_is(world)
    world.compare()
    world.neighbourhoods.use((CORE, AREA))
    assert world.compare() == []
    world.neighbourhoods.use((CORE, AREA, GATEWAY))
    assert world.compare() == []  # what it told before is gone


def test_the_name_that_a_device_gives_itself_finds_it(world: World) -> None:
    """Its neighbours know it by sysName, which is not what the configuration calls it."""
    group = SystemGroup("", (), 0, "", "rt-van-lam", "")
    world.neighbourhoods.observed(Observation("area", 0.0, Outcome.ANSWERED, 0.1, system=group))
    as_it_is(world)
    known = Neighbour("lldp", "ether1", "", "rt-van-lam.example", "ge5")
    told = Neighbourhood(LldpSelf(MACS["gw"], "gw"), (known,), complete=True)
    world.neighbourhoods.surveyed(Survey("gw", 0.0, Outcome.ANSWERED, 0.1, neighbourhood=told))
    assert world.compare() == [("gw", "core", "area")]
