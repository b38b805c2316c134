"""A small province that the tests of this room look at from all sides, and a larger one that has it all."""

from __future__ import annotations

import datetime as dt
import ipaddress
import random
from typing import TYPE_CHECKING

import pytest

from netwatch.lab.plan.addresses import BENCHMARK
from netwatch.lab.plan.layout import Plan, plan as lay_out
from netwatch.lab.plan.sites import Site
from netwatch.lab.province import Province
from netwatch.lab.script.reading import read_script
from netwatch.lab.world.world import World
from netwatch.model.register import Unit
from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.lab.world.truth import Truth


START = 1_790_000_000.0
"""Steady time at which the worlds of these tests begin."""


def unit(code: str, name: str) -> Unit:
    return Unit(code, name, "xã", "", "Hưng Yên", dt.date(2025, 7, 1), None, (), None, None, "")


@pytest.fixture
def sites() -> tuple[Site, ...]:
    """Three units, of which two are of one area."""
    return (
        Site(unit("12004", "Xã Như Quỳnh"), "Văn Lâm", "12001"),
        Site(unit("11992", "Xã Lạc Đạo"), "Văn Lâm", ""),
        Site(unit("12064", "Xã Yên Mỹ"), "Yên Mỹ", "12064"),
    )


@pytest.fixture
def plan(sites: tuple[Site, ...]) -> Plan:
    return lay_out(sites, "Hưng Yên", BENCHMARK)


@pytest.fixture(scope="session")
def large() -> Plan:
    """24 units in three areas: `gw-tan-0` to `gw-tan-23`, all kinds of equipment three times.

    Branches: of area 0 (two routers), 1 (one router) and 2 (two routers), eight units each.
    """
    sites = [Site(unit(str(10000 + i), f"Xã Tân {i}"), f"Huyện {i // 8}", "") for i in range(24)]
    return lay_out(sites, "Hưng Yên", BENCHMARK)


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def province(plan: Plan, clock: Callable[[], float]) -> Province:
    return Province(World(plan, None, clock(), random.Random(1)), clock)


class Played:
    """A world that plays the steps of a test; moments count from its beginning."""

    def __init__(self, plan: Plan, steps: str, duration: str = "1h") -> None:
        text = f"name: test\nabout: {{vi: a, en: a}}\nduration: {duration}\nsteps:\n{steps or '  []'}"
        self.world = World(plan, read_script(text, "test.yaml"), START, random.Random(1))
        self.plan = plan

    def address(self, name: str) -> bytes:
        """Packed address of a device, or of the backup of `4g:UNIT`."""
        if name.startswith("4g:"):
            found = next(office.backup for office in self.plan.offices if office.unit == name[3:])
        else:
            found = next(device.address for device in self.plan.devices if device.name == name)
        return ipaddress.ip_address(found).packed

    def integer(self, name: str, arcs: tuple[int, ...], at: float) -> int:
        """What a device tells of a number at a moment."""
        request = snmp.encode_request(
            b"public", snmp.GET, snmp.REQUEST_IDS[0], snmp.encode_varbind(ber.encode_oid(arcs))
        )
        reply = self.reply(name, request, at)
        assert reply is not None, f"{name} does not answer at {at}"
        response = snmp.decode_response_plainly(reply)
        _, _, content, _ = snmp.varbind(reply, response.start, response.stop)
        return int.from_bytes(content, "big", signed=True)

    def column(self, name: str, arcs: tuple[int, ...], at: float) -> dict[tuple[int, ...], bytes]:
        """What a device tells of a column at a moment, by index, walked as `snmpwalk` would."""
        rows: dict[tuple[int, ...], bytes] = {}
        found = arcs
        while True:
            request = snmp.encode_request(
                b"public", snmp.GETNEXT, snmp.REQUEST_IDS[0], snmp.encode_varbind(ber.encode_oid(found))
            )
            reply = self.reply(name, request, at)
            assert reply is not None, f"{name} does not answer at {at}"
            response = snmp.decode_response_plainly(reply)
            encoded, tag, content, _ = snmp.varbind(reply, response.start, response.stop)
            found = ber.oid(encoded)
            if tag in snmp.EXCEPTIONS or found[: len(arcs)] != arcs:
                return rows
            rows[found[len(arcs) :]] = content

    def truth(self, at: float) -> Truth:
        """What was true from the beginning to a moment."""
        self.world.advance(START + at)
        return self.world.truth()

    def answers(self, name: str, at: float) -> bool:
        """Tell whether an echo at a moment is answered."""
        return bool(self.delays(name, at))

    def delays(self, name: str, at: float) -> tuple[float, ...]:
        """After how many seconds the replies to an echo sent at a moment arrive."""
        return self.world.echo(self.address(name), START + at).delays

    def reply(self, name: str, datagram: bytes, at: float) -> bytes | None:
        """What the agent replies to a datagram at a moment."""
        answer = self.world.snmp(self.address(name), datagram, START + at)
        return answer[1] if answer else None


@pytest.fixture
def play(large: Plan) -> Callable[..., Played]:
    """Play steps, YAML list items, in the large province."""

    def play(*steps: str, duration: str = "1h") -> Played:
        return Played(large, "".join(f"  - {step}\n" for step in steps), duration)

    return play
