"""`netwatch anchor`: heads by hand, their key, and time stamps where the network is closed."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sys
import time
import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from netwatch.evidence.anchors import Anchor, AnchorFolder
    from netwatch.evidence.timestamps import Roots

HELP = "Anchors the ledger: makes the key, makes a head, carries time stamps in and out, lists them."
EXAMPLE = "netwatch anchor request && netwatch anchor response /media/stick/*.tsr --authority ca.pem"

TIMEZONE = "Asia/Ho_Chi_Minh"
MICRO = 1_000_000
SHOWN = ("DATE", "CHAINS", "MADE", "SIGNED BY", "STAMPED", "BY")
UNSTAMPED = "-"


class Refused(Exception):  # noqa: N818 - it says what happened
    """It was not done; the message is one line for people."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    key = actions.add_parser("key", help="make the key that heads are signed with, and print its public half")
    key.add_argument("file", metavar="FILE", type=Path, help="of the private key; none that is there is lost")
    make = actions.add_parser("make", help="make a head of today now, instead of the one after midnight")
    make.add_argument("ledger", metavar="LEDGER", help="a file, or an address")
    make.add_argument("--key", metavar="FILE", type=Path, help="sign it by this private key")
    make.add_argument(
        "--timezone", default=TIMEZONE, metavar="ZONE", help=f"that today is told in; default: {TIMEZONE}"
    )
    request = actions.add_parser("request", help="write requests for time stamps (.tsq), to be carried out")
    request.add_argument("dates", metavar="DATE", nargs="*", help="default: every head without a stamp")
    response = actions.add_parser("response", help="check and file what an authority answered (.tsr)")
    response.add_argument("files", metavar="FILE", nargs="+", type=Path, help="of any names")
    listing = actions.add_parser("list", help="which heads there are, signed and stamped by whom")
    for action in (response, listing):
        action.add_argument(
            "--authority", metavar="CA.pem", type=Path, help="certificates that stamps must lead to"
        )
    for action in (make, request, response, listing):
        action.add_argument(
            "--anchors",
            metavar="DIR",
            type=Path,
            help="folder of the anchors; default: anchors in $STATE_DIRECTORY or /var/lib/netwatch",
        )


def run(arguments: argparse.Namespace) -> int:
    """Do it; 1 where anything was refused."""
    from netwatch.evidence.keys import BadKeyError
    from netwatch.evidence.timestamps import StampError

    try:
        return {"key": _key, "make": _make, "request": _request, "response": _response, "list": _list}[
            arguments.action
        ](arguments)
    except (Refused, OSError, BadKeyError, StampError) as error:
        print(_told(error), file=sys.stderr)
        return 1


def _told(error: Exception) -> str:
    """Return an error as one line; the operating system's with the file that it is about."""
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _key(arguments: argparse.Namespace) -> int:
    from netwatch.evidence.key_file import write_key
    from netwatch.evidence.keys import SigningKey, fingerprint, written

    key = SigningKey.generate()
    try:
        write_key(arguments.file, key)
    except FileExistsError:
        raise Refused(f"{arguments.file}: it is there already, and a key is never written over") from None
    print(f"private key  {arguments.file}")
    print(f"public key   {written(key.public)}")
    print(f"fingerprint  {fingerprint(key.public)}")
    return 0


def _make(arguments: argparse.Namespace) -> int:
    from netwatch.cli.verify import address
    from netwatch.evidence import making
    from netwatch.evidence.key_file import read_key
    from netwatch.evidence.store import Store, pollers

    key = read_key(arguments.key) if arguments.key else None  # first: nothing is half done for want of it
    url = address(arguments.ledger)
    names = pollers(url)
    if not names:
        raise Refused("the ledger is empty: there is nothing to anchor yet")
    folder = _folder(arguments)
    now = time.time()
    date = dt.datetime.fromtimestamp(now, _zone(arguments.timezone)).date()
    made = making.make(folder, Store(url, names[0]).ends(), date, round(now * MICRO), making.newest(folder))
    if key is not None:
        making.sign(folder, folder.read(date), key)
    print(f"{date}  SHA-256 {made.sha256}  {'signed' if key else 'not signed: --key FILE signs'}")
    return 0


def _request(arguments: argparse.Namespace) -> int:
    from netwatch.evidence import making
    from netwatch.evidence.anchors import HEAD, REQUEST

    folder = _folder(arguments)
    have = folder.dates(HEAD)
    dates = [_date(text) for text in arguments.dates]
    if missing := next((date for date in dates if date not in have), None):
        raise Refused(f"there is no head of {missing} in {folder.path}")
    anchors = [folder.read(date) for date in dates or have]
    unstamped = [anchor for anchor in anchors if anchor.response is None]
    for anchor in unstamped:
        making.request(folder, anchor)
        print(folder.path / anchor.name(REQUEST))
    if not unstamped:
        print("every head has its stamp: there is nothing to ask for", file=sys.stderr)
    return 0


def _response(arguments: argparse.Namespace) -> int:
    from netwatch.evidence import making, timestamps
    from netwatch.evidence.anchors import REQUEST, read_bounded

    folder = _folder(arguments)
    roots = _roots(arguments)
    waiting = [anchor for date in folder.dates(REQUEST) if (anchor := folder.read(date)).head is not None]
    failed = 0
    for path in arguments.files:
        try:
            answer = read_bounded(path, timestamps.LARGEST)
            anchor = _answered(waiting, answer)
            asked = making.request(folder, anchor)
            stamp = making.file_response(folder, anchor, asked, answer, roots)
        except (OSError, timestamps.StampError, Refused) as error:
            failed += 1
            print(_told(error) if isinstance(error, OSError) else f"{path}: {error}", file=sys.stderr)
        else:
            checked = "" if stamp.checked else " (not checked: --authority CA.pem)"
            print(f"{anchor.date}  stamped {_clock(stamp.at)} by {stamp.authority}{checked}")
    return 1 if failed else 0


def _answered(waiting: Sequence[Anchor], answer: bytes) -> Anchor:
    """Return the anchor whose head is stamped."""
    from netwatch.evidence.timestamps import OtherBytesError, check

    if not waiting:
        raise Refused("there is no request that it could answer: 'netwatch anchor request' writes them")
    for anchor in waiting:
        with contextlib.suppress(OtherBytesError):
            check(anchor.head or b"", answer)
            return anchor
    raise Refused("it answers none of the requests: it is about other bytes")


def _list(arguments: argparse.Namespace) -> int:
    from netwatch.cli.table import print_table
    from netwatch.evidence.anchors import HEAD

    folder = _folder(arguments)
    roots = _roots(arguments)
    rows = [_row(folder.read(date), roots) for date in folder.dates(HEAD)]
    if not rows:
        raise Refused(f"there are no anchors in {folder.path}")
    print_table([SHOWN, *rows])
    return 0


def _row(anchor: Anchor, roots: Roots) -> tuple[str, ...]:
    from netwatch.evidence import heads, keys, timestamps

    data = anchor.head or b""
    try:
        head = heads.decode(data)
    except heads.HeadError as error:
        return (str(anchor.date), "-", str(error), "", "", "")
    try:
        signer = keys.fingerprint(keys.check(data, anchor.signature)) if anchor.signature else UNSTAMPED
    except keys.SignatureError as error:
        signer = str(error)
    try:
        stamp = timestamps.check(data, anchor.response, roots=roots) if anchor.response else None
        stamped = _clock(stamp.at) if stamp else UNSTAMPED
        by = f"{stamp.authority}{'' if stamp.checked else ' (not checked)'}" if stamp else ""
    except timestamps.StampError as error:
        stamped, by = UNSTAMPED, str(error)
    return str(anchor.date), str(len(head.chains)), _clock(head.made / MICRO), signer, stamped, by


def _folder(arguments: argparse.Namespace) -> AnchorFolder:
    from netwatch.evidence.anchors import NAME, AnchorFolder
    from netwatch.inventory.settings import state_folder

    return AnchorFolder(arguments.anchors or state_folder(os.environ) / NAME)


def _roots(arguments: argparse.Namespace) -> Roots:
    from netwatch.evidence.anchors import read_bounded
    from netwatch.evidence.timestamps import LARGEST, read_roots

    return read_roots(read_bounded(arguments.authority, LARGEST)) if arguments.authority else ()


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{text!r:.40} is not a date: write year-month-day, such as 2026-11-27") from None


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"{name!r:.40} is not a time zone: write one such as {TIMEZONE}") from None


def _clock(at: float) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d %H:%M:%S +00:00")
