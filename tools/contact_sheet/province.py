"""The simulated province with the real daemon inside, and Prometheus, as `make demo` starts them."""

from __future__ import annotations

import contextlib
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.contact_sheet import past
from tools.demo import companions, province, started, units_up

if TYPE_CHECKING:
    import argparse
    import subprocess
    from collections.abc import Callable, Iterator

FAULTS = Path(__file__).with_name("faults.yaml")
COMING_UP = 120.0
"""Seconds within which every simulated unit has to be up."""

POLLED = 150.0
"""Seconds within which every device was asked once, and then scraped: each of both once a minute."""

EVERY = 5
"""Seconds between two scrapes of what is judged: pictures of minutes want more points than those of hours."""


@dataclass(frozen=True)
class Running:
    """What was started: the lab's process, and where netwatch and Prometheus answer."""

    lab: subprocess.Popen[bytes]
    netwatch: str
    prometheus: str
    data: Path  # of that Prometheus


@contextlib.contextmanager
def playing(arguments: argparse.Namespace, folder: Path) -> Iterator[Running]:
    """Start everything, and end it; it writes to `folder`. Raises FileNotFoundError without Prometheus."""
    if shutil.which("prometheus") is None:
        raise FileNotFoundError("prometheus is missing: apt-get install prometheus")
    arguments.port, arguments.prometheus_port, arguments.alertmanager_port = free_ports(3)
    command = province(arguments, folder)
    if not arguments.calm:
        command[command.index("--") : command.index("--")] = ["--script", str(FAULTS)]
    with contextlib.ExitStack() as stack:
        lab = stack.enter_context(started(command, folder / "netwatch.log"))
        for beside, log in companions(arguments, folder):
            hurry(folder / "prometheus" / "prometheus.yml")
            stack.enter_context(started(beside, log))
        netwatch = f"http://127.0.0.1:{arguments.port}"
        prometheus = f"http://127.0.0.1:{arguments.prometheus_port}"
        yield Running(lab, netwatch, prometheus, folder / "prometheus-data")


def hurry(path: Path) -> None:
    """Let Prometheus scrape what is judged more often; what is polled each minute stays at that."""
    text = path.read_text("utf-8")
    path.write_text(text.replace("scrape_interval: 15s", f"scrape_interval: {EVERY}s"), "utf-8")


def free_ports(count: int) -> list[int]:
    """Return as many ports of loopback that were free a moment ago."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(probe.getsockname()[1]) for probe in probes]


def watch(running: Running, units: int, minutes: float) -> None:
    """Wait until all units are up, and then for `minutes`. Raises OSError, CalledProcessError, ValueError.

    The light that is told first is dated back by a week: boards compare that of now with it.
    """
    _until(lambda: units_up(running.netwatch) >= units, running, COMING_UP, f"{units} units up")
    print(f"{units} units are up; watching for {minutes:g} minutes", flush=True)
    end = time.monotonic() + 60 * minutes
    _rest(running, POLLED)
    past.light(running.prometheus, running.data, int(time.time()))
    _rest(running, end - time.monotonic())


def _rest(running: Running, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        _until(lambda: False, running, seconds, "the time over")


def _until(so: Callable[[], bool], running: Running, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not so():
        if running.lab.poll() is not None:
            raise ChildProcessError(f"the lab ended with {running.lab.returncode}, before {what}")
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(1)
