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
    from netwatch.model.neighbour import Neighbour
    from netwatch.model.observation import Observation
    from netwatch.polling.single import Single

HELP = "Ask one device everything once, now: echoes, identity, light, readings, interfaces; or record it."
EXAMPLE = "netwatch probe gw-nhu-quynh --config /etc/netwatch"

ECHOES = 5
INTERRUPTED = 130  # what shells report for SIGINT


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
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--raw", action="store_true", help="show the SNMP datagrams, the community masked")
    shown.add_argument("--json", action="store_true", help="print one JSON object, for scripts")
    recording = parser.add_argument_group("recording")
    recording.add_argument(
        "--record",
        type=Path,
        metavar="FILE",
        help="write all that the device tells into a new .snmprec file, without secrets",
    )
    recording.add_argument(
        "--anonymous",
        action="store_true",
        help="replace names, places, serial numbers and addresses in it as well",
    )
    recording.add_argument(
        "--oid",
        type=_subtree,
        action="append",
        metavar="SUBTREE",
        help="record this subtree only; may be repeated; default: 1.0.8802, 1.3.6.1.2.1, 1.3.6.1.4.1",
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a UDP port: write a number from 1 to 65535")
    return int(text)


def _subtree(text: str) -> tuple[int, ...]:
    from netwatch.protocols.ber import MalformedError, encode_oid

    parts = text.removeprefix(".").split(".")
    try:
        if not all(part.isascii() and part.isdecimal() and len(part) <= 10 for part in parts):
            raise MalformedError("oid")  # noqa: TRY301 - one place tells
        root = tuple(map(int, parts))
        encode_oid(root)
    except MalformedError:
        raise argparse.ArgumentTypeError(
            f"{text} is not a subtree: write its numbers, such as 1.3.6.1.2.1.2"
        ) from None
    return root


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
    if flaw := _flaw(arguments, credential):
        print(flaw, file=sys.stderr)
        return 1
    return asyncio.run(_probe(arguments, device, credential, inventory))


def _flaw(arguments: argparse.Namespace, credential: Credential | None) -> str:
    """Return why a recording cannot be begun, before anything is asked; "" where it can or is not wanted."""
    if arguments.record is None:
        return "--anonymous and --oid belong to --record FILE" if arguments.anonymous or arguments.oid else ""
    if credential is None:
        return "--record asks by SNMP: say which credential with --snmp NAME"
    if credential.problem:
        return f"credential {credential.name} cannot be used: {credential.problem}"
    if arguments.record.exists():
        return f"{arguments.record} stands there already: choose another name, or delete it"
    return ""


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


async def _probe(
    arguments: argparse.Namespace, device: Device, credential: Credential | None, inventory: Inventory
) -> int:
    from netwatch.cli.probe_json import as_json
    from netwatch.cli.probe_record import hidden_of
    from netwatch.cli.probe_tell import masked, tell_echoes, tell_observation
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
    say = _silence if arguments.json else print
    say(f"{device.name}  {address}\n")
    echoes = await single.echo(address, ECHOES)
    say(tell_echoes(echoes))
    tap = _show_datagram if arguments.raw else None
    secrets = hidden_of([credential] if credential else [])
    seen: Observation | None = None
    neighbours: tuple[Neighbour, ...] = ()
    if credential is None:
        say("SNMP      not asked: say which credential with --snmp NAME")
    else:
        seen = await single.poll(device, credential, address, inventory.profiles, tap)
        if seen.interfaces is not None:
            rows = seen.interfaces.rows
            neighbours = await single.neighbours(device, credential, address, rows, tap=tap)
        say(masked(tell_observation(device, seen, neighbours), secrets))
    if arguments.json:
        print(as_json(device, address, echoes, seen, neighbours, secrets=secrets))
    if seen is None or credential is None:
        return 0 if echoes.rtts and arguments.record is None else 1
    if arguments.record is not None:
        return await _record(
            arguments,
            single,
            device=device,
            credential=credential,
            address=address,
            inventory=inventory,
            seen=seen,
        )
    return 0 if seen.interfaces is not None else 1


def _silence(_: str) -> None:
    """Say nothing: what is printed is for a script."""


async def _record(
    arguments: argparse.Namespace,
    single: Single,
    *,
    device: Device,
    credential: Credential,
    address: str,
    inventory: Inventory,
    seen: Observation,
) -> int:
    """Record into a file that does not exist yet: 0 where all was had, 130 where a person broke it off."""
    from netwatch.cli import probe_record
    from netwatch.model.outcome import Outcome
    from netwatch.polling.recorder import SUBTREES
    from netwatch.polling.scrub import scrub

    if seen.outcome in {Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.LOCAL_ERROR, Outcome.REFUSED}:
        probe_record.complain(f"{device.name} did not answer by SNMP")
        return 1
    try:
        file = probe_record.NewFile(arguments.record)
    except OSError as error:
        probe_record.complain(error)
        return 1
    try:
        recording, broken_off = await probe_record.record(
            single,
            device,
            credential,
            address,
            subtrees=arguments.oid or SUBTREES,
            tap=_show_datagram if arguments.raw else None,
        )
        secrets = probe_record.secrets_of(inventory.credentials.values())
        own = probe_record.own_names(device, seen)
        serials = probe_record.serial_objects(inventory.profiles.values())
        clean = scrub(recording.rows, secrets, anonymous=arguments.anonymous, own=own, serials=serials)
        if not clean.rows:
            probe_record.complain("; ".join(recording.problems) or "there was nothing to record")
            return 1
        file.write(probe_record.lines_of(clean.rows))
    except OSError as error:
        probe_record.complain(error)
        return 1
    finally:
        file.close()
    told = probe_record.tell(recording, clean, arguments.record)
    print("", *told, sep="\n", file=sys.stderr if arguments.json else sys.stdout)
    if broken_off:
        return INTERRUPTED
    return 1 if recording.problems else 0


def _show_datagram(direction: str, where: str, data: bytes) -> None:
    print(f"{direction} {where} {len(data)} bytes")
    for start in range(0, len(data), 32):
        part = data[start : start + 32]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        print(f"  {start:04x}  {part.hex(' ', 2):<79}  {text}")
