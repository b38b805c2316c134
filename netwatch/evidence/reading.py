"""Entries as what they say: the stored bytes checked and decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netwatch.evidence import codec, hour
from netwatch.evidence.kinds import HOUR, KINDS

if TYPE_CHECKING:
    from netwatch.evidence.chain import Entry


def content(entry: Entry) -> Any:  # noqa: ANN401 - one of `KINDS`, or an Hour
    """Return what an entry says. Raises BrokenBodyError, naming the entry."""
    try:
        return hour.decode(entry.body) if entry.kind == HOUR else _plain(entry)
    except codec.BrokenBodyError as error:
        told = f"entry {entry.seq} of poller {entry.poller} ({entry.kind}) cannot be read: {error}"
        raise codec.BrokenBodyError(told) from error


def _plain(entry: Entry) -> Any:  # noqa: ANN401 - one of `KINDS`
    shape = KINDS.get(entry.kind)
    if shape is None:
        raise codec.BrokenBodyError("a kind that this version does not know")
    return codec.load(shape, codec.parse(entry.body))
