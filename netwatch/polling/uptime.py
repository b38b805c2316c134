"""How long a device has been up, told from sysUpTime, which wraps after 497 days (RFC 3418: TimeTicks).

A smaller sysUpTime than before is a wrap only where a wrap was due; otherwise the device restarted, also
where it has been up for longer than last time, but less long than time has passed. Pure: times are handed
in. A restart in the very minutes in which a wrap was due looks like the wrap.
"""

from __future__ import annotations

from dataclasses import dataclass

WRAP = 2**32 / 100
"""Seconds after which sysUpTime begins anew."""

SLACK = 30.0
"""Seconds by which an agent's clock may differ from what was predicted: it was busy, or its answer late."""

DRIFT = 0.02
"""The share of the time elapsed by which it may differ besides: cheap agents count badly."""


@dataclass(frozen=True, slots=True)
class Uptime:
    """What was known at the last poll that told it."""

    at: float  # steady seconds
    seconds: float  # wraps mended as far as they were seen
    restarted: bool = False  # between the poll before and this one


def advance(before: Uptime | None, ticks: int, at: float) -> Uptime | None:
    """Judge a new sysUpTime of `ticks` hundredths of a second, read at steady time `at`.

    A sysUpTime of exactly 0 is what some agents say instead of nothing: nothing is learnt from it.
    """
    if ticks == 0:
        return before
    seconds = ticks / 100
    if before is None:
        return Uptime(at, seconds)
    predicted = before.seconds + (at - before.at)
    tolerance = SLACK + DRIFT * max(0.0, at - before.at)
    wraps_before = before.seconds // WRAP
    wraps_due = round((predicted - seconds) / WRAP)
    mended = seconds + max(wraps_before, wraps_due) * WRAP
    early = mended - predicted if wraps_due > wraps_before else 0.0  # a clock put forward wraps nothing
    went_on = mended >= predicted - tolerance and early <= tolerance
    return Uptime(at, mended) if went_on else Uptime(at, seconds, restarted=True)
