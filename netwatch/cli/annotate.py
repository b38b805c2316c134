"""`netwatch annotate`: attaches a note, such as a carrier's ticket, to an outage in the ledger."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from netwatch.cli.control import OrderFailed, add_state, ask, by_the_clock

if TYPE_CHECKING:
    import argparse

HELP = "Attaches a note or a carrier's ticket to the outage of a unit."
EXAMPLE = 'netwatch annotate --outage "12004@2026-12-05 22:10" --by NOC --ticket VNPT-123 "đứt cáp"'


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--outage", metavar="UNIT@TIME", help="the unit's code, and a time during the outage")
    which.add_argument("--unit", metavar="UNIT", help="the unit's code; with --at, or for what is going on")
    parser.add_argument("--at", default="", metavar="TIME", help="a time during the outage; default: now")
    parser.add_argument("--by", required=True, metavar="NAME", help="who says so")
    parser.add_argument("--ticket", default="", metavar="NUMBER", help="the carrier's")
    parser.add_argument("text", metavar="TEXT", help="what is known of it")
    add_state(parser)


def run(arguments: argparse.Namespace) -> int:
    """Give the order and print which outage it was; 1 where it was refused."""
    try:
        unit, at = _which(arguments)
        order: dict[str, object] = {
            "order": "annotate",
            "unit": unit,
            "at": at,
            "by": arguments.by,
            "ticket": arguments.ticket,
            "text": arguments.text,
        }
        answer = ask(arguments.state, order)
    except OrderFailed as error:
        print(error, file=sys.stderr)
        return 1
    end = f"until {by_the_clock(answer['end'])}" if answer["end"] else "which goes on"
    print(f"noted  outage of {answer['unit']} from {by_the_clock(answer['start'])}, {end}")
    return 0


def _which(arguments: argparse.Namespace) -> tuple[str, str]:
    if arguments.outage is None:
        return arguments.unit, arguments.at
    unit, at, moment = arguments.outage.partition("@")
    if not (unit and at and moment) or arguments.at:
        raise OrderFailed('--outage takes the unit and the time, such as "12004@2026-12-05 22:10"')
    return unit, moment
