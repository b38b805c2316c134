"""`netwatch lab`: a simulated province on this machine, and whatever is to be run against it."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import argparse

    from netwatch.lab.start import Options

HELP = "Play a simulated province on this machine, in a network namespace of its own."
EXAMPLE = "netwatch lab --listen 127.0.0.1:9990 -- netwatch run --config {config}"

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Registers change at midnight there."""

UNMONITORED = 4
"""How many units get no devices unless --units says otherwise, so that there are some to be seen."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--units", type=int, metavar="N", help="units that get devices; default: all but four"
    )
    parser.add_argument(
        "--branch-units", type=int, default=8, metavar="N", help="units behind a router, at most; default: 8"
    )
    parser.add_argument(
        "--config", default="config", metavar="DIR", help="has the registers and claims; default: config"
    )
    parser.add_argument(
        "--register", default="hung-yen", metavar="NAME", help="the units' register; default: hung-yen"
    )
    parser.add_argument(
        "--state", metavar="DIR", help="for the generated configuration; default: a folder removed at the end"
    )
    parser.add_argument(
        "--listen", metavar="ADDR:PORT", help="open this TCP port outside and hand it to COMMAND (LISTEN_FDS)"
    )
    parser.add_argument(
        "--control", metavar="PATH", help="socket that takes orders; default: DIR/control of --state DIR"
    )
    parser.add_argument("--tell", metavar="ORDER", help='give a running lab an order: "silence gw-pho-hien"')
    parser.add_argument(
        "--script", metavar="FILE|NAME", help="what is to go wrong and when; ends with the script"
    )
    parser.add_argument(
        "--list-scripts", action="store_true", help="list the scripts that come with netwatch"
    )
    parser.add_argument(
        "--truth", metavar="FILE", help="gets what was true, as JSON lines, when the lab ends"
    )
    parser.add_argument("--loopback", action="store_true", help="play on loopback addresses, in no namespace")
    parser.add_argument(
        "program", nargs="*", metavar="COMMAND", help="behind --: what to run inside; {config} is put in"
    )


def run(arguments: argparse.Namespace) -> int:
    """Play until told to end, or give one order to a lab that plays."""
    from netwatch.inventory.registers import RegisterError
    from netwatch.lab.script.story import ScriptError
    from netwatch.lab.start import LabError, start

    try:
        if arguments.list_scripts:
            return _list_scripts()
        if arguments.tell:
            return _tell(arguments)
        return start(_options(arguments), _say)
    except (LabError, RegisterError, ScriptError, ValueError) as error:
        _say(str(error))
        return 1


def _options(arguments: argparse.Namespace) -> Options:
    from netwatch.evidence.key_file import write_key
    from netwatch.evidence.keys import SigningKey
    from netwatch.inventory.registers import read_register
    from netwatch.inventory.words import Listen
    from netwatch.lab.plan.sites import sites, spread
    from netwatch.lab.script.shipped import find
    from netwatch.lab.start import Options

    config = Path(arguments.config)
    register = read_register(config / "registers" / f"{arguments.register}.csv", arguments.register)
    offices = sites(register, dt.datetime.now(ZONE).date())
    units = max(len(offices) - UNMONITORED, 0) if arguments.units is None else arguments.units
    if not 1 <= units <= len(offices):
        raise ValueError(f"--units {units}: the register {register.name} has {len(offices)} in force")
    if arguments.branch_units < 1:
        raise ValueError(f"--branch-units {arguments.branch_units}: a branch has a unit at least")
    return Options(
        register=register.name,
        province=offices[0].unit.province or register.name,
        sites=spread(offices, units),
        config=config,
        state=Path(arguments.state) if arguments.state else None,
        listen=Listen().parse(arguments.listen) if arguments.listen else None,
        control=Path(arguments.control) if arguments.control else None,
        loopback=arguments.loopback,
        command=tuple(arguments.program),
        script=find(arguments.script) if arguments.script else None,
        truth=Path(arguments.truth) if arguments.truth else None,
        units_per_branch=arguments.branch_units,
        write_key=lambda path: write_key(path, SigningKey.generate()),
    )


def _list_scripts() -> int:
    from netwatch.lab.script.shipped import names, shipped

    for script in map(shipped, names()):
        real_time = "wire" if script.wire else ""
        print(f"{script.name:<36} {script.duration / 60:>4.1f} min {real_time:<4}  {script.about['en']}")
    return 0


def _tell(arguments: argparse.Namespace) -> int:
    from netwatch.lab.control import tell

    if not (arguments.control or arguments.state):
        raise ValueError("--tell needs to know which lab: say its --control PATH or --state DIR")
    path = Path(arguments.control or Path(arguments.state) / "control")
    try:
        answer = asyncio.run(tell(path, arguments.tell))
    except OSError as error:
        raise ValueError(f"no lab takes orders at {path}: {error.strerror}") from error
    print(answer)
    return 0 if answer.endswith("ok") else 1


def _say(line: str) -> None:
    """Speak to the person, and leave standard output to the command inside."""
    print(f"netwatch lab: {line}", file=sys.stderr)
