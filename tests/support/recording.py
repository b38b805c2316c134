"""A recording of a device's objects, played back by an agent: `OID|TAG|VALUE` a line, as snmpsim has it.

What is not a line of a recording is counted and left out. Values that snmpsim would vary or let be written
(`2:numeric`, `4:writecache`) keep the one that they begin with, so that every play is the same.
"""

from __future__ import annotations

import bisect
import bz2
import dataclasses
import re
from typing import TYPE_CHECKING

from netwatch.lab.agents.agent import decode_request
from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from netwatch.lab.agents.agent import Request

Oid = tuple[int, ...]

LARGEST = 1452  # octets of a reply, as of the lab's agents
OVERHEAD = 40  # octets of a reply besides its community and varbinds, at most
INTEGERS = frozenset((2, 65, 66, 67, 70))
IP_ADDRESS = 64
TAG = re.compile(r"([0-9]{1,3})(x|e)?(?::([a-z]+))?")
NAME = re.compile(r"\.?[0-9]+(?:\.[0-9]+)+")
FIRST = {"numeric": ("initial", "min", "offset"), "writecache": ("value",)}
SYS_UPTIME = (1, 3, 6, 1, 2, 1, 1, 3, 0)


class NoLineError(ValueError):
    """A line that is none of a recording."""


@dataclasses.dataclass(frozen=True, slots=True)
class Recording:
    """Objects in order, with what stands beside them; `bad` lines were left out."""

    names: list[Oid]
    values: list[tuple[str, bytes]]  # tag and value as recorded
    bad: int

    def value(self, position: int) -> bytes:
        """Return the object's value, encoded."""
        return encoded(*self.values[position])

    def get(self, name: Oid) -> bytes | None:
        """Return the value of an object, encoded; None where there is no such object."""
        position = bisect.bisect_left(self.names, name)
        if position == len(self.names) or self.names[position] != name:
            return None
        return self.value(position)


def read(path: Path, within: Collection[Oid] = ()) -> Recording:
    """Read a recording, packed or not; only what lies within some subtrees, if any are named."""
    data = path.read_bytes()
    return parse(bz2.decompress(data) if path.suffix == ".bz2" else data, within)


def parse(data: bytes, within: Collection[Oid] = ()) -> Recording:
    """Take a recording apart. Of an object that stands there twice the first is taken."""
    found: dict[Oid, tuple[str, bytes]] = {}
    bad = 0
    for line in _lines(data, within):
        if not line.strip() or line.startswith(b"#"):
            continue
        try:
            name, tag, value = _line(line)
            encoded(tag, value)
        except (NoLineError, ber.MalformedError):
            bad += 1
            continue
        found.setdefault(name, (tag, value))
    names = sorted(found)
    return Recording(names, [found[name] for name in names], bad)


def _lines(data: bytes, within: Collection[Oid]) -> Iterable[bytes]:
    if not within:
        return data.split(b"\n")
    return (match[0] for match in re.finditer(_pattern(within), data, re.MULTILINE))


def _pattern(within: Collection[Oid]) -> bytes:
    """Return what matches the lines of some subtrees: as a tree, so that a line is tried once."""
    tree: dict[int, dict] = {}  # type: ignore[type-arg]  # of itself
    for name in within:
        node = tree
        for arc in name:
            node = node.setdefault(arc, {})
        node[-1] = {}

    def written(node: dict[int, dict]) -> str:  # type: ignore[type-arg]  # of itself
        if not node or -1 in node:
            return r"(?=[.|])"
        return r"\.(?:" + "|".join(f"{arc}{written(below)}" for arc, below in sorted(node.items())) + ")"

    pieces = "|".join(f"{arc}{written(below)}" for arc, below in sorted(tree.items()))
    return f"^\\.?(?:{pieces})[^\\n]*$".encode()


def _line(line: bytes) -> tuple[Oid, str, bytes]:
    """Take a line apart; raise NoLineError where it is none."""
    pieces = line.rstrip(b"\r").split(b"|", 2)
    if len(pieces) != 3:
        raise NoLineError(line)
    name, tag = (piece.decode("latin-1") for piece in pieces[:2])
    if not NAME.fullmatch(name):
        raise NoLineError(line)
    return tuple(map(int, name.strip(".").split("."))), tag, pieces[2]


def encoded(tag: str, value: bytes) -> bytes:
    """Encode a value as its tag says; raise NoLineError where it cannot be."""
    match = TAG.fullmatch(tag)
    if match is None:
        raise NoLineError(tag)
    number, how, module = int(match[1]), match[2], match[3]
    try:
        plain = _plain(how, value if module is None else _first(module, value))
        if number in INTEGERS:
            return ber.encode_integer(int(plain), number)
        if number == ber.OBJECT_IDENTIFIER:
            name = plain.decode("latin-1").strip(" .")
            return ber.encode(number, ber.encode_oid(tuple(map(int, name.split(".")))))
        if number == IP_ADDRESS and how is None and plain.count(b".") == 3:
            plain = bytes(map(int, plain.split(b".")))
    except ValueError as error:
        raise NoLineError(value) from error
    return ber.encode(number, plain)


def _plain(how: str | None, value: bytes) -> bytes:
    """Return the octets of a value that is written in hexadecimal digits (x) or with escapes (e)."""
    if how == "x":
        return bytes.fromhex(value.decode("ascii"))
    return value.decode("unicode_escape").encode("latin-1") if how == "e" else value


def _first(module: str, value: bytes) -> bytes:
    """Return what a value that varies begins with."""
    settings = dict(piece.partition(b"=")[::2] for piece in value.split(b","))
    for key in FIRST.get(module, ()):
        if key.encode() in settings:
            return settings[key.encode()]
    if module == "numeric":
        return b"0"
    raise NoLineError(value)


class Agent:
    """Answers from a recording as RFC 3416 has it. sysUpTime runs on from what was recorded."""

    def __init__(self, recording: Recording, community: bytes = b"public") -> None:
        self._recording = recording
        self._community = community
        self._began: float | None = None

    def answer(self, datagram: bytes, now: float) -> bytes | None:
        """Return the reply to a datagram at a monotonic time; None where an agent keeps silent."""
        if self._began is None:
            self._began = now
        try:
            request = decode_request(datagram)
            names = [ber.oid(name) for name in request.names]
        except ber.MalformedError:
            return None
        if request.community != self._community:
            return None
        room = LARGEST - OVERHEAD - len(self._community)
        if request.pdu == snmp.GETBULK:
            return self._reply(request, b"".join(_fitting(self._bulk(request, names, now), room)))
        ask = self._get if request.pdu == snmp.GET else self._next
        content = b"".join(ask(name, now)[1] for name in names)
        return self._reply(request, content) if len(content) <= room else self._reply(request, b"", 1)

    def _get(self, name: Oid, now: float) -> tuple[Oid, bytes]:
        position = bisect.bisect_left(self._recording.names, name)
        if position < len(self._recording.names) and self._recording.names[position] == name:
            return self._at(position, now)
        return name, _varbind(name, bytes((snmp.NO_SUCH_INSTANCE, 0)))

    def _next(self, name: Oid, now: float) -> tuple[Oid, bytes]:
        position = bisect.bisect_right(self._recording.names, name)
        if position < len(self._recording.names):
            return self._at(position, now)
        return name, _varbind(name, bytes((snmp.END_OF_MIB_VIEW, 0)))

    def _at(self, position: int, now: float) -> tuple[Oid, bytes]:
        name = self._recording.names[position]
        value = self._recording.value(position)
        if name == SYS_UPTIME and value[0] == snmp.TIMETICKS:
            ticks = snmp.number(value[0], value[2:], "timeticks") + int((now - (self._began or now)) * 100)
            value = ber.encode_integer(ticks % 2**32, snmp.TIMETICKS)
        return name, _varbind(name, value)

    def _bulk(self, request: Request, names: list[Oid], now: float) -> Iterator[bytes]:
        once = min(max(request.second, 0), len(names))
        for name in names[:once]:
            yield self._next(name, now)[1]
        cursors = names[once:]
        for _ in range(request.third if cursors else 0):
            row = [self._next(name, now) for name in cursors]
            yield from (varbind for _, varbind in row)
            if [name for name, _ in row] == cursors:
                return
            cursors = [name for name, _ in row]

    def _reply(self, request: Request, varbinds: bytes, status: int = 0) -> bytes:
        body = request.request_id + ber.encode_integer(status) + ber.encode_integer(0)
        pdu = ber.encode(snmp.RESPONSE, body + ber.encode(ber.SEQUENCE, varbinds))
        community = ber.encode(ber.OCTET_STRING, self._community)
        return ber.encode(ber.SEQUENCE, ber.encode_integer(snmp.VERSION_2C) + community + pdu)


def _varbind(name: Oid, value: bytes) -> bytes:
    return ber.encode(ber.SEQUENCE, ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(name)) + value)


def _fitting(varbinds: Iterable[bytes], room: int) -> Iterator[bytes]:
    for varbind in varbinds:
        room -= len(varbind)
        if room < 0:
            return
        yield varbind
