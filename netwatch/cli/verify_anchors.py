"""The part of `netwatch verify` that is about anchors."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.inventory.wording import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from netwatch.audit.anchoring import Examined, Told, Trust
    from netwatch.evidence.anchors import Anchor


def add_anchors(parser: argparse.ArgumentParser) -> None:
    """Declare its arguments."""
    parser.add_argument(
        "--anchors", metavar="DIR", type=Path, help="compare with the daily heads in this folder, too"
    )
    parser.add_argument(
        "--key",
        metavar="KEY",
        action="append",
        default=[],
        help="with --anchors: a public key, in base64 or a file, that heads must be signed by; "
        "may be repeated",
    )
    parser.add_argument(
        "--authority",
        metavar="CA.pem",
        type=Path,
        help="with --anchors: certificates that time stamps must lead to",
    )


def verify_anchors(arguments: argparse.Namespace, url: str, names: Sequence[str]) -> bool:
    """Compare the anchors that are named with the ledger, and tell; whether all fits. Raises LedgerError."""
    from netwatch.audit.anchoring import examine
    from netwatch.evidence.codec import BrokenBodyError
    from netwatch.evidence.keys import BadKeyError
    from netwatch.evidence.place import LedgerError
    from netwatch.evidence.store import Store
    from netwatch.evidence.timestamps import StampError

    if arguments.anchors is None:
        if arguments.key or arguments.authority:
            print(
                "--key and --authority are about anchors: name their folder with --anchors", file=sys.stderr
            )
        return not (arguments.key or arguments.authority)
    try:
        trust = _trust(arguments)
        anchors = _anchors(arguments.anchors)
        told = [each for name in names for each in _told(url, name)]
    except LedgerError:
        raise
    except (OSError, BadKeyError, StampError, BrokenBodyError) as error:
        print(f"anchors: {error}", file=sys.stderr)
        return False
    if not anchors:
        print(f"anchors: there are none in {arguments.anchors}", file=sys.stderr)
        return False
    found = examine(anchors, Store(url, names[0]), told, trust, arguments.poller or "")
    print(f"anchors: {_summary(found, trust)}")
    return not found.problem


def _trust(arguments: argparse.Namespace) -> Trust:
    from netwatch.audit.anchoring import Trust
    from netwatch.evidence.anchors import read_bounded
    from netwatch.evidence.key_file import public_key
    from netwatch.evidence.timestamps import LARGEST, read_roots

    keys = frozenset(public_key(each) for each in arguments.key)
    return Trust(keys, read_roots(read_bounded(arguments.authority, LARGEST)) if arguments.authority else ())


def _anchors(path: Path) -> list[Anchor]:
    from netwatch.evidence.anchors import AnchorFolder

    return AnchorFolder(path).all()


def _told(url: str, poller: str) -> list[Told]:
    """Return what a chain tells of anchors."""
    from netwatch.audit.anchoring import Told
    from netwatch.evidence.kinds import KIND_OF, Anchored
    from netwatch.evidence.reading import content
    from netwatch.evidence.store import Store

    entries = Store(url, poller).entries(kinds=(KIND_OF[Anchored],))
    said = ((entry.seq, content(entry)) for entry in entries)
    return [Told(poller, seq, each.date, each.sha256) for seq, each in said]


def _summary(found: Examined, trust: Trust) -> str:
    if found.problem:
        return f"NOT as anchored: {found.problem}"
    return "; ".join(
        (
            f"as anchored: {counted(found.heads, 'head')}, {found.first} to {found.last}",
            _signatures(found, trust),
            _stamps(found, trust),
        )
    )


def _signatures(found: Examined, trust: Trust) -> str:
    known = "known" if trust.keys else "unknown: --key KEY compares it with one that you know"
    signed = (f"{count} signed by {signer} ({known})" for signer, count in sorted(found.signers.items()))
    return ", ".join(signed) or "none is signed"


def _stamps(found: Examined, trust: Trust) -> str:
    if not found.stamps:
        return "none is stamped, so nothing proves since when they exist"
    names = sorted({stamp.authority for _, stamp in found.stamps})
    stamped = f"{len(found.stamps)} stamped by {', '.join(names)}"
    if not trust.authority:
        return f"{stamped} (not checked: --authority CA.pem has the certificates that you trust)"
    ends = dict.fromkeys((found.stamps[0], found.stamps[-1]))
    proved = (f"that of {date} existed at {_clock(stamp.at)}" for date, stamp in ends)
    return f"{stamped} (checked): {', '.join(proved)}"


def _clock(at: float) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d %H:%M:%S +00:00")
