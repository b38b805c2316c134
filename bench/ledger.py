"""What the ledger costs: bytes a day and uplink, CPU of the loop and of the thread, verification.

The mix is 90 lines of 100 on fibre (4 ms, jitter 0.2 ms, one slot in 20,000 lost), 8 on radio (25 ms, 3 ms,
0.3 %) and 2 on 4G (60 ms, 15 ms, 2 %); every line has a device and a unit of its own. CPU time of this
process.
"""

from __future__ import annotations

import random
import statistics
import time
from array import array
from typing import TYPE_CHECKING

from report import Row, print_table

from netwatch.audit.verification import verify
from netwatch.evidence import codec, hour, tail
from netwatch.evidence.chain import BEGINNING, Entry, New, digest
from netwatch.evidence.hour import Hour
from netwatch.evidence.kinds import KIND_OF, RULE_VERSION, Configured, Started
from netwatch.evidence.skim import skim
from netwatch.judgement.events import Reconfigured, Tick
from netwatch.judgement.hourly import Hourly
from netwatch.judgement.reducer import Judgement
from netwatch.model.decision import MinuteSettled, MinuteSlots, PathMinute, Subject
from netwatch.model.device import Device, Line, Role, StateRules
from netwatch.model.observation import EchoSlots
from netwatch.model.outcome import SlotResult
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = 5_000
START = 1_700_002_800
VERIFIED = 50  # lines, for two hours
PROVINCE = 211  # lines, of which one minute in seventeen has a lost slot

KINDS = [(0.004, 0.0002, 0.00005)] * 90 + [(0.025, 0.003, 0.003)] * 8 + [(0.060, 0.015, 0.02)] * 2
"""Round-trip time and its jitter in seconds, and the share of slots that are lost."""


def minute(chance: random.Random, line: int, start: float) -> MinuteSettled:
    """One minute of one line, as measured."""
    rtt, jitter, loss = KINDS[line % len(KINDS)]
    marks = bytes(2 if chance.random() < loss else 1 for _ in range(60)) if loss > 0.001 else b"\1" * 60
    good = marks.count(1)
    # Queues only ever add to a round trip.
    total = good * rtt + chance.gauss(good * jitter, jitter * good**0.5)
    slots = MinuteSlots(start + line % 1000 / 1000, 1.0, marks, total, good)
    return MinuteSettled(start, Subject.LINE, str(line), State.UP, 60, good, 60 - good, 0, slots)


def settled(chance: random.Random) -> list[MinuteSettled]:
    """One hour of a province: lines, devices and units."""
    found = []
    for start in range(START, START + 3600, 60):
        for line in range(LINES):
            one = minute(chance, line, start)
            counts = (one.verdict, one.expected, one.good, one.lost, one.late)
            found.append(one)
            found.append(MinuteSettled(start, Subject.DEVICE, f"gw-xa-{line:05}", *counts))
            found.append(MinuteSettled(start, Subject.UNIT, f"{line:05}", *counts))
    return found


def province(chance: random.Random) -> bytes:
    """One hour of a province: its lines, as many devices, and 161 units."""
    whole = Hour(START)
    for start in range(START, START + 3600, 60):
        for line in range(PROVINCE):
            marks = bytes(2 if chance.random() < 0.001 else 1 for _ in range(60))
            good = marks.count(1)
            slots = MinuteSlots(start + line / 1000, 1.0, marks, good * chance.gauss(0.005, 0.0002), good)
            counts = (State.UP, 60, good, 60 - good, 0)
            whole.take(MinuteSettled(start, Subject.LINE, str(line), *counts, slots))
            whole.take(MinuteSettled(start, Subject.DEVICE, f"gw-{line}", *counts))
            if line < 161:
                whole.take(MinuteSettled(start, Subject.UNIT, f"{10_000 + line}", *counts))
    return hour.encode(whole)


def second(lines: int, start: float, chance: random.Random) -> EchoSlots:
    """A slot of each line."""
    loss = [KINDS[line % len(KINDS)][2] for line in range(lines)]
    results = bytearray(SlotResult.LOST if chance.random() < each else SlotResult.GOOD for each in loss)
    rtts = (float("nan") if result else KINDS[line % 100][0] for line, result in enumerate(results))
    dues = array("d", (start + line / lines for line in range(lines)))
    return EchoSlots(start + 1.0, array("L", range(lines)), dues, results, array("d", rtts))


def spent(work: Callable[[], object]) -> float:
    """Return the CPU seconds that something takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


def median(read: Callable[[bytes], object], body: bytes) -> float:
    """Return the CPU seconds that reading a body takes, the median of nine."""
    return statistics.median(spent(lambda: read(body)) for _ in range(9))


class Chain:
    """Entries, as a store would hold them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.hour = Hour(START)

    def append(self, kind: str, body: bytes) -> None:
        """Append an entry."""
        before = self.entries[-1].hash if self.entries else BEGINNING
        seq, new = len(self.entries) + 1, New(kind, START * 1_000_000, body)
        self.entries.append(Entry("noc", seq, new.at, new.kind, body, digest(before, "noc", seq, new)))

    def say(self, said: object) -> None:
        """Append what has a body in JSON."""
        self.append(KIND_OF[type(said)], codec.dump(said))

    def take(self, decisions: list[object]) -> None:
        """Keep what was decided."""
        for decision in decisions:
            if isinstance(decision, MinuteSettled):
                self.hour.take(decision)
            elif isinstance(decision, PathMinute):
                self.hour.take_blind(decision)
            elif type(decision) in KIND_OF:
                self.say(decision)

    def over(self, start: float) -> None:
        """Seal an hour."""
        self.append("hour", hour.encode(self.hour))
        self.hour = Hour(int(start) + 3600)


def lived() -> list[Entry]:
    """Two hours of a few lines, lived."""
    chain, chance = Chain(), random.Random(2)
    rules = StateRules()
    devices = tuple(
        Device(name=f"gw-{n}", address=f"198.18.0.{n}", role=Role.UPLINK, unit=str(n), register="r")
        for n in range(VERIFIED)
    )
    lines = tuple(Line(n, each.name, None, each.address, 1.0) for n, each in enumerate(devices))
    units = tuple(("r", str(n)) for n in range(VERIFIED))
    chain.say(Started("bench", RULE_VERSION, rules, "noc", START, 0.0, None))
    chain.say(Configured(START, lines, devices, units, (), ()))
    hourly = Hourly(Judgement(rules), chain.take, chain.over)  # type: ignore[arg-type]  # takes any
    hourly.advance(Reconfigured(START, lines, devices, units))
    for now in range(START, START + 7400):
        hourly.advance(second(VERIFIED, now, chance))
        hourly.advance(Tick(now + 1.0))
    return chain.entries


def measure() -> list[Row]:
    """Measure all of it."""
    chance = random.Random(1)
    decisions, whole = settled(chance), Hour(START)
    taking = spent(lambda: [whole.take(decision) for decision in decisions]) / len(decisions) * 1e6
    bodies: list[bytes] = []
    encoding = spent(lambda: bodies.append(hour.encode(whole)))
    daily = len(bodies[0]) / LINES * 24
    whole.slots = {}
    verdicts = len(hour.encode(whole)) / LINES * 24
    piece = tail.Piece(START + 10.0, tuple(second(LINES, START + n, chance) for n in range(10)), ())
    packed: list[bytes] = []
    packing = spent(lambda: packed.append(tail.encode(piece)))
    there = province(chance)
    reading, skimming = (median(read, there) for read in (hour.decode, skim))
    entries = lived()
    found = [verify(entries)]
    checking = spent(lambda: verify(entries))
    speed = found[0].minutes / checking
    return [
        Row("a day of an uplink, with its device and unit", f"{daily:,.0f} bytes", "", "about 1,000", None),
        Row("  of it verdicts and counts", f"{verdicts:,.0f} bytes", "", "", None),
        Row("a settled minute taken, on the loop", f"{taking:.2f} µs", "", "<= 5 µs", taking <= 5),
        Row(
            f"10 s of {LINES} lines into a piece, in the thread ({len(packed[0]) / 1e3:.0f} kB)",
            f"{packing * 1e3:.0f} ms, {packing * 10:.1f} % of a core",
            "",
            "<= 5 %",
            packing * 10 <= 5,
        ),
        Row(f"an hour of {LINES} lines into bytes, in the thread", f"{encoding:.1f} s", "", "", None),
        Row("an hour of a province read", f"{reading * 1e3:.0f} ms", "", "", None),
        Row(
            "  of it what figures are made of",
            f"{skimming * 1e3:.0f} ms",
            f"{reading / skimming:.1f} times quicker",
            "<= 20 ms",
            skimming <= 0.02,
        ),
        Row("verdicts verified in a second", f"{speed:,.0f}", "", "", None if found[0].intact else False),
    ]


if __name__ == "__main__":
    print_table("The ledger with 5,000 lines", measure())
