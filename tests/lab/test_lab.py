"""The lab for real: a province in a namespace, met by the programs that everybody trusts."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPOSITORY = Path(__file__).parents[2]
CONFIG = REPOSITORY / "config"
LAB = (sys.executable, "-m", "netwatch", "lab")
DEADLINE = 30  # seconds for what takes one

# Without privileges the lab makes a user namespace. Root gives its own up to be an ordinary user, but for
# the one that lets it appear as root inside, which ordinary users do not need.
ORDINARY_USER = ("setpriv", "--bounding-set=-all,+setfcap", "--inh-caps=-all")
NOBODY_AT_ALL = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")

pytestmark = pytest.mark.system


def need(*programs: str) -> None:
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the repository and return what it said."""
    return subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, timeout=DEADLINE, check=False
    )


@pytest.fixture(params=["root", "ordinary user"])
def lab(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The command line of a lab in a namespace, as each kind of user starts it."""
    need("unshare", "ip", "setpriv", "fping", "snmpbulkwalk")
    if request.param == "ordinary user":
        way = ORDINARY_USER if os.geteuid() == 0 else ()
        trial = (*way, "unshare", "--user", "--map-root-user", "--net", "true")
    elif os.geteuid() == 0:
        way, trial = (), ("unshare", "--net", "true")
    else:
        pytest.skip("these tests do not run as root")
    if run(*trial).returncode:
        pytest.skip("no network namespace can be had here")
    return (*way, *LAB)


def test_the_province_answers_ping_and_snmp(lab: tuple[str, ...]) -> None:
    """Echo over IPv4 and IPv6, and a whole switch by GETBULK, all within one namespace."""
    inside = (
        "fping -q -c 2 198.18.0.2 198.18.16.1 2001:2::1002 && "
        "! fping -q -c 1 198.18.99.99 && "
        "snmpbulkwalk -v2c -c public -On -Cr25 198.18.16.10 1.3.6.1.2.1 && "
        "snmpget -v2c -c public -On udp6:[2001:2::1002] 1.3.6.1.2.1.1.5.0 && "
        "! snmpget -v2c -c private -r 0 -t 0.3 198.18.16.10 1.3.6.1.2.1.1.5.0"
    )
    result = run(*lab, "--units", "3", "--", "sh", "-c", inside)
    assert result.returncode == 0, result.stderr
    names = re.findall(
        r"^\.1\.3\.6\.1\.2\.1\.31\.1\.1\.1\.1\.(\d+) = STRING: \"(.+)\"$", result.stdout, re.MULTILINE
    )
    assert names == [
        (str(index), f"gi{index}" if index <= 24 else f"te{index - 24}") for index in range(1, 27)
    ]
    lines = result.stdout.splitlines()
    assert "No more variables left" in lines[-2]
    box = 4 * (2 + 5) + 2 + 1 + 3 + 2  # sensors with their parts, model and firmware, CPU, memory, PoE
    assert len(lines[:-2]) == 7 + 1 + 1 + 1 + 26 * (18 + 19) + 26 + 2 * 25 + box


SCRIPT = """name: nine-seconds
about: {vi: "chín giây", en: nine seconds}
units: 3
duration: 9s
steps:
  - {at: 0s, fault: tells-unreachable, on: {branch: 1, router: all}}
  - {at: 0s, fault: fibre-cut, on: {unit: 0}, until: 4s}
"""

# Whoever does not answer makes ping end with 1; that is no failure here.
ASK = """
ping -n -c 1 -W 1 198.18.0.3
ping -n -c 1 -W 1 198.18.16.1
ping -n -c 1 -W 1 2001:2::1002
until fping -q -c 1 198.18.16.1 2001:2::1002; do sleep 0.2; done
echo restored
exec sleep 60
"""


def test_a_script_is_played_in_real_time_and_ends_by_itself(lab: tuple[str, ...], tmp_path: Path) -> None:
    """ICMP errors from the router, over IPv4 and IPv6, reach an ordinary program."""
    need("ping")
    script, truth = tmp_path / "script.yaml", tmp_path / "truth.jsonl"
    script.write_text(SCRIPT, encoding="utf-8")
    began = time.monotonic()
    result = run(*lab, "--units", "3", "--script", str(script), "--truth", str(truth), "--", "sh", "-c", ASK)
    assert time.monotonic() - began >= 9
    assert result.returncode == 128 + signal.SIGTERM, "the command is ended with the script"
    assert "restored" in result.stdout
    assert "From 198.18.1.3 icmp_seq=1 Destination Host Unreachable" in result.stdout
    assert "From 2001:2::103 icmp_seq=1 Destination unreachable: Address unreachable" in result.stdout
    assert "198.18.0.3: icmp_seq=1" in result.stdout
    assert re.search(r"netwatch lab: [0-9:.]+Z +4\.0 s  restore fibre-cut gw-", result.stderr)
    lines = [json.loads(line) for line in truth.read_text(encoding="utf-8").splitlines()]
    (outage,) = [line for line in lines if line["kind"] == "outage"]
    assert outage["end"] - outage["start"] == pytest.approx(4)
    assert lines[0]["end"] - lines[0]["start"] == 9
    assert abs(lines[0]["start"] - time.time()) < 120, "Unix time"


# Lets a port of each switch go down, and tells who says so.
LISTEN = """
import socket, sys
listener = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
listener.bind(("::", 1162))
listener.settimeout(10)
control = socket.socket(socket.AF_UNIX)
control.connect(sys.argv[1])
orders = control.makefile("rw")

def tell(order):
    print(order, file=orders, flush=True)
    yield from iter(lambda: orders.readline().strip(), "ok")

for line in list(tell("list")):
    device = line.split()[0]
    if device.startswith("sw-"):
        list(tell(f"fault port-down {device} port=gi1"))
        data, (sender, *_) = listener.recvfrom(1500)
        print(sender, data.hex())
"""


def test_a_notification_reaches_a_program_over_ipv4_and_ipv6(lab: tuple[str, ...], tmp_path: Path) -> None:
    """From the device's own address; its checksum is right, or the kernel would not hand it on."""
    control = str(tmp_path / "control")
    listen = (sys.executable, "-c", LISTEN, control)
    result = run(*lab, "--units", "3", "--control", control, "--", *listen)
    assert result.returncode == 0, result.stderr
    heard = dict(line.split() for line in result.stdout.splitlines())
    assert list(heard) == ["2001:2::1002", "::ffff:198.18.16.10", "::ffff:198.18.16.18"]
    link_down = ber.encode_oid((1, 3, 6, 1, 6, 3, 1, 1, 5, 3)).hex()
    assert all(link_down in data for data in heard.values())


def test_the_scripts_that_come_with_it_are_listed() -> None:
    result = run(*LAB, "--list-scripts")
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) >= 28
    assert re.search(r"^quiet-hour +60\.0 min +A quiet hour: ", result.stdout, re.MULTILINE)


def test_the_configuration_it_writes_passes_the_check(lab: tuple[str, ...]) -> None:
    result = run(*lab, "--", sys.executable, "-m", "netwatch", "check", "--config", "{config}")
    assert result.returncode == 0, result.stdout + result.stderr


@contextmanager
def playing(*command: str, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run a lab with a command inside until the web socket answers, and end it at last."""
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) as process:
        try:
            until(lambda: bool(web(port)))
            yield process
        finally:
            process.terminate()


def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


def web(port: int) -> str:
    """Return what the program inside tells whoever connects from outside; "" where nobody listens."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as connection:
            return connection.makefile().readline()
    except ConnectionError:
        return ""


# Tells whoever connects its number and what fping finds of one gateway.
INSIDE = """
import json, os, socket, subprocess
assert os.environ["LISTEN_PID"] == str(os.getpid())
listener = socket.socket(fileno=3)
while True:
    connection, _ = listener.accept()
    fping = subprocess.run(["fping", "-q", "-r0", "-t300", "198.18.16.1"], check=False)
    connection.sendall(json.dumps({"pid": os.getpid(), "answers": fping.returncode == 0}).encode() + b"\\n")
    connection.close()
"""


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_daemon_inside_is_reached_from_outside_and_sees_what_the_lab_is_told(
    lab: tuple[str, ...], port: int, tmp_path: Path
) -> None:
    where = ("--units", "3", "--state", str(tmp_path), "--listen", f"127.0.0.1:{port}")
    with playing(*lab, *where, "--", sys.executable, "-c", INSIDE, port=port) as process:
        assert json.loads(web(port))["answers"]
        gateway = re.search(r"name: (gw-\S+)\n +address: 198.18.16.1\n", sites(tmp_path))
        assert gateway
        for order, answers in (("silence", False), ("restore", True)):
            told = run(*LAB, "--state", str(tmp_path), "--tell", f"{order} {gateway[1]}")
            assert (told.returncode, told.stdout) == (0, "ok\n")
            assert json.loads(web(port))["answers"] is answers
        inside = json.loads(web(port))["pid"]
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE) == 128 + signal.SIGTERM, "the status of a program that SIGTERM ends"
        assert time.monotonic() - began < 5
    assert not Path(f"/proc/{inside}").exists()
    assert web(port) == ""
    assert not (tmp_path / "control").exists()


def sites(state: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (state / "config" / "sites").iterdir())


def test_a_lab_that_is_killed_takes_its_command_along(
    lab: tuple[str, ...], port: int, tmp_path: Path
) -> None:
    where = ("--units", "3", "--state", str(tmp_path), "--listen", f"127.0.0.1:{port}")
    with playing(*lab, *where, "--", sys.executable, "-c", INSIDE, port=port) as process:
        inside = json.loads(web(port))["pid"]
        process.kill()
        until(lambda: not Path(f"/proc/{inside}/ns/net").exists())


def test_without_a_namespace_the_province_is_played_on_loopback() -> None:
    """It says so, and each agent answers from its own address."""
    need("snmpget", "setpriv")
    way = NOBODY_AT_ALL if os.geteuid() == 0 else ()
    trial = run(*way, "unshare", "--user", "--map-root-user", "--net", "true")
    option = () if trial.returncode else ("--loopback",)
    inside = (
        "for a in 127.18.16.1 127.18.16.2; do snmpget -v2c -c public -Oqv $a:16161 1.3.6.1.2.1.2.1.0; done"
    )
    result = run(*way, *LAB, *option, "--units", "3", "--", "sh", "-c", inside)
    assert result.stdout.split() == ["5", "52"], result.stderr
    if not option:
        assert "playing the province on loopback addresses" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--units", "0"], r"--units 0: the register hung-yen has 104 in force"),
        (["--units", "105"], r"--units 105: the register hung-yen has 104 in force"),
        (["--branch-units", "0"], r"--branch-units 0: a branch has a unit at least"),
        (["--register", "nowhere"], r".*nowhere\.csv:1:1: cannot be read: No such file or directory"),
        (["--listen", "nonsense", "--", "true"], r"'nonsense' is not an address and a port, .*"),
        (["--listen", "127.0.0.1:9990"], r"--listen opens a socket for a COMMAND: say which, behind --"),
        (["--", "no-such-program"], r"no command 'no-such-program' to run inside"),
        (
            ["--script", "nowhere"],
            r"nowhere is no script that can be read \(.*\), and none of 4g-takes-over, .*",
        ),
        (["--script", "typhoon", "--units", "8"], r"scripts/typhoon\.yaml:1: typhoon needs 24 units, not 8"),
        (["--tell", "list"], r"--tell needs to know which lab: say its --control PATH or --state DIR"),
        (
            ["--tell", "list", "--control", "/nowhere"],
            r"no lab takes orders at /nowhere: No such file or directory",
        ),
    ],
)
def test_a_mistake_is_one_line_that_says_what_is_wrong(arguments: list[str], message: str) -> None:
    result = run(*LAB, *arguments)
    assert result.returncode == 1
    assert re.fullmatch(f"netwatch lab: {message}\n", result.stderr), result.stderr


def test_a_port_in_use_is_told_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        result = run(*LAB, "--listen", address, "--", "true")
    assert result.returncode == 1
    assert result.stderr == f"netwatch lab: cannot listen on {address}: Address already in use\n"


def test_the_configuration_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "netwatch.yaml").write_text("listen: 127.0.0.1:1\n", encoding="utf-8")
    result = run(*LAB, "--loopback", "--state", str(tmp_path), "--", "true")
    assert result.returncode == 1
    assert result.stderr.endswith("was not written by the lab: choose another --state\n")
