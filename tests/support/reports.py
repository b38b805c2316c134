"""A full report that nothing was measured for: real units of Hưng Yên, and one of everything that may occur.

The figures follow from the units' places in the register, so that every run makes the same report.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from report_claims import claims, findings
from report_papers import ANCHORS, EXHIBITS, HEADS, attestations, disputes

from netwatch.inventory.registers import read_register
from netwatch.model.cause import Cause, Fact
from netwatch.model.device import StateRules
from netwatch.model.figures import Figures
from netwatch.model.maintenance import Annotation, Window
from netwatch.model.report import Excluded, OutageAccount, Period, Report, UnitAccount, UplinkAccount

if TYPE_CHECKING:
    from netwatch.model.claim import ClaimResult, UnitVerdict
    from netwatch.model.register import Register, Unit

ROOT = Path(__file__).parents[2]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = dt.datetime(2026, 10, 1, tzinfo=ZONE).timestamp()
END = dt.datetime(2026, 11, 1, tzinfo=ZONE).timestamp()
TODAY = dt.date(2026, 10, 31)
DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0

MINUTES = 31 * 24 * 60
OFFICE_MINUTES = 22 * 570

PERIOD = Period("2026-10", START, END, "Asia/Ho_Chi_Minh")
WINDOW = Window(
    "core-2026-10-11",
    START + 10 * DAY + 22 * HOUR,
    START + 10 * DAY + 24 * HOUR,
    START + 5 * DAY,
    "Nguyễn Thị Hòa, Trung tâm CNTT",
    "thay thiết bị chuyển mạch",
    areas=("Hưng Yên",),
)
LATE_WINDOW = replace(
    WINDOW,
    name="gw-2026-10-21",
    start=START + 20 * DAY,
    end=START + 20 * DAY + 2 * HOUR,
    announced=START + 20 * DAY + HOUR,
)


CAUSES = tuple(Cause)
TEXTS = {
    Cause.UPSTREAM: "was down from the same moment on",
    Cause.MAINTENANCE: "window core-2026-10-11, announced by Nguyễn Thị Hòa: thay thiết bị chuyển mạch",
    Cause.POWER: "on battery",
    Cause.RESTART: "started",
    Cause.LINK: "received light of ether1 lost",
    Cause.ACCESS: "port ether1 showed nothing",
    Cause.UNDETERMINED: "has been running since then",
}


@functools.cache
def registers() -> tuple[Register, Register]:
    """Return the register of communes, and that of organisations, which is marked as an example."""
    folder = ROOT / "config" / "registers"
    return (
        read_register(folder / "hung-yen.csv", "hung-yen"),
        read_register(folder / "organisations.csv", "organisations"),
    )


def report(*, outages: int = 3, day: dt.date = TODAY) -> Report:
    """Return the report of October 2026, over the units of the registers in force on `day`.

    Each third unit has so many outages. With a day of 2017 the communes are 161.
    """
    told = claims(registers(), PERIOD)
    return Report(
        period=PERIOD,
        made_at=END + 2 * HOUR,
        version="0.2.0",
        claims=told,
        units=tuple(
            _account(register.name, unit, number, told, outages)
            for register in registers()
            for number, unit in enumerate(register.as_of(day))
        ),
        parameters=(StateRules(), StateRules(settle_after=120.0)),
        office_hours="Mon-Fri 07:30-17:00",
        holidays=("2026-10-13",),
        pauses=((START + 6 * DAY + 3 * HOUR, START + 6 * DAY + 3.5 * HOUR),),
        gaps=(("trace", 4), ("tail", 1)),
        registers=(("hung-yen", "5c" * 32, False), ("organisations", "9f" * 32, True)),
        exhibits=EXHIBITS,
        heads=HEADS,
        anchors=ANCHORS,
    )


def figures(minutes: int, down: int, unknown: int) -> Figures:
    """Return what so many minutes at a slot a second come to, of a line that loses one slot in 500."""
    judged = minutes - unknown // 2
    up = minutes - down - unknown
    return Figures(
        up=up,
        down=down,
        unknown=unknown,
        expected=judged * 60,
        lost=down * 60 + up * 60 // 500,
        valid=(up + down) * 60,
        timed=up,
        slow=up // 300,
        rtt_sum=up * 60 * 0.0123,
        rtt_count=up * 60 - up * 60 // 500,
    )


def monitored(register: str, number: int) -> bool:
    """Tell whether the unit at a place of its register has a device: most of the communes."""
    return register == "hung-yen" and number % 13 != 5


def _account(
    register: str, unit: Unit, number: int, told: tuple[ClaimResult, ...], outages: int
) -> UnitAccount:
    seen = monitored(register, number)
    lost = _outages(unit, number, outages) if seen and number % 3 == 0 else ()
    down = sum(round(((each.end or END) - each.start) / MINUTE) for each in lost)
    unknown = 40 + number if seen else MINUTES
    gross = figures(MINUTES, down, unknown)
    excluded = _excluded(number) if seen else ()
    return UnitAccount(
        register=register,
        unit=unit,
        area=unit.district or "Hưng Yên",
        monitored=seen,
        gross=gross,
        net=figures(MINUTES - sum(each.minutes for each in excluded), down, unknown) if seen else gross,
        office=figures(OFFICE_MINUTES, down // 3, unknown // 3 if seen else OFFICE_MINUTES),
        blind=number % 5 if seen else 0,
        blips=number % 4,
        outages=lost,
        excluded=excluded,
        uplinks=_uplinks(unit, number, gross) if seen else (),
        criteria=findings(unit, number, seen=seen),
        verdicts=_verdicts(unit, told),
        attestations=attestations(unit, number) if seen else (),
        disputes=disputes(unit, number) if seen else (),
    )


def _verdicts(unit: Unit, told: tuple[ClaimResult, ...]) -> tuple[tuple[str, str, UnitVerdict], ...]:
    return tuple(
        (result.claim.name, each.unit.code, each.verdict)
        for result in told
        for each in result.units
        if each.unit is unit or unit.code in each.heirs
    )


def _outages(unit: Unit, number: int, count: int) -> tuple[OutageAccount, ...]:
    """Return outages of one cause after the other; the first unit has one of each, and the last goes on."""
    many = max(count, len(CAUSES)) if number == 0 else count
    step = 30 * DAY / max(many, 1)
    return tuple(
        _outage(
            unit, START + place * step + number * 613, CAUSES[(place + number // 3) % len(CAUSES)], goes_on
        )
        for place in range(many)
        for goes_on in (number % 9 == 0 and place == many - 1,)
    )


def _outage(unit: Unit, start: float, cause: Cause, goes_on: bool) -> OutageAccount:
    device = f"gw-{unit.code}"
    note = Annotation(
        end := start + 20 * MINUTE + len(unit.name) * 17.4, unit.code, start, "Trực NOC", "VNPT xác nhận"
    )
    return OutageAccount(
        start=start,
        end=None if goes_on else end,
        cause=cause,
        root="core-hung-yen" if cause is Cause.UPSTREAM else "",
        unknown=40.0 if cause is Cause.POWER else 0.0,
        settled=not goes_on,
        facts=(Fact(start - 1.5, device, TEXTS[cause]),),
        notes=(replace(note, ticket="HYN-2026-0417"),) if cause is Cause.LINK else (),
    )


def _excluded(number: int) -> tuple[Excluded, ...]:
    if number % 12:
        return ()
    return Excluded(WINDOW, 120, in_time=True), Excluded(LATE_WINDOW, 0, in_time=False)


def _uplinks(unit: Unit, number: int, gross: Figures) -> tuple[UplinkAccount, ...]:
    first = UplinkAccount(f"gw-{unit.code}", "VNPT", "fibre", gross)
    backup = UplinkAccount(f"lte-{unit.code}", "Viettel", "4g", figures(MINUTES, 300, 0))
    return (first, backup) if number % 7 == 3 else (first,)
