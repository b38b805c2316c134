"""What a sweep found, as a site file: boxes told apart, named, put into a tree, and written down.

Pure: everything that was heard goes in, text comes out. What nobody can tell from outside (which unit a box
is of, what exactly it is there for) is left out, or said to be a guess.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from netwatch.judgement.neighbourhood import (
    Station,
    components,
    configured_roots,
    graph,
    levels,
    middle,
    normalised,
    suggested_parents,
)
from netwatch.model.device import Role
from netwatch.model.slug import slug

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from netwatch.judgement.neighbourhood import Graph
    from netwatch.model.device import Device
    from netwatch.model.observation import InterfaceTable
    from netwatch.polling.sweep import Answerer

MANY_PORTS = 8  # from here on a box at the end of a branch is taken for a switch
LONGEST_NAME = 56  # characters, so that a number fits behind
LONGEST_TEXT, LONGEST_AREA = 200, 100  # characters that a site file takes
UPS_PROFILE = "ups-mib"
GENERIC = "generic"
AREA = "discovered"
"""Of the boxes whose sysLocation is no other's."""


@dataclass(frozen=True, slots=True)
class Box:
    """One device, at however many addresses it answered; the first is the one that it is to be asked at."""

    name: str
    addresses: tuple[str, ...]
    answerer: Answerer
    configured: Device | None  # it is in the configuration already

    @property
    def sys_name(self) -> str:
        """What it says that it is called, "" where it does not."""
        seen = self.answerer.observation
        return seen.system.sys_name if seen and seen.system else ""

    @property
    def interfaces(self) -> InterfaceTable | None:
        """Its interfaces, where they were read."""
        return self.answerer.observation.interfaces if self.answerer.observation else None

    @property
    def station(self) -> Station:
        """What there is to compare of it."""
        return Station(
            name=self.name,
            addresses=self.addresses,
            parents=self.configured.parents if self.configured else (),
            role=self.configured.role if self.configured else Role.SERVER,
            sys_name=self.sys_name,
            told=self.answerer.neighbourhood,
        )


def boxes(answerers: Iterable[Answerer], known: Mapping[str, Device], taken: Collection[str]) -> list[Box]:
    """Tell boxes apart and name them.

    Addresses that bear one chassis id and one sysName are one box. `known` are configured devices by numeric
    address; they keep their names, and no other box gets one of the names `taken`.
    """
    together: dict[tuple[str, ...], list[Answerer]] = {}
    for answerer in sorted(answerers, key=lambda each: _sorting(each.address)):
        together.setdefault(_identity(answerer), []).append(answerer)
    managed = {
        neighbour.address
        for group in together.values()
        for each in group
        if each.neighbourhood
        for neighbour in each.neighbourhood.neighbours
    }
    names = set(taken)
    return [_box(group, known, managed, names) for group in together.values()]


def _identity(answerer: Answerer) -> tuple[str, ...]:
    seen, told = answerer.observation, answerer.neighbourhood
    name = seen.system.sys_name if seen and seen.system else ""
    chassis = told.own.chassis if told else ""
    return (chassis, name) if chassis and name else (answerer.address,)


def _box(
    group: Sequence[Answerer], known: Mapping[str, Device], managed: Collection[str], names: set[str]
) -> Box:
    """Make one box of what answered; the address that neighbours tell is where it is managed."""
    ordered = sorted(group, key=lambda each: (each.address not in known, each.address not in managed))
    addresses = tuple(each.address for each in ordered)
    configured = next((known[address] for address in addresses if address in known), None)
    box = Box("", addresses, ordered[0], configured)
    name = configured.name if configured else _unique(box.sys_name, addresses[0], names)
    return Box(name, addresses, ordered[0], configured)


def _unique(sys_name: str, address: str, names: set[str]) -> str:
    """Return a name that no other device has, and take it."""
    short = slug(normalised(sys_name))[:LONGEST_NAME].strip("-") or slug(address)
    name, number = short, 1
    while name in names:
        number += 1
        name = f"{short}-{number}"
    names.add(name)
    return name


def _sorting(address: str) -> tuple[int, int]:
    numeric = ipaddress.ip_address(address)
    return numeric.version, int(numeric)


class Tree:
    """How the boxes hang together, once it is known or guessed where the tree begins."""

    def __init__(self, found: Sequence[Box]) -> None:
        self.graph: Graph = graph([box.station for box in found])
        self.roots: dict[str, str] = {}  # name → why
        self._found = found

    def undecided(self) -> list[list[Box]]:
        """Return the parts, of at least two boxes each, of which no root is known yet."""
        by_name = {box.name: box for box in self._found}
        return [
            [by_name[name] for name in part]
            for part in components(self.graph)
            if not self.roots.keys() & set(part)
        ]

    def root_at(self, address: str) -> bool:
        """Let the tree begin at an address; False where no box with neighbours has it."""
        for box in self._found:
            if address in box.addresses and self.graph.ports[box.name]:
                self.roots[box.name] = "as --root says"
                return True
        return False

    def root_as_configured(self) -> None:
        """Let it begin at configured cores and references that have no parents, in parts without a root."""
        known = configured_roots([box.station for box in self._found if box.configured])
        for part in self.undecided():
            self.roots |= dict.fromkeys(
                (box.name for box in part if box.name in known), "as it is configured"
            )

    def root_on_the_way(self, ways: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Let it begin at the first box that the poller's packets pass on their way to others.

        `ways` are addresses and who answered on the way there, from near to far. A way on which only its own
        end answers tells nothing.
        """
        holders = {address: box.name for box in self._found for address in box.addresses}
        decided = {name for part in components(self.graph) if self.roots.keys() & set(part) for name in part}
        for target, hops in ways:
            for hop in hops:
                name = holders.get(hop, "")
                if name != holders.get(target) and self.graph.ports.get(name):
                    if name not in decided:
                        self.roots[name] = "the first on the poller's way to the others"
                    break

    def root_in_the_middle(self) -> None:
        """Guess at the middle of each part that has no root yet."""
        for part in self.undecided():
            name = middle(self.graph, [box.name for box in part])
            self.roots[name] = "a guess: the middle of what hangs together; say better with --root"

    def parents(self) -> dict[str, tuple[str, ...]]:
        """Return the parents that follow."""
        return suggested_parents(self.graph, self.roots)

    def heights(self) -> dict[str, int]:
        """Return how many levels hang on each box."""
        distance = levels(self.graph, self.roots)
        parents = self.parents()
        height = dict.fromkeys(distance, 0)
        for name in sorted(distance, key=lambda each: -distance[each]):
            for parent in parents[name]:
                height[parent] = max(height[parent], height[name] + 1)
        return height


def role(box: Box, height: int | None) -> Role:
    """Guess what a box is there for, from how many levels hang on it (None: not in a tree) and its ports."""
    if box.answerer.is_ups or "ups" in (box.answerer.observation.profile if box.answerer.observation else ""):
        return Role.UPS
    if not box.answerer.credential:
        return Role.SERVER
    if height is not None and height >= 2:
        return Role.CORE
    ports = len(box.interfaces.rows) if box.interfaces else 0
    if height != 1 and ports >= MANY_PORTS:
        return Role.SWITCH
    return Role.UPLINK if height is not None else Role.SERVER


def site_file(found: Sequence[Box], tree: Tree, port: int) -> str:
    """Write a site file of the boxes that are not configured yet; comments alone where there are none."""
    fresh = [box for box in found if box.configured is None]
    names = Counter(_location(box) for box in fresh)
    credentials = Counter(box.answerer.credential for box in fresh if box.answerer.credential)
    usual = credentials.most_common(1)[0][0] if credentials else ""
    heights, parents = tree.heights(), tree.parents()
    areas: dict[str, list[dict[str, Any]]] = {}
    for box in fresh:
        area = _location(box) if names[_location(box)] > 1 else ""
        written = _device(box, role(box, heights.get(box.name)), parents.get(box.name, ()), tree, usual)
        areas.setdefault(area or AREA, []).append(written)
    text = "".join(f"# {line}\n" for line in _remarks(found, tree))
    if not fresh:
        return text
    content: dict[str, Any] = {}
    if usual:
        content["defaults"] = {"snmp": usual, **({"snmp_port": port} if port != 161 else {})}
    content["sites"] = [{"area": area, "devices": devices} for area, devices in areas.items()]
    return text + yaml.dump(
        content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=LONGEST_TEXT
    )


def _location(box: Box) -> str:
    seen = box.answerer.observation
    location = seen.system.sys_location if seen and seen.system else ""
    return location if _can_be_written(location, LONGEST_AREA) else ""


def _can_be_written(text: str, longest: int = LONGEST_TEXT) -> bool:
    """Tell whether a site file takes a text that a device sent."""
    return 0 < len(text) <= longest and text.isprintable()


def _device(box: Box, guess: Role, parents: Sequence[str], tree: Tree, usual: str) -> dict[str, Any]:
    written: dict[str, Any] = {"name": box.name, "address": box.addresses[0], "role": str(guess)}
    credential = box.answerer.credential or "none"
    if usual and credential != usual:
        written["snmp"] = credential
    seen = box.answerer.observation
    if seen:
        written["profile"] = UPS_PROFILE if guess is Role.UPS and seen.profile == GENERIC else "auto"
    if parents:
        written["parents"] = list(parents)
    expected = {"sysName": box.sys_name, "serial": seen.identity.serial if seen and seen.identity else ""}
    expected = {key: value for key, value in expected.items() if _can_be_written(value)}
    if expected:
        written["expect"] = expected
    if guess is Role.UPLINK and (ports := _ports(box, parents, tree)):
        written["uplinks"] = [{"interface": port} for port in ports]
    return written


def _ports(box: Box, parents: Sequence[str], tree: Tree) -> list[str]:
    """Return the ports towards the parents, as far as they have a name."""
    named = {row.key for row in box.interfaces.rows if row.name == row.key} if box.interfaces else set()
    ports = [tree.graph.ports[box.name][parent] for parent in parents]
    return [port for port in dict.fromkeys(ports) if port in named and _can_be_written(port)]


def _remarks(found: Sequence[Box], tree: Tree) -> list[str]:
    """Say what is a guess, and what is left out."""
    fresh = [box for box in found if box.configured is None]
    lines = [
        f"Found by `netwatch discover`: {len(fresh)} devices that are not configured yet.",
        "Roles are guesses, from ports, profile and place in the tree. Parents follow from LLDP and CDP.",
        "Still to be said: units, observation paths (via), what uplinks run over and who sells them.",
    ]
    lines += [f"The tree begins at {name} ({why})." for name, why in tree.roots.items()]
    lines += [
        f"{box.name} also answers at {', '.join(box.addresses[1:])}."
        for box in fresh
        if len(box.addresses) > 1
    ]
    lines += [
        f"{box.name} has an agent that refused: {box.answerer.refusal}."
        for box in fresh
        if _can_be_written(box.answerer.refusal)
    ]
    lines += [
        f"Left out, as it is configured: {box.name} ({', '.join(box.addresses)})."
        for box in found
        if box.configured is not None
    ]
    return lines
