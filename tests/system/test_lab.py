"""The daemon against the simulated province, in a network namespace of its own, in real time."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from real import NETWATCH, ROOT, Programs, Prometheus, fetch, order, program, run_to_end, until

from netwatch.publishing.dashboards.queries import queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from prometheus_client.samples import Sample

pytestmark = pytest.mark.system

UNITS = 6


@dataclass(frozen=True)
class Province:
    """A running lab with a daemon inside it."""

    url: str
    control: Path
    pid: int

    def say(self, line: str) -> None:
        """Give the lab an order through its control socket."""
        order(self.control, line)

    def units(self) -> dict[str, dict[str, Any]]:
        """Every unit of the register by code, as the API tells it."""
        return {unit["code"]: unit for unit in json.loads(fetch(f"{self.url}/api/v1/units"))["units"]}

    def state(self, code: str) -> str:
        return str(self.units()[code]["state"])

    def monitored(self) -> list[str]:
        """Codes of the units that have devices."""
        return sorted(code for code, unit in self.units().items() if unit["monitored"])

    def samples(self) -> list[Sample]:
        """Everything on /metrics."""
        families = text_string_to_metric_families(fetch(f"{self.url}/metrics"))
        return [sample for family in families for sample in family.samples]

    def sample(self, name: str, **labels: str) -> Sample:
        """The first sample of a name with such labels."""
        found = (s for s in self.samples() if s.name == name and labels.items() <= s.labels.items())
        return next(found)

    def devices(self, code: str) -> list[str]:
        """Names of a unit's devices."""
        return [s.labels["device"] for s in self.samples() if is_device_of(s, code)]

    def gateway(self, code: str) -> tuple[str, str]:
        """Name and address of a unit's uplink device."""
        labels = self.sample("netwatch_device_info", unit=code, role="uplink").labels
        return labels["device"], labels["address"]


def is_device_of(sample: Sample, code: str) -> bool:
    return sample.name == "netwatch_device_info" and sample.labels["unit"] == code


@pytest.fixture
def province(programs: Programs, free_port: Callable[[], int]) -> Province:
    """A small province, all of whose units are up."""
    port = free_port()
    folder = programs.folder
    control = folder / "control"
    lab = programs.start(
        "lab",
        [
            *NETWATCH,
            *("lab", "--units", str(UNITS), "--config", str(ROOT / "config"), "--state", str(folder / "lab")),
            *("--listen", f"127.0.0.1:{port}", "--control", str(control), "--"),
            *(*NETWATCH, "run", "--config", "{config}", "--state", str(folder / "state")),
        ],
    )
    running = Province(f"http://127.0.0.1:{port}", control, lab.pid)
    until(lambda: up(running) == UNITS, f"{UNITS} units are up")
    return running


def up(province: Province) -> int:
    return sum(unit["state"] == "up" for unit in province.units().values())


def test_a_silent_unit_is_down_in_time_and_up_again_in_time(province: Province) -> None:
    """Down within 7.5 s of the first lost echo, dated back to it; up within 5 s of the first reply.

    All of its devices are silent: one behind the gateway that answered would acquit it.
    """
    code = province.monitored()[0]
    devices = province.devices(code)
    silenced, began = time.time(), time.monotonic()
    for device in devices:
        province.say(f"silence {device}")
    until(lambda: province.state(code) == "down", "the unit is down", 20)
    # The first echo that can be lost leaves at most a second after the silence began.
    assert time.monotonic() - began <= 1.0 + 7.5
    since = province.sample("netwatch_unit_down_since_timestamp_seconds", unit=code).value
    assert silenced - 0.2 <= since <= silenced + 1.2
    others = {other: province.state(other) for other in province.monitored() if other != code}
    assert set(others.values()) == {"up"}

    began = time.monotonic()
    for device in devices:
        province.say(f"restore {device}")
    until(lambda: province.state(code) == "up", "the unit is up again", 20)
    assert time.monotonic() - began <= 1.0 + 5.0


def test_a_lost_local_route_makes_unknown_never_down(province: Province) -> None:
    """The poller cannot send: that is no loss of the device, and is counted apart."""
    code = province.monitored()[0]
    device, address = province.gateway(code)
    routes = [*inside(province), program("ip", "iproute2"), "route"]
    route = run_to_end([*routes, "add", "unreachable", f"{address}/32"])
    assert route.returncode == 0, route.stderr
    seen = set()

    def unknown() -> bool:
        seen.add(province.state(code))
        return "unknown" in seen

    until(unknown, "the unit is unknown", 20)
    assert "down" not in seen
    assert province.sample("netwatch_echo_local_errors_total", device=device).value > 0
    run_to_end([*routes, "del", "unreachable", f"{address}/32"])
    until(lambda: province.state(code) == "up", "the unit is up again", 20)


def inside(province: Province) -> list[str]:
    """What to put before a command that is to run in the province's network namespace."""
    enter = [program("nsenter", "util-linux"), "--target", str(daemon_pid(province)), "--net"]
    as_its_root = [*enter, "--user", "--preserve-credentials"]
    return as_its_root if run_to_end([*as_its_root, "true"]).returncode == 0 else enter


def daemon_pid(province: Province) -> int:
    """The process inside the lab's namespace: a descendant of the command that was started."""
    listing = run_to_end([program("ps", "procps"), "-eo", "pid,ppid,args"]).stdout.splitlines()[1:]
    processes = {
        int(pid): (int(parent), args) for pid, parent, args in (line.split(None, 2) for line in listing)
    }

    def below(pid: int) -> bool:
        while pid in processes:
            if pid == province.pid:
                return True
            pid = processes[pid][0]
        return False

    daemons = (pid for pid, (_, args) in processes.items() if " run --config" in args and " lab " not in args)
    return next(pid for pid in daemons if below(pid))


def test_every_unit_of_the_register_has_a_row(province: Province) -> None:
    """Units without devices are unmonitored and unknown, not missing."""
    units = province.units()
    assert len(units) == 104
    assert sum(unit["monitored"] for unit in units.values()) == UNITS
    assert {unit["state"] for unit in units.values() if not unit["monitored"]} == {"unknown"}
    names = [sample.name for sample in province.samples()]
    assert names.count("netwatch_unit_info") == 104
    assert names.count("netwatch_unit_state") == 3 * 104
    claim = {"claim": "communes-reachable-today", "verdict": "unmonitored"}
    assert province.sample("netwatch_claim_units", **claim).value == 104 - UNITS


def test_the_claim_and_the_dashboard_say_the_same_numbers(
    province: Province, prometheus: Callable[[int], Prometheus]
) -> None:
    """Once minutes have settled: so many of so many, both bounds, from the API and from Prometheus alike."""
    server = prometheus(int(province.url.rsplit(":", 1)[1]))
    until(lambda: len(server.ask("up == 1")) == 2, "both jobs are up")

    def claim() -> dict[str, Any]:
        claims = json.loads(fetch(f"{province.url}/api/v1/claims"))["claims"]
        return next(claim for claim in claims if claim["name"] == "communes-reachable-today")

    # A whole minute, and the 92 s within which it is judged.
    until(lambda: claim()["units"]["verified"] == UNITS, f"{UNITS} units are verified", 240)
    told = claim()
    assert told["units"] == {
        "verified": UNITS,
        "refuted": 0,
        "undetermined": 0,
        "unmonitored": 104 - UNITS,
    }
    assert (told["lower"], told["upper"]) == (UNITS / 104, 1.0)
    assert told["verdict"] == "undetermined", "no verdict before most of the period was observed"

    code = province.monitored()[0]
    panels = asked({"register": "hung-yen", "area": ".*", "claim": "communes-reachable-today", "unit": code})

    def shown() -> dict[str, float]:
        return {name: server.value(panels[name, "A"]) for name in EXPECTED}

    until(lambda: shown() == EXPECTED, f"the dashboards show {EXPECTED}", 20)
    by_verdict = {dict(k)["verdict"]: v for k, v in server.ask(panels["Units by verdict", "A"]).items()}
    assert by_verdict == told["units"]
    assert len(server.ask(panels["Each unit", "A"])) == 104

    def empty() -> set[tuple[str, str]]:
        return {name for name, expr in panels.items() if not server.ask(expr)}

    # An availability is there as soon as a settled minute has been scraped twice.
    until(lambda: empty() == EMPTY, f"nothing is empty but {EMPTY}", 40)


def asked(chosen: dict[str, str]) -> dict[tuple[str, str], str]:
    """PromQL by panel and query, of the boards about units and claims."""
    folder = ROOT / "grafana" / "dashboards" / "en"
    boards = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in BOARDS)
    return {(query.panel, query.ref): query.expr for board in boards for query in queries(board, chosen)}


BOARDS = ("area", "unit", "claims", "province")

EMPTY = {
    ("What the poller can see", "A"),
    ("What the poller can see", "C"),
    ("Down now", "A"),
    ("Down now", "B"),
    ("Down now", "C"),
    ("Firing alerts", "A"),
    ("The last outage", "A"),
}
"""What has nothing to show while all is well."""

EXPECTED = {
    "Up": UNITS,
    "Down": 0,
    "Unknown": 0,
    "Unmonitored": 104 - UNITS,
    "Of the register": 104,
    "Declared": 1.0,
    "Lower bound": UNITS / 104,
    "Upper bound": 1.0,
    "Outages": 0,
}
"""What the panels show while everything that is monitored is up."""
