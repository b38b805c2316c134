"""What a scrape costs: gathering what was rendered, against prometheus-client rendering it there and then.

Run: `python bench/scrape.py`. CPU time of this process, median of 5 runs.
"""

from __future__ import annotations

import datetime as dt
import gzip
import statistics
import time
from array import array
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from report import Row, print_table

from netwatch.judgement.events import Reconfigured
from netwatch.judgement.reducer import Judgement
from netwatch.model.device import Device, Line, Role, StateRules
from netwatch.model.observation import EchoSlots, InterfaceName, InterfaceTable, Observation
from netwatch.model.outcome import Outcome
from netwatch.model.register import Unit
from netwatch.publishing.devices import DeviceExposition
from netwatch.publishing.exposition import Format
from netwatch.publishing.live import LiveExposition, Roll

if TYPE_CHECKING:
    from collections.abc import Callable

DEVICES, PORTS = 200, 52
COLUMNS = (
    *("ifOperStatus", "ifAdminStatus", "ifHighSpeed", "ifHCInOctets", "ifHCOutOctets", "ifInErrors"),
    *("ifOutErrors", "ifInDiscards", "ifOutDiscards", "ifHCInUcastPkts", "ifHCOutUcastPkts", "ifLastChange"),
)
UNITS, PER_UNIT = 3_321, 2  # the communes of the country, a gateway and a switch in each
SLICE = 0.1  # seconds between two calls of `refresh`
RUNS = 5
START = 1_700_000_040.0

LABELS = ("device", "unit", "ifIndex", "ifName", "ifAlias", "ifDescr")


def device(number: int, unit: str, **changes: Any) -> Device:
    values: dict[str, Any] = {
        "name": f"sw-{number:05}",
        "address": "198.18.0.1",
        "role": Role.UPLINK,
        "unit": unit,
        "register": "bench",
        "area": "Văn Lâm",
        "snmp": "noc",
        "all_interfaces": True,
    }
    return Device(**(values | changes))


def rows() -> tuple[InterfaceName, ...]:
    return tuple(
        InterfaceName(f"Gi1/0/{port}", port, f"Gi1/0/{port}", f"Tầng {port}", f"GigabitEthernet1/0/{port}")
        for port in range(1, PORTS + 1)
    )


def observation(name: str, names: tuple[InterfaceName, ...], poll: int) -> Observation:
    """One poll of a switch: 12 columns of 52 ports and sysUpTime, 625 values."""
    values = tuple(
        array("Q", [(poll + 1) * 1_234_567_891 * (column + 1) % 2**40 + port for port in range(PORTS)])
        for column in range(len(COLUMNS))
    )
    table = InterfaceTable(1, names, COLUMNS, values)
    return Observation(
        name, START + poll * 60, Outcome.ANSWERED, 0.1, uptime=1e6 + poll * 60, interfaces=table
    )


class Rival(Collector):
    """The same samples as prometheus-client holds them; making them is not measured, only telling them."""

    def __init__(self, polls: list[tuple[Device, Observation]]) -> None:
        families = {name: GaugeMetricFamily(name, name, labels=LABELS) for name in COLUMNS}
        for device, poll in polls:
            table = poll.interfaces
            assert table is not None
            for name, values in zip(table.columns, table.values, strict=True):
                add = families[name].add_metric
                for row, value in zip(table.rows, values, strict=True):
                    add(
                        (device.name, device.unit, str(row.index), row.name, row.alias, row.descr),
                        value,
                    )
        self._families = list(families.values())

    def collect(self) -> list[GaugeMetricFamily]:
        """Return all families."""
        return self._families


def cpu(work: Callable[[], object], repeat: int = 1) -> float:
    """Seconds of CPU for one `work`, median of RUNS runs."""
    runs = []
    for _ in range(RUNS):
        began = time.process_time()
        for _ in range(repeat):
            work()
        runs.append((time.process_time() - began) / repeat)
    return statistics.median(runs)


def whole(exposition: DeviceExposition | LiveExposition) -> bytes:
    """Do what a scrape does on the loop."""
    return b"".join(exposition.pieces(Format.TEXT_0_0_4))


def ms(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms CPU"


def bench_devices() -> list[Row]:
    names = rows()
    devices = [device(number, f"{number:05}") for number in range(DEVICES)]
    exposition = DeviceExposition([])
    polls = [(each, observation(each.name, names, 0)) for each in devices]
    for each, poll in polls:
        exposition.observe(each, poll)
    registry = CollectorRegistry()
    registry.register(Rival(polls))

    joined = cpu(lambda: whole(exposition), 5)
    text = whole(exposition)
    compressed = cpu(lambda: gzip.compress(text, 1))
    rival = cpu(lambda: generate_latest(registry))
    again = [(each, observation(each.name, names, 1)) for each in devices]

    def render() -> None:
        for each, poll in again:
            exposition.observe(each, poll)

    rendering = cpu(render) / DEVICES
    samples = exposition.series
    return [
        Row(
            f"scrape of {samples:,} samples, whole body",
            ms(joined),
            f"generate_latest {ms(rival)}",
            f"1/50 of it (1/{rival / joined:.0f})",
            rival >= 50 * joined,
        ),
        Row("the same, as loop time", ms(joined), "", "10 ms", joined <= 0.010),
        Row("the same compressed, in a thread", ms(compressed), "", "", None),
        Row(
            "one poll of 625 values rendered as it arrives",
            ms(rendering),
            "engine alone 0.25 ms",
            "0.2 ms",
            rendering <= 0.0002,
        ),
    ]


def country() -> tuple[LiveExposition, float]:
    """Return the exposition of a country whose lines are all up, and the time after its last slot."""
    devices = tuple(
        device(number, f"{number // PER_UNIT:05}", all_interfaces=False) for number in range(UNITS * PER_UNIT)
    )
    lines = tuple(Line(number, each.name, None, each.address, 1.0) for number, each in enumerate(devices))
    judgement = Judgement(StateRules())
    live = LiveExposition(judgement)
    live.take(judgement.advance(Reconfigured(START, lines, devices)))
    epoch = dt.date(2025, 7, 1)
    units = tuple(
        ("bench", Unit(f"{n:05}", f"Xã {n}", "xã", "", "Hưng Yên", epoch, None, (), 20.9, 106.1, ""))
        for n in range(UNITS)
    )
    live.take_roll(Roll("bench", units), START)
    numbers = array("L", range(len(lines)))
    for second in range(60):
        slots = EchoSlots(
            START + second + 1,
            numbers,
            array("d", [START + second]) * len(lines),
            bytearray(len(lines)),
            array("d", [0.01 + second * 1e-5]) * len(lines),
        )
        live.take(judgement.advance(slots))
    return live, START + 61


def bench_live() -> list[Row]:
    live, now = country()
    live.refresh(now)
    joined = cpu(lambda: whole(live), 5)
    text = whole(live)
    samples = sum(not line.startswith(b"#") for line in text.split(b"\n")[:-1])
    compressed = cpu(lambda: gzip.compress(text, 1))
    slices = []
    for _ in range(round(live.cycle / SLICE)):
        now += SLICE
        began = time.process_time()
        live.refresh(now)
        slices.append(time.process_time() - began)
    return [
        Row(
            f"scrape of a country: {UNITS:,} units, {samples:,} samples, {len(text) / 1e6:.0f} MB",
            ms(joined),
            "",
            "10 ms",
            joined <= 0.010,
        ),
        Row("the same compressed, in a thread", ms(compressed), "", "", None),
        Row(
            f"echo lines of the country rendered anew in {live.cycle:.1f} s",
            ms(sum(slices)),
            f"longest of {len(slices)} slices {ms(max(slices))}",
            "10 ms a slice",
            max(slices) <= 0.010,
        ),
    ]


def measure() -> list[Row]:
    """Measure both expositions."""
    return [*bench_devices(), *bench_live()]


if __name__ == "__main__":
    print_table("Scrapes", measure())
