"""What runs inside the lab's namespace: netwatch and its peers side by side, and a watch for stalls.

The lab starts this as its command. Everything listens on the namespace's own loopback. Shortly before the
script ends, what Prometheus has kept is written to `history.json`, and everything ends.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from netwatch.lab.faults import FaultKind
from netwatch.lab.script.shipped import find
from netwatch.lab.script.story import Strike
from netwatch.lab.session import DIE_WITH_THE_LAB

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SPARE = 10.0  # seconds before the script's end, for reading the history
PULSE = 0.02  # seconds between two looks at the clock
STALL = 0.2  # seconds: somebody else had the processor
SETTLING = 45.0  # seconds after the start in which stalls are the programs' own, and nothing is judged yet
PROMETHEUS = "http://127.0.0.1:9090"
QUERIES = {
    "alerts": "ALERTS",
    "probes": "probe_success",
    "scrapes": 'up{job="snmp"}',
    "live": 'live_unit_state{state!="up"}',
}
ROUTES = ("198.18.0.0/16", "198.19.0.0/16", "2001:2::/49", "2001:2:0:8000::/49")
"""More exact than the lab's own routes; forbidden, so that sending there fails on this very host."""


def main() -> int:
    """Run everything until shortly before the script's end."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--config", type=Path, required=True, help="netwatch's, written by the lab")
    parser.add_argument("--output", type=Path, required=True, help="for logs and the history")
    parser.add_argument("--script", required=True, help="what the lab plays")
    arguments = parser.parse_args()
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    configure(arguments.config, arguments.output)
    with contextlib.ExitStack() as stack:
        running = {
            name: stack.enter_context(started(command, arguments.output / f"{name}.log"))
            for name, command in programs(arguments.config, arguments.output).items()
        }
        stalls = stay(began, arguments.script, running)
        history = {name: ask(f"{query}[1h]") for name, query in QUERIES.items()}
    text = json.dumps({"stalls": stalls, **history})
    (arguments.output / "history.json").write_text(text, encoding="utf-8")
    return 0


def configure(config: Path, output: Path) -> None:
    """Write Prometheus' targets and rules: the gateways, and the gateways with their switches."""
    folder = output / "prometheus"
    folder.mkdir()
    for name in ("prometheus.yml", "rules.yml"):
        shutil.copy(HERE / name, folder)
    shutil.copy(ROOT / "config" / "prometheus" / "rules" / "units.yml", folder)
    sites = [
        site
        for file in sorted((config / "sites").glob("*.yaml"))
        for site in yaml.safe_load(file.read_text(encoding="utf-8"))["sites"]
        if "unit" in site
    ]
    for name, roles in (("gateways", {"uplink"}), ("devices", {"uplink", "switch"})):
        (folder / f"{name}.json").write_text(json.dumps(list(targets(sites, roles))), encoding="utf-8")


def targets(sites: Sequence[dict[str, Any]], roles: set[str]) -> Iterator[dict[str, Any]]:
    """Yield Prometheus' targets, each with the unit that it stands at."""
    for site in sites:
        for device in site["devices"]:
            if device["role"] in roles:
                yield {"targets": [device["address"]], "labels": {"unit": str(site["unit"])}}


def programs(config: Path, output: Path) -> dict[str, list[str]]:
    """Return what to start, by name."""
    state = output / "state"
    return {
        "netwatch": [
            *(sys.executable, "-m", "netwatch", "run", "--config", str(config)),
            *("--state", str(state), "--listen", "127.0.0.1:9990"),
        ],
        "blackbox": [
            "prometheus-blackbox-exporter",
            f"--config.file={HERE / 'blackbox.yml'}",
            "--web.listen-address=127.0.0.1:9115",
        ],
        "snmp": [
            "prometheus-snmp-exporter",
            f"--config.file={HERE / 'snmp.yml'}",
            "--web.listen-address=127.0.0.1:9116",
        ],
        "prometheus": [
            "prometheus",
            f"--config.file={output / 'prometheus' / 'prometheus.yml'}",
            f"--storage.tsdb.path={output / 'tsdb'}",
            "--web.listen-address=127.0.0.1:9090",
            "--log.level=warn",
        ],
    }


@contextlib.contextmanager
def started(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program with its output in `log`, and end it at the end."""
    with log.open("wb") as out:
        process = subprocess.Popen([*DIE_WITH_THE_LAB, *command], stdout=out, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stay(
    began: float, name: str, running: Mapping[str, subprocess.Popen[bytes]]
) -> list[tuple[float, float]]:
    """Wait for the script to end; return the stalls, as seconds of the run and how long each took.

    Whatever strikes the poller's own sending is done here, at its time. Exits where a program has ended.
    """
    script = find(name)
    orders = sorted(
        (at, verb)
        for step in script.steps
        if isinstance(step, Strike) and step.fault.kind is FaultKind.CANNOT_SEND
        for at, verb in ((step.at, "add"), (step.until or script.duration, "del"))
    )
    stalls = []
    last = time.monotonic()
    while last < began + script.duration - SPARE:
        if ended := [program for program, process in running.items() if process.poll() is not None]:
            sys.exit(f"{ended[0]} has ended by itself: see its log")
        while orders and began + orders[0][0] <= last:
            forbid(orders.pop(0)[1])
        time.sleep(PULSE)
        now = time.monotonic()
        if now - last > STALL and last > began + SETTLING:
            stalls.append((last - began, now - last))
        last = now
    return stalls


def forbid(verb: str) -> None:
    """Take away the poller's routes (`add`), or give them back (`del`)."""
    for route in ROUTES:
        family = "-6" if ":" in route else "-4"
        subprocess.Popen(["ip", family, "route", verb, "prohibit", route])


def ask(query: str) -> list[dict[str, Any]]:
    """Return what Prometheus answers to an instant query: of a range vector, the samples as taken."""
    url = f"{PROMETHEUS}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy leads to this loopback
    with opener.open(url, timeout=SPARE) as answer:
        found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
    return found


if __name__ == "__main__":
    sys.exit(main())
