"""SNMPv3 as users have it: real snmpd, the real daemon, net-snmp's own senders, one ledger that verifies."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest
from real import NETWATCH, Programs, fetch, pick_port, program, run_to_end, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.system

AUTH, PRIV = "signs-with-this", "encrypts-with-this"
USER = ["-v3", "-u", "noc", "-l", "authPriv", "-a", "SHA-256", "-A", AUTH, "-x", "AES", "-X", PRIV]

CREDENTIALS = f"""
credentials:
  good:
    version: 3
    user: noc
    auth: {{protocol: SHA-256, passphrase: {AUTH}}}
    priv: {{protocol: AES-128, passphrase: {PRIV}}}
  wrong:
    version: 3
    user: noc
    auth: {{protocol: SHA-256, passphrase: another-one}}
    priv: {{protocol: AES-128, passphrase: {PRIV}}}
"""

SITES = """
sites:
  - area: Văn Lâm
    devices:
      - {{name: sw-a, address: 127.0.0.1, role: switch, snmp: good, snmp_port: {port}, interfaces: all,
         expect: {{sysName: real-agent}}}}
      - {{name: sw-b, address: 127.0.0.2, role: switch, snmp: wrong, snmp_port: {port}}}
"""


class Field:
    """A daemon and the agent that it asks."""

    def __init__(self, folder: Path, programs: Programs, ports: tuple[int, int, int]) -> None:
        self.folder = folder
        self.programs = programs
        self.agent_port, self.trap_port, self.web_port = ports
        self.config, self.state = folder / "config", folder / "state"
        self.agent: subprocess.Popen[bytes]
        self.daemon: subprocess.Popen[bytes]

    def start_agent(self) -> None:
        conf = self.folder / "snmpd.conf"
        conf.write_text(
            f"sysName real-agent\ncreateUser noc SHA-256 {AUTH} AES {PRIV}\nrouser noc priv\n", "ascii"
        )
        where = [f"udp:127.0.0.{host}:{self.agent_port}" for host in (1, 2)]
        command = [program("snmpd", "snmpd"), "-f", "-Lo", "-C", "-c", str(conf), "-p", f"{self.folder}/pid"]
        environment = {"SNMP_PERSISTENT_DIR": f"{self.folder}/kept", "PATH": "/usr/sbin:/usr/bin", "MIBS": ""}
        self.agent = self.programs.start("snmpd", [*command, *where], env=environment)
        until(
            lambda: self.net_snmp("snmpget", *USER, f"127.0.0.1:{self.agent_port}", "1.3.6.1.2.1.1.5.0"),
            "snmpd",
        )

    def net_snmp(self, tool: str, *arguments: str) -> bool:
        done = subprocess.run(
            [program(tool, "snmp"), *arguments],
            capture_output=True,
            timeout=30,
            check=False,
            env={**os.environ, "SNMP_PERSISTENT_DIR": f"{self.folder}/tool", "MIBS": ""},
        )
        return done.returncode == 0

    def start_daemon(self) -> None:
        (self.config / "sites").mkdir(parents=True)
        (self.config / "netwatch.yaml").write_text(
            f"intervals: {{snmp: 10m}}\ntraps: 127.0.0.1:{self.trap_port}\n", "utf-8"
        )
        (self.config / "credentials.yaml").write_text(CREDENTIALS, "utf-8")
        (self.config / "sites" / "a.yaml").write_text(SITES.format(port=self.agent_port), "utf-8")
        listen = ["--listen", f"127.0.0.1:{self.web_port}", "--state", str(self.state)]
        self.daemon = self.programs.start(
            "netwatch", [*NETWATCH, "run", "--config", str(self.config), *listen]
        )

    def netwatch(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_to_end([*NETWATCH, *arguments, "--config", str(self.config)])

    def value(self, pattern: str, page: str = "/metrics") -> float:
        """The value of the one sample whose name and labels match."""
        found = re.search(
            rf"^{pattern} (\S+)$", fetch(f"http://127.0.0.1:{self.web_port}{page}"), re.MULTILINE
        )
        return float(found[1]) if found else 0.0

    def polls(self, device: str, outcome: str) -> float:
        return self.value(rf'netwatch_snmp_polls_total{{device="{device}",unit="",outcome="{outcome}"}}')

    def notices(self, kind: str) -> float:
        return self.value(rf'netwatch_notifications_total{{device="sw-a",kind="{kind}",unit=""}}')


@pytest.fixture
def field(tmp_path: Path, programs: Programs) -> Field:
    udp, tcp = socket.SOCK_DGRAM, socket.SOCK_STREAM
    made = Field(tmp_path, programs, (pick_port(udp), pick_port(udp), pick_port(tcp)))
    made.start_agent()
    made.start_daemon()
    until(lambda: fetch(f"http://127.0.0.1:{made.web_port}/-/ready"), "netwatch is ready")
    return made


def ask_now(field: Field, device_host: int, ended: Callable[[], float]) -> None:
    """Have a device polled by an inform that is really its own; its turn would be minutes away."""
    client = f"--clientaddr=127.0.0.{device_host}:0"
    inform = [client, *USER, f"127.0.0.1:{field.trap_port}", "", "1.3.6.1.6.3.1.1.5.3"]
    until(lambda: field.net_snmp("snmpinform", *inform) or ended(), "an inform is answered")


def test_a_device_under_version_3_from_its_first_inform_to_its_facts(field: Field) -> None:
    # An inform that is signed is answered, counted, and makes netwatch ask.
    ask_now(field, 1, lambda: 0.0)
    until(lambda: field.polls("sw-a", "answered"), "the device was asked")
    assert field.notices("link_down") >= 1
    told = fetch(f"http://127.0.0.1:{field.web_port}/metrics/devices")
    assert re.search(r'^ifHCInOctets{device="sw-a",.*ifName="lo".*} \d', told, re.MULTILINE)
    assert re.search(r'^netwatch_device_memory_ratio{device="sw-a",.*} 0\.\d', told, re.MULTILINE)

    # Nobody gets a poll by a trap whose secret is not the device's.
    before = field.polls("sw-a", "answered")
    trap = ["-v2c", "-c", "guessed", f"127.0.0.1:{field.trap_port}", "", "1.3.6.1.6.3.1.1.5.4"]
    assert field.net_snmp("snmptrap", *trap)
    until(
        lambda: field.value(r'netwatch_rejected_datagrams_total{protocol="traps",reason="[^"]*"}'), "refused"
    )
    assert field.notices("link_up") == 0

    # The agent starts anew, and its engine with it: what is asked next is answered all the same.
    field.agent.terminate()
    field.agent.wait(10)
    field.start_agent()
    until(
        lambda: (
            field.net_snmp("snmpinform", *USER, f"127.0.0.1:{field.trap_port}", "", "1.3.6.1.6.3.1.1.5.1")
            and field.polls("sw-a", "answered") > before
        ),
        "the device was asked again",
    )
    assert field.polls("sw-a", "timeout") == 0

    # Within a minute or so of the start it was surveyed; what it told stands in the ledger, which verifies.
    surveyed = r'netwatch_device_surveyed_timestamp_seconds{device="sw-a",unit=""}'
    until(lambda: field.value(surveyed, "/metrics/devices"), "a survey", 120)
    matches = r'netwatch_device_identity_match{device="sw-a",unit="",field="sysName"}'
    assert field.value(matches, "/metrics/devices") == 1
    field.daemon.send_signal(signal.SIGTERM)
    assert field.daemon.wait(10) == 0, field.programs.log("netwatch")
    verified = run_to_end([*NETWATCH, "verify", str(field.state / "ledger.db")])
    assert (verified.returncode, "intact" in verified.stdout) == (0, True), verified.stdout + verified.stderr
    log = field.programs.log("netwatch")
    assert not any(secret in log or secret in told for secret in (AUTH, PRIV, "another-one"))
    assert "Traceback" not in log


def test_what_probe_says_of_a_right_and_of_a_wrong_passphrase(field: Field) -> None:
    right = field.netwatch("probe", "sw-a")
    assert right.returncode == 0, right.stderr
    assert re.search(r"profile\s+linux", right.stdout)
    wrong = field.netwatch("probe", "sw-b")
    assert wrong.returncode == 1
    assert re.search(r"SNMP\s+refused .*passphrase", wrong.stdout)
    shown = json.loads(field.netwatch("probe", "sw-a", "--json").stdout)
    assert "real-agent" in json.dumps(shown)
    for answer in (right, wrong):
        assert not any(secret in answer.stdout + answer.stderr for secret in (AUTH, PRIV, "another-one"))


def test_discover_finds_an_agent_that_speaks_version_3_and_check_takes_what_it_writes(field: Field) -> None:
    found = field.folder / "found.yaml"
    (field.config / "sites" / "a.yaml").unlink()
    arguments = ["127.0.0.0/30", "--snmp", "good", "--port", str(field.agent_port), "--output", str(found)]
    done = field.netwatch("discover", *arguments)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"address: (\S+)", found.read_text("utf-8")) == ["127.0.0.2"]
    assert "127.0.0.1 is this host: left out" in done.stderr
    (field.config / "sites" / "found.yaml").write_bytes(found.read_bytes())
    checked = field.netwatch("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
