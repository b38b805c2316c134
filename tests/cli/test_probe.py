"""`netwatch probe` asks one device now, and tells what it did in words that can be believed."""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import socket
from array import array
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.cli import probe
from netwatch.cli.main import main
from netwatch.cli.probe_tell import tell_echoes, tell_observation
from netwatch.inventory.load import load
from netwatch.model.device import Credential
from netwatch.model.observation import MISSING, InterfaceName, InterfaceTable, Observation
from netwatch.model.outcome import Outcome
from netwatch.model.secret import Secret
from netwatch.polling.clock import SystemClock
from netwatch.polling.single import Echoes, Single, _Tapped

if TYPE_CHECKING:
    from pathlib import Path

    from netwatch.model.device import Device


def target(folder: Path, *argv: str) -> tuple[Device, Credential | None]:
    parser = argparse.ArgumentParser()
    probe.configure(parser)
    arguments = parser.parse_args([*argv, "--config", str(folder)])
    return probe._target(arguments, load(folder, {}))


@pytest.mark.parametrize(
    ("argv", "name", "address", "port"),
    [
        (["sw"], "sw", "127.0.0.2", 1161),
        (["127.0.0.2"], "sw", "127.0.0.2", 1161),
        (["sw", "--port", "1162"], "sw", "127.0.0.2", 1162),
        (["198.18.0.9"], "198.18.0.9", "198.18.0.9", 161),
        (["2001:db8::1"], "2001:db8::1", "2001:db8::1", 161),
        (["sw.example.org"], "sw.example.org", "sw.example.org", 161),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_device_is_found_by_name_or_address_or_made_up(
    folder: Path, argv: list[str], name: str, address: str, port: int
) -> None:
    """All with the one credential there is, and all interfaces shown."""
    device, credential = target(folder, *argv)
    assert (device.name, device.address, device.snmp_port) == (name, address, port)
    assert credential is not None
    assert credential.name == "lab"
    assert device.all_interfaces


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["swi"], "no device is named swi"),
        (["not an address"], "not an address"),
        (["sw", "--snmp", "lba"], "no credential is named lba"),
        (["sw", "--snmp", "lba"], "did you mean"),
    ],
)
def test_a_target_that_cannot_be_meant_is_told_in_a_line(
    folder: Path, argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["probe", *argv, "--config", str(folder)]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_device_that_is_asked_by_echo_alone_is_sent_no_secret(folder: Path) -> None:
    """Not even the only one there is, unless the command says so."""
    assert target(folder, "gw")[1] is None
    assert target(folder, "gw", "--snmp", "lab")[1] is not None


def test_of_several_credentials_none_is_guessed(folder: Path) -> None:
    """A secret goes to no address that it was not meant for."""
    with (folder / "credentials.yaml").open("a") as file:
        file.write("  other: {version: 2c, community: other}\n")
    assert target(folder, "198.18.0.9")[1] is None
    assert target(folder, "gw")[1] is None
    named = target(folder, "198.18.0.9", "--snmp", "other")[1]
    assert named is not None
    assert named.name == "other"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "snmp", "١٦١٠٠٠"])
def test_a_port_that_is_none_is_refused(folder: Path, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        target(folder, "sw", f"--port={port}")
    assert end.value.code == 2
    assert "from 1 to 65535" in capsys.readouterr().err


def test_a_bad_configuration_is_told_at_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "netwatch.yaml").write_text("listn: x\n")
    assert main(["probe", "sw", "--config", str(folder)]) == 1
    assert "netwatch.yaml:1:1:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("echoes", "said"),
    [
        (Echoes(problem="no socket"), "echo      not asked: no socket"),
        (Echoes(5, [], [], "raw"), "echo      0 of 5 answered (raw ICMP socket)"),
        (
            Echoes(5, [0.001, 0.003], ["host unreachable, said 198.18.0.1"], "datagram"),
            (
                "echo      2 of 5 answered (datagram ICMP socket), "
                "RTT min 1.000 / mean 2.000 / max 3.000 ms\n          host unreachable, said 198.18.0.1"
            ),
        ),
    ],
)
def test_echoes_are_told_without_a_number_that_was_not_measured(echoes: Echoes, said: str) -> None:
    assert tell_echoes(echoes) == said


def test_interfaces_are_told_by_name_and_a_missing_value_is_no_number(folder: Path) -> None:
    rows = (InterfaceName("ether1", 1, "ether1", "to core", "Ethernet"), InterfaceName("x", 2, "", "", "lo0"))
    columns = ("ifOperStatus", "ifHCInOctets", "ifLastChange")
    values = (array("Q", [1, 7]), array("Q", [2**63, MISSING]), array("Q", [5, 6]))
    table = InterfaceTable(1, rows, columns, values)
    seen = Observation("sw", 0.0, Outcome.ANSWERED, 0.0125, interfaces=table)
    assert tell_observation(target(folder, "sw")[0], seen).splitlines() == [
        "SNMP      answered in 12.5 ms (UDP port 1161)",
        "",
        "index  ifName  oper            octets in            ifAlias",
        "1      ether1  up              9223372036854775808  to core",
        "2      lo0     lowerLayerDown  \N{EN DASH}",
    ]


class Wire:
    """A transport that answers each request with itself."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.closed = False
        self.dropped = 3

    def fileno(self) -> int:
        return 7

    def send(self, data: bytes, to: Any) -> None:
        self.sent.append(data)

    def receive(self) -> Any:
        return (self.sent.pop(), ("127.0.0.2", 1161)) if self.sent else None

    def errors(self) -> list[Any]:
        return []

    def close(self) -> None:
        self.closed = True


def test_the_community_is_shown_in_no_datagram_and_sent_in_each(capsys: pytest.CaptureFixture[str]) -> None:
    wire = Wire()
    secret = Credential("lab", "2c", Secret("geheim"))
    tapped = _Tapped(wire, probe._show_datagram, secret)  # type: ignore[arg-type]
    request = b"\x30\x0d\x02\x01\x01\x04\x06geheim\xa0\x00"
    tapped.send(request, ("127.0.0.2", 1161))
    assert wire.sent == [request]
    assert tapped.receive() == (request, ("127.0.0.2", 1161))
    assert tapped.receive() is None
    shown = capsys.readouterr().out
    assert shown.count("******") == 2
    assert "geheim" not in shown
    assert b"geheim".hex(" ", 2) not in shown
    assert "6768" not in shown


@pytest.mark.system
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_loopback_answers_every_echo(address: str) -> None:
    single = Single(SystemClock(), random.SystemRandom(), 1.0)
    echoes = asyncio.run(single.echo(address, 3))
    assert (echoes.sent, len(echoes.rtts), echoes.errors, echoes.problem) == (3, 3, [], "")
    assert all(0 <= rtt < 1 and math.isfinite(rtt) for rtt in echoes.rtts)


@pytest.mark.system
@pytest.mark.parametrize(
    ("argv", "status", "said"),
    [
        (["gw"], 0, "SNMP      not asked: say which credential with --snmp NAME"),
        (["gw", "--snmp", "lab"], 1, "SNMP      refused in "),
        (["gw", "--snmp", "bad"], 1, "SNMP      this host could not ask: credential bad: the variable "),
        (["gone.invalid"], 1, "gone.invalid: the name does not resolve"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_probe_ends_with_0_only_where_it_was_answered(
    folder: Path, argv: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "credentials.yaml").open("a") as file:
        file.write("  other: {version: 2c, community: other}\n")
        file.write("  bad: {version: 2c, community_env: NETWATCH_NOT_SET}\n")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert main(["probe", *argv, "--port", str(port), "--config", str(folder)]) == status
    told = capsys.readouterr()
    assert said in told.out + told.err
    assert "geheim" not in told.out + told.err
