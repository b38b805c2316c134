"""What becomes of LLDP-MIB and CISCO-CDP-MIB, whatever an agent tells in them."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from netwatch.model.device import Credential, Device, Role
from netwatch.model.neighbour import LldpSelf, Neighbour, Neighbourhood
from netwatch.model.observation import InterfaceName
from netwatch.model.secret import Secret
from netwatch.polling.cdp import device_id
from netwatch.polling.conversation import Conversations
from netwatch.polling.lldp import chassis_id, management_addresses, port_id
from netwatch.polling.neighbours import MOST, merged, read_neighbourhood, read_neighbours
from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LLDP = (1, 0, 8802, 1, 1, 2, 1)
CDP = (1, 3, 6, 1, 4, 1, 9, 9, 23, 1, 2, 1, 1)
CREDENTIAL = Credential("c", "2c", Secret("public"))
ADDRESS = "198.51.100.1"
INTERFACES = tuple(
    InterfaceName(
        f"ge{index}", index, f"ge{index}", "uplink" if index == 4 else "desk", f"GigabitEthernet {index}"
    )
    for index in range(1, 5)
)
MAC = bytes.fromhex("02aabbccdd01")


def text(octets: bytes) -> bytes:
    return ber.encode(ber.OCTET_STRING, octets)


number = ber.encode_integer


def own(name: bytes = b"sw-1", chassis: bytes = MAC) -> dict[tuple[int, ...], bytes]:
    return {(*LLDP, 3, 1, 0): number(4), (*LLDP, 3, 2, 0): text(chassis), (*LLDP, 3, 3, 0): text(name)}


def port(local: int, subtype: int, identifier: bytes, described: bytes = b"") -> dict[tuple[int, ...], bytes]:
    told = {2: number(subtype), 3: text(identifier), 4: text(described)}
    return {(*LLDP, 3, 7, 1, column, local): value for column, value in told.items()}


def remote(
    local: int,
    index: int = 1,
    *,
    mark: int = 0,
    chassis: tuple[int, bytes] = (4, MAC),
    port: tuple[int, bytes] = (5, b"xe7"),
    name: bytes = b"core",
) -> dict[tuple[int, ...], bytes]:
    told = {
        4: number(chassis[0]),
        5: text(chassis[1]),
        6: number(port[0]),
        7: text(port[1]),
        8: text(b"to the office"),
        9: text(name),
    }
    return {(*LLDP, 4, 1, 1, column, mark, local, index): value for column, value in told.items()}


def address(local: int, *octets: int, index: int = 1, mark: int = 0) -> dict[tuple[int, ...], bytes]:
    family = 1 if len(octets) == 4 else 2
    return {(*LLDP, 4, 2, 1, 3, mark, local, index, family, len(octets), *octets): number(2)}


def cached(
    index: int, device: bytes, port: bytes = b"Gi0/1", ip: bytes = bytes((192, 0, 2, 9))
) -> dict[tuple[int, ...], bytes]:
    told = {3: number(1), 4: text(ip), 6: text(device), 7: text(port)}
    return {(*CDP, column, index, 1): value for column, value in told.items()}


@pytest.fixture
def ask(play: Callable[..., Any]) -> Callable[..., Neighbourhood]:
    """Ask an agent that tells these objects; `trouble` may do something to it first."""

    def ask(
        *parts: Mapping[tuple[int, ...], bytes], trouble: Callable[[Any], object] = lambda _: None
    ) -> Neighbourhood:
        found: list[Neighbourhood] = []

        async def story(world: Any) -> None:
            agent = world.agent(4)
            for objects in parts:
                agent.objects |= objects
            trouble(agent)
            conversations = Conversations(world.engine)
            device = Device(name="sw-1", address=ADDRESS, role=Role.SWITCH)
            conversation = conversations.open(device, CREDENTIAL, ADDRESS, 20.0)
            found.append(await read_neighbourhood(conversation, INTERFACES))
            conversation = conversations.open(device, CREDENTIAL, ADDRESS, 20.0)
            assert await read_neighbours(conversation, INTERFACES) == found[0].neighbours

        play(story)
        return found[0]

    return ask


def test_a_neighbour_is_told_with_ports_chassis_name_and_address(ask: Callable[..., Neighbourhood]) -> None:
    seen = ask(own(), port(9, 5, b"ge4"), remote(9), address(9, 192, 0, 2, 1))
    assert seen == Neighbourhood(
        LldpSelf("02:aa:bb:cc:dd:01", "sw-1"),
        (Neighbour("lldp", "ge4", "02:aa:bb:cc:dd:01", "core", "xe7", "192.0.2.1"),),
        complete=True,
    )


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        (port(2, 5, b"ge3"), "ge3"),  # interfaceName, whatever the number
        (port(2, 7, b"GigabitEthernet 3"), "ge3"),  # local: ifDescr
        (port(2, 1, b"uplink"), "ge4"),  # interfaceAlias
        (port(2, 1, b"desk"), "ge2"),  # of several: no help, so the number is an ifIndex
        (port(2, 3, MAC, b"GigabitEthernet 1"), "ge1"),  # macAddress: by its description
        (port(2, 3, MAC, b"?"), "ge2"),  # … else the number is an ifIndex
        (port(77, 7, b"Slot 7"), "Slot 7"),  # nothing like it in ifTable: as LLDP names it
        ({}, "ge2"),
    ],
)
def test_our_own_port_is_found_by_what_lldp_says_of_it(
    objects: Mapping[tuple[int, ...], bytes], expected: str, ask: Callable[..., Neighbourhood]
) -> None:
    local = 77 if (*LLDP, 3, 7, 1, 2, 77) in objects else 2
    (neighbour,) = ask(own(), objects, remote(local)).neighbours
    assert neighbour.port == expected


@pytest.mark.parametrize(
    ("read", "subtype", "octets", "expected"),
    [
        (chassis_id, 4, MAC, "02:aa:bb:cc:dd:01"),
        (chassis_id, 4, b"02-AA-BB-CC-DD-01", "02:aa:bb:cc:dd:01"),  # written out
        (chassis_id, 5, b"\x01\xc0\x00\x02\x01", "192.0.2.1"),
        (chassis_id, 5, b"\x01\xc0\x00\x02", "01:c0:00:02"),  # an octet short
        (chassis_id, 7, b"SERIAL-1\x00", "SERIAL-1"),
        (chassis_id, 7, b"\x00\x01\xfe", "00:01:fe"),
        (chassis_id, 0, b"", ""),
        (port_id, 3, MAC, "02:aa:bb:cc:dd:01"),
        (port_id, 4, b"\x02" + bytes(15) + b"\x01", "::1"),
        (port_id, 5, b"xe-0/0/1", "xe-0/0/1"),
        (port_id, 4, b"ge1", "ge1"),  # a port id of subtype 4 is an address, this is none
        (port_id, 7, b"a\nb", "a b"),
        (port_id, 7, b"x" * 400, "x" * 255),
    ],
)
def test_identifiers_are_read_by_their_subtype(
    read: Callable[[int, bytes], str], subtype: int, octets: bytes, expected: str
) -> None:
    assert read(subtype, octets) == expected


@pytest.mark.parametrize(
    ("indices", "expected"),
    [
        ([(0, 3, 1, 1, 4, 192, 0, 2, 1)], "192.0.2.1"),
        ([(0, 3, 1, 1, 192, 0, 2, 1)], "192.0.2.1"),  # without the length
        ([(0, 3, 1, 2, 16, 0x20, 1, 13, 184, *[0] * 11, 1)], "2001:db8::1"),
        ([(0, 3, 1, 2, 16, 0x20, 1, 13, 184, *[0] * 11, 1), (0, 3, 1, 1, 4, 192, 0, 2, 1)], "192.0.2.1"),
        ([(0, 3, 1, 1, 4, 192, 0, 2, 1), (0, 3, 1, 1, 4, 192, 0, 2, 2)], "192.0.2.1"),
        ([(0, 3, 1, 1, 4, 0, 0, 0, 0), (0, 3, 1, 1, 4, 127, 0, 0, 1)], None),  # nobody's
        ([(0, 3, 1, 2, 16, 0xFE, 0x80, *[0] * 13, 1)], None),  # link-local
        ([(0, 3, 1, 1, 4, 192, 0, 2, 256)], None),
        ([(0, 3, 1, 1, 4, 192, 0, 2), (0, 3, 1, 6, 6, *MAC), (0, 3), (), (0, 3, 1, 1)], None),
    ],
)
def test_the_management_address_is_read_from_the_index(
    indices: list[tuple[int, ...]], expected: str | None
) -> None:
    assert management_addresses(iter(indices)).get((3, 1)) == expected


@given(st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=40).map(tuple), max_size=5))
def test_no_index_is_too_strange(indices: list[tuple[int, ...]]) -> None:
    for address in management_addresses(indices).values():
        assert ipaddress.ip_address(address).compressed == address


@given(st.integers(0, 9), st.binary(max_size=300))
def test_no_identifier_is_too_strange(subtype: int, octets: bytes) -> None:
    for told in (chassis_id(subtype, octets), port_id(subtype, octets)):
        assert len(told) <= 255
        assert "\ufffd" not in told
        assert told == told.strip()


def test_a_row_under_several_time_marks_is_one_neighbour_as_it_was_last(
    ask: Callable[..., Neighbourhood],
) -> None:
    seen = ask(own(), remote(2, mark=10, name=b"old"), remote(2, mark=20, name=b"new"))
    assert [neighbour.name for neighbour in seen.neighbours] == ["new"]


def test_cdp_tells_of_those_that_lldp_does_not(ask: Callable[..., Neighbourhood]) -> None:
    seen = ask(own(), cached(1, b"sw1.example(FOC1234)"), remote(2, name=b"core"), cached(2, b"CORE.example"))
    assert [
        (each.protocol, each.port, each.name, each.chassis, each.address) for each in seen.neighbours
    ] == [
        ("lldp", "ge2", "core", "02:aa:bb:cc:dd:01", ""),
        ("cdp", "ge1", "sw1.example", "FOC1234", "192.0.2.9"),
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("sw1.domain(SERIAL)", ("sw1.domain", "SERIAL")),
        ("sw1", ("sw1", "")),
        ("", ("", "")),
        ("(SERIAL)", ("(SERIAL)", "")),
        ("a(b)(c)", ("a(b)(c)", "")),
    ],
)
def test_a_device_id_may_bear_a_serial_number(told: str, expected: tuple[str, str]) -> None:
    assert device_id(told) == expected


def test_a_device_without_lldp_speaks_of_nobody(ask: Callable[..., Neighbourhood]) -> None:
    seen = ask()
    assert (seen.neighbours, seen.complete, seen.speaks) == ((), True, False)


def test_what_a_device_sends_is_cleaned(ask: Callable[..., Neighbourhood]) -> None:
    (seen,) = ask(own(), remote(2, name=b"evil\x1b[2J\x00", port=(5, b"a\x07"))).neighbours
    assert seen.name == "evil\ufffd[2J"
    assert seen.remote_port == "61:07", "an identifier that cannot be shown is told in hexadecimal"


def test_silence_half_way_leaves_what_was_told_and_is_not_complete(
    ask: Callable[..., Neighbourhood],
) -> None:
    def falls_silent(agent: Any) -> None:
        def stop(requests: int) -> None:
            if requests > 1:
                agent.community = b"nobody's"

        agent.on_request = stop

    seen = ask(own(), remote(2), trouble=lambda agent: setattr(agent, "silent_above", -1))
    assert seen.complete, "by GETNEXT, for whom GETBULK is too much"
    seen = ask(own(), remote(2), trouble=falls_silent)
    assert (seen.neighbours, seen.complete) == ((), False)


def test_more_neighbours_than_any_device_has_are_cut_and_not_complete(
    ask: Callable[..., Neighbourhood],
) -> None:
    many: dict[tuple[int, ...], bytes] = {}
    for index in range(1, MOST + 2):
        many[*CDP, 6, index, 1] = text(b"sw%d" % index)
    seen = ask(own(), many)
    assert len(seen.neighbours) == MOST
    assert not seen.complete


class Name(str):
    """A name that counts how often names are looked at."""

    __slots__ = ()
    looked = 0

    def partition(self, sep: str, /) -> tuple[str, str, str]:
        Name.looked += 1
        return super().partition(sep)


def test_neighbours_without_number_on_one_port_are_each_looked_at_once() -> None:
    """Anybody who is plugged in can send LLDP and CDP under as many names as a table holds."""
    Name.looked = 0
    heard = [Neighbour("lldp", "ge1", "", Name(f"lldp-{each}.lan"), "") for each in range(300)]
    told = [Neighbour("cdp", "ge1", "", Name(f"cdp-{each}.lan"), "") for each in range(300)]
    assert merged(heard, told) == [*heard, *told]
    assert Name.looked == 600


@pytest.mark.parametrize(
    ("port", "name", "address", "same"),
    [
        ("ge1", "SW1.other", "", True),
        ("ge1", "box", "192.0.2.1", True),
        ("ge1", "box", "", False),
        ("ge2", "sw1", "192.0.2.1", False),
    ],
)
def test_a_box_that_both_tell_of_on_one_port_is_one(port: str, name: str, address: str, same: bool) -> None:
    heard = (Neighbour("lldp", "ge1", "", "sw1.lan", "", "192.0.2.1"), Neighbour("lldp", "ge1", "", "x", ""))
    assert len(merged(heard, (Neighbour("cdp", port, "", name, "", address),))) == 3 - same
