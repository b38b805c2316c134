"""What one echo costs at 10,000 targets and 5,000 a second, and whether its time is right in a busy loop.

Yardsticks in the same run, at the same rate: echo_floor.c, and Debian's fping where it is installed. CPU
time (user and system, the kernel's work on loopback included) of a process of its own, the median of five
runs of each in turn; where a program has to start up, only what more echoes cost is counted. Targets are of
127.0.0.0/8; raw sockets need root or CAP_NET_RAW.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from report import Row, print_table

from netwatch.model.device import Line
from netwatch.polling.clock import SystemClock
from netwatch.polling.echo import TICK, EchoEngine
from netwatch.polling.echo_socket import open_echo_sockets

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.model.observation import EchoSlots

ROUNDS = 5
TARGETS = 10_000
INTERVAL = 2.0  # seconds, which makes 5,000 echoes a second
SECONDS = 3.0
HOG, EVERY = 0.020, 0.050  # seconds that a callback takes, and from one to the next


def addresses() -> list[str]:
    return [f"127.{number >> 16}.{number >> 8 & 255}.{number & 255}" for number in range(1, TARGETS + 1)]


def cpu() -> float:
    """CPU seconds of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def engine(on_slots: Callable[[EchoSlots], None]) -> EchoEngine:
    """Start an engine on all targets."""
    randomness = random.SystemRandom()
    sockets = open_echo_sockets(randomness).by_version
    made = EchoEngine(
        asyncio.get_running_loop(), SystemClock(), sockets, randomness, 1.0,
        on_slots=on_slots, on_error=print, on_stray=print,
    )  # fmt: skip
    made.set_lines(
        [Line(number, f"gw-{number}", None, host, INTERVAL) for number, host in enumerate(addresses())]
    )
    made.start()
    return made


async def spend() -> None:
    """Print the CPU µs of an echo, once each target has been asked."""
    ended = 0

    def count(slots: EchoSlots) -> None:
        nonlocal ended
        ended += len(slots.lines) if not any(slots.results) else -math.inf

    running = engine(count)
    await asyncio.sleep(INTERVAL + 0.5)
    before, spent = ended, cpu()
    await asyncio.sleep(SECONDS)
    print((cpu() - spent) * 1e6 / (ended - before))
    running.close()


async def hogged() -> None:
    """Print p99 in µs of the round trips told while a callback hogs the loop."""
    loop = asyncio.get_running_loop()
    rtts: list[float] = []
    running = engine(lambda slots: rtts.extend(slots.rtts))

    def hog() -> None:
        loop.call_later(EVERY - HOG, hog)
        until = time.monotonic() + HOG
        while time.monotonic() < until:
            pass

    hog()
    await asyncio.sleep(SECONDS)
    running.close()
    known = [rtt for rtt in rtts if not math.isnan(rtt)]
    assert len(known) > 0.9 * len(rtts), "most round trips are told"
    print(statistics.quantiles(known, n=100)[98] * 1e6)


def in_a_process(what: str) -> float:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--only", what]
    return float(subprocess.run(command, check=True, capture_output=True).stdout)


def floor(program: Path) -> float:
    """CPU µs of an echo in C."""
    rate = TARGETS / INTERVAL
    command = [program, str(TARGETS), f"{rate:.0f}", f"{SECONDS:.0f}", f"{TICK * 1000:.0f}"]
    return float(subprocess.run(command, check=True, capture_output=True).stdout.split()[1])


def fping(targets: Path, count: int) -> float:
    """CPU seconds of fping sending so many echoes to each target."""
    period, gap = INTERVAL * 1000, INTERVAL * 1000 / TARGETS
    command = ["fping", "-q", "-c", str(count), "-p", f"{period:.0f}", "-i", f"{gap:g}", "-f", str(targets)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "every target answers"
    return used.ru_utime + used.ru_stime


def costs() -> dict[str, float]:
    """CPU µs of an echo, by program."""
    with tempfile.TemporaryDirectory() as folder:
        program, targets = Path(folder) / "echo_floor", Path(folder) / "targets"
        source = Path(__file__).with_name("echo_floor.c")
        subprocess.run(["cc", "-O2", "-o", program, source], check=True)
        targets.write_text("\n".join(addresses()), encoding="ascii")
        found: dict[str, list[float]] = {"engine": [], "floor": []}
        once, twice = [], []
        installed = shutil.which("fping") is not None
        for _ in range(ROUNDS):
            found["engine"].append(in_a_process("spend"))
            found["floor"].append(floor(program))
            if installed:
                once.append(fping(targets, 1))
                twice.append(fping(targets, 2))
    spent = {name: statistics.median(figures) for name, figures in found.items()}
    if installed:
        spent["fping"] = (statistics.median(twice) - statistics.median(once)) * 1e6 / TARGETS
    return spent


def measure() -> list[Row]:
    """Measure everything, each against its yardstick."""
    spent = costs()
    ours = spent["engine"]
    work = f"one echo, {TARGETS:,} targets, {TARGETS / INTERVAL:,.0f} a second"
    ratio = ours / spent["floor"]
    rows = [
        Row(
            work,
            f"{ours:.1f} µs, {ratio:.2f} x",
            f"a C loop: {spent['floor']:.1f} µs",
            "<= 1.6 x",
            ratio <= 1.6,
        )
    ]
    if "fping" in spent:
        ratio = ours / spent["fping"]
        rows.append(
            Row(
                work,
                f"{ours:.1f} µs, {ratio:.2f} x",
                f"fping: {spent['fping']:.1f} µs",
                "<= 0.5 x",
                ratio <= 0.5,
            )
        )
    p99 = statistics.median(in_a_process("hogged") for _ in range(ROUNDS))
    work = f"RTT of loopback, the loop hogged {HOG * 1e3:.0f} ms in {EVERY * 1e3:.0f}"
    rows.append(Row(work, f"p99 {p99:.0f} µs", "", "<= 100 µs", p99 <= 100))
    return rows


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", choices=("spend", "hogged"), help="print one figure of this process")
    only = arguments.parse_args().only
    if only is None:
        print_table("Echo: CPU time of an echo, and the round trips it tells", measure())
    else:
        asyncio.run({"spend": spend, "hogged": hogged}[only]())
