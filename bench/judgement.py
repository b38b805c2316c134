"""What the judgement costs: a steady good slot against one that is only counted, and a settled minute.

Run: `python bench/judgement.py`. CPU time of this process, median of 5 runs.
"""

from __future__ import annotations

import statistics
import time
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

from report import Row, print_table

from netwatch.judgement.events import Reconfigured, Tick
from netwatch.judgement.reducer import Judgement
from netwatch.judgement.settlement import SPREAD
from netwatch.judgement.tally import RTT_BOUNDS
from netwatch.model.decision import MinuteSettled
from netwatch.model.device import Device, Line, Role, StateRules
from netwatch.model.observation import EchoSlots

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = 10_000
SECONDS = 60
WARM_UP = 5  # seconds, until every line is up
BATCH = 100  # slots a tick: 10,000 a second in ticks of 10 ms
UNITS = 3_321  # the communes of the country
RUNS = 5
START = 1_700_000_040.0  # a full minute


def device(name: str, unit: str) -> Device:
    return Device(
        name=name, unit=unit, register="bench", area="bench", address="198.18.0.1", role=Role.UPLINK
    )


def configured(lines: int) -> Judgement:
    """Two lines a unit, each with a device of its own."""
    judgement = Judgement(StateRules())
    judgement.advance(
        Reconfigured(
            START,
            tuple(Line(number, f"gw-{number}", None, "198.18.0.1", 1.0) for number in range(lines)),
            tuple(device(f"gw-{number}", f"{number // 2:05}") for number in range(lines)),
        )
    )
    return judgement


def good_slots(lines: int, second: int) -> list[EchoSlots]:
    """One second of replies after 4 to 10 ms, in batches as the echo engine closes them."""
    events = []
    for first in range(0, lines, BATCH):
        numbers = range(first, min(first + BATCH, lines))
        due = array("d", (START + second + number / lines for number in numbers))
        events.append(
            EchoSlots(
                due[-1] + 0.02,
                array("L", numbers),
                due,
                bytearray(len(numbers)),
                array("d", (0.004 + number % 7 * 0.001 for number in numbers)),
            )
        )
    return events


def cost_of_slots(take: Callable[[EchoSlots], object]) -> float:
    """CPU µs a slot of `LINES` steady good lines over `SECONDS`."""
    spent = 0.0
    for second in range(WARM_UP + SECONDS):
        events = good_slots(LINES, second)
        if second == WARM_UP:
            spent = 0.0
        before = time.process_time()
        for event in events:
            take(event)
        spent += time.process_time() - before
    return spent / (LINES * SECONDS) * 1e6


def slot_cost() -> float:
    """CPU µs a slot, the watch for silence included."""
    return cost_of_slots(configured(LINES).advance)


class Counted:
    """The totals of a line, and nothing else."""

    __slots__ = ("histogram", "replies", "requests", "rtt_sum")

    def __init__(self) -> None:
        self.requests = self.replies = 0
        self.rtt_sum = 0.0
        self.histogram = [0] * (len(RTT_BOUNDS) + 1)

    def take(self, result: int, rtt: float) -> None:
        """Count one slot."""
        self.requests += 1
        if not result:
            self.replies += 1
            self.rtt_sum += rtt
            self.histogram[bisect_left(RTT_BOUNDS, rtt)] += 1


def counting_cost() -> float:
    """CPU µs a slot where it is only counted: the same totals, one slot at a time, no state and no minute."""
    lines = {number: Counted() for number in range(LINES)}

    def count(event: EchoSlots) -> None:
        for number, _due, result, rtt in zip(event.lines, event.due, event.results, event.rtts, strict=True):
            lines[number].take(result, rtt)

    return cost_of_slots(count)


def minute_cost() -> tuple[float, float]:
    """CPU ms to settle a minute of `UNITS` with two lines each, and the most that one 10 ms tick takes."""
    judgement = configured(UNITS * 2)
    for second in range(61):
        for event in good_slots(UNITS * 2, second):
            judgement.advance(event)
    due = START + 60 + judgement.rules.settle_after
    judgement.advance(Tick(due - 0.001))  # silence since the 61st second is told here
    settled = 0
    ticks = []
    for step in range(round(SPREAD / 0.01) + 1):
        before = time.process_time()
        decisions = judgement.advance(Tick(due + step * 0.01))
        ticks.append(time.process_time() - before)
        settled += sum(isinstance(decision, MinuteSettled) for decision in decisions)
    assert settled == UNITS * 5, settled
    return sum(ticks) * 1e3, max(ticks) * 1e3


def measure() -> list[Row]:
    """Measure everything, each against its yardstick."""
    slots = statistics.median(slot_cost() for _ in range(RUNS))
    counting = statistics.median(counting_cost() for _ in range(RUNS))
    minutes = [minute_cost() for _ in range(RUNS)]
    total = statistics.median(minute for minute, _ in minutes)
    tick = statistics.median(longest for _, longest in minutes)
    ratio = slots / counting
    return [
        Row("a slot that is only counted", f"{counting:.2f} µs/slot", "", "", None),
        Row("a steady good slot", f"{slots:.2f} µs/slot", f"{ratio:.1f} x", "<= 3 x", ratio <= 3),
        Row(f"a settled minute, {UNITS * 5} verdicts", f"{total:.0f} ms", "", "", None),
        Row("the most of it in one tick of 10 ms", f"{tick:.1f} ms", "", "<= 5 ms", tick <= 5),
    ]


if __name__ == "__main__":
    print_table(f"Judgement: {LINES} lines, and a settled minute of {UNITS} units of two lines", measure())
