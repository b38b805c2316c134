"""SNMP as users have it: real snmpd, the real daemon, net-snmp's own senders, one ledger that verifies."""

from __future__ import annotations

import json
import os
import re
import signal
from typing import TYPE_CHECKING

import pytest
from real import NETWATCH, run_to_end, until
from snmp_field import (
    AGENTS,
    COLD_START,
    LINK,
    LINK_DOWN,
    LINK_UP,
    MISTAKEN,
    OLDER,
    SECRETS,
    SIGNED,
    SYS_NAME,
    USER,
    V2C,
    Field,
)

from netwatch.inventory.load import load
from netwatch.model.fact import FactKind

if TYPE_CHECKING:
    from pathlib import Path

    from real import Programs

pytestmark = pytest.mark.system


@pytest.fixture
def field(tmp_path: Path, programs: Programs) -> Field:
    made = Field(tmp_path, programs)
    made.configure()
    for agent in AGENTS:
        made.start(agent)
    return made


def test_three_agents_from_the_start_to_the_ledger(field: Field) -> None:
    checked = field.netwatch("check")
    assert checked.returncode == 0, checked.stderr
    daemon = field.start_daemon()
    until(lambda: field.polls("mistaken", "refused"), "the wrong passphrase is refused")
    assert field.polls("mistaken") == 0

    a_notification_brings_a_poll(field)
    what_polls_tell(field)
    a_wrong_secret_brings_none(field)
    a_restart_costs_one_poll_at_most(field)

    names = (field.older, field.signed)
    until(lambda: all(field.surveyed(name) for name in names), "a survey of each", 150)
    matches = field.value("netwatch_device_identity_match", "/metrics/devices", device=field.signed)
    assert matches == 1
    said = field.page("/metrics") + field.page("/metrics/devices") + field.page("/")

    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(10) == 0, field.programs.log("netwatch")
    verified = run_to_end([*NETWATCH, "verify", str(field.state / "ledger.db")])
    assert (verified.returncode, ": intact: " in verified.stdout) == (0, True), verified.stdout
    assert (field.signed, FactKind.IDENTITY, "sysName", 1.0, "signed-agent") in field.facts()
    said += field.programs.log("netwatch")
    assert not [word for word in (*SECRETS, "Traceback") if word in said]


def a_notification_brings_a_poll(field: Field) -> None:
    """It is let in by the device's secret and is counted; an inform is answered."""
    assert field.polls(field.older) == field.polls(field.signed) == 0
    field.has_asked(lambda: field.notify("snmptrap", OLDER, V2C, LINK_DOWN, *LINK), field.older)
    assert field.notices(field.older, "link_down") >= 1
    field.has_asked(lambda: field.notify("snmpinform", SIGNED, USER, LINK_DOWN, *LINK), field.signed)
    assert field.notices(field.signed, "link_down") >= 1


def what_polls_tell(field: Field) -> None:
    """What a device under version 3 shows once it was asked, and what one that refuses does not."""
    page, device = "/metrics/devices", field.signed
    assert field.value("ifHCInOctets", page, device=device, ifName="lo") is not None
    assert (field.value("sysUpTime", page, device=device) or 0) > 0
    assert field.value("netwatch_device_identity_info", page, device=device, vendor="net-snmp") == 1
    assert 0 < (field.value("netwatch_device_memory_ratio", page, device=device) or 0) < 1
    assert field.value("sysUpTime", page, device="mistaken") is None


def a_wrong_secret_brings_none(field: Field) -> None:
    """Nobody gets a poll by a secret that is not the device's, nor an inform its answer."""
    before = field.polls(field.older), field.polls(field.signed)
    assert field.notify("snmptrap", OLDER, ["-v2c", "-c", "guessed"], LINK_UP, *LINK) == 0
    assert field.notify("snmptrap", SIGNED, V2C, LINK_UP, *LINK) == 0
    until(lambda: field.rejected("wrong community") + field.rejected("no community") >= 2, "both are refused")
    assert field.notify("snmpinform", SIGNED, [*MISTAKEN, "-r0", "-t1"], LINK_UP, *LINK) != 0
    until(lambda: field.rejected("wrong digest"), "the inform is refused")
    assert field.notices(field.older, "link_up") == field.notices(field.signed, "link_up") == 0
    assert (field.polls(field.older), field.polls(field.signed)) == before


def a_restart_costs_one_poll_at_most(field: Field) -> None:
    """The agent starts anew, and its engine's boots are one more: what is asked next is answered."""
    field.restart(SIGNED)
    field.has_asked(lambda: field.notify("snmpinform", SIGNED, USER, COLD_START), field.signed)
    assert field.notices(field.signed, "cold_start") >= 1
    others = ("timeout", "refused", "agent_error", "malformed", "unreachable", "local_error")
    assert sum(field.polls(field.signed, outcome) for outcome in others) <= 1


def test_what_probe_says_of_each(field: Field) -> None:
    for name in (field.older, field.signed):
        answer = field.netwatch("probe", name)
        assert answer.returncode == 0, answer.stderr
        assert re.search(r"^\s*profile\s+linux\b", answer.stdout, re.MULTILINE), answer.stdout
    refused = field.netwatch("probe", "mistaken")
    assert refused.returncode == 1
    (line,) = (line for line in refused.stdout.splitlines() if "SNMP" in line)
    assert re.search(r"SNMP\s+refused .*passphrase of auth", line), line
    assert not refused.stderr


def test_what_probe_gives_to_scripts_and_to_others(field: Field) -> None:
    shown = json.loads(field.netwatch("probe", field.signed, "--json").stdout)
    assert "signed-agent" in json.dumps(shown)
    refused = field.netwatch("probe", "mistaken", "--json")
    assert refused.returncode == 1
    assert "refused" in json.dumps(json.loads(refused.stdout))

    written = field.folder / "signed.snmprec"
    few = ["--oid", "1.3.6.1.2.1.1", "--oid", "1.3.6.1.2.1.2"]
    recorded = field.netwatch("probe", field.signed, "--record", str(written), *few)
    assert recorded.returncode == 0, recorded.stderr
    text = written.read_text("ascii")
    assert f"{SYS_NAME}|4|signed-agent" in text.splitlines()
    assert not [secret for secret in SECRETS if secret in text]

    nothing = field.folder / "mistaken.snmprec"
    failed = field.netwatch("probe", "mistaken", "--record", str(nothing))
    assert (failed.returncode, nothing.exists()) == (1, False)
    assert "passphrase" in failed.stdout + failed.stderr


def test_discover_finds_the_agents_and_check_takes_what_it_writes(field: Field) -> None:
    found = field.sites.with_name("found.yaml")
    field.sites.unlink()
    asked = ["--snmp", "noc", "--snmp", "older", "--port", str(field.agent_port), "--output", str(found)]
    done = field.netwatch("discover", "127.0.0.8/29", *asked)
    assert done.returncode == 0, done.stderr
    assert "6 addresses answered, 2 of them by SNMP, 1 refused it: 6 devices" in done.stderr
    assert re.search(
        r"^# 127-0-0-11 has an agent that refused: .*passphrase of auth", found.read_text(), re.MULTILINE
    )
    checked = field.netwatch("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr

    devices = {device.address: device for device in load(field.config, os.environ).devices}
    # The kernel answers echo for all of 127.0.0.0/8.
    assert devices.keys() == {f"127.0.0.{host}" for host in range(9, 15)}
    by_snmp = {address: (each.name, each.snmp) for address, each in devices.items() if each.snmp}
    assert by_snmp == {
        OLDER.address: ("older-agent", "older"),
        SIGNED.address: ("signed-agent", "noc"),
    }
    assert all(devices[address].snmp_port == field.agent_port for address in by_snmp)
