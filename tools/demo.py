"""`make demo`: the simulated province and the daemon that watches it, with Prometheus where it is installed.

Everything it starts listens on loopback only and ends with it; what it writes stands in `demo/`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # run as a script, Python looks beside it only

from tools import demo_alerts  # noqa: E402 - found by the line above

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WAIT = 120.0
"""Seconds until the whole province has to be up."""

SETTLED = 230.0
"""Seconds after which every device was surveyed once, and the first minutes are settled."""


def main() -> int:
    """Start everything, say what to open, and stay until interrupted."""
    arguments = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    folder = ROOT / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    ports = (arguments.port, arguments.prometheus_port, arguments.alertmanager_port)
    busy = [port for port in ports if taken(port)]
    if busy:
        print(f"port {busy[0]} of 127.0.0.1 is taken: choose others (--help names the options)")
        return 1
    with contextlib.ExitStack() as stack:
        lab = stack.enter_context(started(province(arguments, folder), folder / "netwatch.log"))
        if not wait_until_up(f"http://127.0.0.1:{arguments.port}", arguments.units, lab):
            print(f"the province did not come up; see {folder / 'netwatch.log'}:", file=sys.stderr)
            print((folder / "netwatch.log").read_text("utf-8")[-2000:], file=sys.stderr)
            return 1
        for command, log in companions(arguments, folder):
            stack.enter_context(started(command, log))
        print(what_to_open(arguments))
        with contextlib.suppress(KeyboardInterrupt):
            stay(lab, arguments)
    return 0


def parse() -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--units", type=int, default=100, help="how many of the 104 units have devices")
    parser.add_argument("--port", type=int, default=9990, help="of netwatch")
    parser.add_argument("--prometheus-port", type=int, default=9090)
    parser.add_argument("--alertmanager-port", type=int, default=9093)
    parser.add_argument("--seconds", type=float, default=None, help="end by itself after so long")
    return parser.parse_args()


def taken(port: int) -> bool:
    """Tell whether something listens on `port` already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def province(arguments: argparse.Namespace, folder: Path) -> list[str]:
    """Return the command that plays the province and runs the daemon inside it."""
    netwatch = [sys.executable, "-m", "netwatch"]
    lab = ["lab", "--units", str(arguments.units), "--config", str(ROOT / "config"), "--state", str(folder)]
    listen = ["--listen", f"127.0.0.1:{arguments.port}"]
    run = ["run", "--config", "{config}", "--state", str(folder / "state")]
    return [*netwatch, *lab, *listen, "--", *netwatch, *run]


def companions(arguments: argparse.Namespace, folder: Path) -> Iterator[tuple[list[str], Path]]:
    """Yield the commands of what is installed beside netwatch, each with its log."""
    prometheus, alertmanager = shutil.which("prometheus"), shutil.which("prometheus-alertmanager")
    if prometheus:
        config = folder / "prometheus"
        shutil.copytree(ROOT / "config" / "prometheus", config)
        main_file = config / "prometheus.yml"
        text = main_file.read_text("utf-8")
        text = text.replace("127.0.0.1:9990", f"127.0.0.1:{arguments.port}")
        main_file.write_text(
            text.replace("127.0.0.1:9093", f"127.0.0.1:{arguments.alertmanager_port}"), "utf-8"
        )
        yield (
            [
                prometheus,
                f"--config.file={main_file}",
                f"--storage.tsdb.path={folder / 'prometheus-data'}",
                f"--web.listen-address=127.0.0.1:{arguments.prometheus_port}",
            ],
            folder / "prometheus.log",
        )
    if prometheus and alertmanager:
        notified = demo_alerts.listen(folder / "notifications.log")
        config = demo_alerts.configure(ROOT / "config" / "alertmanager", folder / "alertmanager", notified)
        yield (
            [
                "env",
                f"TZ={demo_alerts.ZONE}",
                alertmanager,
                f"--config.file={config}",
                f"--storage.path={folder / 'alertmanager-data'}",
                "--data.retention=192h",
                f"--web.listen-address=127.0.0.1:{arguments.alertmanager_port}",
                "--cluster.listen-address=",
            ],
            folder / "alertmanager.log",
        )


@contextlib.contextmanager
def started(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` with its output in `log`, and end it at the end."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)  # noqa: S603 our own list
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_up(url: str, units: int, lab: subprocess.Popen[bytes]) -> bool:
    """Wait until as many units are up as have devices; False where that does not come."""
    began = time.monotonic()
    shown = -1
    while time.monotonic() - began < WAIT and lab.poll() is None:
        up = units_up(url)
        if up != shown:
            print(f"{time.monotonic() - began:5.1f} s  {up} of {units} simulated units up", flush=True)
            shown = up
        if up >= units:
            return True
        time.sleep(0.5)
    return False


def units_up(url: str) -> int:
    """Ask the daemon how many units are up; 0 while it does not answer."""
    try:
        with urllib.request.urlopen(f"{url}/api/v1/units", timeout=2) as answer:  # noqa: S310 our own http URL
            return sum(unit["state"] == "up" for unit in json.load(answer)["units"])
    except (OSError, ValueError):
        return 0


def what_to_open(arguments: argparse.Namespace) -> str:
    """Say where to look."""
    base = f"http://127.0.0.1:{arguments.port}"
    lines = [
        "",
        f"  {base}/                  the province and its claims",
        f"  {base}/metrics           states, echoes, minutes, claims",
        f"  {base}/metrics/devices   values read by SNMP",
    ]
    if shutil.which("prometheus"):
        graph = f"http://127.0.0.1:{arguments.prometheus_port}"
        lines.append(
            f"  {graph}/graph?g0.expr=sum%20by%20(state)%20(netwatch_unit_state)&g0.tab=1   Prometheus"
        )
        if shutil.which("prometheus-alertmanager"):
            lines.append(f"  http://127.0.0.1:{arguments.alertmanager_port}/                  Alertmanager")
            lines.append(
                "  notifications are told here and in demo/notifications.log; nothing is sent outside"
            )
    else:
        lines.append(
            "  (no Prometheus here: 'apt-get install prometheus', then 'make demo' again, to have it scrape)"
        )
    return "\n".join(
        [
            *lines,
            "",
            "Minutes settle and surveys come in: the claims follow in four minutes. Ctrl-C ends it all.",
        ]
    )


def stay(lab: subprocess.Popen[bytes], arguments: argparse.Namespace) -> None:
    """Wait for the lab's end, or for `--seconds` to pass, and tell the claims on the way."""
    left = arguments.seconds
    with contextlib.suppress(subprocess.TimeoutExpired):
        lab.wait(SETTLED if left is None else min(left, SETTLED))
    if lab.poll() is None and (left is None or left >= SETTLED):
        print("\n" + claims(f"http://127.0.0.1:{arguments.port}"), flush=True)
        with contextlib.suppress(subprocess.TimeoutExpired):
            lab.wait(None if left is None else left - SETTLED)


def claims(url: str) -> str:
    """Return what every claim comes to at this moment, a line each."""
    try:
        with urllib.request.urlopen(f"{url}/api/v1/claims", timeout=5) as answer:  # noqa: S310 our own http URL
            found = json.load(answer)["claims"]
    except (OSError, ValueError) as error:
        return f"the claims could not be asked for: {error}"
    rows = [("claim", "declared", "measured", "verified/refuted/undetermined/unmonitored", "verdict")]
    rows += [_claim(claim) for claim in found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _claim(claim: dict[str, Any]) -> tuple[str, ...]:
    declared = claim["declared"]
    counts = claim["units"]
    why = f" ({claim['withheld'].replace('_', ' ')})" if claim["withheld"] else ""
    return (
        claim["name"],
        "-" if declared is None else f"{declared:.0%}",
        f"{claim['lower']:.1%} to {claim['upper']:.1%}" if any(counts.values()) else "-",
        "/".join(str(count) for count in counts.values()) if any(counts.values()) else "-",
        claim["verdict"].replace("_", " ") + why,
    )


if __name__ == "__main__":
    sys.exit(main())
