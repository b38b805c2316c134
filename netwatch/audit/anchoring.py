"""What anchors prove about a ledger: each head against its signature, stamp, neighbours and the chains.

A problem is told in one line that names the file or the entry. Nothing here asks whether the record was true.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from netwatch.evidence import heads as daily, keys, timestamps
from netwatch.evidence.anchors import HEAD, REQUEST, RESPONSE, SIGNATURE
from netwatch.model.report import AnchorNote, Head

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterable, Sequence

    from cryptography.x509 import Certificate

    from netwatch.evidence.anchors import Anchor
    from netwatch.model.attestation import Receipt


class Ledger(Protocol):
    """What is asked of a ledger: a `Store`."""

    def ends(self) -> tuple[Receipt, ...]:
        """Return where every chain ends, by poller."""
        ...

    def hash_of(self, poller: str, seq: int) -> str | None:
        """Return the hash of an entry, hexadecimal; None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the one who verifies knows; without any, signatures and stamps are read, and nobody is known."""

    keys: Collection[bytes] = ()  # raw public keys
    authority: Sequence[Certificate] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry `anchor` of a chain says."""

    poller: str
    seq: int
    date: dt.date
    sha256: str


@dataclass(slots=True)
class Examined:
    """What came of it. It is intact where `problem` is empty."""

    problem: str = ""  # the first
    heads: int = 0
    first: dt.date | None = None
    last: dt.date | None = None
    signed: dt.date | None = None  # the last that is signed
    signers: dict[str, int] = field(default_factory=dict)  # heads signed, by fingerprint
    stamps: list[tuple[dt.date, timestamps.Stamp]] = field(default_factory=list)


def heads(ledger: Ledger) -> tuple[Head, ...]:
    """Return the ends of all chains, for a report."""
    return tuple(Head(end.poller, end.seq, end.at, end.hash) for end in ledger.ends())


def notes(
    anchors: Iterable[Anchor],
    lookup: Callable[[str, int], str | None],
    known: Collection[bytes] = (),
    authority: Sequence[Certificate] = (),
) -> tuple[AnchorNote, ...]:
    """Return what the anchors say of each chain, for a report; `lookup` gives an entry's hash (`hash_of`).

    A signature or stamp that does not hold counts as none; so does one by a key that is not known, where any
    is. A head that cannot be read is one note without a poller, which does not fit.
    """
    trust = Trust(known, authority)
    return tuple(note for anchor in anchors for note in _notes(anchor, lookup, trust))


def _notes(anchor: Anchor, lookup: Callable[[str, int], str | None], trust: Trust) -> list[AnchorNote]:
    if anchor.head is None:
        return []
    try:
        chains = _head(anchor, anchor.head).chains
    except _Problem:
        chains = (daily.ChainEnd("", 0, ""),)
    signer, stamp = _vouched(anchor, anchor.head, trust)
    return [
        AnchorNote(
            date=anchor.date.isoformat(),
            poller=chain.poller,
            seq=chain.seq,
            fits=chain.seq > 0 and lookup(chain.poller, chain.seq) == chain.hash,
            signed_by="" if signer is None else keys.fingerprint(signer),
            stamped_at=None if stamp is None else stamp.at,
            authority="" if stamp is None else stamp.authority,
            stamp_checked=stamp is not None and stamp.checked,
        )
        for chain in chains
    ]


def _vouched(anchor: Anchor, data: bytes, trust: Trust) -> tuple[bytes | None, timestamps.Stamp | None]:
    """Return who signed and who stamped; None where nobody did, or it does not hold."""
    signer = stamp = None
    with contextlib.suppress(_Problem):
        signer = _signer(anchor, data, trust)
    with contextlib.suppress(_Problem):
        stamp = _stamp(anchor, data, trust)
    return signer, stamp


def examine(
    anchors: Sequence[Anchor], ledger: Ledger, told: Iterable[Told], trust: Trust, poller: str = ""
) -> Examined:
    """Check anchors, in the order of their dates, against each other and a ledger.

    `told` are the ledger's entries of kind `anchor`; with `poller` only that chain is looked at.
    """
    found = Examined()
    try:
        known = _examine_files(anchors, trust, found)
        for head in known.values():
            _check_chains(head, ledger, poller)
        _check_told(known, anchors, told)
        _check_vouched(found, trust)
    except _Problem as problem:
        found.problem = str(problem)
    return found


class _Problem(Exception):  # noqa: N818 - it becomes `Examined.problem`
    pass


def _examine_files(
    anchors: Sequence[Anchor], trust: Trust, found: Examined
) -> dict[dt.date, daily.DailyHead]:
    """Check each head by itself and that it follows on the one before; return them by date."""
    known: dict[dt.date, daily.DailyHead] = {}
    before = ""
    for anchor in anchors:
        if anchor.head is None:
            raise _Problem(f"{anchor.name(HEAD)} is missing: other files of that date are there")
        head = known[anchor.date] = _head(anchor, anchor.head)
        _check_previous(anchor, head, before, found.last)
        before = daily.digest(anchor.head)
        signer = _signer(anchor, anchor.head, trust)
        if signer is not None:
            found.signed = anchor.date
            by = keys.fingerprint(signer)
            found.signers[by] = found.signers.get(by, 0) + 1
        stamp = _stamp(anchor, anchor.head, trust)
        if stamp is not None:
            found.stamps.append((anchor.date, stamp))
        found.heads += 1
        found.first, found.last = found.first or anchor.date, anchor.date
    return known


def _head(anchor: Anchor, data: bytes) -> daily.DailyHead:
    try:
        head = daily.decode(data)
    except daily.HeadError as error:
        raise _Problem(f"{anchor.name(HEAD)}: {error}") from None
    if head.date != anchor.date:
        raise _Problem(f"{anchor.name(HEAD)}: it is the head of {head.date}")
    return head


def _check_previous(anchor: Anchor, head: daily.DailyHead, before: str, last: dt.date | None) -> None:
    if head.previous == before:
        return
    if last is None:
        raise _Problem(f"the head before {anchor.name(HEAD)}, which that follows on, is missing")
    raise _Problem(
        f"{anchor.name(HEAD)} does not follow on {last}.{HEAD}: one is missing between them, or changed"
    )


def _signer(anchor: Anchor, data: bytes, trust: Trust) -> bytes | None:
    """Return the key that signed a head; None where it is not signed."""
    if anchor.signature is None:
        return None
    try:
        signer = keys.check(data, anchor.signature)
    except keys.SignatureError as error:
        raise _Problem(f"{anchor.name(SIGNATURE)}: {error}") from None
    if trust.keys and signer not in trust.keys:
        raise _Problem(f"{anchor.name(SIGNATURE)}: signed by another key, {keys.fingerprint(signer)}")
    return signer


def _stamp(anchor: Anchor, data: bytes, trust: Trust) -> timestamps.Stamp | None:
    """Return the stamp of a head; None where it has none."""
    try:
        if anchor.request is not None:
            timestamps.check_request(data, anchor.request)
    except timestamps.StampError as error:
        raise _Problem(f"{anchor.name(REQUEST)}: {error}") from None
    if anchor.response is None:
        return None
    try:
        return timestamps.check(data, anchor.response, asked=anchor.request, roots=trust.authority)
    except timestamps.StampError as error:
        raise _Problem(f"{anchor.name(RESPONSE)}: {error}") from None


def _check_chains(head: daily.DailyHead, ledger: Ledger, poller: str) -> None:
    for chain in head.chains:
        if poller and chain.poller != poller:
            continue
        found = ledger.hash_of(chain.poller, chain.seq)
        if found is None:
            end = next((end.seq for end in ledger.ends() if end.poller == chain.poller), 0)
            raise _Problem(
                f"{chain.poller}: entry {chain.seq}, anchored on {head.date}, is missing: "
                f"the chain ends at {end}"
            )
        if found != chain.hash:
            raise _Problem(
                f"{chain.poller}: entry {chain.seq} is not the one that was anchored on {head.date}"
            )


def _check_told(
    known: dict[dt.date, daily.DailyHead], anchors: Sequence[Anchor], told: Iterable[Told]
) -> None:
    """Find heads that the ledger tells of and the folder has not.

    Each poller keeps anchors of its own: chains that tell of none of these tell of another folder.
    """
    have = {anchor.date: daily.digest(anchor.head) for anchor in anchors if anchor.head is not None}
    said = list(told)
    ours = {each.poller for each in said if have.get(each.date) == each.sha256}
    for each in said:
        if each.poller not in ours or have.get(each.date) == each.sha256:
            continue
        where = f"{each.poller}: entry {each.seq} tells of"
        if each.date not in known:
            raise _Problem(f"{where} the head of {each.date}: {each.date}.{HEAD} is missing")
        raise _Problem(f"{where} another head of {each.date} than {each.date}.{HEAD}")


def _check_vouched(found: Examined, trust: Trust) -> None:
    """A head that is not signed or stamped is vouched for by a later one, which has its hash."""
    if trust.keys and found.signed != found.last:
        raise _Problem(f"{found.last}.{HEAD} is not signed, nor is any head after it")
    if trust.authority and not found.stamps:
        raise _Problem("no head is stamped, by this authority or any other")
