"""The table of commands, and the way into each of them."""

from __future__ import annotations

import argparse
import importlib
import keyword
import os
import sys
from typing import TYPE_CHECKING, Protocol, cast

from netwatch import __version__

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


COMMANDS = (
    "run",
    "check",
    "probe",
    "discover",
    "import",
    "maintenance",
    "annotate",
    "archive",
    "attest",
    "dispute",
    "verify",
    "anchor",
    "report",
    "export",
    "register",
    "schema",
    "lab",
    "dashboards",
    "rules",
)
"""Each in a module of its name in this package, with a `_` behind it where Python has a word of its own."""

INTERRUPTED = 130  # what shells report for SIGINT


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; a user's mistake is one line on stderr and a status other than 0."""
    words = sys.argv[1:] if argv is None else argv
    arguments = _parser(words[:1]).parse_args(words)
    try:
        return command(arguments.command).run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone, as with `| head`: no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def command(name: str) -> Command:
    """Return one of `COMMANDS`; it is read when it is asked for, and no other with it."""
    module = importlib.import_module(f"netwatch.cli.{name}{'_' * keyword.iskeyword(name)}")
    return cast("Command", module)


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return what understands these first words: the one command that they name, or else all of them."""
    parser = argparse.ArgumentParser(
        prog="netwatch",
        description="Asks every uplink each second and every switch each minute, and says for each unit of "
        "the register whether it is up, down or unknown.",
    )
    parser.add_argument("--version", action="version", version=f"netwatch {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in [word for word in words if word in COMMANDS] or COMMANDS:
        each = command(name)
        sub = commands.add_parser(
            name,
            help=each.HELP,
            description=each.HELP,
            epilog=f"example:\n  {each.EXAMPLE}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        each.configure(sub)
    return parser
