"""A world in virtual time: what a line showed is a tape, a letter a slot, and is played to a Judgement.

`g` good, `L` lost, `U` lost with an ICMP error, `i` invalid, `.` never reported.
"""

from __future__ import annotations

import itertools
import math
from array import array
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.judgement.events import Reconfigured, Tick
from netwatch.judgement.reducer import Judgement
from netwatch.model.decision import Decision, MinuteSettled, RunEnded, StateChanged, Subject
from netwatch.model.device import Device, Line, Role, StateRules, Uplink
from netwatch.model.observation import EchoSlots
from netwatch.model.outcome import SlotResult

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
        rules: StateRules | None = None,
        phase: float = 0.25,
    ) -> None:
        self.judgement = Judgement(rules or StateRules())
        self.phase = phase
        self.decisions: list[Decision] = []
        self.configure(0.0, [line()] if lines is None else lines, [device()] if devices is None else devices)

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
        return self.advance(Reconfigured(T0 + at, tuple(lines), tuple(devices), tuple(units)))

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


@pytest.fixture
def start() -> float:
    """Steady time of second 0 of every world."""
    return T0
