"""Three real snmpd on loopback, a configuration of them, and the real daemon that asks them."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from real import NETWATCH, Programs, fetch, pick_port, program, run_to_end, until

from netwatch.evidence.kinds import Facts
from netwatch.evidence.reading import content
from netwatch.evidence.store import Store, pollers
from netwatch.polling.schedule import offset

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netwatch.model.fact import FactKind

COMMUNITY, AUTH, PRIV, OTHER = "read-this-only", "signs-with-this", "encrypts-with-this", "another-one"
SECRETS = (COMMUNITY, AUTH, PRIV, OTHER)
V2C = ["-v2c", "-c", COMMUNITY]
USER = ["-v3", "-u", "noc", "-l", "authPriv", "-a", "SHA-256", "-A", AUTH, "-x", "AES", "-X", PRIV]
MISTAKEN = [OTHER if word == AUTH else word for word in USER]

SYS_NAME = "1.3.6.1.2.1.1.5.0"
COLD_START, LINK_DOWN, LINK_UP = (f"1.3.6.1.6.3.1.1.5.{number}" for number in (1, 3, 4))
LINK = ["1.3.6.1.2.1.2.2.1.1.3", "i", "3"]

POLLED_EVERY = 600.0
"""Seconds: within a test only a notification explains a poll of a device without an interval of its own."""

CREDENTIALS = f"""
credentials:
  older: {{version: 2c, community: {COMMUNITY}}}
  noc:
    version: 3
    user: noc
    level: authPriv
    auth: {{protocol: SHA-256, passphrase: {AUTH}}}
    priv: {{protocol: AES-128, passphrase: {PRIV}}}
"""

SITES = """
sites:
  - area: Văn Lâm
    devices:
      - {{name: {older}, address: 127.0.0.9, role: switch, snmp: older, snmp_port: {port}}}
      - {{name: {signed}, address: 127.0.0.10, role: switch, snmp: noc, snmp_port: {port}, interfaces: all,
         expect: {{sysName: signed-agent}}}}
      - {{name: mistaken, address: 127.0.0.11, role: switch, snmp: noc, snmp_port: {port},
         intervals: {{snmp: 2s}}}}
"""


@dataclass(frozen=True)
class Agent:
    """An snmpd of its own address, and how net-snmp's tools are let in."""

    name: str
    host: int  # of 127.0.0.0/24
    let_in: list[str]
    lines: str

    @property
    def address(self) -> str:
        return f"127.0.0.{self.host}"


OLDER = Agent("older-agent", 9, V2C, f"rocommunity {COMMUNITY}")
SIGNED = Agent("signed-agent", 10, USER, f"createUser noc SHA-256 {AUTH} AES {PRIV}\nrouser noc priv")
MISTAKEN_AGENT = Agent(
    "mistaken-agent", 11, MISTAKEN, f"createUser noc SHA-256 {OTHER} AES {PRIV}\nrouser noc priv"
)
AGENTS = (OLDER, SIGNED, MISTAKEN_AGENT)


def pick_name(prefix: str) -> str:
    """A name whose poll is not due soon, and whose first survey is: turns go by a hash of the name."""
    now = time.time()
    names = (f"{prefix}-{number}" for number in range(10_000))
    return next(
        name
        for name in names
        if (offset(name, POLLED_EVERY) - now) % POLLED_EVERY > 180.0
        and offset(f"survey of {name}", 60.0) < 10.0
    )


class Field:
    """Three agents, a configuration of them, and a daemon that asks them where one is started."""

    def __init__(self, folder: Path, programs: Programs) -> None:
        self.folder = folder
        self.programs = programs
        self.agent_port, self.trap_port = pick_port(socket.SOCK_DGRAM), pick_port(socket.SOCK_DGRAM)
        self.web_port = pick_port(socket.SOCK_STREAM)
        self.config, self.state = folder / "config", folder / "state"
        self.sites = self.config / "sites" / "văn-lâm.yaml"
        self.older, self.signed = pick_name("sw-older"), pick_name("sw-signed")
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def configure(self) -> None:
        self.sites.parent.mkdir(parents=True)
        (self.config / "netwatch.yaml").write_text(
            f"intervals: {{snmp: {POLLED_EVERY:.0f}s}}\ntraps: 127.0.0.1:{self.trap_port}\n", "utf-8"
        )
        (self.config / "credentials.yaml").write_text(CREDENTIALS, "utf-8")
        (self.config / "credentials.yaml").chmod(0o600)
        self.sites.write_text(
            SITES.format(port=self.agent_port, older=self.older, signed=self.signed), "utf-8"
        )

    def start(self, agent: Agent) -> None:
        """Run an agent; what it keeps between runs, its boots among it, stays in the folder."""
        folder = self.folder / agent.name
        folder.mkdir(exist_ok=True)
        conf = folder / "snmpd.conf"
        conf.write_text(f"sysName {agent.name}\n{agent.lines}\n", "ascii")
        where = f"udp:{agent.address}:{self.agent_port}"
        self.running[agent.name] = self.programs.start(
            agent.name,
            [program("snmpd", "snmpd"), *("-f", "-Lo", "-C", "-c", str(conf), "-p", f"{folder}/pid"), where],
            env={"SNMP_PERSISTENT_DIR": f"{folder}/kept", "PATH": "/usr/sbin:/usr/bin", "MIBS": ""},
        )
        asked = [*agent.let_in, "-r0", "-t1", f"{agent.address}:{self.agent_port}", SYS_NAME]
        until(lambda: self.net_snmp("snmpget", *asked) == 0, f"{agent.name} answers")

    def restart(self, agent: Agent) -> None:
        self.running[agent.name].terminate()
        self.running[agent.name].wait(10)
        self.start(agent)

    def start_daemon(self) -> subprocess.Popen[bytes]:
        listen = ["--listen", f"127.0.0.1:{self.web_port}", "--state", str(self.state)]
        daemon = self.programs.start("netwatch", [*NETWATCH, "run", "--config", str(self.config), *listen])
        until(lambda: self.page("/-/ready"), "netwatch is ready")
        return daemon

    def net_snmp(self, tool: str, *arguments: str) -> int:
        """Run one of net-snmp's tools; its exit status."""
        done = subprocess.run(
            [program(tool, "snmp"), *arguments],
            capture_output=True,
            timeout=30,
            check=False,
            env={**os.environ, "SNMP_PERSISTENT_DIR": f"{self.folder}/tool", "MIBS": ""},
        )
        return done.returncode

    def notify(self, tool: str, agent: Agent, let_in: list[str], what: str, *objects: str) -> int:
        """Send a notification from an agent's address."""
        sender = f"--clientaddr={agent.address}:0"
        return self.net_snmp(tool, sender, *let_in, f"127.0.0.1:{self.trap_port}", "", what, *objects)

    def netwatch(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; whatever it is, no secret and no traceback is shown."""
        done = run_to_end([*NETWATCH, *arguments, "--config", str(self.config)])
        assert not [word for word in (*SECRETS, "Traceback") if word in done.stdout + done.stderr]
        return done

    def page(self, path: str) -> str:
        return fetch(f"http://127.0.0.1:{self.web_port}{path}")

    def value(self, family: str, path: str = "/metrics", **labels: str) -> float | None:
        """The value of the one sample that has these labels; None where there is no such sample."""
        found = []
        for line in self.page(path).splitlines():
            if sample := re.fullmatch(rf"{family}{{(.*)}} (\S+)", line):
                had = dict(re.findall(r'(\w+)="([^"]*)"', sample[1]))
                if labels.items() <= had.items():
                    found.append(float(sample[2]))
        assert len(found) <= 1, found
        return found[0] if found else None

    def polls(self, device: str, outcome: str = "answered") -> float:
        return self.value("netwatch_snmp_polls_total", device=device, outcome=outcome) or 0.0

    def notices(self, device: str, kind: str) -> float:
        return self.value("netwatch_notifications_total", device=device, kind=kind) or 0.0

    def rejected(self, reason: str) -> float:
        return self.value("netwatch_rejected_datagrams_total", protocol="traps", reason=reason) or 0.0

    def surveyed(self, device: str) -> float | None:
        family = "netwatch_device_surveyed_timestamp_seconds"
        return self.value(family, "/metrics/devices", device=device)

    def has_asked(self, notify: Callable[[], int], device: str) -> None:
        """A notification brings a poll at once; one in five seconds at most, hence again until it does."""
        before = self.polls(device)
        until(lambda: notify() == 0 and self.polls(device) > before, f"{device} is asked", 30)

    def facts(self) -> set[tuple[str, FactKind, str, float | None, str]]:
        """What the ledger keeps of surveys."""
        url = f"sqlite:///{self.state / 'ledger.db'}"
        (poller,) = pollers(url)
        bodies = [content(entry) for entry in Store(url, poller).entries(kinds=["facts"])]
        assert all(isinstance(body, Facts) for body in bodies)
        return {(body.device, *fact[:4]) for body in bodies for fact in body.facts}
