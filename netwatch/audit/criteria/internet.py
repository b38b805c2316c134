"""`internet`: whether a probe that a device of the site runs itself was answered.

Contradicted only where all of the site's probes failed together for hours while their devices answered us: a
cut of four hours on a day with answers is a matter of quality.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from netwatch.audit.criteria.span import PROOF
from netwatch.model.claim import NOT_FOUND, Finding, Found
from netwatch.model.fact import FactKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.audit.criteria.span import Span
    from netwatch.audit.criteria.ways_out import Row

LASTING = 6 * 3600.0
"""Seconds for which all probes must have failed."""


class Probe(NamedTuple):
    """How one probe stands: what is told holds until it is told otherwise."""

    at: float  # when it was told last
    failing_since: float | None  # None: it is answered
    source: str


class Memory:
    """What the probes of one device have told, and when."""

    __slots__ = ("probes", "shown")

    def __init__(self) -> None:
        self.probes: dict[str, Probe] = {}  # by name
        self.shown: Found | None = None  # the newest answer

    def take(self, at: float, device: str, groups: Mapping[FactKind, Mapping[str, list[Row]]]) -> None:
        """Take the results of an entry."""
        told = groups.get(FactKind.INSIDE_PROBE, {})
        if not told:
            return
        self.probes = {name: probe for name, probe in self.probes.items() if at - probe.at <= PROOF}
        for name, rows in told.items():
            answers = [row for row in rows if row[2] == 1]
            if answers:
                self.probes[sys.intern(name)] = Probe(at, None, answers[0][4])
                self.shown = Found(Finding.SHOWN, at, device, answers[0][4], name)
            else:
                self.probes[sys.intern(name)] = Probe(at, self._failing_since(name, at), rows[0][4])

    def _failing_since(self, name: str, at: float) -> float:
        before = self.probes.get(name)
        return at if before is None or before.failing_since is None else before.failing_since


def found(memories: Mapping[str, Memory], span: Span) -> Found:
    """Return what the devices of one site show, by their names."""
    against = _against(memories)
    if against is not None and against.at is not None and span.holds(against.at):
        return against if span.proven(against.at) else replace(against, finding=Finding.NOT_SHOWN)
    shown = [each.shown for each in memories.values() if each.shown and span.holds(each.shown.at or 0.0)]
    return max(shown, key=lambda each: each.at or 0.0, default=NOT_FOUND)


def _against(memories: Mapping[str, Memory]) -> Found | None:
    """Return the newest failure, where all probes have failed together for :data:`LASTING` up to it."""
    every = [
        (probe.at, device, name, probe)
        for device, memory in memories.items()
        for name, probe in memory.probes.items()
    ]
    if not every:
        return None
    newest, device, name, probe = max(every)
    since = [_failing(each) for at, _, _, each in every if newest - at <= PROOF]
    if max(since) > newest - LASTING:
        return None
    return Found(Finding.CONTRADICTED, newest, device, probe.source, name)


def _failing(probe: Probe) -> float:
    return float("inf") if probe.failing_since is None else probe.failing_since
