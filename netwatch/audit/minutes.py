"""What settled minutes come to: the same sums, whether minutes are just settled or read from the ledger."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

from netwatch.evidence.layout import MICRO, STATES, MinuteColumns
from netwatch.model.figures import RTT_LIMIT, Figures
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from netwatch.audit.round_trips import Mean
    from netwatch.model.decision import MinuteSettled

UP, DOWN, UNKNOWN = (STATES.index(state) for state in (State.UP, State.DOWN, State.UNKNOWN))
SLOW = round(RTT_LIMIT * MICRO)


def figures(columns: MinuteColumns, means: Mapping[int, Mean]) -> Figures:
    """Return the sums over the minutes of one unit, device or line within an hour.

    `means` are its round trips by minute of the hour; times of other minutes must not be among them. Means
    are compared by the microsecond, as the ledger keeps them.
    """
    _, states, expected, good, lost, late = columns
    unanswered = sum(lost) + sum(late)
    total = slow = count = 0
    for seconds, replies in means.values():
        micro = round(seconds * MICRO)
        total += micro
        count += replies
        slow += micro > SLOW * replies
    return Figures(
        states.count(UP),
        states.count(DOWN),
        states.count(UNKNOWN),
        sum(expected),
        unanswered,
        sum(good) + unanswered,
        len(means),
        slow,
        total / MICRO,
        count,
    )


def among(
    minutes: Container[int], columns: MinuteColumns, means: Mapping[int, Mean]
) -> tuple[MinuteColumns, Mapping[int, Mean]]:
    """Return of the minutes of an hour those that are among `minutes`."""
    kept = [minute in minutes for minute in columns.minutes]
    told, states, *counts = (tuple(compress(column, kept)) for column in columns)
    return (
        MinuteColumns(told, bytes(states), *counts),
        {minute: mean for minute, mean in means.items() if minute in minutes},
    )


def one(minute: MinuteSettled, place: int) -> MinuteColumns:
    """Return a minute, which is the hour's `place`-th, as columns."""
    state = bytes((STATES.index(minute.verdict),))
    return MinuteColumns((place,), state, (minute.expected,), (minute.good,), (minute.lost,), (minute.late,))
