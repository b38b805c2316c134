"""`netwatch verify`: recomputes a ledger, and names the first entry that does not fit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.cli.verify_anchors import add_anchors, verify_anchors

if TYPE_CHECKING:
    import argparse

    from netwatch.evidence.chain import Entry

HELP = "Recomputes chains, minutes, outages and causes of a ledger, and compares it with its anchors."
EXAMPLE = "netwatch verify /var/lib/netwatch/ledger.db"

EVERY = 500  # entries between two signs of life


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "ledger", metavar="LEDGER", help="a file, or an address such as postgresql+psycopg://…"
    )
    parser.add_argument("--poller", metavar="NAME", help="one chain only; default: all of them")
    add_anchors(parser)


def run(arguments: argparse.Namespace) -> int:
    """Verify every chain; 0 where all of it fits, 1 where anything does not."""
    from netwatch.evidence.place import LedgerError
    from netwatch.evidence.store import pollers

    url = address(arguments.ledger)
    try:
        names = [arguments.poller] if arguments.poller else pollers(url)
        if not names:
            print("the ledger is empty: nothing was written to it yet", file=sys.stderr)
            return 1
        good = [_verify(url, name) for name in names]
        good.append(verify_anchors(arguments, url, names))
    except LedgerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0 if all(good) else 1


def address(written: str) -> str:
    """Return the address that a person means: a path stands for an SQLite file."""
    return written if "://" in written else f"sqlite:///{Path(written).absolute()}"


def _verify(url: str, poller: str) -> bool:
    from netwatch.audit.verification import verify
    from netwatch.evidence.store import Store

    found = verify(Store(url, poller).entries(), _progress)
    _clear()
    if not found.entries:
        print(f"{poller}: no such chain in the ledger", file=sys.stderr)
        return False
    told = (
        f"{found.entries} entries, {found.hours} hours, {found.minutes} verdicts of minutes, "
        f"{found.outages} outages and blips, {found.causes} causes"
    )
    if found.intact:
        print(f"{poller}: intact: {told}")
        return True
    print(f"{poller}: NOT intact: {found.problem} (before that: {told})")
    return False


def _progress(entry: Entry) -> None:
    if sys.stderr.isatty() and entry.seq % EVERY == 0:
        print(f"\r{entry.poller}: entry {entry.seq} …", end="", file=sys.stderr, flush=True)


def _clear() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
