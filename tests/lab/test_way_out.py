"""A gateway of the lab tells what criteria ask for, as netwatch's own survey reads it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netwatch.lab.agents.equipment import machine, mib
from netwatch.lab.agents.way_out import (
    DEFAULT_ROUTE,
    INET_CIDR_ROUTE_ENTRY,
    PING_HISTORY_ENTRY,
    date_and_time,
)
from netwatch.lab.plan.layout import SimulatedDevice
from netwatch.model.device import Role
from netwatch.polling.survey.media import of_if_type
from netwatch.polling.survey.stamps import moment
from netwatch.protocols import ber

NOW = 1_795_000_030.0
IF_TYPE = (1, 3, 6, 1, 2, 1, 2, 2, 1, 3)
LEAVES_BY = (*INET_CIDR_ROUTE_ENTRY, 7, *DEFAULT_ROUTE)


class Gateway:
    def __init__(self, ports: int, fibre: str, turned: int = 0) -> None:
        device = SimulatedDevice(
            name="gw", address="198.18.16.1", role=Role.UPLINK, ports=ports, area="", unit="1"
        )
        self.mib = mib(Role.UPLINK, ports, fibre, turned)
        self.machine = machine(device, started=NOW - 60)

    def read(self, *name: int) -> bytes:
        position = self.mib.arcs.index(name)
        encoded = self.mib.variables[position].value(self.machine, NOW)
        _, start, end = ber.header(encoded, 0, len(encoded))
        return encoded[start:end]

    def number(self, *name: int) -> int:
        return ber.integer(self.read(*name))

    def probes(self) -> list[tuple[int, ...]]:
        return [arcs for arcs in self.mib.arcs if arcs[: len(PING_HISTORY_ENTRY)] == PING_HISTORY_ENTRY]


def test_the_default_route_leaves_by_the_fibre_and_by_the_4g_where_that_is_down() -> None:
    gateway = Gateway(6, "sfp1")
    assert gateway.number(*LEAVES_BY) == 1
    gateway.machine.set_port("sfp1", NOW, up=False)
    assert of_if_type(gateway.number(*IF_TYPE, gateway.number(*LEAVES_BY))) == "radio"


def test_without_a_4g_the_route_stays() -> None:
    gateway = Gateway(5, "sfp1")
    gateway.machine.set_port("sfp1", NOW, up=False)
    assert gateway.number(*LEAVES_BY) == 1


def test_a_route_follows_its_port_where_the_interfaces_are_renumbered() -> None:
    assert Gateway(6, "sfp1", turned=1).number(*LEAVES_BY) == 2


@pytest.mark.parametrize(
    ("ports", "fibre", "there"), [(5, "sfp1", 3), (6, "sfp1", 3), (5, "ether1", 3), (6, "ether1", 0)]
)
def test_nobody_configured_a_probe_behind_an_ont_with_a_4g(ports: int, fibre: str, there: int) -> None:
    assert len(Gateway(ports, fibre).probes()) == there


def test_the_probe_answers_while_a_way_out_is_up() -> None:
    gateway = Gateway(5, "sfp1")
    status, date = (
        next(arcs for arcs in gateway.probes() if arcs[len(PING_HISTORY_ENTRY)] == column)
        for column in (3, 5)
    )
    assert gateway.number(*status) == 1
    told = moment(gateway.read(*date))
    assert told is not None
    assert 0 <= NOW - told.seconds < 60
    gateway.machine.set_port("sfp1", NOW, up=False)
    assert gateway.number(*status) == 4


@given(st.integers(0, 2**32))
def test_dates_are_read_as_they_were_meant(seconds: int) -> None:
    told = moment(date_and_time(seconds))
    assert told is not None
    assert (told.seconds, told.zoned) == (seconds, True)
