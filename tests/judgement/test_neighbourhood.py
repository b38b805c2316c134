"""Who is plugged into whom, the parents that follow from it, and configured ones that are not there."""

from __future__ import annotations

import itertools
import random

import pytest

from netwatch.judgement.neighbourhood import (
    Station,
    components,
    configured_roots,
    graph,
    levels,
    middle,
    mismatches,
    normalised,
    station,
    suggested_parents,
)
from netwatch.model.device import Device, Role, Uplink
from netwatch.model.neighbour import LldpSelf, Neighbour, Neighbourhood

MACS = {name: f"02:00:00:00:00:{number:02x}" for number, name in enumerate("abcdefgh")}


def told(own: str, *neighbours: Neighbour, complete: bool = True) -> Neighbourhood:
    return Neighbourhood(LldpSelf(MACS.get(own, ""), own), neighbours, complete)


def sees(
    name: str, port: str = "p1", *, chassis: str = "", address: str = "", remote_port: str = "q1"
) -> Neighbour:
    return Neighbour("lldp", port, chassis, name, remote_port, address)


def cabled(*cables: tuple[str, str], parents: dict[str, tuple[str, ...]] | None = None) -> list[Station]:
    """Stations that all speak, plugged together; ports are named after who is behind them."""
    names = sorted(set(itertools.chain.from_iterable(cables)))
    ends = [*cables, *((lower, upper) for upper, lower in cables)]
    return [
        Station(
            name=name,
            sys_name=name,
            parents=(parents or {}).get(name, ()),
            told=told(
                name,
                *(
                    sees(other, f"to-{other}", chassis=MACS[other], remote_port=f"to-{name}")
                    for one, other in ends
                    if one == name
                ),
            ),
        )
        for name in names
    ]


@pytest.mark.parametrize(
    ("neighbour", "expected"),
    [
        (sees("b"), "b"),
        (sees("B.example.net"), "b"),
        (sees("", address="192.0.2.2"), "b"),
        (sees("", chassis=MACS["b"]), "b"),
        (sees("", chassis="192.0.2.2"), "b"),  # a chassis may be told apart by an address
        (sees("other", address="192.0.2.2"), "b"),  # a name that nobody has contradicts nobody
        (sees("c", address="192.0.2.2"), None),  # two signs that point at two devices
        (sees("c", chassis=MACS["b"]), None),
        (sees("", chassis=MACS["c"], address="192.0.2.2"), None),
        (sees("b", chassis="02:ff:ff:ff:ff:ff"), None),  # a namesake: another box
        (sees("b", chassis="SERIAL"), "b"),  # ids of two kinds cannot be compared
        (sees("switch"), None),  # two are called so
        (sees("switch", address="192.0.2.9"), "e"),  # … of whom the address is one's
        (sees("", address="192.0.2.77"), None),  # two have this address
        (sees("", chassis=""), None),
        (sees("a"), None),  # its own
    ],
)
def test_a_neighbour_is_a_device_only_where_nothing_contradicts(
    neighbour: Neighbour, expected: str | None
) -> None:
    stations = [
        Station(name="a", sys_name="a", told=told("a", neighbour)),
        Station(name="b", sys_name="b.example.net", addresses=("192.0.2.2",), told=told("b")),
        Station(name="c", sys_name="c", addresses=("192.0.2.77",), told=told("c")),
        Station(name="d", sys_name="switch", addresses=("192.0.2.77",)),
        Station(name="e", sys_name="Switch", addresses=("192.0.2.9",)),
    ]
    for order in (stations, stations[::-1]):
        found = graph(order)
        assert set(found.ports["a"]) == ({expected} - {None})
        if expected:
            assert found.ports[expected] == {"a": "q1"}, "and the other way round, by the port told of it"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SW1.Example.net", "sw1"),
        (" sw1 ", "sw1"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("", ""),
        (".", "."),
    ],
)
def test_names_are_compared_without_domain_and_case(name: str, expected: str) -> None:
    assert normalised(name) == expected


@pytest.mark.parametrize(("tells", "expected"), [("gw.example", "gw.example"), ("", "gw-1")])
def test_a_configured_device_is_known_by_what_it_tells_else_by_what_is_expected(
    tells: str, expected: str
) -> None:
    device = Device(
        name="gw-x",
        address="gw.example.net",
        role=Role.UPLINK,
        unit="12004",
        parents=("a",),
        expect=(("serial", "1"), ("sysName", "gw-1")),
        uplinks=(Uplink("sfp1", "", "", "", None, None), Uplink("", "4g", "", "", None, None)),
    )
    assert station(device, ["192.0.2.1"], tells, None) == Station(
        name="gw-x",
        addresses=("192.0.2.1",),
        parents=("a",),
        role=Role.UPLINK,
        unit="12004",
        sys_name=expected,
        uplink_ports=frozenset({"sfp1"}),
    )


def test_the_port_is_the_one_that_a_device_itself_names() -> None:
    stations = cabled(("a", "b"))
    assert graph(stations).ports == {"a": {"b": "to-b"}, "b": {"a": "to-a"}}
    silent = [stations[0], Station(name="b", sys_name="b")]
    assert graph(silent).ports == {"a": {"b": "to-b"}, "b": {"a": "to-a"}}, "else as its neighbour tells"


TREE = (("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e"), ("b", "c"))
"""Core a, routers b and c (that are plugged into one another too), gateway d on both, switch e."""


def test_parents_are_the_neighbours_one_cable_nearer_the_root() -> None:
    assert suggested_parents(graph(cabled(*TREE)), ("a",)) == {
        "a": (),
        "b": ("a",),
        "c": ("a",),
        "d": ("b", "c"),
        "e": ("d",),
    }


def test_what_hangs_on_no_root_gets_no_parents() -> None:
    found = graph(cabled(*TREE, ("f", "g")))
    assert set(suggested_parents(found, ("a", "nobody"))) == set("abcde")
    assert components(found) == (("a", "b", "c", "d", "e"), ("f", "g"))


def test_parents_never_go_round_in_circles() -> None:
    """Whatever the cables: each parent is one level nearer, and whoever hangs on the root has one."""
    for seed in range(50):
        chance = random.Random(seed)
        cables = [pair for pair in itertools.combinations("abcdefgh", 2) if chance.random() < 0.3]
        if not cables:
            continue
        found = graph(cabled(*cables))
        root = cables[0][0]
        distance = levels(found, (root,))
        for name, parents in suggested_parents(found, (root,)).items():
            assert bool(parents) is (name != root)
            assert all(distance[parent] == distance[name] - 1 for parent in parents)


def test_the_middle_is_where_the_farthest_is_nearest() -> None:
    chain = graph(cabled(("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")))
    assert middle(chain, "abcde") == "c"
    star = graph(cabled(("a", "b"), ("a", "c"), ("a", "d")))
    assert middle(star, "abcd") == "a"


def test_roots_are_cores_and_references_above_which_nothing_is_configured() -> None:
    stations = [
        Station(name="core", role=Role.CORE),
        Station(name="area", role=Role.CORE, parents=("core",)),
        Station(name="way-out", role=Role.REFERENCE),
        Station(name="gw", role=Role.UPLINK),
    ]
    assert configured_roots(stations) == ("core", "way-out")


def warned(stations: list[Station]) -> list[tuple[str, str, str]]:
    return [(each.device, each.parent, each.neighbour) for each in mismatches(stations, graph(stations))]


def test_a_configured_parent_that_is_a_neighbour_is_well() -> None:
    assert warned(cabled(*TREE, parents={"b": ("a",), "d": ("b", "c"), "e": ("d",)})) == []


def test_a_configured_parent_that_is_no_neighbour_is_told_with_who_is() -> None:
    stations = cabled(*TREE, parents={"d": ("a",), "e": ("d",)})
    (mismatch,) = mismatches(stations, graph(stations))
    assert (mismatch.device, mismatch.parent, mismatch.neighbour) == ("d", "a", "b, c")
    assert mismatch.line == (
        "d: its parent a is not among its neighbours, nor the other way round; "
        "it sees b (port to-d) on to-b; c (port to-d) on to-c"
    )


def test_a_stranger_counts_where_the_uplink_is() -> None:
    """A telephone on a desk speaks LLDP too, and is nobody's parent."""
    stations = cabled(("a", "b"))
    told_of_both = told("e", sees("new-router", "sfp1"), sees("telephone", "gi7"))
    gateway = {"name": "e", "sys_name": "e", "parents": ("a",), "told": told_of_both}
    assert warned([*stations, Station(**gateway)]) == []
    stations.append(Station(**gateway, uplink_ports=frozenset({"sfp1"})))
    (mismatch,) = mismatches(stations, graph(stations))
    assert mismatch.neighbour == "new-router"
    assert mismatch.line.endswith("it sees new-router (port q1) on sfp1")


def test_who_sees_nobody_above_may_have_a_line_that_lets_no_lldp_through() -> None:
    """Children, theirs, and parents that are there as configured prove nothing about one that is not seen."""
    stations = cabled(("a", "b"), ("d", "e"), ("d", "f"), parents={"d": ("a",), "e": ("d",), "f": ("e",)})
    assert warned(stations) == [("f", "e", "d")], "f is plugged into d, not e; d tells nothing of a"
    both = cabled(("a", "b"), ("a", "d"), ("d", "e"), parents={"d": ("a", "b"), "e": ("d",)})
    assert warned(both) == []


@pytest.mark.parametrize("who", ["d", "a"])
@pytest.mark.parametrize(
    "says",
    [
        None,
        Neighbourhood(LldpSelf(), (), complete=True),
        Neighbourhood(LldpSelf("02:00:00:00:00:99"), (), complete=True),
        Neighbourhood(LldpSelf(), (sees("x"),), complete=False),
    ],
    ids=["not asked", "without LLDP", "tells nobody", "cut short"],
)
def test_who_tells_nothing_or_not_all_is_no_witness(who: str, says: Neighbourhood | None) -> None:
    stations = cabled(*TREE, parents={"d": ("a",)})
    assert warned(stations)
    stations = [
        Station(
            name=each.name,
            sys_name=each.name,
            parents=each.parents,
            told=says if each.name == who else each.told,
        )
        for each in stations
    ]
    assert warned(stations) == []


def test_a_parent_that_sees_its_child_is_well_though_the_child_does_not_see_it() -> None:
    stations = [
        Station(name="a", sys_name="a", told=told("a", sees("b"))),
        Station(name="b", sys_name="b", parents=("a",), told=told("b", sees("c"))),
        Station(name="c", sys_name="c"),
    ]
    assert warned(stations) == []


def test_a_parent_that_is_not_configured_is_nobody_to_compare_with() -> None:
    stations = cabled(*TREE, parents={"d": ("gone",)})
    assert warned(stations) == []
