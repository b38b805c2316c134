"""Lives once more what a ledger holds: its entries as events, in the order of their times.

A restart and a verification both do this, so that what goes on is what was, and what is verified is what was
decided. Slots come in whole minutes (`Recorded`), or as pieces of the tail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.evidence.kinds import Configured, Started, Windows
from netwatch.judgement.events import Announced, Reconfigured, Recorded, Resumed, Tick
from netwatch.model.sign import Sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netwatch.evidence.hour import Hour
    from netwatch.evidence.tail import Piece
    from netwatch.judgement.events import Event
    from netwatch.model.observation import EchoSlots

MINUTE, HOUR = 60.0, 3600.0


def event(said: object) -> Event | None:
    """Return what an entry means to the judgement; None: nothing."""
    if isinstance(said, Configured):
        return Reconfigured(said.at, said.lines, said.devices, said.units, said.paths)
    if isinstance(said, Windows):
        return Announced(said.at, said.windows)
    if isinstance(said, Started) and said.until is not None:
        return Resumed(said.at, said.until)
    return said if isinstance(said, Sign) else None


def ending(until: float) -> tuple[Event, ...]:
    """Return what ends a judgement that knows slots until a steady time, and of which no more will be known.

    A pause that outlasts every hour begun, after which nothing is watched.
    """
    at = (until // HOUR + 2) * HOUR
    return Resumed(at, until), Reconfigured(at, (), ()), Tick(at + HOUR)


def recorded(hour: Hour, first: int = 0) -> Iterator[Recorded]:
    """Return the slots of an hour, from a minute on, each minute at its end."""
    for number, minutes in hour.slots.items():
        for place, slots in minutes.items():
            if place >= first:
                yield Recorded(hour.start + (place + 1) * MINUTE, number, slots)


def measured(pieces: Iterable[Piece], after: float) -> Iterator[Event]:
    """Return what pieces of a tail hold of the time after a steady time, as it was reported."""
    for piece in pieces:
        for batch in piece.slots:
            yield _after(batch, after)
        yield from (stray for stray in piece.late if stray.due >= after)


def _after(batch: EchoSlots, after: float) -> EchoSlots:
    kept = [place for place, due in enumerate(batch.due) if due >= after]
    if len(kept) == len(batch.due):
        return batch
    return type(batch)(
        batch.at,
        type(batch.lines)("L", (batch.lines[place] for place in kept)),
        type(batch.due)("d", (batch.due[place] for place in kept)),
        bytearray(batch.results[place] for place in kept),
        type(batch.rtts)("d", (batch.rtts[place] for place in kept)),
    )


def in_order(events: Iterable[Event]) -> list[Event]:
    """Return events by their times; of the same time, a minute's slots first, then in the order given.

    What changes as a minute ends does not change what it was judged by.
    """
    return sorted(events, key=lambda each: (each.at, not isinstance(each, Recorded)))
