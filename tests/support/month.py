"""A month of virtual time with known outages: a script, the ledger that it leaves, and what was true.

Slots come every twenty seconds, so that a month takes half a minute. What is true is worked out here from the
script alone, slot by slot, by the definitions in docs/architecture.md; nothing of netwatch is asked.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
import time
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from lived import NO_FILES, Clock, nothing

from netwatch.daemon.chronicle import Chronicle
from netwatch.daemon.resuming import resume
from netwatch.evidence.kinds import RULE_VERSION, Started
from netwatch.evidence.store import Store
from netwatch.evidence.writer import Writer
from netwatch.inventory.announcements import Announcements, announcement
from netwatch.inventory.windows import Once, Plan
from netwatch.judgement.events import Announced, Reconfigured, Tick
from netwatch.model.decision import MinuteSettled, Subject
from netwatch.model.device import Device, Line, ObservationPath, Role, StateRules, Uplink
from netwatch.model.maintenance import Annotation, Origin
from netwatch.model.observation import EchoSlots, EchoStray
from netwatch.model.outcome import SlotResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.daemon.resuming import Resumption

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = int(dt.datetime(2026, 10, 1, tzinfo=ZONE).timestamp())
END = int(dt.datetime(2026, 11, 1, tzinfo=ZONE).timestamp())
BEFORE, AFTER = 2 * 3600, 3 * 3600  # seconds that are lived around it
EVERY = 20  # seconds between two slots
MINUTES = (END - START) // 60

RULES = StateRules(outage_after=120.0)
GOOD, LOST, INVALID = SlotResult.GOOD, SlotResult.LOST, SlotResult.INVALID

A, B, C, ALONE = "12004", "11992", "11995", "12019"
FIBRE, LTE = "ether1", "lte1"


def at(day: int, clock: str) -> int:
    """Unix seconds of a time of day in October, by the clock of the province."""
    hours, minutes, seconds = map(int, clock.split(":"))
    return START + (day - 1) * 86400 + hours * 3600 + minutes * 60 + seconds


def device(name: str, role: Role, **more: Any) -> Device:
    return Device(name=name, address="127.0.0.1", role=role, echo_interval=float(EVERY), **more)


def office(name: str, unit: str, area: str, *uplinks: Uplink) -> Device:
    return device(
        name, Role.UPLINK, unit=unit, register="hung-yen", area=area, parents=("core",), uplinks=uplinks
    )


DEVICES = (
    device("noc", Role.REFERENCE),
    device("core", Role.CORE),
    office("gw-a", A, "Văn Lâm", Uplink(FIBRE, "fibre", "VNPT", "", None, None)),
    office(
        "gw-b",
        B,
        "Văn Lâm",
        Uplink(FIBRE, "fibre", "Viettel", "", None, None),
        Uplink(LTE, "4g", "MobiFone", "", None, "127.0.0.9"),
    ),
    office("gw-c", C, "Yên Mỹ", Uplink(FIBRE, "fibre", "VNPT", "", None, None)),
)
LINES = (
    Line(0, "noc", None, "127.0.0.1", float(EVERY)),
    Line(1, "core", None, "127.0.0.1", float(EVERY)),
    Line(2, "gw-a", None, "127.0.0.1", float(EVERY)),
    Line(3, "gw-b", None, "127.0.0.1", float(EVERY)),
    Line(4, "gw-b", 1, "127.0.0.9", float(EVERY)),
    Line(5, "gw-c", None, "127.0.0.1", float(EVERY)),
)
PHASES = (0.1, 0.5, 0.9, 1.3, 1.3, 1.7)  # seconds into each of them at which a line is asked
UNITS = tuple(("hung-yen", code) for code in (A, B, C, ALONE))
LINES_OF = {A: (2,), B: (3, 4), C: (5,)}


class Cut(NamedTuple):
    """Lines that are silent for a time."""

    lines: tuple[int, ...]
    start: int
    end: int


CUTS = (
    Cut((2,), START - 3600, at(1, "00:30:00")),  # began before the month
    Cut((2,), at(5, "09:10:20"), at(5, "10:02:45")),  # on a Monday morning
    Cut((2,), at(6, "12:00:05"), at(6, "12:01:50")),  # a blip
    Cut((3,), at(9, "14:00:00"), at(9, "15:00:00")),  # the other line of the unit holds
    Cut((3, 4), at(12, "22:00:00"), at(12, "23:30:00")),  # within a window announced in time
    Cut((5,), at(15, "08:00:00"), at(15, "09:00:00")),  # within one that was announced too late
    Cut((1, 2, 3, 4, 5), at(18, "03:00:00"), at(18, "03:20:00")),  # the core
    Cut((0, 1, 2, 3, 4, 5), at(20, "00:00:00"), at(20, "02:00:00")),  # the poller's way out
    Cut((5,), at(31, "23:50:00"), END + AFTER + 3600),  # goes on
)
BLIND = (at(20, "00:00:00"), at(20, "02:00:00"))
CANNOT_SEND = (at(21, "05:00:00"), at(21, "05:30:00"))  # a local failure
LATE = (at(28, "07:00:00"), at(28, "07:10:00"))  # replies of unit C come after the timeout
SLOW = (at(29, "10:00:00"), at(29, "12:00:00"))  # round trips of unit C over 50 ms
RTT, SLOW_RTT, LTE_RTT = 0.005, 0.08, 0.03

STOPPED = (at(24, "13:20:40"), at(24, "16:45:20"))  # an orderly stop, and the next start
KILLED = (at(27, "01:10:00"), at(27, "01:18:40"))
PAUSES = (STOPPED, KILLED)

IN_TIME = Plan("cable-moved", "Hòa", "", Once(at(12, "22:00:00"), at(13, "00:00:00")), areas=("Văn Lâm",))
OVERLAPS = Plan("router-swapped", "Lan", "", Once(at(12, "23:00:00"), at(13, "01:00:00")), units=(B,))
TOO_LATE = Plan("power-works", "Minh", "", Once(at(15, "08:00:00"), at(15, "10:00:00")), units=(C,))
ANNOUNCED = {
    IN_TIME.name: at(10, "09:00:00"),
    OVERLAPS.name: at(11, "09:00:00"),
    TOO_LATE.name: at(15, "08:30:00"),
}
PLANS = {plan.name: plan for plan in (IN_TIME, OVERLAPS, TOO_LATE)}


def within(span: tuple[float, float], moment: float) -> bool:
    return span[0] <= moment < span[1]


def runs(moment: float) -> bool:
    """Whether a netwatch ran."""
    return START - BEFORE <= moment < END + AFTER and not any(within(pause, moment) for pause in PAUSES)


def result(line: int, due: float) -> SlotResult:
    """What becomes of a slot by the script; a late reply is lost at first."""
    if within(CANNOT_SEND, due):
        return INVALID
    cut = any(line in each.lines and each.start <= due < each.end for each in CUTS)
    return LOST if cut or is_late(line, due) else GOOD


def is_late(line: int, due: float) -> bool:
    return line == 5 and within(LATE, due)


def rtt(line: int, due: float) -> float:
    if line == 4:
        return LTE_RTT
    return SLOW_RTT if line == 5 and within(SLOW, due) else RTT


SPANS = (*((cut.start, cut.end) for cut in CUTS), CANNOT_SEND, LATE, SLOW)
STEADY = bytearray(len(LINES)), array("d", (rtt(line, START) for line in range(len(LINES))))


def eventful(begun: float) -> bool:
    """Whether anything of the script bears on the slots that begin then; to be quick about all others."""
    return any(start - EVERY <= begun < end for start, end in SPANS)


def near_a_pause(now: float) -> bool:
    """Whether the tail is going to be read: else it is cut into large pieces, as each costs a write."""
    return any(begun - 7200 <= now <= begun for begun, _ in PAUSES)


@dataclass
class Told:
    """What was decided while the month was lived, and when."""

    minutes: list[tuple[float, MinuteSettled]] = field(default_factory=list)  # of units
    resumed: list[MinuteSettled] = field(default_factory=list)  # those that a start found in the tail
    starts: list[int] = field(default_factory=list)


class Life:
    """One process."""

    def __init__(self, url: str, clock: Clock, told: Told, announced: Announcements) -> None:
        self.clock, self.told, self.announced = clock, told, announced
        self.store = Store(url, "noc")
        self.store.open()
        found = resume(self.store, RULES, clock.now)
        self.hourly = found.hourly
        self.writer = Writer(self.store, clock.wall, lambda _text: None)
        self.chronicle = Chronicle(self.writer, clock, self.hourly.judgement, nothing, self.store.close)
        self.hourly.hand_to(self._carry, self.chronicle.hour_over)
        self.writer.start()
        self.told.starts.append(round(clock.now))
        self._recall(found)
        self.chronicle.begin(Started("0", RULE_VERSION, RULES, "noc", clock.now, 0.0, found.until), found)
        paths = (ObservationPath("default", ("noc",), 1),)
        roster = Reconfigured(clock.now, LINES, DEVICES, UNITS, paths)
        self.chronicle.configured(roster, NO_FILES)
        self.hourly.advance(roster)
        self._show_windows()

    def _recall(self, found: Resumption) -> None:
        """Note what the start settled itself, of slots that the process before had kept and not judged."""
        known = {(minute.key, minute.start) for _, minute in self.told.minutes}
        for hour in (*found.over, *filter(None, [found.begun])):
            for (subject, key), minutes in hour.verdicts.items():
                for place, told in minutes.items():
                    begun = float(hour.start + 60 * place)
                    if subject is Subject.UNIT and (key, begun) not in known:
                        self.told.resumed.append(MinuteSettled(begun, subject, key, *told))

    def announce(self, plan: Plan) -> None:
        entry = announcement(plan, Origin.COMMAND, self.clock.now)
        asyncio.run(self.chronicle.keep(entry))
        self.announced.take(entry)
        self._show_windows()

    def annotate(self, note: Annotation) -> None:
        asyncio.run(self.chronicle.keep(note))

    def slots(self) -> None:
        begun = self.clock.now
        self.clock.now = begun + EVERY
        dues = array("d", (begun + phase for phase in PHASES))
        if eventful(begun):
            results = bytearray(result(line, due) for line, due in enumerate(dues))
            rtts = array("d", (rtt(n, due) if results[n] == GOOD else math.nan for n, due in enumerate(dues)))
        else:
            results, rtts = STEADY
        slots = EchoSlots(self.clock.now, array("L", range(len(LINES))), dues, bytearray(results), rtts[:])
        self.chronicle.measured(slots)
        self.hourly.advance(slots)
        if is_late(5, dues[5]):
            stray = EchoStray(self.clock.now, 5, late=True, due=dues[5])
            self.chronicle.strayed(stray)
            self.hourly.advance(stray)
        self.hourly.advance(Tick(self.clock.now))
        if self.clock.now % (60 if near_a_pause(self.clock.now) else 600) == 0:
            self.chronicle.tick(self.clock.now)

    def stop(self) -> None:
        asyncio.run(self.chronicle.close(self.clock.now))

    def kill(self) -> None:
        """What was handed in is on disk; nothing more is."""
        assert self.writer.close(30)
        self.store.close()

    def catch_up(self) -> None:
        """Let the disk keep up with virtual time: what has no room in the queue would be dropped."""
        while self.writer.status.queued > 2000:
            time.sleep(0.01)

    def _carry(self, decisions: list[Any]) -> None:
        for decision in decisions:
            if isinstance(decision, MinuteSettled) and decision.subject is Subject.UNIT:
                self.told.minutes.append((self.clock.now, decision))
        self.chronicle.take(decisions)

    def _show_windows(self) -> None:
        near = self.announced.windows(self.clock.now - 86400, self.clock.now + 86400)
        event = Announced(self.clock.now, near)
        self.chronicle.announced(event)
        self.hourly.advance(event)


NOTE = Annotation(at(5, "11:00:00"), A, 0.0, "trực NOC", "VNPT xác nhận", "HYN-0417")


def live(url: str) -> Told:
    """Live the month and the hours around it, and write its ledger."""
    clock, told, announced = Clock(), Told(), Announcements()
    clock.now = float(START - BEFORE)
    life = Life(url, clock, told, announced)
    waiting = sorted((moment, name) for name, moment in ANNOUNCED.items())
    while clock.now < END + AFTER:
        life.slots()
        now = round(clock.now)
        if waiting and now >= waiting[0][0]:
            life.announce(PLANS[waiting.pop(0)[1]])
        if now == NOTE.at:
            life.annotate(Annotation(NOTE.at, A, outages(2)[1][0], NOTE.by, NOTE.text, NOTE.ticket))
        if now % 3600 == 0:
            life.catch_up()
            if now % 86400 == 0:
                life._show_windows()
        for begun, over in PAUSES:
            if now == begun:
                life.stop() if (begun, over) == STOPPED else life.kill()
                clock.now = float(over)
                life = Life(url, clock, told, announced)
    life.stop()
    return told


# What was true, slot by slot.


class Slot(NamedTuple):
    """How one slot of a unit or line counts."""

    valid: bool
    lost: bool  # of the verdict
    missed: bool  # within the timeout: late ones too
    time: float | None  # the quickest round trip


def grid(start: int) -> Iterator[int]:
    """When the lines are asked in a minute, less their phases."""
    return iter(range(start, start + 60, EVERY))


def seen(due: float) -> bool:
    """Whether the reference answered the slots before and after."""
    before = (due - PHASES[0]) // EVERY * EVERY + PHASES[0]
    return all(runs(each) and result(0, each) is GOOD for each in (before, before + EVERY))


def slot(lines: tuple[int, ...], asked: int) -> Slot | None:
    """One slot of some lines together; None: nobody was there to ask."""
    dues = {line: asked + PHASES[line] for line in lines}
    if not all(map(runs, dues.values())):
        return None
    results = {line: result(line, due) for line, due in dues.items()}
    times = [rtt(line, dues[line]) for line in lines if results[line] is GOOD]
    if times:
        return Slot(True, False, False, min(times))
    if any(is_late(line, dues[line]) for line in lines) and INVALID not in results.values():
        return Slot(True, False, True, None)
    visible = LOST in results.values() and all(map(seen, dues.values())) and INVALID not in results.values()
    return Slot(visible, visible, visible, None)


@dataclass
class Truth:
    """Sums over the minutes of some lines."""

    up: int = 0
    down: int = 0
    unknown: int = 0
    lost: int = 0
    valid: int = 0
    timed: int = 0
    slow: int = 0
    rtt_sum: float = 0.0
    rtt_count: int = 0


def quiet(start: int) -> bool:
    """Whether nothing of the script is near a minute."""
    return not any(begun - 120 <= start < over + 120 for begun, over in (*SPANS, *PAUSES))


def verdict(lines: tuple[int, ...], start: int) -> str:
    """At least 80 % of the slots valid and under half of those lost: up."""
    slots = [slot(lines, asked) for asked in grid(start)]
    valid = [each for each in slots if each is not None and each.valid]
    if len(valid) < 0.8 * 60 / EVERY:
        return "unknown"
    return "down" if 2 * sum(each.lost for each in valid) >= len(valid) else "up"


def truth(lines: tuple[int, ...], minutes: Iterator[int]) -> Truth:
    """What some minutes come to, given by their beginnings."""
    found = Truth()
    for start in minutes:
        if quiet(start):
            found.up += 1
            found.valid += 60 // EVERY
            found.timed += 1
            found.rtt_sum += 60 // EVERY * min(rtt(line, start) for line in lines)
            found.rtt_count += 60 // EVERY
            continue
        told = verdict(lines, start)
        setattr(found, told, getattr(found, told) + 1)
        slots = [each for asked in grid(start) if (each := slot(lines, asked)) is not None]
        found.lost += sum(each.missed for each in slots)
        found.valid += sum(each.valid for each in slots)
        times = [each.time for each in slots if each.time is not None]
        if times:
            found.timed += 1
            found.slow += sum(times) / len(times) > 0.05
            found.rtt_sum += sum(times)
            found.rtt_count += len(times)
    return found


def month() -> Iterator[int]:
    return iter(range(START, END, 60))


def office_hours() -> Iterator[int]:
    """Monday to Friday, 07:30 to 17:00: October has no holiday."""
    for start in month():
        here = dt.datetime.fromtimestamp(start, ZONE)
        if here.weekday() < 5 and dt.time(7, 30) <= here.time() < dt.time(17):
            yield start


def outages(line: int) -> list[tuple[float, float | None]]:
    """When a line was seen down for `outage_after`: from its first lost slot to the next good one."""
    found: list[tuple[float, float | None]] = []
    for cut in CUTS:
        if line not in cut.lines or 0 in cut.lines:
            continue
        first = math.ceil((cut.start - PHASES[line]) / EVERY) * EVERY + PHASES[line]
        after = math.ceil((cut.end - PHASES[line]) / EVERY) * EVERY + PHASES[line]
        if after - first >= RULES.outage_after:
            found.append((first, after if after < END + AFTER else None))
    return found


def blind() -> int:
    """Minutes that were judged, and did not lie wholly between two answers of the reference."""
    return sum(
        not all(seen(start + second + PHASES[0]) for second in range(-EVERY, 60, EVERY))
        for start in month()
        if not quiet(start) and any(runs(start + second) for second in range(60))
    )
