"""`netwatch probe`: asks one device everything, once, now, as a person does before believing a dashboard."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netwatch.inventory.load import Inventory
    from netwatch.model.device import Credential, Device
    from netwatch.model.observation import Observation
    from netwatch.polling.single import Echoes

HELP = "Ask one device everything once, now: echoes, identity, profile, interfaces."
EXAMPLE = "netwatch probe gw-nhu-quynh --config /etc/netwatch"

ECHOES = 5


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "target", metavar="DEVICE|ADDRESS", help="a device's name, or any address or DNS name"
    )
    parser.add_argument("--config", default="config", metavar="DIR", help="default: config")
    parser.add_argument(
        "--snmp", metavar="NAME", help="a credential of credentials.yaml; default: the device's"
    )
    parser.add_argument(
        "--port", type=_port, metavar="PORT", help="the agent's UDP port; default: the device's, or 161"
    )
    parser.add_argument("--raw", action="store_true", help="show the SNMP datagrams, the community masked")


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a UDP port: write a number from 1 to 65535")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Probe; 0 where the device answered by SNMP, or by echo where it is not asked by SNMP, else 1."""
    import os

    from netwatch.inventory.load import InvalidInventory, load

    folder = Path(arguments.config)
    try:
        inventory = load(folder, os.environ)
    except InvalidInventory as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 1
    try:
        device, credential = _target(arguments, inventory)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return asyncio.run(_probe(device, credential, inventory, raw=arguments.raw))


def _target(arguments: argparse.Namespace, inventory: Inventory) -> tuple[Device, Credential | None]:
    """Find the device by name or address, or make one up for an address that no device has."""
    from netwatch.inventory.wording import did_you_mean
    from netwatch.inventory.words import Address
    from netwatch.model.device import Device, Role

    known = {device.name: device for device in inventory.devices}
    known |= {device.address: device for device in reversed(inventory.devices)} | known
    device = known.get(arguments.target)
    if device is None:
        try:
            address = Address().parse(arguments.target)
        except ValueError as error:
            raise ValueError(f"{arguments.target}: no device of that name, and {error}") from error
        if "." not in address and ":" not in address and (hint := did_you_mean(address, known)):
            raise ValueError(f"no device is named {address}{hint}")
        device = Device(name=address, address=address, role=Role.SERVER, snmp=_only(inventory))
    name = arguments.snmp or device.snmp
    if name is not None and name not in inventory.credentials:
        hint = did_you_mean(name, inventory.credentials)
        raise ValueError(f"no credential is named {name} in {inventory.folder}/credentials.yaml{hint}")
    device = replace(device, snmp=name, snmp_port=arguments.port or device.snmp_port, all_interfaces=True)
    return device, inventory.credentials[name] if name else None


def _only(inventory: Inventory) -> str | None:
    """Return the credential that an unknown address is tried with: the only one there is."""
    return next(iter(inventory.credentials)) if len(inventory.credentials) == 1 else None


async def _probe(device: Device, credential: Credential | None, inventory: Inventory, *, raw: bool) -> int:
    from netwatch.daemon.aside import Aside, look_up
    from netwatch.polling.clock import SystemClock
    from netwatch.polling.resolver import Resolver
    from netwatch.polling.single import Single

    resolver = Resolver(look_up(Aside(asyncio.get_running_loop(), threads=1)))
    await resolver.refresh([device.address])
    address = resolver.address(device.address)
    if address is None:
        print(f"{device.address}: the name does not resolve", file=sys.stderr)
        return 1
    single = Single(SystemClock(), random.SystemRandom(), inventory.settings.timeout)
    print(f"{device.name}  {address}\n")
    echoes = await single.echo(address, ECHOES)
    print(_tell_echoes(echoes))
    if credential is None:
        print("SNMP      not asked: say which credential with --snmp NAME")
        return 0 if echoes.rtts else 1
    tap = _show_datagram if raw else None
    observation = await single.poll(device, credential, address, inventory.profiles, tap)
    print(_tell_observation(device, observation))
    return 0 if observation.interfaces is not None else 1


def _tell_echoes(echoes: Echoes) -> str:
    if echoes.problem:
        return f"echo      not asked: {echoes.problem}"
    line = f"echo      {len(echoes.rtts)} of {echoes.sent} answered ({echoes.method} ICMP socket)"
    if echoes.rtts:
        least, mean, most = min(echoes.rtts), sum(echoes.rtts) / len(echoes.rtts), max(echoes.rtts)
        line += f", RTT min {least * 1e3:.3f} / mean {mean * 1e3:.3f} / max {most * 1e3:.3f} ms"
    return "\n".join([line, *(f"          {error}" for error in echoes.errors)])


def _tell_observation(device: Device, seen: Observation) -> str:
    head = f"SNMP      {seen.outcome} in {seen.duration * 1e3:.1f} ms (UDP port {device.snmp_port})"
    lines = [head + (f": {seen.detail}" if seen.detail else "")]
    if seen.system is not None:
        system = seen.system
        lines += [
            f"profile   {seen.profile}" + (f" ({seen.vendor})" if seen.vendor else ""),
            f"sysName   {system.sys_name}",
            f"sysDescr  {system.sys_descr}",
            f"sysObjectID  {'.'.join(map(str, system.sys_object_id))}",
            f"location  {system.sys_location}",
            f"contact   {system.sys_contact}",
        ]
        if seen.uptime is not None:
            lines.append(f"uptime    {_duration(seen.uptime)}")
    lines += [f"refused   {count} values: {reason}" for reason, count in seen.refused]
    if seen.interfaces is not None:
        lines += ["", *_interface_table(seen)]
    return "\n".join(lines)


def _duration(seconds: float) -> str:
    days, rest = divmod(int(seconds), 86400)
    return f"{days} d {rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"


STATUS = {1: "up", 2: "down", 3: "testing", 4: "unknown", 5: "dormant", 6: "notPresent", 7: "lowerLayerDown"}
"""ifAdminStatus and ifOperStatus (RFC 2863)."""

SHOWN = (
    "ifAdminStatus",
    "ifOperStatus",
    "ifHighSpeed",
    "ifHCInOctets",
    "ifHCOutOctets",
    "ifInErrors",
    "ifOutErrors",
    "ifInDiscards",
    "ifOutDiscards",
)


def _interface_table(seen: Observation) -> list[str]:
    table = seen.interfaces
    if table is None:
        return []
    columns = [name for name in SHOWN if name in table.columns]
    rows = [["ifIndex", "ifName", *columns, "ifAlias"]]
    values = {name: table.values[table.columns.index(name)] for name in columns}
    for number, row in enumerate(table.rows):
        cells = [_cell(name, values[name][number]) for name in columns]
        rows.append([str(row.index), row.name or row.descr, *cells, row.alias])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _cell(name: str, value: int) -> str:
    from netwatch.model.observation import MISSING

    if value == MISSING:
        return "-"
    return STATUS.get(value, str(value)) if name.endswith("Status") else str(value)


def _show_datagram(direction: str, where: str, data: bytes) -> None:
    print(f"{direction} {where} {len(data)} bytes")
    for start in range(0, len(data), 32):
        part = data[start : start + 32]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        print(f"  {start:04x}  {part.hex(' ', 2):<79}  {text}")
