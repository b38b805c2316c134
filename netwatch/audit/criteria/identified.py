"""`identified`: whether the devices that answer at a site are those that belong there (`expect:`)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.claim import NOT_FOUND, Finding, Found
from netwatch.model.fact import FactKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netwatch.audit.criteria.span import Span
    from netwatch.audit.criteria.ways_out import Row
    from netwatch.model.device import Device


class Match(NamedTuple):
    """What a device told of one thing that is expected of it, newest."""

    at: float
    fits: bool
    source: str
    text: str


class Memory:
    """What one device told of its identity, by what is expected: serial, sysName, sysObjectID."""

    __slots__ = ("matches",)

    def __init__(self) -> None:
        self.matches: dict[str, Match] = {}

    def take(self, at: float, groups: Mapping[FactKind, Mapping[str, list[Row]]]) -> None:
        """Take the identities of an entry."""
        for subject, rows in groups.get(FactKind.IDENTITY, {}).items():
            _, _, value, text, source = rows[-1]
            self.matches[sys.intern(subject)] = Match(at, value == 1, sys.intern(source), f"{subject} {text}")


def found(devices: Sequence[Device], memories: Mapping[str, Memory], span: Span) -> Found:
    """Return what the devices of one site show: all that is expected of any of them must fit."""
    wanted = [(device.name, key) for device in devices for key, _ in device.expect]
    told = [
        (match, name)
        for name, key in wanted
        if name in memories
        and (match := memories[name].matches.get(key)) is not None
        and span.holds(match.at)
    ]
    wrong = [each for each in told if not each[0].fits]
    if wrong:
        match, name = max(wrong)
        finding = Finding.CONTRADICTED if span.proven(match.at) else Finding.NOT_SHOWN
        return Found(finding, match.at, name, match.source, match.text)
    if not told or len(told) < len(wanted):
        return NOT_FOUND
    match, name = max(told)
    return Found(Finding.SHOWN, match.at, name, match.source, match.text)
