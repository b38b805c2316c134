"""A world in virtual time: what a line showed is a tape, a letter a slot, and is played to a Judgement.

`g` good, `L` lost, `U` lost with an ICMP error, `i` invalid, `.` never reported.
"""

from __future__ import annotations

import itertools
import math
from array import array
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.judgement.events import Announced, Reconfigured, Tick
from netwatch.judgement.reducer import Judgement
from netwatch.model.decision import (
    CauseSettled,
    Decision,
    MinuteSettled,
    OutageBegan,
    PathMinute,
    RunEnded,
    StateChanged,
    Subject,
)
from netwatch.model.device import Device, Line, ObservationPath, Role, StateRules, Uplink
from netwatch.model.observation import EchoSlots, EchoStray, Observation
from netwatch.model.outcome import Outcome, SlotResult
from netwatch.model.sign import Sign, SignKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T0 = 1_700_000_040.0
"""Steady time at which every test begins: the start of a minute."""

RESULTS = {"g": SlotResult.GOOD, "L": SlotResult.LOST, "U": SlotResult.UNREACHABLE, "i": SlotResult.INVALID}
TIMEOUT = 1.0
RTT = 0.005

Slot = tuple[float, int, float, str]  # closed at, line, due, letter


def device(name: str = "gw", unit: str = "12004", **changes: Any) -> Device:
    """A device with every default filled in."""
    values: dict[str, Any] = {
        "name": name,
        "unit": unit,
        "register": "hung-yen",
        "area": "Văn Lâm",
        "predecessor": "",
        "address": "198.18.4.1",
        "role": Role.UPLINK,
        "via": "default",
        "parents": (),
        "snmp": None,
        "snmp_port": 161,
        "profile": "auto",
        "expect": (),
        "uplinks": (Uplink("ether1", "fibre", "", "", None, None), Uplink("lte1", "4g", "", "", None, None)),
        "echo": True,
        "echo_interval": 1.0,
        "snmp_interval": 60.0,
        "all_interfaces": False,
        "hours": "24x7",
        "since": None,
        "until": None,
    }
    return Device(**(values | changes))


def line(
    number: int = 0,
    of: str = "gw",
    interval: float = 1.0,
    uplink: int | None = None,
    address: str = "198.18.4.1",
) -> Line:
    return Line(number, of, uplink, address, interval)


class World:
    """A Judgement, the tapes played to it, and all that it decided. Times are seconds after T0."""

    def __init__(
        self,
        lines: Iterable[Line] | None = None,
        devices: Iterable[Device] | None = None,
        *,
        rules: StateRules | None = None,
        phase: float = 0.25,
        paths: Iterable[ObservationPath] = (),
        at: float = 0.0,
    ) -> None:
        self.judgement = Judgement(rules or StateRules())
        self.phase = phase
        self.paths = tuple(paths)
        self.decisions: list[Decision] = []
        self.configure(at, [line()] if lines is None else lines, [device()] if devices is None else devices)

    def advance(self, event: Any) -> list[Decision]:
        found = self.judgement.advance(event)
        self.decisions += found
        return found

    def configure(
        self,
        at: float,
        lines: Iterable[Line],
        devices: Iterable[Device],
        units: Iterable[tuple[str, str]] = (),
    ) -> list[Decision]:
        return self.advance(Reconfigured(T0 + at, tuple(lines), tuple(devices), tuple(units), self.paths))

    def tick(self, at: float) -> list[Decision]:
        return self.advance(Tick(T0 + at))

    def slots(self, tapes: Mapping[int, str], start: float = 0.0) -> list[Slot]:
        """The slots of tapes that begin at `start`, by the time at which they are closed."""
        made: list[Slot] = []
        for number, tape in tapes.items():
            interval = self.judgement.lines[number].line.interval if number in self.judgement.lines else 1.0
            for place, letter in enumerate(tape.replace(" ", "")):
                due = start + self.phase + place * interval
                waited = {"g": RTT, "L": TIMEOUT + 0.01, "U": 0.3, "i": 0.0}.get(letter)
                if waited is not None:
                    made.append((due + waited, number, due, letter))
        return sorted(made)

    def feed(self, slots: Iterable[Slot], at: float | None = None) -> list[Decision]:
        """Report slots, one batch for each time of closing, or all in one at `at`."""
        found: list[Decision] = []
        for closed, batch in itertools.groupby(slots, key=lambda slot: slot[0] if at is None else at):
            found += self.advance(slots_event(closed, batch))
        return found

    def play(self, tapes: Mapping[int, str] | str, start: float = 0.0) -> list[Decision]:
        """Report the slots of tapes as they come in; one tape is that of line 0."""
        return self.feed(self.slots({0: tapes} if isinstance(tapes, str) else tapes, start))

    def late(self, number: int, due: float, at: float) -> list[Decision]:
        """Tell that a reply to the echo due then came after its timeout."""
        return self.advance(EchoStray(T0 + at, number, late=True, due=T0 + due))

    def poll(self, name: str, at: float, *, answered: bool = True, **shown: Any) -> list[Decision]:
        """Tell of a poll by SNMP that ended then."""
        outcome = Outcome.ANSWERED if answered else Outcome.TIMEOUT
        return self.advance(Observation(name, T0 + at, outcome, 0.5, **shown))

    def sign(self, name: str, kind: str, start: float, at: float, detail: str = "") -> list[Decision]:
        """Tell a sign as the ledger has it."""
        return self.advance(Sign(T0 + at, name, SignKind(kind), T0 + start, detail))

    def announce(self, at: float, *windows: Any) -> list[Decision]:
        return self.advance(Announced(T0 + at, windows))

    def of(self, kind: type[Any], key: str | None = None) -> list[Any]:
        """The decisions of a kind, and of a subject."""
        found = [each for each in self.decisions if isinstance(each, kind)]
        return found if key is None else [each for each in found if each.key == key]

    def settled(self) -> list[Decision]:
        """All that is told of settled minutes, in order."""
        kinds = (MinuteSettled, OutageBegan, RunEnded, CauseSettled, PathMinute)
        return [decision for decision in self.decisions if isinstance(decision, kinds)]

    def outages(self, key: str) -> list[tuple[str, str, float, float]]:
        """The outages and blips of a subject that are over: (kind, root, from, to) in seconds after T0."""
        return [
            ("outage" if run.outage else "blip", run.root, round(run.start - T0, 3), round(run.end - T0, 3))
            for run in self.of(RunEnded, key)
        ]

    def states(self, subject: Subject = Subject.UNIT, key: str | None = None) -> list[tuple[str, float]]:
        """The states that a subject took, each with its date in seconds after T0."""
        return [
            (decision.state.value, round(decision.since - T0, 3))
            for decision in self.decisions
            if isinstance(decision, StateChanged)
            and decision.subject is subject
            and key in (None, decision.key)
        ]

    def minutes(self, subject: Subject = Subject.UNIT, key: str | None = None) -> list[str]:
        """The verdicts of a subject as `verdict expected/good/lost`, in the order given."""
        return [
            f"{decision.verdict.value} {decision.expected}/{decision.good}/{decision.lost}"
            for decision in self.decisions
            if isinstance(decision, MinuteSettled)
            and decision.subject is subject
            and key in (None, decision.key)
        ]

    def runs(self, subject: Subject = Subject.UNIT) -> list[RunEnded]:
        return [
            decision
            for decision in self.decisions
            if isinstance(decision, RunEnded) and decision.subject is subject
        ]


def slots_event(at: float, slots: Iterable[Slot]) -> EchoSlots:
    batch = list(slots)
    return EchoSlots(
        T0 + at,
        array("L", [number for _, number, _, _ in batch]),
        array("d", [T0 + due for _, _, due, _ in batch]),
        bytearray(RESULTS[letter] for *_, letter in batch),
        array("d", [RTT if letter == "g" else math.nan for *_, letter in batch]),
    )


@pytest.fixture
def world() -> Callable[..., World]:
    return World


@pytest.fixture(name="device")
def make_device() -> Callable[..., Device]:
    return device


@pytest.fixture(name="line")
def make_line() -> Callable[..., Line]:
    return line


@pytest.fixture(name="path")
def make_path() -> Callable[..., ObservationPath]:
    def path(
        name: str = "default", references: tuple[str, ...] = ("ref",), quorum: int = 1
    ) -> ObservationPath:
        return ObservationPath(name, references, quorum)

    return path


@pytest.fixture
def start() -> float:
    """Steady time of second 0 of every world."""
    return T0


PROVINCE = (
    # name, unit, parents, path, role; each has the line of its place here.
    ("ref-a", "", (), "none", Role.REFERENCE),
    ("ref-b", "", (), "none", Role.REFERENCE),
    ("core", "", (), "default", Role.CORE),
    ("east", "", ("core",), "default", Role.CORE),
    ("west", "", ("core",), "default", Role.CORE),
    ("gw-a", "A", ("east",), "default", Role.UPLINK),
    ("gw-b", "B", ("east", "west"), "default", Role.UPLINK),
    ("gw-c", "C", ("west",), "free", Role.UPLINK),
)


def province(**given: Any) -> World:
    """Two references, a core, two routers below it, three units; C is seen over a path without references."""
    return World(
        [line(number, row[0]) for number, row in enumerate(PROVINCE)],
        [
            device(name, unit, parents=parents, via=via, role=role, snmp="noc" if unit else None)
            for name, unit, parents, via, role in PROVINCE
        ],
        paths=(
            ObservationPath("default", ("ref-a", "ref-b"), 1),
            ObservationPath("free", (), 0),
        ),
        **given,
    )


@pytest.fixture(name="province")
def make_province() -> Callable[..., World]:
    return province
