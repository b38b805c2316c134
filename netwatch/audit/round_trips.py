"""The round trip of a unit: each minute that of its quickest line, as its slot is good if one line's is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.model.decision import MinuteSlots

Mean = tuple[float, int]
"""(sum in seconds, number of replies) of a minute."""


def quickest(
    slots: Mapping[int, Mapping[int, MinuteSlots]], owner: Mapping[int, str]
) -> dict[str, dict[int, Mean]]:
    """Return, by owner and minute of the hour, the times of the line with the least mean.

    `slots` are an hour's by line and minute; `owner` tells whose a line is: a unit's code, or a device.
    A line without an owner, and a minute without a known time, are left out.
    """
    found: dict[str, dict[int, Mean]] = {}
    for number, minutes in slots.items():
        key = owner.get(number)
        if key is None:
            continue
        best = found.setdefault(key, {})
        for minute, told in minutes.items():
            if told.rtt_count and (minute not in best or _mean(told) < best[minute][0] / best[minute][1]):
                best[minute] = told.rtt_sum, told.rtt_count
    return found


def _mean(told: MinuteSlots) -> float:
    return told.rtt_sum / told.rtt_count
