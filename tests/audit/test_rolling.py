"""Minutes come to the same, counted as they settle or read from the ledger, and a minute counts once."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from netwatch.audit.period import Window
from netwatch.audit.rolling import Rolling, Wanted
from netwatch.audit.tally import HOURS
from netwatch.evidence import hour
from netwatch.evidence.hour import Hour
from netwatch.evidence.skim import of, skim
from netwatch.inventory.hours import OfficeHours
from netwatch.model.decision import MinuteSettled, MinuteSlots, Subject
from netwatch.model.device import Device, Line, Role
from netwatch.model.figures import Figures
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable

START = int(dt.datetime(2026, 10, 5, 6, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).timestamp())  # a Monday
DAY = Window(START, START + 86_400)
OFFICE = OfficeHours(ZoneInfo("Asia/Ho_Chi_Minh"))
BOTH = Wanted(frozenset("ab"))
ONLY_A = Wanted(frozenset({"a"}))


def minute(number: int, verdict: State = State.UP, key: str = "a") -> MinuteSettled:
    """The minute of a unit that begins `number` minutes after START."""
    return MinuteSettled(START + 60.0 * number, Subject.UNIT, key, verdict, expected=60, good=60, lost=0)


def counted(*minutes: MinuteSettled, wanted: Wanted = BOTH) -> Rolling:
    rolling = Rolling(wanted)
    for each in minutes:
        rolling.count(each)
    return rolling


def figures(rolling: Rolling, key: str = "a", window: Window = DAY, *, office: bool = False) -> Figures:
    passed = rolling.passed(window, office=office)
    return rolling.of((Subject.UNIT, key), window, passed, office=office)


def minutes(rolling: Rolling, key: str = "a", window: Window = DAY) -> tuple[int, int, int]:
    found = figures(rolling, key, window)
    return found.up, found.down, found.unknown


def sealed(*told: MinuteSettled) -> Hour:
    """The hour of some minutes as the ledger has it."""
    found = Hour(int(told[0].start) // 3600 * 3600)
    for each in told:
        found.take(each)
    return hour.decode(hour.encode(found))


def test_minutes_are_counted_by_verdict_and_key() -> None:
    rolling = counted(
        minute(0), minute(1, State.DOWN), minute(2, State.UNKNOWN), minute(3), minute(3, State.DOWN, "b")
    )
    assert (minutes(rolling), minutes(rolling, "b")) == ((2, 1, 1), (0, 1, 3))


def test_a_minute_that_nobody_judged_is_unknown() -> None:
    """Ten minutes without a verdict, as between two processes, count; so does a unit never seen."""
    rolling = counted(minute(0), minute(11))
    assert (minutes(rolling), minutes(rolling, "new")) == ((2, 0, 10), (0, 0, 12))


def test_nothing_is_known_of_the_future_not_even_that_it_is_unknown() -> None:
    assert figures(Rolling(ONLY_A)) == Figures()
    assert figures(counted(minute(0)), "a", Window(START + 3600, START + 7200)) == Figures()


def test_nobody_is_counted_who_is_not_wanted() -> None:
    rolling = counted(minute(0), minute(0, key="b"), wanted=ONLY_A)
    rolling.take_hour(of(sealed(minute(60), minute(60, key="b"))))
    rolling.want(Wanted(frozenset("ab")))
    assert (minutes(rolling)[0], minutes(rolling, "b")[0]) == (2, 0)


def test_observed_is_a_share_of_the_whole_window() -> None:
    """Unknown minutes were not observed; two units seen at the same time do not count twice."""
    told = (
        *(minute(number) for number in range(60)),
        *(minute(number, State.DOWN, "b") for number in range(60)),
        *(minute(number, State.UNKNOWN) for number in range(60, 120)),
        minute(120, State.DOWN),
    )
    read = Rolling(ONLY_A)
    for each in (told[:120], told[120:180], told[180:]):
        read.take_hour(of(sealed(*each)))
    for rolling in (counted(*told), read):
        assert rolling.observed(DAY) == pytest.approx(61 / 1440)
    assert Rolling(ONLY_A).observed(DAY) == 0.0


def test_observed_forgets_what_is_older_than_any_period() -> None:
    rolling = counted(minute(0), minute(HOURS * 60, State.UNKNOWN))
    assert rolling.observed(Window(START, START + HOURS * 3600 + 3600)) == 0.0


def test_office_hours_are_counted_beside() -> None:
    """07:30 to 17:00 of a Monday that begins here at 06:00; they are 570 minutes."""
    rolling = counted(
        *(minute(number, State.DOWN if number == 100 else State.UP) for number in range(12 * 60)),
        wanted=Wanted(frozenset("a"), office=OFFICE),
    )
    assert minutes(rolling) == (719, 1, 0)
    found = figures(rolling, office=True)
    assert (found.up, found.down, found.unknown, found.expected) == (569, 1, 0, 570 * 60)


def test_nothing_is_told_of_office_hours_that_no_claim_asks_for() -> None:
    assert figures(counted(minute(100), wanted=ONLY_A), office=True) == Figures()


def test_the_hours_of_a_unit_are_told_oldest_first() -> None:
    rolling = counted(minute(0), minute(1, State.DOWN), minute(61), minute(61, key="b"), minute(62, key="b"))
    assert rolling.timeline("a") == [(START, 1, 1, 58), (START + 3600, 1, 0, 2)]
    assert Rolling(ONLY_A).timeline("a") == []


def test_a_minute_that_two_hours_tell_of_counts_as_it_was_written_first() -> None:
    """A clock was set back between two processes by more than a minute."""
    rolling = Rolling(ONLY_A)
    rolling.take_hour(of(sealed(minute(0), minute(1, State.DOWN), minute(2, State.UNKNOWN))))
    rolling.take_hour(of(sealed(*(minute(number) for number in range(5)))))
    assert minutes(rolling) == (3, 1, 1)


def test_a_minute_that_the_ledger_told_of_is_not_counted_again() -> None:
    earlier, rolling = Rolling(ONLY_A), Rolling(ONLY_A)
    earlier.take_hour(of(sealed(minute(0), minute(1, State.DOWN))))
    adopt(rolling, earlier)
    for number in range(4):
        rolling.count(minute(number))
    assert minutes(rolling) == (3, 1, 0)


def test_an_hour_of_the_ledger_that_was_counted_already_is_left_out() -> None:
    earlier, rolling = Rolling(ONLY_A), counted(*(minute(number) for number in range(60, 64)))
    earlier.take_hour(of(sealed(minute(0), minute(1))))
    earlier.take_hour(of(sealed(minute(61, State.DOWN), minute(62), minute(64, State.DOWN))))
    adopt(rolling, earlier)
    rolling.count(minute(64))
    assert minutes(rolling) == (7, 0, 58)


def adopt(rolling: Rolling, earlier: Rolling) -> None:
    """Hand over what was read, in parts of one key."""
    leave_out = rolling.adopt(earlier.told)
    for part in earlier.rings(1):
        rolling.adopt_rings(part, leave_out)


DEVICES = (
    Device(name="gw-a", address="198.18.1.1", role=Role.UPLINK, unit="a", register="r", predecessor="1"),
    Device(name="gw-b", address="198.18.1.2", role=Role.UPLINK, unit="a", register="r", predecessor="2"),
    Device(name="sw", address="198.18.1.3", role=Role.SWITCH, unit="a", register="r"),
    Device(name="alone", address="198.18.1.4", role=Role.SWITCH, unit="b", register="r"),
)
LINES = (
    Line(7, "gw-a", None, "198.18.1.1", 1.0),
    Line(3, "gw-b", None, "198.18.1.2", 1.0),
    Line(4, "gw-b", 0, "198.18.1.5", 1.0),
    Line(5, "sw", None, "198.18.1.3", 1.0),
    Line(9, "alone", None, "198.18.1.4", 1.0),
)
MOVED = tuple(
    Device(
        name=each.name, address=each.address, role=each.role, unit="b" if each.name == "gw-b" else each.unit
    )
    for each in DEVICES
)
OF = {"a": (3, 4, 7), "b": (9,), "gw-a": (7,), "gw-b": (3, 4)}
OF_MOVED = {"a": (7,), "b": (3, 4), "gw-a": (7,), "gw-b": (3, 4)}
MOVED_AT = START + 5430  # in the second hour, and within a minute
ABOUT = (
    (Subject.UNIT, "a"),
    (Subject.UNIT, "b"),
    (Subject.DEVICE, "gw-a"),
    (Subject.DEVICE, "gw-b"),
)
WANTED = Wanted(frozenset("ab"), frozenset({"gw-a", "gw-b"}), OFFICE)


def weather(chance: random.Random, count: int) -> list[MinuteSettled]:
    """So many minutes of everything, in the order of a judgement: lines, then what they make up."""
    found = []
    for number in range(count):
        start = START + 60.0 * number
        for line in LINES:
            good, timed = chance.randint(0, 60), chance.random() < 0.8
            replies = chance.randint(1, good) if good and timed else 0
            seconds = (
                replies * chance.choice((0.004, 0.0499999, 0.05, 0.0500006, 0.3)) * chance.uniform(0.999, 1)
            )
            slots = MinuteSlots(start + 0.2, 1.0, b"\1" * good + b"\2" * (60 - good), seconds, replies)
            found.append(
                MinuteSettled(start, Subject.LINE, str(line.number), State.UP, 60, good, 60 - good, 0, slots)
            )
        for subject, key in (
            (Subject.DEVICE, "gw-a"),
            (Subject.DEVICE, "gw-b"),
            (Subject.DEVICE, "sw"),
            (Subject.UNIT, "a"),
            (Subject.UNIT, "b"),
        ):
            if chance.random() < 0.9:
                good, late = chance.randint(0, 50), chance.randint(0, 10)
                lost = chance.randint(0, 60 - good - late)
                verdict = chance.choice(tuple(State))
                found.append(MinuteSettled(start, subject, key, verdict, 60, good, lost, late))
    return found


def plainly(told: Iterable[MinuteSettled], key: str, *, passed: int, office: bool) -> Figures:
    """The figures of a unit or device, one minute after the other."""
    times: dict[float, dict[int, tuple[int, int]]] = defaultdict(dict)
    up = down = expected = unanswered = valid = timed = slow = micro = replies = 0
    for each in told:
        if each.subject is Subject.LINE:
            if each.slots is not None and each.slots.rtt_count:
                mean = round(each.slots.rtt_sum / each.slots.rtt_count * 1e6)
                times[each.start][int(each.key)] = mean, each.slots.rtt_count
            continue
        if each.key != key or (office and not OFFICE.contains(each.start)):
            continue
        up += each.verdict is State.UP
        down += each.verdict is State.DOWN
        expected += each.expected
        unanswered += each.lost + each.late
        valid += each.good + each.lost + each.late
        lines = (OF if each.start < MOVED_AT else OF_MOVED)[key]
        known = [times[each.start][line] for line in lines if line in times[each.start]]
        if known:
            mean, count = min(known, key=lambda one: one[0])
            timed, slow = timed + 1, slow + (mean > 50_000)
            micro, replies = micro + mean * count, replies + count
    return Figures(
        up, down, passed - up - down, expected, unanswered, valid, timed, slow, micro / 1e6, replies
    )


def configured(rolling: Rolling) -> Rolling:
    rolling.configured(START - 100.0, LINES, DEVICES)
    return rolling


def living(rolling: Rolling, told: Iterable[MinuteSettled]) -> Rolling:
    """Count minutes as a process does that is reloaded on the way; they settle 90 s after their end."""
    for each in told:
        if each.start + 150 >= MOVED_AT:
            rolling.configured(MOVED_AT, LINES, MOVED)
        rolling.count(each)
    return rolling


def reading(rolling: Rolling, told: Iterable[MinuteSettled]) -> Rolling:
    """Read minutes as hours of the ledger, among which the reload stands."""
    by_hour: dict[float, list[MinuteSettled]] = defaultdict(list)
    for each in told:
        by_hour[each.start // 3600].append(each)
    for number, there in enumerate(by_hour.values()):
        if number == 1:
            rolling.configured(MOVED_AT, LINES, MOVED)
        rolling.take_hour(skim(hour.encode(sealed(*there))))
    return rolling


@given(st.integers(0, 2**32), st.integers(1, 200), st.integers(0, 200))
@settings(deadline=None, max_examples=25)
def test_living_equals_reading_equals_both(seed: int, count: int, ended: int) -> None:
    """Of a process that ended after some minutes, the sealed hours are read, the begun one is recalled."""
    told = weather(random.Random(seed), count)
    whole = living(configured(Rolling(WANTED)), told)
    read = reading(configured(Rolling(WANTED)), told)
    sealed_until = START + ended * 60 // 3600 * 3600
    before = [each for each in told if each.start < sealed_until]
    begun = [each for each in told if sealed_until <= each.start < START + ended * 60]
    since = [each for each in told if each.start >= START + ended * 60]
    restarted = configured(Rolling(WANTED))
    if sealed_until > MOVED_AT:
        restarted.configured(MOVED_AT, LINES, MOVED)
    if begun:
        restarted.configured(MOVED_AT, LINES, MOVED)
        recalled = Hour(sealed_until)
        for each in begun:
            recalled.take(each)
        restarted.take_hour(of(recalled))
    living(restarted, since[: len(since) // 2])
    adopt(restarted, reading(configured(Rolling(WANTED)), before))
    living(restarted, since[len(since) // 2 :])
    for office in (False, True):
        passed = whole.passed(DAY, office=office)
        for about in ABOUT:
            expected = plainly(told, about[1], passed=passed, office=office)
            for name, rolling in (("whole", whole), ("read", read), ("restarted", restarted)):
                assert rolling.passed(DAY, office=office) == passed, name
                assert rolling.of(about, DAY, passed, office=office) == expected, (name, about, office)
    for rolling in (read, restarted):
        assert rolling.observed(DAY) == whole.observed(DAY)
        assert rolling.timeline("a") == whole.timeline("a")
