"""`netwatch maintenance`: announces a window to the running daemon, lists them, ends one early."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from netwatch.cli.control import OrderFailed, add_state, ask, by_the_clock
from netwatch.cli.table import print_table
from netwatch.inventory.wording import counted

if TYPE_CHECKING:
    import argparse

HELP = "Announces a window of work to the running netwatch, lists what is announced, ends one early."
EXAMPLE = 'netwatch maintenance add --unit 12004 --for 2h --by NOC "thay ONT"'

SHOWN = ("STATE", "NAME", "FROM", "UNTIL", "BY", "COVERS", "WHAT FOR")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="announce a window, from now on or later")
    for kind in ("unit", "device", "area"):
        add.add_argument(
            f"--{kind}",
            action="append",
            default=[],
            metavar=kind.upper(),
            help="what it is about; may be repeated, and together with the others",
        )
    add.add_argument("--for", required=True, dest="duration", metavar="DURATION", help="such as 2h")
    add.add_argument(
        "--start", default="now", metavar="TIME", help="such as '2026-12-05 22:00'; default: now"
    )
    add.add_argument("--by", required=True, metavar="NAME", help="who announces it")
    add.add_argument("--name", default="", metavar="NAME", help="default: made of its start and subject")
    add.add_argument("text", metavar="TEXT", help="what for")
    listing = actions.add_parser("list", help="windows that are open, coming (60 days) or lately over")
    listing.add_argument("--json", action="store_true", help="for programs")
    end = actions.add_parser("end", help="end an open window now")
    end.add_argument("name", metavar="NAME", help="as 'list' shows it")
    end.add_argument("--by", default="", metavar="NAME", help="who ends it")
    for action in (add, listing, end):
        add_state(action)


def run(arguments: argparse.Namespace) -> int:
    """Give the order and print what came of it; 1 where it was refused."""
    try:
        {"add": _add, "list": _list, "end": _end}[arguments.action](arguments)
    except OrderFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _add(arguments: argparse.Namespace) -> None:
    order: dict[str, object] = {
        "order": "maintenance add",
        "units": arguments.unit,
        "devices": arguments.device,
        "areas": arguments.area,
        "for": arguments.duration,
        "start": arguments.start,
        "by": arguments.by,
        "name": arguments.name,
        "text": arguments.text,
    }
    window = ask(arguments.state, order)["window"]
    print(f"announced  {window['name']}")
    print(f"from       {by_the_clock(window['start'])}")
    print(f"until      {by_the_clock(window['end'])}")
    print(f"covers     {_covers(window)}")
    print(f"by         {window['by']}: {window['text']}")
    if not window["covers"]["devices"]:
        print("no device is in it: it explains nothing as long as that is so", file=sys.stderr)


def _list(arguments: argparse.Namespace) -> None:
    answer = ask(arguments.state, {"order": "maintenance list"})
    if arguments.json:
        print(json.dumps(answer["windows"], ensure_ascii=False, indent=2))
    elif answer["windows"]:
        print_table([SHOWN, *map(_row, answer["windows"])])
    else:
        print("no window is open, coming within 60 days, or over since yesterday")
    if answer["left_out"]:
        print(f"{counted(answer['left_out'], 'later window')} left out", file=sys.stderr)


def _row(window: dict[str, Any]) -> tuple[str, ...]:
    start, end = by_the_clock(window["start"]), by_the_clock(window["end"])
    late = "" if window["in_time"] else " (announced too late: explains nothing)"
    return (
        window["state"],
        window["name"],
        start,
        end,
        window["by"],
        _covers(window),
        window["text"] + late,
    )


def _covers(window: dict[str, Any]) -> str:
    covers = window["covers"]
    return f"{counted(covers['units'], 'unit')}, {counted(covers['devices'], 'device')}"


def _end(arguments: argparse.Namespace) -> None:
    order: dict[str, object] = {"order": "maintenance end", "name": arguments.name, "by": arguments.by}
    answer = ask(arguments.state, order)
    print(f"ended  {answer['name']} at {by_the_clock(answer['end'])}")
