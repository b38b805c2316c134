"""The round trip of a unit: each minute that of its quickest line, as its slot is good if one line's is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Mean = tuple[float, int]
"""(sum in seconds, number of replies) of a minute."""


def quickest(lines: Iterable[Mapping[int, Mean]]) -> Mapping[int, Mean]:
    """Return, by minute of the hour, the times of the line with the least mean; of two alike the first's.

    `lines` are the times of each line of one unit or device, by minute.
    """
    best: Mapping[int, Mean] = {}
    for means in lines:
        best = _quicker(best, means) if best else means
    return best


def _quicker(known: Mapping[int, Mean], means: Mapping[int, Mean]) -> Mapping[int, Mean]:
    found = dict(known)
    for minute, mean in means.items():
        best = found.get(minute)
        if best is None or _micro(mean) < _micro(best):
            found[minute] = mean
    return found


def _micro(mean: Mean) -> int:
    """Return the mean in microseconds, as the ledger keeps it: two that are alike there are alike."""
    total, count = mean
    return round(total / count * 1e6)
