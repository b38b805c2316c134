"""End stations and hosts: how many, at which port; never who."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from netwatch.model.fact import FactKind
from netwatch.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

Q_BRIDGE = (1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1)
BRIDGE = (1, 3, 6, 1, 2, 1, 17, 4, 3, 1)
BASE_PORT = (1, 3, 6, 1, 2, 1, 17, 1, 4, 1, 2)
PHYSICAL = (1, 3, 6, 1, 2, 1, 4, 35, 1)
MEDIA = (1, 3, 6, 1, 2, 1, 4, 22, 1)
LEASES = (1, 3, 6, 1, 4, 1, 14988, 1, 1, 6, 1, 0)

LEARNED, SELF = 3, 4


def mac(number: int) -> tuple[int, ...]:
    return (0x02, 0xAA, *number.to_bytes(4))


def q_bridge(field: Any, vlan: int, address: tuple[int, ...], port: int, status: int = LEARNED) -> None:
    field.number((*Q_BRIDGE, 2, vlan, *address), port)
    field.number((*Q_BRIDGE, 3, vlan, *address), status)


def bridge(field: Any, address: tuple[int, ...], port: int, status: int = LEARNED) -> None:
    field.number((*BRIDGE, 2, *address), port)
    field.number((*BRIDGE, 3, *address), status)


def physical(
    field: Any, port: int, ip: tuple[int, ...], address: tuple[int, ...], *, kind: int = 3, state: int = 1
) -> None:
    index = (port, 1 if len(ip) == 4 else 2, len(ip), *ip)
    field.text((*PHYSICAL, 4, *index), bytes(address))
    field.number((*PHYSICAL, 6, *index), kind)
    field.number((*PHYSICAL, 7, *index), state)


def media(field: Any, port: int, ip: tuple[int, ...], address: tuple[int, ...], kind: int = 3) -> None:
    field.text((*MEDIA, 2, port, *ip), bytes(address))
    field.number((*MEDIA, 4, port, *ip), kind)


def counts(survey: Any, kind: FactKind) -> dict[str, float]:
    return {fact.subject: fact.value for fact in survey.facts if fact.kind is kind}


def learnt_at_two_ports(field: Any) -> None:
    for number in range(5):
        q_bridge(field, 1, mac(number), 101 if number < 3 else 102)


def one_station_in_two_vlans(field: Any) -> None:
    for vlan in (1, 2):
        q_bridge(field, vlan, mac(1), 101)


def entries_that_were_not_learnt(field: Any) -> None:
    for status in (1, 2, 4, 5):
        q_bridge(field, 1, mac(status), 101, status)
    q_bridge(field, 1, mac(9), 102)


def the_bridge_itself(field: Any) -> None:
    q_bridge(field, 1, mac(1), 0)
    q_bridge(field, 1, mac(2), 999)  # no such bridge port


def group_addresses_and_none(field: Any) -> None:
    q_bridge(field, 1, (0x01, 0, 0x5E, 0, 0, 1), 101)
    q_bridge(field, 1, (0xFF,) * 6, 101)
    q_bridge(field, 1, (0,) * 6, 101)


def indices_that_are_no_address(field: Any) -> None:
    q_bridge(field, 1, (2, 0, 0, 0, 0, 300), 101)
    q_bridge(field, 1, (2, 0, 0), 101)
    q_bridge(field, 1, (*mac(1), 7), 101)
    q_bridge(field, 1, mac(2), 102)


def the_older_table(field: Any) -> None:
    bridge(field, mac(1), 101)
    bridge(field, mac(2), 101, SELF)


def both_tables(field: Any) -> None:
    q_bridge(field, 1, mac(1), 101)
    bridge(field, mac(1), 101)
    bridge(field, mac(2), 101)


def ports_of_the_wrong_type(field: Any) -> None:
    field.text((*Q_BRIDGE, 2, 1, *mac(1)), b"ge1")
    field.number((*Q_BRIDGE, 3, 1, *mac(1)), LEARNED)
    q_bridge(field, 1, mac(2), 102)


def no_status(field: Any) -> None:
    field.number((*Q_BRIDGE, 2, 1, *mac(1)), 101)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (learnt_at_two_ports, {"ge1": 3, "ge2": 2}),
        (one_station_in_two_vlans, {"ge1": 1}),
        (entries_that_were_not_learnt, {"ge2": 1}),
        (the_bridge_itself, {}),
        (group_addresses_and_none, {}),
        (indices_that_are_no_address, {"ge2": 1}),
        (the_older_table, {"ge1": 1}),
        (both_tables, {"ge1": 1}),
        (ports_of_the_wrong_type, {"ge2": 1}),
        (no_status, {}),
        (lambda _: None, {}),
    ],
)
def test_stations_are_counted_by_the_port_where_a_bridge_learnt_them(
    in_the_field: Callable[..., None], given: Callable[[Any], None], found: dict[str, float]
) -> None:
    async def story(field: Any) -> None:
        for index in (1, 2):
            field.port(index, f"ge{index}")
            field.number((*BASE_PORT, 100 + index), index)
        given(field)
        survey = await field.survey()
        assert survey.outcome is Outcome.ANSWERED
        assert counts(survey, FactKind.STATIONS) == found

    in_the_field(story)


def test_a_table_that_has_no_end_is_counted_as_far_as_it_is_taken(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        field.port(1, "ge1")
        field.number((*BASE_PORT, 101), 1)
        for number in range(6000):
            q_bridge(field, 1, mac(number), 101)
        field.large()
        survey = await field.survey()
        assert 4096 <= counts(survey, FactKind.STATIONS)["ge1"] < 4200
        assert dict(survey.refused)["too many rows"] == 1
        assert survey.outcome is Outcome.ANSWERED

    in_the_field(story)


def by_arp_and_nd(field: Any) -> None:
    physical(field, 1, (10, 0, 0, 1), mac(1))
    physical(field, 1, (0x20, 1, *(0,) * 13, 1), mac(1))  # the same host
    physical(field, 1, (10, 0, 0, 2), mac(2), state=2)
    physical(field, 2, (10, 9, 0, 2), mac(3))


def rows_of_nobody(field: Any) -> None:
    physical(field, 1, (10, 0, 0, 1), mac(1), state=7)
    physical(field, 1, (10, 0, 0, 2), mac(2), state=5)
    physical(field, 1, (10, 0, 0, 3), mac(3), kind=5)
    physical(field, 1, (10, 0, 0, 4), mac(4), kind=4)
    physical(field, 1, (10, 0, 0, 5), (0,) * 6)
    physical(field, 1, (10, 0, 0, 6), ())
    physical(field, 1, (10, 0, 0, 7), (0xFF,) * 6)
    physical(field, 2, (10, 0, 0, 8), mac(8), state=6)


def by_arp_alone(field: Any) -> None:
    media(field, 1, (10, 0, 0, 1), mac(1))
    media(field, 1, (10, 0, 0, 2), mac(2))
    media(field, 1, (10, 0, 0, 3), mac(3), kind=2)
    media(field, 2, (10, 0, 0, 4), mac(4), kind=4)


def leases(field: Any) -> None:
    field.number(LEASES, 42, 0x42)


def leases_that_cannot_be(field: Any) -> None:
    field.number(LEASES, 2**31, 0x42)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (by_arp_and_nd, {"ge1": 2, "ge2": 1}),
        (rows_of_nobody, {"ge2": 1}),
        (by_arp_alone, {"ge1": 2}),
        (leases, {"": 42}),
        (leases_that_cannot_be, {}),
        (lambda _: None, {}),
    ],
)
def test_hosts_are_counted_by_interface_each_once(
    in_the_field: Callable[..., None], given: Callable[[Any], None], found: dict[str, float]
) -> None:
    async def story(field: Any) -> None:
        for index in (1, 2):
            field.port(index, f"ge{index}")
        given(field)
        assert counts(await field.survey(), FactKind.HOSTS) == found

    in_the_field(story)


OCTETS = st.integers(0x10, 0xFE)
ADDRESSES = st.lists(st.tuples(*[OCTETS] * 5), min_size=1, max_size=6, unique=True)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(macs=ADDRESSES, ips=ADDRESSES, breaks=st.sampled_from(["no", "cuts", "silent", "loops"]))
def test_no_address_of_anybody_is_told_logged_or_remembered(
    in_the_field: Callable[..., None],
    caplog: pytest.LogCaptureFixture,
    macs: list[tuple[int, ...]],
    ips: list[tuple[int, ...]],
    breaks: str,
) -> None:
    """Neither in facts nor anywhere below the surveyor, in whatever form, also where an agent breaks."""

    async def story(field: Any) -> None:
        field.port(1, "ge1")
        field.number((*BASE_PORT, 101), 1)
        stations = [(0x02, *each) for each in macs]
        for each in stations:
            q_bridge(field, 1, each, 101)
            bridge(field, each, 101)
        hosts = list(zip([each[:4] for each in ips], stations, strict=False))
        for ip, address in hosts:
            physical(field, 1, ip, address)
            media(field, 1, ip, address)
        if breaks == "cuts":
            field.agent.cuts_above = 300
        elif breaks == "silent":
            field.agent.silent_above = 1
        elif breaks == "loops":
            field.agent.loops = True
        survey = await field.survey()
        seen = repr(survey) + repr(vars(field.surveyor)) + deep(field.surveyor._memories) + caplog.text
        for address in (*stations, *(ip for ip, _ in hosts)):
            for written in forms(address):
                assert written not in seen
        if breaks == "no":
            assert counts(survey, FactKind.STATIONS) == {"ge1": len(macs)}

    with caplog.at_level(logging.DEBUG):
        in_the_field(story)


def deep(value: Any) -> str:
    """Everything that can be reached from the surveyor's memory, written out."""
    if isinstance(value, dict):
        return "".join(deep(key) + deep(each) for key, each in value.items())
    if isinstance(value, list | tuple | set):
        return "".join(map(deep, value))
    names = getattr(type(value), "__slots__", ())
    return repr(value) + "".join(deep(getattr(value, name, "")) for name in names if isinstance(names, tuple))


def forms(address: tuple[int, ...]) -> list[str]:
    raw = bytes(address)
    return [
        raw.hex(),
        raw.hex(":"),
        raw.hex("-"),
        ".".join(map(str, address)),
        ", ".join(map(str, address)),
        repr(raw)[2:-1],
    ]
