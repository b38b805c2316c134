"""Entries as what they say: the stored bytes checked and decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netwatch.evidence import codec, hour, withholding
from netwatch.evidence.kinds import HOUR, KINDS

if TYPE_CHECKING:
    from netwatch.evidence.chain import Details, Entry


def content(entry: Entry) -> Any:  # noqa: ANN401 - one of `KINDS`, or an Hour
    """Return what an entry says, with its details where they are at hand.

    Raises BrokenBodyError, naming the entry; also where its details are not those that it was written with.
    """
    return _read(entry, entry.details)


def public(entry: Entry) -> Any:  # noqa: ANN401 - one of `KINDS`, or an Hour
    """Return what an entry says without its details. Raises BrokenBodyError, naming the entry."""
    return _read(entry, None)


def withholds(entry: Entry) -> bool:
    """Tell whether an entry has details, at hand or not."""
    # Quotes within a text are escaped: this can be nothing but a key.
    return entry.kind in withholding.RULES and f'"{withholding.KEY}":"'.encode() in entry.body


def _read(entry: Entry, details: Details | None) -> Any:  # noqa: ANN401 - one of `KINDS`, or an Hour
    try:
        return _hour(entry.body, details) if entry.kind == HOUR else _plain(entry, details)
    except codec.BrokenBodyError as error:
        told = f"entry {entry.seq} of poller {entry.poller} ({entry.kind}) cannot be read: {error}"
        raise codec.BrokenBodyError(told) from error


def _hour(body: bytes, details: Details | None) -> hour.Hour:
    if details is not None:
        raise codec.BrokenBodyError("details stand beside it, and an hour has none")
    return hour.decode(body)


def _plain(entry: Entry, details: Details | None) -> Any:  # noqa: ANN401 - one of `KINDS`
    shape = KINDS.get(entry.kind)
    if shape is None:
        raise codec.BrokenBodyError("a kind that this version does not know")
    plain = codec.parse(entry.body)
    if isinstance(plain, dict):
        withholding.restore(plain, details)
    return codec.load(shape, plain)
