"""What the report of a month costs: 161 units of 211 lines, 744 hours, out of a ledger in a file.

The mix of lines is that of `ledger.py`, of which 50 units have a second one. The yardstick is the same rows
read out of the same file and nothing decoded. Wall time; memory of this process, and of the largest reader.
"""

from __future__ import annotations

import os
import random
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ledger import minute
from report import Row, print_table

from netwatch.audit.report.asked import period
from netwatch.audit.report.making import Source, make
from netwatch.evidence import codec, hour
from netwatch.evidence.chain import New
from netwatch.evidence.hour import Hour
from netwatch.evidence.kinds import HOUR, KIND_OF, RULE_VERSION, Configured, Facts, Started
from netwatch.evidence.store import Store
from netwatch.inventory.load import load
from netwatch.model.decision import MinuteSettled, Subject
from netwatch.model.device import Device, Line, Role, StateRules, Uplink
from netwatch.model.fact import FactKind

if TYPE_CHECKING:
    from netwatch.inventory.load import Inventory
    from netwatch.model.report import Period

UNITS, SECOND = 161, 50
DISTINCT = 24  # hours that are made; a month repeats them, each with its own beginning
MICRO = 1_000_000
GOAL = 10.0  # seconds

REGISTER = """\
# province: P
# example: false
code,name,kind,district,valid_from,valid_to,predecessors,latitude,longitude,source
"""


def measure() -> list[Row]:
    """Measure it."""
    with tempfile.TemporaryDirectory() as folder:
        return _measured(Path(folder))


def _measured(folder: Path) -> list[Row]:
    inventory = _inventory(folder)
    asked = period("2026-10", inventory.hours.zone)
    url = f"sqlite:///{folder / 'ledger.db'}"
    _fill(url, asked)
    store = Store(url, "noc")
    begun = time.perf_counter()
    size = sum(len(entry.body) for entry in store.entries())
    reading = time.perf_counter() - begun
    took = {}
    for jobs in (1, 2):
        begun = time.perf_counter()
        made = make(Source(url, "noc"), inventory, asked, asked.end, asked.end + 7200, jobs=jobs)
        took[jobs] = time.perf_counter() - begun
    assert sum(each.gross.up + each.gross.down for each in made.units) == UNITS * 44640
    own, others = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    ratio = took[2] / reading
    return [
        Row(
            f"a month of {UNITS} units, {UNITS + SECOND} lines, in two processes",
            f"{took[2]:.1f} s",
            f"{ratio:.0f} x the rows read alone ({reading:.2f} s, {size / 1e6:.0f} MB)",
            f"<= {GOAL:.0f} s",
            took[2] <= GOAL,
        ),
        Row("the same in one", f"{took[1]:.1f} s", "", "", None),
        Row(
            "memory at most, of this process and of a reader", f"{own:.0f} and {others:.0f} MiB", "", "", None
        ),
    ]


def _inventory(folder: Path) -> Inventory:
    for below in ("sites", "registers"):
        (folder / "config" / below).mkdir(parents=True)
    rows = (f"{n:05},Xã {n},xã,,2020-01-01,,,,,made up\n" for n in range(UNITS))
    (folder / "config/registers/r.csv").write_text(REGISTER + "".join(rows), "utf-8")
    (folder / "config/netwatch.yaml").write_text("registers: {r: registers/r.csv}\n", "utf-8")
    (folder / "config/sites/s.yaml").write_text(
        'sites: [{unit: "00000", devices: [{name: gw-00000, address: 198.18.0.1, role: uplink}]}]\n', "utf-8"
    )
    return load(folder / "config", os.environ)


def _fill(url: str, asked: Period) -> None:
    """Write a month's ledger."""
    chance = random.Random(1)
    store = Store(url, "noc")
    store.open()
    begun = asked.start - 7200
    entries = [
        _said(Started("bench", RULE_VERSION, StateRules(), "noc", begun, 0.0, None), begun),
        _said(_configured(begun), begun),
    ]
    hours = [_hour(chance) for _ in range(DISTINCT)]
    for number, start in enumerate(range(int(asked.start), int(asked.end), 3600)):
        found = hours[number % DISTINCT]
        found.start = start
        entries.append(New(HOUR, (start + 3700) * MICRO, hour.encode(found)))
        if number % 24 == 23:
            entries += [_said(_configured(start + 3600.0), start + 3700)]
            entries += [_said(_facts(n, start + 3650.0), start + 3700) for n in range(UNITS)]
    store.write(entries, [], None)
    store.close()


def _said(said: object, at: float) -> New:
    return New(KIND_OF[type(said)], round(at * MICRO), codec.dump(said))


def _configured(at: float) -> Configured:
    devices = tuple(
        Device(
            name=f"gw-{n:05}",
            address=f"198.18.{n // 100}.{n % 100}",
            role=Role.UPLINK,
            unit=f"{n:05}",
            register="r",
            area=f"area {n % 10}",
            uplinks=(
                Uplink("ether1", "fibre", "VNPT", "", None, None),
                *((Uplink("lte1", "4g", "MobiFone", "", None, "198.18.9.9"),) if n < SECOND else ()),
            ),
        )
        for n in range(UNITS)
    )
    lines = [Line(n, each.name, None, each.address, 1.0) for n, each in enumerate(devices)]
    lines += [Line(UNITS + n, devices[n].name, 1, "198.18.9.9", 1.0) for n in range(SECOND)]
    units = tuple(("r", each.unit) for each in devices)
    return Configured(at, tuple(lines), devices, units, (), ())


def _facts(number: int, at: float) -> Facts:
    return Facts(
        at,
        f"gw-{number:05}",
        (
            (FactKind.DEFAULT_ROUTE, "4", None, "ether1", "inetCidrRouteIfIndex"),
            (FactKind.MEDIUM, "ether1", 26.0, "fibre", "ifMauType"),
            (FactKind.LIGHT, "ether1", -18.3, "1", "entSensorValue"),
        ),
    )


def _hour(chance: random.Random) -> Hour:
    """One hour of all lines, devices and units, at its beginning 0."""
    found = Hour(0)
    for place in range(60):
        for line in range(UNITS + SECOND):
            one = minute(chance, line, place * 60)
            counts = (one.verdict, one.expected, one.good, one.lost, one.late)
            found.take(one)
            if line < UNITS:
                found.take(MinuteSettled(place * 60, Subject.DEVICE, f"gw-{line:05}", *counts))
                found.take(MinuteSettled(place * 60, Subject.UNIT, f"{line:05}", *counts))
    return found


if __name__ == "__main__":
    print_table("The report of a month", measure())
