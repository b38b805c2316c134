"""The table of commands, and the way into each of them."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Protocol

from netwatch import __version__
from netwatch.cli import (
    anchor,
    annotate,
    archive,
    attest,
    check,
    dashboards,
    discover,
    dispute,
    export,
    import_,
    lab,
    maintenance,
    probe,
    register,
    report,
    rules,
    run,
    schema,
    verify,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class Command(Protocol):
    """What a command's module offers."""

    HELP: str
    EXAMPLE: str

    def configure(self, parser: argparse.ArgumentParser, /) -> None:
        """Declare the command's arguments."""
        ...

    def run(self, arguments: argparse.Namespace, /) -> int:
        """Do it, and return the exit status."""
        ...


COMMANDS: dict[str, Command] = {
    "run": run,
    "check": check,
    "probe": probe,
    "discover": discover,
    "import": import_,
    "maintenance": maintenance,
    "annotate": annotate,
    "archive": archive,
    "attest": attest,
    "dispute": dispute,
    "verify": verify,
    "anchor": anchor,
    "report": report,
    "export": export,
    "register": register,
    "schema": schema,
    "lab": lab,
    "dashboards": dashboards,
    "rules": rules,
}

INTERRUPTED = 130  # what shells report for SIGINT


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a user's mistake is one line on stderr and a status other than 0."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    try:
        return COMMANDS[arguments.command].run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone, as with `| head`: no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="netwatch",
        description="Asks every uplink each second and every switch each minute, and says for each unit of "
        "the register whether it is up, down or unknown.",
    )
    parser.add_argument("--version", action="version", version=f"netwatch {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(
            name,
            help=command.HELP,
            description=command.HELP,
            epilog=f"example:\n  {command.EXAMPLE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.configure(sub)
    return parser
