"""Against Debian's snmpd: what a poll finds is what snmpbulkwalk prints at that moment."""

from __future__ import annotations

import asyncio
import random
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.profiles import packaged
from netwatch.model.device import Credential, Device, Role
from netwatch.model.observation import MISSING, Observation
from netwatch.model.outcome import Outcome
from netwatch.model.secret import Secret
from netwatch.polling.clock import SystemClock
from netwatch.polling.conversation import Conversations
from netwatch.polling.device import DevicePoller
from netwatch.polling.snmp import SnmpEngine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATH = "/usr/sbin:/usr/bin:/sbin:/bin"

pytestmark = pytest.mark.system


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[int]:
    """Start snmpd with a configuration of its own; yield its port."""
    program = shutil.which("snmpd", path=PATH)
    if program is None:
        pytest.fail("snmpd is missing: apt-get install snmpd snmp")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = int(other.getsockname()[1])
    conf = tmp_path / "snmpd.conf"
    conf.write_text("rocommunity public 127.0.0.1\nsysName real-agent\nsysLocation here\n", encoding="ascii")
    command = [
        program,
        "-f",
        "-Lo",
        "-C",
        "-c",
        str(conf),
        "-p",
        str(tmp_path / "pid"),
        f"udp:127.0.0.1:{port}",
    ]
    environment = {"SNMP_PERSISTENT_DIR": str(tmp_path / "persistent"), "PATH": PATH, "MIBS": ""}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    for _ in range(100):
        if walk(port, "1.3.6.1.2.1.1.3"):
            return
        time.sleep(0.05)
    pytest.fail("snmpd does not answer")


def walk(port: int, oid: str) -> dict[str, str]:
    """What snmpbulkwalk prints below `oid`: the last arc, and the value as digits or text."""
    program = shutil.which("snmpbulkwalk", path=PATH)
    assert program is not None, "snmpbulkwalk is missing: apt-get install snmp"
    done = subprocess.run(
        [program, "-v2c", "-c", "public", "-On", "-Oqte", "-r0", "-t1", f"127.0.0.1:{port}", oid],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": PATH, "MIBS": ""},
    )
    lines = [line.split(" ", 1) for line in done.stdout.splitlines() if line.startswith(f".{oid}.")]
    return {name.rsplit(".", 1)[1]: value.strip().strip('"') for name, value in lines}


async def poll(port: int) -> Observation:
    engine = SnmpEngine(asyncio.get_running_loop(), SystemClock(), random.Random(1))
    target = Device(
        name="real",
        address="127.0.0.1",
        role=Role.SERVER,
        snmp="c",
        snmp_port=port,
        all_interfaces=True,
    )
    try:
        poller = DevicePoller(Conversations(engine), packaged())
        await poller.poll(target, Credential("c", "2c", Secret("public")), "127.0.0.1")
        return await poller.poll(target, Credential("c", "2c", Secret("public")), "127.0.0.1")
    finally:
        engine.close()


def test_a_poll_finds_what_snmpbulkwalk_prints(agent: int) -> None:
    for _ in range(5):  # until nothing moved between the two looks
        before = {metric.name: walk(agent, dotted(metric.oid)) for metric in packaged()["generic"].columns}
        found = asyncio.run(poll(agent))
        after = {metric.name: walk(agent, dotted(metric.oid)) for metric in packaged()["generic"].columns}
        if before == after:
            break
    assert found.outcome is Outcome.ANSWERED, found.detail
    assert found.interfaces is not None
    assert found.system is not None
    assert found.system.sys_name == "real-agent"
    names = walk(agent, "1.3.6.1.2.1.31.1.1.1.1")
    assert {str(row.index): row.name for row in found.interfaces.rows} == names
    assert "lo" in names.values()
    for name, values in zip(found.interfaces.columns, found.interfaces.values, strict=True):
        told = {
            str(row.index): value
            for row, value in zip(found.interfaces.rows, values, strict=True)
            if value != MISSING
        }
        for index, text in before[name].items():
            assert int(text) <= told[index] <= int(after[name][index]), (name, index)
        assert told.keys() == before[name].keys()


def dotted(oid: tuple[int, ...]) -> str:
    return ".".join(map(str, oid))
