"""What the whole daemon takes in memory with 5,000 switches of 52 ports, uplinks alone exported.

`netwatch run` itself, on loopback: every switch is echoed each second (the kernel answers) and polled each
minute (fakeswitch.c answers), and its metrics are scraped. Resident memory after every switch was polled.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from report import Row, print_table
from snmp import PORTS, device, free_port, switches

MANY = 5000
LIMIT = 350  # MiB
PATIENCE = 150.0  # seconds


def configure(folder: Path, port: int) -> None:
    """Write a configuration of as many switches, in files of 500."""
    (folder / "sites").mkdir(parents=True)
    (folder / "credentials.yaml").write_text(
        "credentials: {bench: {version: 2c, community: public}}\n", "utf-8"
    )
    for start in range(0, MANY, 500):
        lines = ["defaults: {snmp: bench, role: switch}", "sites:"]
        for number in range(start, start + 500):
            one = device(number, port)
            lines += [
                f"  - area: area {start // 500}",
                "    devices:",
                f"      - {{name: {one.name}, address: {one.address}, snmp_port: {port},",
                "         uplinks: [{interface: Gi1/0/1, medium: fibre}]}",
            ]
        (folder / "sites" / f"{start:05}.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - loopback
        return str(answer.read().decode())


def answered(url: str) -> int:
    """Count the switches that have answered a poll."""
    try:
        text = fetch(f"{url}/metrics")
    except OSError:
        return 0
    polls = (line for line in text.splitlines() if line.startswith("netwatch_snmp_polls_total"))
    return sum('outcome="answered"' in line and not line.endswith(" 0") for line in polls)


def used(pid: int) -> tuple[float, float]:
    """Resident MiB and CPU seconds of a process."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    return int(status.split("VmRSS:")[1].split()[0]) / 1024, ticks / os.sysconf("SC_CLK_TCK")


def measure() -> list[Row]:
    """Run the daemon until every switch was polled, and a while longer."""
    with switches() as port, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configure(folder / "config", port)
        web = free_port(socket.SOCK_STREAM)
        command = [sys.executable, "-m", "netwatch", "run", "--log-level", "ERROR"]
        command += ["--config", str(folder / "config"), "--state", str(folder / "state")]
        daemon = subprocess.Popen([*command, "--listen", f"127.0.0.1:{web}"])
        try:
            began = time.monotonic()
            while (seen := answered(f"http://127.0.0.1:{web}")) < MANY:
                if time.monotonic() - began > PATIENCE or daemon.poll() is not None:
                    break
                time.sleep(2)
            fetch(f"http://127.0.0.1:{web}/metrics/devices")
            _, before = used(daemon.pid)
            time.sleep(20)
            resident, after = used(daemon.pid)
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(30)
    return [
        Row(
            f"resident memory, {seen} of {MANY} switches of {PORTS} ports polled",
            f"{resident:.0f} MiB",
            "",
            f"<= {LIMIT} MiB",
            resident <= LIMIT and seen == MANY,
        ),
        Row(
            f"CPU of {MANY} echoes a second, {MANY / 60:.0f} polls a second, judged and rendered",
            f"{(after - before) / 20:.0%} of a core",
            "",
            "",
            None,
        ),
    ]


if __name__ == "__main__":
    print_table("The whole daemon with 5,000 devices", measure())
