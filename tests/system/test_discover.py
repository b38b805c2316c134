"""`netwatch discover` against the simulated province: every device and its parents, from LLDP alone."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml
from real import NETWATCH, ROOT, Programs, run_to_end, until

from netwatch.inventory.load import Inventory, load
from netwatch.lab.namespace import has_ipv6
from netwatch.model.device import Role

if TYPE_CHECKING:
    from pathlib import Path

    from netwatch.model.device import Device

pytestmark = pytest.mark.system

UNITS = 12
NETWORKS = ("198.18.0.0/23", "198.18.16.0/25", *(("2001:2::1000/121",) if has_ipv6() else ()))
"""Where the backbone and twelve units are, with room for devices that are not there."""


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A configuration with a credential, and no device yet."""
    folder = tmp_path / "config"
    (folder / "registers").mkdir(parents=True)
    (folder / "sites").mkdir()
    register = ROOT / "config" / "registers" / "hung-yen.csv"
    (folder / "registers" / "hung-yen.csv").write_bytes(register.read_bytes())
    (folder / "netwatch.yaml").write_text("registers: {hung-yen: registers/hung-yen.csv}\n")
    (folder / "credentials.yaml").write_text(
        "credentials:\n"
        "  older: {version: 2c, community: not-this-one}\n"
        "  lab: {version: 2c, community: public}\n"
    )
    (folder / "credentials.yaml").chmod(0o600)
    return folder


def in_the_lab(programs: Programs, *command: str) -> str:
    """Run a command inside a province of its own and return what both of them said."""
    state = programs.folder / "lab"
    lab = programs.start(
        "lab",
        [
            *NETWATCH,
            *("lab", "--units", str(UNITS), "--config", str(ROOT / "config"), "--state", str(state), "--"),
            *(*NETWATCH, *command),
        ],
    )
    assert lab.wait(120) == 0, programs.log("lab")
    return programs.log("lab")


def by_address(inventory: Inventory) -> dict[str, Device]:
    return {device.address: device for device in inventory.devices}


def test_discover_finds_all_devices_and_their_tree(programs: Programs, bare: Path) -> None:
    found = bare / "sites" / "found.yaml"
    said = in_the_lab(
        programs,
        *("discover", *NETWORKS, "--config", str(bare), "--rate", "2000"),
        *("--snmp", "older", "--snmp", "lab", "--output", str(found)),
    )
    assert "198.18.0.1 is this host: left out" in said
    assert "Traceback" not in said

    planned = by_address(load(programs.folder / "lab" / "config", os.environ))
    check = run_to_end([*NETWATCH, "check", "--config", str(bare)])
    assert check.returncode == 0, check.stderr
    discovered = by_address(load(bare, os.environ))
    assert discovered.keys() == planned.keys()

    speaking = {address for address, device in planned.items() if device.snmp}
    names = {discovered[address].name: planned[address].name for address in planned}
    parents = {address: {names[parent] for parent in discovered[address].parents} for address in planned}
    assert parents == {
        address: set(device.parents) if address in speaking else set() for address, device in planned.items()
    }
    for address in speaking:
        device, plan = discovered[address], planned[address]
        assert (device.name, device.role, device.snmp) == (plan.name, plan.role, "lab")
        assert set(plan.expect) <= set(device.expect)
        if device.role is Role.UPLINK:
            assert [uplink.interface for uplink in device.uplinks] == [plan.uplinks[0].interface]
    for address in planned.keys() - speaking:
        assert (discovered[address].role, discovered[address].snmp) == (Role.SERVER, None)


def test_what_is_configured_is_left_out(programs: Programs) -> None:
    found = programs.folder / "found.yaml"
    in_the_lab(
        programs,
        *("discover", *NETWORKS, "--config", "{config}", "--rate", "2000"),
        *("--snmp", "lab", "--output", str(found)),
    )
    text = found.read_text("utf-8")
    assert yaml.safe_load(text) is None
    planned = load(programs.folder / "lab" / "config", os.environ).devices
    assert text.count("# Left out, as it is configured: ") == len(planned)


def test_an_interrupt_writes_what_was_found(programs: Programs, bare: Path) -> None:
    """On loopback, where the kernel answers every echo: twelve seconds of it, broken off after a few."""
    output, errors = programs.folder / "output", programs.folder / "errors"
    with output.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(
            [*NETWATCH, "discover", "127.77.0.0/25", "--snmp", "lab", "--rate", "10", "--config", str(bare)],
            stdout=out,
            stderr=err,
        )
        programs.stack.callback(process.kill)
        until(lambda: "echo: " in errors.read_text(), "some addresses were asked", 30)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130, errors.read_text()
    assert "broken off" in errors.read_text()
    assert "Traceback" not in errors.read_text()
    devices = yaml.safe_load(output.read_text())["sites"][0]["devices"]
    assert 10 < len(devices) < 126
    assert {device["role"] for device in devices} == {"server"}
