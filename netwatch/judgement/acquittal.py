"""Whoever forwards is alive: a device that drops echoes is acquitted by what answers behind it.

The times of the device's own slots are the clock. At each of them a witness shows it to be alive if two
neighbouring slots of the witness around that time were both answered, a minute apart at most. A witness that
could also be reached by another of its parents says nothing while that one answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.judgement.slots import GOOD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netwatch.judgement.slots import Slots

RAREST = 60.0
"""Seconds between two slots; what is asked less often tells nothing of the time between them."""

_ANSWERED = bytes(mark & GOOD for mark in range(256))


class Clock(NamedTuple):
    """Times at which is asked: `size` of them from steady time `due` on, an interval apart."""

    due: float
    interval: float
    size: int


class Witness(NamedTuple):
    """A device behind another one: its own slots, what is behind it, and its other ways."""

    slots: tuple[Slots, ...]
    behind: Sequence[Witness]
    others: tuple[Slots, ...]  # of its other parents


def acquitted(clock: Clock, witnesses: Iterable[Witness]) -> bytes:
    """Return 1 for each time at which a witness shows that what lies before it forwards, else 0."""
    return _united(clock, witnesses).to_bytes(clock.size, "little")


def _united(clock: Clock, witnesses: Iterable[Witness]) -> int:
    every = (1 << 8 * clock.size) // 255  # a 1 in each byte
    shown = 0
    for witness in witnesses:
        if shown == every:
            break
        alive = _united(clock, witness.behind)
        for slots in witness.slots:
            alive |= _between_answers(clock, slots)
        for slots in witness.others:
            alive &= ~_near_answer(clock, slots)
        shown |= alive
    return shown


def _between_answers(clock: Clock, slots: Slots) -> int:
    """Return a byte for each time: whether the slots before and after it were answered."""
    before, after = _around(clock, slots)
    return before & after


def _near_answer(clock: Clock, slots: Slots) -> int:
    """Return a byte for each time: whether the slot before or after it was answered."""
    before, after = _around(clock, slots)
    return before | after


def _around(clock: Clock, slots: Slots) -> tuple[int, int]:
    if not slots.seen or slots.interval > RAREST:
        return 0, 0
    if slots.interval == clock.interval:
        first = slots.in_force(clock.due)
        answered = slots.marks(first, first + clock.size + 1).translate(_ANSWERED)
        return int.from_bytes(answered[:-1], "little"), int.from_bytes(answered[1:], "little")
    indices = [slots.in_force(clock.due + place * clock.interval) for place in range(clock.size)]
    answered = slots.marks(indices[0], indices[-1] + 2).translate(_ANSWERED)
    before = bytes(answered[index - indices[0]] for index in indices)
    after = bytes(answered[index + 1 - indices[0]] for index in indices)
    return int.from_bytes(before, "little"), int.from_bytes(after, "little")
