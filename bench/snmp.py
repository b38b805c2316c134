"""What one poll of a 52-port switch costs: 12 columns of ifTable and ifXTable and sysUpTime, 625 values.

Yardsticks in the same run: the same engine sending the same requests and decoding nothing; Debian's
prometheus-snmp-exporter, where it is installed. CPU time (user and system) of the process that polls, the
median of five rounds; and what 5,000 switches take in memory. The switches are fakeswitch.c on 127.0.0.0/8.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import http.client
import os
import random
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from report import Row, print_table

from netwatch.inventory.profiles import packaged
from netwatch.judgement.events import Reconfigured
from netwatch.judgement.reducer import Judgement
from netwatch.model.device import Credential, Device, Role, StateRules, Uplink
from netwatch.model.outcome import Outcome
from netwatch.model.secret import Secret
from netwatch.polling.clock import SystemClock, steady
from netwatch.polling.conversation import Conversations, SizedWalk
from netwatch.polling.device import DevicePoller
from netwatch.polling.interfaces import Plan
from netwatch.polling.snmp import SnmpEngine
from netwatch.polling.snmp_security import Community
from netwatch.polling.tuning import Tuning
from netwatch.protocols.snmp import Request, Response
from netwatch.protocols.snmp_step import Step
from netwatch.protocols.snmp_walk import Walk
from netwatch.publishing.devices import DeviceExposition

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from netwatch.model.observation import Observation

ROUNDS = 5
DEVICES = 100  # polled at once in a round
MANY = 5_000
PORTS = 52
COMMUNITY = Community(b"public")
CREDENTIAL = Credential("bench", "2c", Secret("public"))


def device(number: int, port: int) -> Device:
    """The switch of that number, every default filled in."""
    return Device(
        name=f"sw-{number:05}",
        unit=f"{12000 + number}",
        area="bench",
        address=f"127.1.{number // 250}.{1 + number % 250}",
        role=Role.SWITCH,
        snmp="bench",
        snmp_port=port,
        uplinks=(Uplink("Gi1/0/1", "fibre", "", "", None, None),),
    )


def cpu() -> float:
    """CPU seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@contextlib.contextmanager
def switches() -> Iterator[int]:
    """Build and run the fake switches; yield their port."""
    source = Path(__file__).with_name("fakeswitch.c")
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "fakeswitch"
        subprocess.run(["cc", "-O2", "-o", program, source], check=True)
        port = free_port(socket.SOCK_DGRAM)
        command = [program, "-p", str(port), "-n", str(PORTS)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            time.sleep(0.2)
            try:
                yield port
            finally:
                process.terminate()


def free_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(("127.0.0.1", 0))
        return int(other.getsockname()[1])


# The engine, and the same engine decoding nothing


def bare_decode(data: bytes) -> Response:
    """Find the request-id where the fake switches put it, and look at nothing else."""
    return Response(int.from_bytes(data[21:25]), 0, 0, b"public", data, 0, 0)


class Recorded(SizedWalk):
    """A walk that keeps its requests, cut open at the request-id."""

    def __init__(self, walk: Walk, tuning: Tuning, into: list[Request]) -> None:
        super().__init__(walk, tuning)
        self._into = into

    def ask(self) -> Request:
        """Keep the request, and send it."""
        request = super().ask()
        self._into.append(request)
        return request


class Replay:
    """The recorded requests, sent again; their answers are thrown away."""

    detail = ""

    def __init__(self, requests: list[Request]) -> None:
        self._requests = requests
        self._sent = 0

    def ask(self) -> Request:
        """Send the next request."""
        return self._requests[self._sent]

    def take(self, _: Response) -> Step:
        """Go on to the next request."""
        self._sent += 1
        return Step.MORE if self._sent < len(self._requests) else Step.DONE

    def unanswered(self, attempts: int, *, damaged: bool) -> bool:  # noqa: ARG002 - the engine's protocol
        """Send the same again."""
        return False


async def engines(port: int) -> dict[str, list[float]]:
    """CPU milliseconds a switch, by what is done to it, one figure a round."""
    loop, clock = asyncio.get_running_loop(), SystemClock()
    engine = SnmpEngine(loop, clock, random.Random())
    bare = SnmpEngine(loop, clock, random.Random(), decode=bare_decode)
    poller = DevicePoller(Conversations(engine), packaged())
    plan = Plan(packaged()["generic"])
    devices = [device(number, port) for number in range(DEVICES)]
    requests: list[Request] = []
    recorded = Recorded(walk_of(plan), Tuning(plan.columns.fitting()), requests)
    await engine.put(recorded, COMMUNITY, devices[0].address, port, 10.0)
    await polled(poller, devices)  # names and all; what is measured is the steady state
    gc.collect()
    gc.freeze()

    async def decoding(one: Device) -> None:
        walk = walk_of(plan)
        ending = await engine.put(
            SizedWalk(walk, Tuning(plan.columns.fitting())), COMMUNITY, one.address, port, 10.0
        )
        assert ending.outcome is Outcome.ANSWERED, ending
        indices, _ = walk.numbers()
        assert len(indices) == PORTS

    async def undecoded(one: Device) -> None:
        ending = await bare.put(Replay(requests), COMMUNITY, one.address, port, 10.0)
        assert ending.outcome is Outcome.ANSWERED, ending

    async def whole(one: Device) -> None:
        found = await poller.poll(one, CREDENTIAL, one.address)
        assert found.outcome is Outcome.ANSWERED, found

    judgement = Judgement(StateRules())
    everything = {one.name: replace(one, all_interfaces=True) for one in devices}
    judgement.advance(Reconfigured(steady(clock), (), tuple(everything.values())))
    exposition = DeviceExposition(packaged().values())

    async def rendered(one: Device) -> None:
        found = await poller.poll(one, CREDENTIAL, one.address)
        judgement.advance(found)
        exposition.observe(everything[one.name], found)

    await asyncio.gather(*map(rendered, devices))
    assert exposition.series >= len(devices) * PORTS * 12

    work: dict[str, Callable[[Device], Awaitable[None]]] = {
        "undecoded": undecoded, "engine": decoding, "poller": whole, "rendered": rendered,
    }  # fmt: skip
    spent: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(ROUNDS):
        for name, one in work.items():
            began = cpu()
            for _ in range(3):
                await asyncio.gather(*map(one, devices))
            spent[name].append((cpu() - began) / 3 / DEVICES * 1000)
    engine.close()
    bare.close()
    return spent


def walk_of(plan: Plan) -> Walk:
    return Walk(plan.columns, plan.scalars, expected=PORTS)


async def polled(poller: DevicePoller, devices: list[Device]) -> list[Observation]:
    return list(await asyncio.gather(*(poller.poll(one, CREDENTIAL, one.address) for one in devices)))


# prometheus-snmp-exporter

MODULE = """\
bench:
  walk: [{walk}]
  get: [1.3.6.1.2.1.1.3.0]
  metrics:
  - {{name: sysUpTime, oid: 1.3.6.1.2.1.1.3, type: gauge}}
{metrics}
  version: 2
  max_repetitions: 25
  auth: {{community: public}}
"""
METRIC = "  - {{name: {name}, oid: {oid}, type: {type}, indexes: [{{labelname: ifIndex, type: gauge}}]}}"
KIND = {
    "integer": "gauge",
    "gauge32": "gauge",
    "timeticks": "gauge",
    "counter32": "counter",
    "counter64": "counter",
}


def exporter(port: int) -> list[float] | None:
    """CPU milliseconds a scrape of one switch; None where the exporter is not installed."""
    program = shutil.which("prometheus-snmp-exporter")
    if program is None:
        return None
    columns = packaged()["generic"].columns
    metrics = [METRIC.format(name=c.name, oid=dotted(c.oid), type=KIND[c.syntax]) for c in columns]
    web = free_port(socket.SOCK_STREAM)
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "snmp.yml"
        config.write_text(
            MODULE.format(walk=", ".join(dotted(c.oid) for c in columns), metrics="\n".join(metrics)),
            encoding="ascii",
        )
        command = [program, f"--config.file={config}", f"--web.listen-address=127.0.0.1:{web}"]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            try:
                return [scraped(process.pid, web, port) for _ in range(ROUNDS + 1)][
                    1:
                ]  # the first one warms it up
            finally:
                process.terminate()


def scraped(pid: int, web: int, port: int) -> float:
    """Scrape some switches; return the exporter's CPU milliseconds a switch."""
    scrapes = 60
    before = cpu_of(pid)
    for number in range(scrapes):
        body = scrape(web, f"{device(number, port).address}:{port}")
        assert body.count(b"ifHCInOctets{") == PORTS, body[:500]
    return (cpu_of(pid) - before) / scrapes * 1000


def scrape(web: int, target: str) -> bytes:
    for _ in range(50):
        connection = http.client.HTTPConnection("127.0.0.1", web, timeout=10)
        try:
            connection.request("GET", f"/snmp?module=bench&target={target}")
            return connection.getresponse().read()
        except ConnectionRefusedError:  # it is still starting
            time.sleep(0.1)
        finally:
            connection.close()
    raise TimeoutError("prometheus-snmp-exporter does not listen")


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def dotted(oid: tuple[int, ...]) -> str:
    return ".".join(map(str, oid))


# Memory


async def remember(port: int) -> None:
    """Poll 5,000 switches twice, keep what was observed last, and print the MiB that this process takes."""
    engine = SnmpEngine(
        asyncio.get_running_loop(), SystemClock(), random.Random(), in_flight=256, timeout=5.0
    )
    poller = DevicePoller(Conversations(engine), packaged())
    last: dict[str, Observation] = {}
    for start in [*range(0, MANY, 500)] * 2:
        devices = [device(number, port) for number in range(start, start + 500)]
        last.update((found.device, found) for found in await polled(poller, devices))
    assert {found.outcome for found in last.values()} == {Outcome.ANSWERED}
    print(resident())
    engine.close()


def resident() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def memory(port: int) -> float:
    """Measure the memory in a process of its own."""
    command = [sys.executable, __file__, "--memory", str(port)]
    return float(subprocess.run(command, check=True, capture_output=True).stdout)


def measure() -> list[Row]:
    """Measure everything, each against its yardstick."""
    with switches() as port:
        spent = {name: statistics.median(figures) for name, figures in asyncio.run(engines(port)).items()}
        asked = exporter(port)
        taken = memory(port)
    bare, engine, poller = spent["undecoded"], spent["engine"], spent["poller"]
    rows = [
        Row("the engine, decoding nothing", f"{bare:.3f} ms", "", "", None),
        Row(
            "the engine, all checks on",
            f"{engine:.3f} ms",
            f"{engine / bare:.1f} x",
            "<= 4 x",
            engine <= 4 * bare,
        ),
        Row(
            "the same, to an Observation", f"{poller:.3f} ms", f"{poller / engine:.2f} x the engine", "", None
        ),
        Row(
            "the same, through judgement to metrics of all 52 ports",
            f"{spent['rendered']:.3f} ms",
            f"{spent['rendered'] / engine:.2f} x the engine",
            "<= 1.8 x",
            spent["rendered"] <= 1.8 * engine,
        ),
    ]
    if asked is not None:
        other = statistics.median(asked)
        ratio = f"1/{other / poller:.0f} of its {other:.1f} ms"
        rows.append(Row("prometheus-snmp-exporter", f"{poller:.3f} ms", ratio, "<= 1/6", poller <= other / 6))
    rows.append(Row(f"memory of engine and poller, {MANY} devices", f"{taken:.0f} MiB", "", "", None))
    return rows


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--memory", type=int, metavar="PORT", help="print the MiB taken by switches at PORT"
    )
    at = arguments.parse_args().memory
    if at:
        asyncio.run(remember(at))
    else:
        print_table("SNMP: one poll of a 52-port switch, 625 values", measure())
