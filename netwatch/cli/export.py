"""`netwatch export`: writes an edition of the ledger for others, with or without what is private."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.cli.progress import progress
from netwatch.cli.verify import address

if TYPE_CHECKING:
    import argparse

HELP = "Writes an edition of a ledger for others, which 'netwatch verify' finds intact."
EXAMPLE = "netwatch export /var/lib/netwatch/ledger.db --public --output hung-yen-public.db"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "ledger", metavar="LEDGER", help="a file, or an address such as postgresql+psycopg://…"
    )
    edition = parser.add_mutually_exclusive_group(required=True)
    edition.add_argument(
        "--public", action="store_true", help="without addresses, serial numbers, site files and traces"
    )
    edition.add_argument("--audit", action="store_true", help="with them, as far as they were kept")
    parser.add_argument("--output", required=True, type=Path, metavar="FILE", help="a new SQLite file")
    parser.add_argument("--poller", metavar="NAME", help="one chain only; default: all of them")


def run(arguments: argparse.Namespace) -> int:
    """Write it and say what is in it; 1 where that cannot be done, or the ledger is broken."""
    from netwatch.evidence import edition
    from netwatch.evidence.place import LedgerError
    from netwatch.evidence.store import Store, pollers

    edit = edition.public if arguments.public else edition.audit
    try:
        url = address(arguments.ledger)
        names = [name for name in pollers(url) if arguments.poller in {None, name}]
        if not names:
            raise edition.EditionError("no such chain in the ledger: nothing is written")  # noqa: TRY301 - as others
        chains = [(store, store.length()) for store in (Store(url, name) for name in names)]
        total = sum(length for _, length in chains)
        with progress(f"writing {arguments.output}", total, "entries") as shown:
            written = edition.write(arguments.output, chains, edit, shown.advance)
    except (LedgerError, edition.EditionError) as error:
        print(error, file=sys.stderr)
        return 1
    for chain in written:
        print(
            f"{chain.poller}: {chain.entries} entries, details of {chain.details} of them, those of "
            f"{chain.withheld} withheld; the last has the hash {chain.head}"
        )
    return 0
