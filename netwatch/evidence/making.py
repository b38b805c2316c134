"""The steps by which an anchor comes to be: its head, its signature, its request, its stamp. Each may block.

They are the daemon's and the command line's alike. What is there already is never done again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.evidence import heads, timestamps
from netwatch.evidence.anchors import HEAD, REQUEST, RESPONSE, SIGNATURE, AnchorError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from netwatch.evidence.anchors import Anchor, AnchorFolder
    from netwatch.evidence.keys import SigningKey
    from netwatch.evidence.timestamps import Roots, Stamp
    from netwatch.model.attestation import Receipt


class Last(NamedTuple):
    """The newest head that is known of."""

    date: dt.date
    sha256: str


def newest(folder: AnchorFolder) -> Last | None:
    """Return the newest head of a folder; None where there is none. Raises AnchorError."""
    dates = folder.dates(HEAD)
    data = folder.file(dates[-1], HEAD) if dates else None
    return Last(dates[-1], heads.digest(data)) if data is not None else None


def make(folder: AnchorFolder, ends: Iterable[Receipt], date: dt.date, made: int, last: Last | None) -> Last:
    """Write the head of a date (`made`: microseconds since 1970) behind the last one. Raises AnchorError."""
    if last is not None and last.date >= date:
        raise AnchorError(f"{folder.path}: there is a head of {last.date} already: none is made of {date}")
    chains = [heads.ChainEnd(end.poller, end.seq, end.hash) for end in ends]
    if not chains:
        raise AnchorError("the ledger is empty: there is nothing to anchor yet")
    data = heads.encode(chains, date, made, last.sha256 if last is not None else "")
    folder.add(date, HEAD, data)
    return Last(date, heads.digest(data))


def sign(folder: AnchorFolder, anchor: Anchor, key: SigningKey) -> None:
    """Sign a head that is not signed. Raises AnchorError."""
    if anchor.head is not None and anchor.signature is None:
        folder.add(anchor.date, SIGNATURE, key.sign(anchor.head))


def request(folder: AnchorFolder, anchor: Anchor) -> bytes:
    """Return the request for a stamp on a head, the one that is there or a new one.

    One head has one request, so that an answer that was sent for long ago still fits. Raises AnchorError, and
    StampError where the one that is there is about other bytes.
    """
    head = _head(anchor)
    if anchor.request is not None:
        timestamps.check_request(head, anchor.request)
        return anchor.request
    asked = timestamps.request(head)
    folder.add(anchor.date, REQUEST, asked)
    return asked


def file_response(folder: AnchorFolder, anchor: Anchor, asked: bytes, answer: bytes, roots: Roots) -> Stamp:
    """Keep the response to a request, once it is checked. Raises AnchorError, StampError."""
    stamp = timestamps.check(_head(anchor), answer, asked=asked, roots=roots)
    folder.add(anchor.date, RESPONSE, answer)
    return stamp


def _head(anchor: Anchor) -> bytes:
    if anchor.head is None:
        raise AnchorError(f"there is no head of {anchor.date}")
    return anchor.head
