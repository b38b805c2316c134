"""From what a sweep heard to a site file that `netwatch check` accepts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from netwatch.cli.found import Box, Tree, boxes, role, site_file
from netwatch.inventory.load import load
from netwatch.model.device import Device, Role
from netwatch.model.neighbour import LldpSelf, Neighbour, Neighbourhood
from netwatch.model.observation import Identity, InterfaceName, InterfaceTable, Observation, SystemGroup
from netwatch.model.outcome import Outcome
from netwatch.polling.sweep import Answerer

if TYPE_CHECKING:
    from pathlib import Path

ADDRESSES = {
    "core": "192.0.2.1",
    "area": "192.0.2.2",
    "gw": "192.0.2.3",
    "sw": "192.0.2.4",
    "ups": "192.0.2.5",
}
CABLES = (("core", "xe1", "area", "xe1"), ("area", "xe2", "gw", "sfp1"), ("gw", "ether2", "sw", "te1"),
          ("gw", "ether3", "ups", "eth0"))  # fmt: skip
PORTS = {"core": 24, "area": 8, "gw": 4, "sw": 26, "ups": 1}


def heard(name: str, **changes: Any) -> Answerer:
    """One device of the small tree, as it answers."""
    address = changes.pop("address", ADDRESSES.get(name, "192.0.2.99"))
    ends = [*CABLES, *((lower, inner, upper, outer) for upper, outer, lower, inner in CABLES)]
    neighbours = tuple(
        Neighbour("lldp", port, chassis(other), other, other_port, ADDRESSES[other])
        for one, port, other, other_port in ends
        if one == name
    )
    ports = [end[1] for end in ends if end[0] == name]
    ports += [f"p{number}" for number in range(PORTS.get(name, 0) - len(ports))]
    rows = tuple(InterfaceName(port, index, port, "", "") for index, port in enumerate(ports, start=1))
    location = changes.pop("location", "")
    observation = Observation(
        device=address,
        at=0.0,
        outcome=Outcome.ANSWERED,
        duration=0.1,
        profile=changes.pop("profile", "generic"),
        system=SystemGroup("", (1, 3), 1, "", changes.pop("sys_name", name), location),
        interfaces=InterfaceTable(1, rows, (), ()),
        identity=changes.pop("identity", None),
    )
    own = LldpSelf(changes.pop("chassis", chassis(name)), name)
    told = Neighbourhood(own, changes.pop("neighbours", neighbours), complete=True)
    fields = {"credential": "lab", "observation": observation, "neighbourhood": told}
    return Answerer(address, **(fields | changes))


def chassis(name: str) -> str:
    return f"02:00:00:00:00:{sum(name.encode()) % 256:02x}"


def everybody() -> list[Answerer]:
    return [*(heard(name) for name in ("core", "area", "gw", "sw")), heard("ups", is_ups=True)]


def grown(found: list[Box]) -> Tree:
    tree = Tree(found)
    tree.root_as_configured()
    if not tree.roots and not tree.root_at(ADDRESSES["core"]):
        tree.root_in_the_middle()
    return tree


def loaded(folder: Path, text: str) -> tuple[Device, ...]:
    """What a configuration with this as its only site file comes to."""
    (folder / "sites" / "site.yaml").write_text(text, "utf-8")
    return load(folder, os.environ).devices


def written(answerers: list[Answerer], **known: Device) -> tuple[str, dict[str, Any]]:
    """The site file, and its devices by name."""
    by_address = {device.address: device for device in known.values()}
    found = boxes(answerers, by_address, [device.name for device in known.values()])
    text = site_file(found, grown(found), 161)
    content = yaml.safe_load(text) or {"sites": []}
    return text, {device["name"]: device for site in content["sites"] for device in site["devices"]}


def test_a_tree_is_written_with_roles_parents_and_ports() -> None:
    _, devices = written(everybody())
    assert {name: device["role"] for name, device in devices.items()} == {
        "core": "core",
        "area": "core",
        "gw": "uplink",
        "sw": "switch",
        "ups": "ups",
    }
    parents = {name: device.get("parents", []) for name, device in devices.items()}
    assert parents == {"core": [], "area": ["core"], "gw": ["area"], "sw": ["gw"], "ups": ["gw"]}
    assert devices["gw"]["uplinks"] == [{"interface": "sfp1"}]
    assert "uplinks" not in devices["sw"], "a switch's way up is no line to the internet"
    assert devices["sw"]["expect"] == {"sysName": "sw"}
    assert devices["sw"]["profile"] == "auto"
    assert devices["ups"]["profile"] == "ups-mib", "its sysObjectID does not say what it is"


def test_what_is_written_passes_check(folder: Path) -> None:
    echo_only = Answerer("2001:db8::7")
    other = heard("x", credential="other", neighbours=(), chassis="", identity=Identity(serial="010"))
    text, devices = written([*everybody(), echo_only, other])
    (folder / "credentials.yaml").write_text(
        "credentials:\n  lab: {version: 2c, community: geheim}\n  other: {version: 2c, community: auch}\n"
    )
    read = {device.name: device for device in loaded(folder, text)}
    assert set(read) == set(devices)
    assert set(read) == {"core", "area", "gw", "sw", "ups", "2001-db8-7", "x"}
    assert {name: device.snmp for name, device in read.items() if device.snmp != "lab"} == {
        "2001-db8-7": None,
        "x": "other",
    }
    assert ("serial", "010") in read["x"].expect
    assert read["sw"].parents == ("gw",)
    assert {device.area for device in read.values()} == {"discovered"}


def test_an_agent_that_refused_is_told(folder: Path) -> None:
    refusal = "credential noc: check protocol and passphrase of auth"
    text, devices = written([*everybody(), Answerer("192.0.2.9", refusal=refusal)])
    assert f"\n# 192-0-2-9 has an agent that refused: {refusal}.\n" in text
    assert (devices["192-0-2-9"]["role"], devices["192-0-2-9"]["snmp"]) == ("server", "none")
    assert len(loaded(folder, text)) == 6


def test_devices_that_share_a_location_are_of_one_area() -> None:
    answerers = [
        heard("gw", location="Văn Lâm"),
        heard("sw", location="Văn Lâm"),
        heard("ups", location="rack 3"),
    ]
    found = boxes(answerers, {}, ())
    sites = yaml.safe_load(site_file(found, grown(found), 1161))["sites"]
    areas = {site["area"]: [device["name"] for device in site["devices"]] for site in sites}
    assert areas == {"Văn Lâm": ["gw", "sw"], "discovered": ["ups"]}


def test_what_is_configured_is_left_out_and_parents_bear_its_name() -> None:
    area = Device(name="rtr-1", address=ADDRESSES["area"], role=Role.CORE, parents=("core",))
    text, devices = written(everybody(), area=area)
    assert "rtr-1" not in devices
    assert "# Left out, as it is configured: rtr-1 (192.0.2.2).\n" in text
    assert devices["gw"]["parents"] == ["rtr-1"]
    assert devices["core"]["role"] == "core"


def test_where_all_is_configured_comments_are_left() -> None:
    known = {name: Device(name=name, address=address, role=Role.CORE) for name, address in ADDRESSES.items()}
    text, devices = written(everybody(), **known)
    assert devices == {}
    assert all(line.startswith("#") for line in text.splitlines())


def test_a_box_with_two_addresses_is_one_at_the_address_that_neighbours_tell() -> None:
    """The 4G backup of a gateway answers as well, and has the lower address here."""
    text, devices = written([*everybody(), heard("gw", address="192.0.2.0")])
    assert devices["gw"]["address"] == ADDRESSES["gw"]
    assert "# gw also answers at 192.0.2.0.\n" in text
    assert len(devices) == 5


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ({"sys_name": "Switch"}, {"sys_name": "switch"}, ["switch", "switch-2"]),
        ({"sys_name": "Xã Như Quỳnh"}, {"sys_name": "gw.example.net"}, ["xa-nhu-quynh", "gw"]),
        ({"sys_name": ""}, {"sys_name": "!?"}, ["192-0-2-3", "192-0-2-4"]),
        ({"sys_name": "x" * 255}, {"sys_name": "taken"}, ["x" * 56, "taken-2"]),
    ],
)
def test_names_are_valid_and_unique(first: dict[str, Any], second: dict[str, Any], names: list[str]) -> None:
    answerers = [
        heard("gw", neighbours=(), chassis="", **first),
        heard("sw", neighbours=(), chassis="", **second),
    ]
    assert [box.name for box in boxes(answerers, {}, ["taken"])] == names


def test_two_boxes_of_one_name_are_two() -> None:
    found = boxes([heard("gw", sys_name="x"), heard("sw", sys_name="x")], {}, ())
    assert [box.name for box in found] == ["x", "x-2"]


def test_the_tree_begins_at_the_first_box_on_the_way() -> None:
    found = boxes(everybody(), {}, ())
    tree = Tree(found)
    tree.root_on_the_way(
        [
            ("192.0.2.1", ["198.51.100.1", "192.0.2.1"]),  # to the root itself: nobody known before it
            ("192.0.2.4", ["198.51.100.1", "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]),
        ]
    )
    assert list(tree.roots) == ["core"]
    assert tree.undecided() == []
    tree.root_in_the_middle()
    assert list(tree.roots) == ["core"], "what is known is not guessed again"


def test_without_any_way_the_middle_is_guessed_and_said_to_be_a_guess() -> None:
    found = boxes(everybody(), {}, ())
    tree = Tree(found)
    tree.root_on_the_way([("192.0.2.4", ["192.0.2.4"]), ("192.0.2.3", [])])
    assert tree.roots == {}
    tree.root_in_the_middle()
    assert list(tree.roots) == ["area"] or list(tree.roots) == ["gw"]
    assert "a guess" in site_file(found, tree, 161)


def test_a_root_that_nobody_is_at_is_refused() -> None:
    tree = Tree(boxes([*everybody(), Answerer("192.0.2.50")], {}, ()))
    assert not tree.root_at("192.0.2.77")
    assert not tree.root_at("192.0.2.50"), "it has no neighbours"
    assert tree.root_at("192.0.2.3")


@pytest.mark.parametrize(
    ("answerer", "height", "expected"),
    [
        (heard("ups", is_ups=True), 0, Role.UPS),
        (heard("ups", profile="ups-mib"), 0, Role.UPS),
        (Answerer("192.0.2.9"), None, Role.SERVER),
        (heard("area"), 2, Role.CORE),
        (heard("sw"), 0, Role.SWITCH),
        (heard("sw"), None, Role.SWITCH),
        (heard("gw"), 1, Role.UPLINK),
        (heard("gw"), 0, Role.UPLINK),  # a gateway whose switch tells nothing
        (heard("gw"), None, Role.SERVER),
    ],
)
def test_roles_are_guessed(answerer: Answerer, height: int | None, expected: Role) -> None:
    assert role(Box("x", (answerer.address,), answerer, None), height) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a: [b, &c *d# !e", [("sysName", "a: [b, &c *d# !e")]),
        ("- 'a\ufffdb c d e", [("sysName", "- 'a\ufffdb c d e")]),
        ("a b\x1bc\u2028d e", []),  # what a site file would not take is left out
        ("a b c d e" + " x" * 120, []),
    ],
)
def test_hostile_text_stays_text(name: str, expected: list[tuple[str, str]], folder: Path) -> None:
    evil = heard("gw", sys_name=name, location='"x": {')
    text, devices = written([heard("area"), evil])
    (device,) = (each for each in loaded(folder, text) if each.address == ADDRESSES["gw"])
    assert device.name.startswith("a-b-c-d-e")
    assert device.expect == tuple(expected)
    assert set(devices) == {"area", device.name}
