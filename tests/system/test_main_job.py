"""The main job on real programs: Debian's snmpd into netwatch, netwatch into a real Prometheus."""

from __future__ import annotations

import json
import re
import signal
from typing import TYPE_CHECKING

import pytest
from real import NETWATCH, ROOT, Agent, Programs, Prometheus, end, fetch, program, run_to_end, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.system

DEVICE = "gw-nhu-quynh"
IN_OCTETS, OUT_OCTETS = "1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.31.1.1.1.10"
IF_NAME, IF_OPER_STATUS = "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.2.2.1.8"


@pytest.fixture
def config(tmp_path: Path, snmpd: Agent) -> Path:
    """One site whose gateway is the snmpd on loopback, all of its interfaces exported."""
    folder = tmp_path / "config"
    (folder / "sites").mkdir(parents=True)
    (folder / "registers").mkdir()
    for register in (ROOT / "config" / "registers").glob("*.csv"):
        (folder / "registers" / register.name).write_bytes(register.read_bytes())
    (folder / "netwatch.yaml").write_text(
        "intervals: {echo: 1s, snmp: 2s}\nregisters: {hung-yen: registers/hung-yen.csv}\n", "utf-8"
    )
    (folder / "credentials.yaml").write_text(
        f"credentials:\n  lab: {{version: 2c, community: {snmpd.community}}}\n", "utf-8"
    )
    (folder / "sites" / "như-quỳnh.yaml").write_text(
        f"""
sites:
  - unit: "12004"
    area: Văn Lâm
    devices:
      - name: {DEVICE}
        address: 127.0.0.1
        role: uplink
        snmp: lab
        snmp_port: {snmpd.port}
        interfaces: all
        uplinks:
          - {{interface: lo, medium: fibre, provider: VNPT, circuit: HYN-0417, contracted: 100M}}
""",
        "utf-8",
    )
    return folder


def counters(agent: Agent, oid: str) -> dict[int, int]:
    """A column as Debian's own client reads it: ifIndex → value."""
    return {int(name.rsplit(".", 1)[1]): int(value) for name, value in agent.bulkwalk(oid).items()}


def test_probe_prints_what_snmpbulkwalk_reads(config: Path, snmpd: Agent) -> None:
    """The same interfaces, and counters between the readings before and after."""
    before = counters(snmpd, IN_OCTETS)
    answer = run_to_end([*NETWATCH, "probe", DEVICE, "--config", str(config)])
    assert answer.returncode == 0, answer.stderr
    after = counters(snmpd, IN_OCTETS)
    names = {int(oid.rsplit(".", 1)[1]): name for oid, name in snmpd.bulkwalk(IF_NAME).items()}
    assert names
    for index, name in names.items():
        row = re.search(rf"^\s*{index}\s+{re.escape(name)}\s+(.*)$", answer.stdout, re.MULTILINE)
        assert row, f"interface {index} {name} is not in:\n{answer.stdout}"
        values = [int(word) for word in row[1].split() if word.isdigit()]
        assert any(before[index] <= value <= after[index] for value in values), (row[0], before, after)


def test_probe_of_silence_ends_with_status_1(config: Path, free_port: Callable[[], int]) -> None:
    """Nobody at that address: not answered, said in a line, no traceback."""
    nobody = ["127.0.0.1", "--port", str(free_port())]
    answer = run_to_end([*NETWATCH, "probe", *nobody, "--config", str(config), "--snmp", "lab"])
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "lab-secret" not in answer.stdout + answer.stderr


def test_from_yaml_to_a_prometheus_scrape(
    config: Path,
    snmpd: Agent,
    programs: Programs,
    free_port: Callable[[], int],
    prometheus: Callable[[int], Prometheus],
) -> None:
    """`run` exports what snmpd has, Prometheus scrapes it, and promtool finds nothing of ours amiss."""
    port = free_port()
    state = str(programs.folder / "state")
    daemon = programs.start(
        "netwatch",
        [*NETWATCH, "run", "--config", str(config), "--listen", f"127.0.0.1:{port}", "--state", state],
    )
    url = f"http://127.0.0.1:{port}"
    until(lambda: fetch(f"{url}/-/ready"), "netwatch is ready")
    server = prometheus(port)

    until(lambda: len(server.ask("up == 1")) == 2, "both jobs are up")
    until(lambda: server.ask('netwatch_unit_state{unit="12004",state="up"} == 1'), "the unit is up")
    names = {int(oid.rsplit(".", 1)[1]): name for oid, name in snmpd.bulkwalk(IF_NAME).items()}
    before = counters(snmpd, IN_OCTETS)
    until(
        lambda: (
            all(v >= before[int(dict(k)["ifIndex"])] for k, v in server.ask("ifHCInOctets").items())
            and server.ask("ifHCInOctets")
        ),
        "counters read after now are scraped",
    )
    scraped = {int(dict(labels)["ifIndex"]): dict(labels) for labels in server.ask("ifHCInOctets")}
    values = {int(dict(labels)["ifIndex"]): v for labels, v in server.ask("ifHCInOctets").items()}
    after = counters(snmpd, IN_OCTETS)
    assert {index: labels["ifName"] for index, labels in scraped.items()} == names
    assert all(before[index] <= values[index] <= after[index] for index in names)
    assert all(labels["instance"] == DEVICE and labels["unit"] == "12004" for labels in scraped.values())
    status = {int(dict(k)["ifIndex"]): int(v) for k, v in server.ask("ifOperStatus").items()}
    assert status == counters(snmpd, IF_OPER_STATUS)
    assert server.value("count(netwatch_unit_info)") == 104
    assert server.value('sum(netwatch_unit_state{state="unknown"})') == 103
    assert server.value(f'netwatch_echo_loss_ratio{{device="{DEVICE}"}}') == 0
    assert 0 < server.value(f'netwatch_echo_rtt_mean_seconds{{device="{DEVICE}"}}') < 0.1

    complaints = lint(fetch(f"{url}/metrics")) + lint(fetch(f"{url}/metrics/devices"))
    assert {line for line in complaints if not MIB_NAME.match(line)} == FIXED_NAMES

    units = json.loads(fetch(f"{url}/api/v1/units"))["units"]
    assert sum(unit["state"] == "up" for unit in units) == 1
    assert "lab-secret" not in programs.log("netwatch") + fetch(f"{url}/metrics") + fetch(url)

    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(5) == 0, programs.log("netwatch")


MIB_NAME = re.compile(r"(if|sys)[A-Z]\w* |\w+ label names should be written in 'snake_case'")
"""Complaints that are accepted: the MIB's own names, and the label ifName that dashboards expect."""

FIXED_NAMES = {
    'netwatch_unit_minutes_total use base unit "seconds" instead of "minutes"',
    'netwatch_device_minutes_total use base unit "seconds" instead of "minutes"',
    'netwatch_uplink_contracted_bits_per_second use base unit "bytes" instead of "bits"',
}
"""Names that users rely on: verdicts come by the minute, and lines are ordered in bits."""


def lint(text: str) -> list[str]:
    """What promtool says of an exposition; a parse error is a failure of its own kind."""
    answer = run_to_end([program("promtool", "prometheus"), "check", "metrics"], text)
    assert answer.returncode in {0, 3}, answer.stderr
    return answer.stdout.splitlines() + answer.stderr.splitlines()


def test_a_bad_reload_keeps_the_old_and_a_bad_start_runs_on_the_last_good(
    config: Path, programs: Programs, free_port: Callable[[], int]
) -> None:
    """A mistake in a file changes nothing and is told, in the log and in a metric, also after a restart."""
    port = free_port()
    state = str(programs.folder / "state")
    command = [*NETWATCH, "run", "--config", str(config), "--listen", f"127.0.0.1:{port}", "--state", state]
    url = f"http://127.0.0.1:{port}"
    daemon = programs.start("first", command)
    until(lambda: fetch(f"{url}/-/ready"), "netwatch is ready")
    assert "netwatch_config_last_reload_successful 1.0" in fetch(f"{url}/metrics")

    site = next((config / "sites").glob("*.yaml"))
    good = site.read_text("utf-8")
    site.write_text(good.replace("role: uplink", "role: uplnk"), "utf-8")
    daemon.send_signal(signal.SIGHUP)
    until(
        lambda: "netwatch_config_last_reload_successful 0.0" in fetch(f"{url}/metrics"), "the refusal is told"
    )
    assert f'device="{DEVICE}"' in fetch(f"{url}/metrics")
    assert "uplink" in programs.log("first"), "did you mean"
    assert end(daemon) == 0

    daemon = programs.start("second", command)
    until(lambda: fetch(f"{url}/-/ready"), "netwatch runs on the last good inventory")
    assert f'device="{DEVICE}"' in fetch(f"{url}/metrics")
    assert "netwatch_config_last_reload_successful 0.0" in fetch(f"{url}/metrics")
    assert "last good" in programs.log("second")

    site.write_text(good, "utf-8")
    daemon.send_signal(signal.SIGHUP)
    until(lambda: "netwatch_config_last_reload_successful 1.0" in fetch(f"{url}/metrics"), "it is mended")
    assert end(daemon) == 0


def test_a_start_without_any_good_inventory_is_refused(config: Path, programs: Programs) -> None:
    """Nothing to run on: status 1, and the mistake at its place."""
    (config / "netwatch.yaml").write_text("intervalls: {echo: 1s}\n", "utf-8")
    answer = run_to_end([*NETWATCH, "run", "--config", str(config), "--state", str(programs.folder / "none")])
    assert answer.returncode == 1
    assert re.search(r"netwatch\.yaml:1:1: .*intervals", answer.stderr), answer.stderr
    assert "Traceback" not in answer.stderr
