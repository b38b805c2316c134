"""A surveyor beside the virtual agents of the polls, and agents that replay recordings of real devices."""

from __future__ import annotations

import bz2
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.device import Credential, Device, Role
from netwatch.model.secret import Secret
from netwatch.polling.conversation import Conversations
from netwatch.polling.survey.survey import Surveyor
from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from netwatch.model.fact import Survey

Oid = tuple[int, ...]

ADDRESS = "198.51.100.1"
CREDENTIAL = Credential("c", "2c", Secret("public"))

TAGS = {
    "2": ber.INTEGER, "4": ber.OCTET_STRING, "5": ber.NULL, "6": ber.OBJECT_IDENTIFIER, "64": 0x40,
    "65": snmp.COUNTER32, "66": snmp.GAUGE32, "67": snmp.TIMETICKS, "68": 0x44, "70": snmp.COUNTER64,
}  # fmt: skip
"""Of a recording (snmprec): the tag in decimal, with an x behind it where the value is in hexadecimal."""


class Field:
    """One device and a surveyor, in the world of one story."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.agent = world.agent(0)
        self.surveyor = Surveyor(Conversations(world.engine))
        self.credential = CREDENTIAL

    async def survey(self, **changes: Any) -> Survey:
        """Survey the device."""
        device = self.world.device("gw", ADDRESS, **changes)
        return await self.surveyor.survey(device, CREDENTIAL, ADDRESS)

    def port(self, index: int, name: str, kind: int = 6, connector: int = 1) -> None:
        """Give the agent a port."""
        self.agent.add_interface(index, name)
        self.number((1, 3, 6, 1, 2, 1, 2, 2, 1, 3, index), kind)
        self.number((1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 17, index), connector)

    def number(self, oid: Oid, value: int, tag: int = ber.INTEGER) -> None:
        """Give the agent a number."""
        self.agent.objects[oid] = ber.encode_integer(value, tag)

    def text(self, oid: Oid, octets: bytes) -> None:
        """Give the agent a text."""
        self.agent.objects[oid] = ber.encode(ber.OCTET_STRING, octets)

    def oid(self, oid: Oid, value: Oid) -> None:
        """Give the agent an object identifier."""
        self.agent.objects[oid] = ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(value))

    def replay(self, name: str, *prefixes: Oid) -> None:
        """Let the agent be a recorded device; `prefixes`: only these subtrees."""
        self.agent.objects = dict(recorded(name, prefixes))
        self.large()

    def large(self) -> None:
        """Let the agent find its way through a hundred thousand objects."""
        self.agent._next = following(self.agent)


def following(agent: Any) -> Callable[..., tuple[Oid, bytes]]:
    """Return what tells the object after a name, by bisection; to be made when the agent has them all."""
    ordered = sorted({*agent.objects, (1, 3, 6, 1, 2, 1, 1, 3, 0)})

    def after(oid: Oid, *, skipping: bool = False) -> tuple[Oid, bytes]:
        at = bisect_right(ordered, oid)
        if at == len(ordered):
            return oid, bytes((snmp.END_OF_MIB_VIEW, 0))
        return ordered[at], agent.objects[ordered[at]]

    return after


def recorded(name: str, prefixes: tuple[Oid, ...]) -> Iterable[tuple[Oid, bytes]]:
    """Read a recording of the package snmpsim-data."""
    data = Path(pytest.importorskip("snmpsim_data").__file__).parent / "data"
    with bz2.open(data / f"{name}.snmprec.bz2", "rt", encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            written, _, rest = line.rstrip("\n").partition("|")
            kind, parted, value = rest.partition("|")
            if not parted:  # a text with a line feed in it
                continue
            oid = tuple(map(int, written.split(".")))
            tag = TAGS.get(kind.rstrip("x"))
            if tag is None or (prefixes and not any(oid[: len(each)] == each for each in prefixes)):
                continue
            yield oid, encoded(tag, value, is_hex=kind.endswith("x"))


def encoded(tag: int, value: str, *, is_hex: bool) -> bytes:
    if is_hex:
        return ber.encode(tag, bytes.fromhex(value))
    if tag == ber.OBJECT_IDENTIFIER:
        return ber.encode(tag, ber.encode_oid(tuple(map(int, value.strip(".").split(".")))))
    if tag in {ber.OCTET_STRING, 0x44}:
        return ber.encode(tag, value.encode("utf-8", "surrogateescape"))
    if tag == 0x40:
        return ber.encode(tag, bytes(map(int, value.split("."))))
    return ber.encode_integer(int(value), tag) if tag != ber.NULL else b"\x05\x00"


@pytest.fixture
def in_the_field(play: Callable[..., Any]) -> Callable[..., None]:
    """Run a story (a coroutine function that is given a Field) in virtual time."""

    def run(story: Callable[[Field], Awaitable[None]], **settings: Any) -> None:
        async def told_of(world: Any) -> None:
            await story(Field(world))

        play(told_of, **settings)

    return run


@pytest.fixture
def world_device() -> Callable[..., Device]:
    """Make a device with every default filled in."""
    return lambda name, address, **changes: Device(
        name=name, address=address, role=Role.UPLINK, snmp="c", **changes
    )
