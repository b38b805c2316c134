"""Real programs for end-to-end runs: started on loopback, ended by their own process id."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).parents[2]
NETWATCH = [sys.executable, "-m", "netwatch"]


def program(name: str, package: str) -> str:
    """Where a Debian package's program stands; its absence is a failure that says what to install."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        pytest.fail(f"{name} is missing: 'make test' installs it, or 'apt-get install {package}'")
    return found


@dataclass(frozen=True)
class Programs:
    """Starts programs whose output goes to files, and ends them."""

    folder: Path
    stack: contextlib.ExitStack

    def start(self, name: str, command: Sequence[str], **more: Any) -> subprocess.Popen[bytes]:
        """Run `command`; its output stands in `name`.log."""
        log = self.stack.enter_context((self.folder / f"{name}.log").open("wb"))
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, **more)
        self.stack.callback(end, process)
        return process

    def log(self, name: str) -> str:
        """What `name` has said so far."""
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")


def run_to_end(command: Sequence[str], text: str = "") -> subprocess.CompletedProcess[str]:
    """Run `command` on `text` to its end, whatever its exit status, and give what it printed."""
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


def end(process: subprocess.Popen[bytes]) -> int:
    """Ask a process to end, and see to it; its exit status."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def pick_port(kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def order(control: Path, line: str) -> None:
    """Give a running lab an order through its control socket; it is in force afterwards."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(10)
        connection.connect(str(control))
        connection.sendall(f"{line}\n".encode())
        answer = connection.makefile().readline().strip()
    assert answer == "ok", f"{line}: {answer}"


@dataclass(frozen=True)
class Agent:
    """A running snmpd on loopback, and Debian's own client to compare with."""

    port: int
    community: str

    def bulkwalk(self, oid: str) -> dict[str, str]:
        """What snmpbulkwalk reads below `oid`: numeric OID → value without its type."""
        client = program("snmpbulkwalk", "snmp")
        asked = ["-v2c", "-c", self.community, "-On", "-Oe", "-Ot", f"127.0.0.1:{self.port}", oid]
        answer = subprocess.run([client, *asked], capture_output=True, text=True, check=True, timeout=30)
        rows = (line.split(" = ", 1) for line in answer.stdout.splitlines() if " = " in line)
        return {oid.lstrip("."): value.split(": ", 1)[-1].strip('"') for oid, value in rows}


def agent_answers(agent: Agent) -> dict[str, str]:
    try:
        return agent.bulkwalk("1.3.6.1.2.1.1.5")
    except subprocess.CalledProcessError:
        return {}


def until(condition: Callable[[], Any], what: str, seconds: float = 60.0) -> Any:
    """Wait for `condition` to come true and return what it gave; fail saying `what` did not happen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError, KeyError, IndexError):
            if found := condition():
                return found
        time.sleep(0.1)
    pytest.fail(f"not within {seconds:g} s: {what}")


def fetch(url: str, **headers: str) -> str:
    """The body behind a loopback URL."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 loopback URLs of our own
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return str(answer.read().decode("utf-8"))


@dataclass(frozen=True)
class Prometheus:
    """A real Prometheus that scrapes a daemon."""

    url: str

    def ask(self, query: str) -> dict[tuple[tuple[str, str], ...], float]:
        """The instant vector that `query` gives: labels → value."""
        answer = json.loads(fetch(f"{self.url}/api/v1/query?query={urllib.parse.quote(query)}"))
        assert answer["status"] == "success", answer
        return {
            tuple(sorted(sample["metric"].items())): float(sample["value"][1])
            for sample in answer["data"]["result"]
        }

    def value(self, query: str) -> float:
        """The one value that `query` gives."""
        (value,) = self.ask(query).values()
        return value
