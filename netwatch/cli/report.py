"""`netwatch report`: what the ledger shows of a period."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from netwatch.cli.verify import address

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from netwatch.audit.report.making import Source
    from netwatch.inventory.load import Inventory
    from netwatch.model.report import AnchorNote, Period, Report

HELP = "The coverage report of a month, a day or some days, recomputed from the ledger."
EXAMPLE = "netwatch report --config /etc/netwatch --period 2026-10 --output report.html"


READABLE = 0o644
"""A report is made to be handed on, and holds nothing that is secret."""


class Refused(Exception):  # noqa: N818 - it says what is asked in vain
    """There is no such report; the message says why in one line."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    from netwatch.publishing.report_csv import TABLES

    parser.add_argument("--config", default="config", metavar="DIR", help="default: config")
    parser.add_argument(
        "--period",
        required=True,
        metavar="PERIOD",
        help="2026-10, 2026-10-07, or 2026-10-01..2026-10-15 with both days included",
    )
    parser.add_argument("--lang", choices=("vi", "en"), help="of HTML; default: as netwatch.yaml says")
    parser.add_argument("--format", choices=("html", "csv", "json"), default="html", help="default: html")
    parser.add_argument("--table", choices=tuple(TABLES), default="units", help="of CSV; default: units")
    parser.add_argument("--output", metavar="FILE", help="written whole or not at all; default: stdout")
    parser.add_argument(
        "--ledger", metavar="LEDGER", help="a file or an address; default: as netwatch.yaml says"
    )
    parser.add_argument("--poller", metavar="NAME", help="whose chain; needed where there are several")
    parser.add_argument(
        "--anchors", metavar="DIR", help="the folder of anchors; default: that in the state folder"
    )
    parser.add_argument("--state", metavar="DIR", help="default: $STATE_DIRECTORY or /var/lib/netwatch")
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes that read; default: one a CPU",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write it; 0 then, 1 where it cannot be made."""
    from netwatch.evidence.codec import BrokenBodyError
    from netwatch.evidence.place import LedgerError
    from netwatch.inventory.load import InvalidInventory, load

    try:
        inventory = load(Path(arguments.config), os.environ)
        made = _make(arguments, inventory)
        _write(_written(arguments, inventory, made), arguments.output)
    except InvalidInventory as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 1
    except (Refused, LedgerError, BrokenBodyError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _make(arguments: argparse.Namespace, inventory: Inventory) -> Report:
    from netwatch.audit.report.making import Nothing, make
    from netwatch.cli.progress import progress

    asked, until, now = _period(arguments.period, inventory.settings.timezone)
    source = _source(arguments, inventory)

    @contextmanager
    def shown(hours: int) -> Iterator[Callable[[int], None]]:
        with progress("reading the ledger", hours, "hours") as bar:
            yield bar.advance

    try:
        return make(source, inventory, asked, until, now, jobs=arguments.jobs, progress=shown)
    except Nothing as error:
        raise Refused(str(error)) from None


def _period(text: str, timezone: str) -> tuple[Period, float, float]:
    """Return the period, until when it can be told, and the present."""
    from netwatch.audit.report.asked import period, reached

    now = time.time()
    try:
        asked = period(text, ZoneInfo(timezone))
        return asked, reached(asked, now), now
    except ValueError as error:
        raise Refused(str(error)) from None


def _source(arguments: argparse.Namespace, inventory: Inventory) -> Source:
    from netwatch.audit.anchoring import heads
    from netwatch.audit.report.making import Source
    from netwatch.daemon.ledger import address as configured
    from netwatch.evidence.store import Store
    from netwatch.inventory.settings import state_folder

    state = Path(arguments.state) if arguments.state else state_folder(os.environ)
    url = address(arguments.ledger) if arguments.ledger else configured(inventory.settings, state)
    poller = _poller(url, arguments.poller)
    store = Store(url, poller)
    return Source(url, poller, heads(store), _anchors(arguments.anchors, state, store.hash_of))


def _poller(url: str, wanted: str | None) -> str:
    from netwatch.evidence.store import pollers

    names = pollers(url)
    if not names:
        raise Refused("the ledger is empty: nothing was written to it yet")
    if wanted is None and len(names) > 1:
        raise Refused(f"the ledger has several chains ({', '.join(names)}): choose one with --poller")
    if wanted is not None and wanted not in names:
        raise Refused(f"the ledger has no chain of a poller {wanted!r:.80}: it has {', '.join(names)}")
    return wanted or names[0]


def _anchors(
    wanted: str | None, state: Path, hash_of: Callable[[str, int], str | None]
) -> tuple[AnchorNote, ...]:
    from netwatch.audit.anchoring import notes
    from netwatch.evidence.anchors import NAME, AnchorError, AnchorFolder

    folder = Path(wanted) if wanted else state / NAME
    if wanted and not folder.is_dir():
        raise Refused(f"there is no folder {folder}: --anchors names that of the daily heads")
    try:
        return notes(AnchorFolder(folder).all(), hash_of)
    except AnchorError as error:
        raise Refused(str(error)) from None


def _written(arguments: argparse.Namespace, inventory: Inventory, made: Report) -> str:
    if arguments.format == "csv":
        from netwatch.publishing import report_csv

        return report_csv.write(made, arguments.table)
    if arguments.format == "json":
        from netwatch.publishing import report_json

        return report_json.write(made)
    from netwatch.publishing.report_html import write

    return write(made, arguments.lang or inventory.settings.language)


def _write(text: str, output: str | None) -> None:
    if output is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        return
    try:
        _write_whole(Path(output), text.encode())
    except OSError as error:
        raise Refused(f"{output}: cannot be written: {error.strerror or error}") from None


def _write_whole(path: Path, data: bytes) -> None:
    """Write a file aside and let it take its name once it is whole; what is no file is written to."""
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    descriptor, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(descriptor, READABLE)
            file.flush()
            os.fsync(descriptor)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
