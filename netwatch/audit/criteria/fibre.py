"""`fibre`: whether light, or a type of transceiver that is fibre, is on a way out of the site.

It is contradicted only where every way out is proven to be something else. Ethernet over copper proves
nothing: a bridged ONT may stand behind it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netwatch.audit.criteria.span import PROOF
from netwatch.model.claim import NOT_FOUND, Finding, Found
from netwatch.model.fact import FactKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.audit.criteria.span import Span
    from netwatch.audit.criteria.ways_out import WaysOut

LEAST_LIGHT = -30.0
"""dBm, where a device tells no alarm of its own: what an ONU of class C+ receives at least (ITU-T G.984.2,
Amendment 2), the most sensitive that carriers put into offices."""

DARKNESS = -40.0
"""dBm: the least step that a module can count (SFF-8472, 0.1 uW). An alarm below it is no alarm."""

MOST_LIGHT = 10.0
"""dBm: the most that an optic can receive (netwatch.model.units.LIGHT)."""

TELEPHONE_PAIRS = frozenset((42.0, 43.0))
"""dot3MauType of Ethernet over telephone wires, 2BASE-TL and 10PASS-TS (RFC 4836)."""


class Memory:
    """What one device has shown of its ways out, and when."""

    __slots__ = ("contradicted", "left_open", "shown")

    def __init__(self) -> None:
        self.shown: Found | None = None  # the newest
        self.contradicted: Found | None = None  # the newest
        self.left_open: float | None = None  # when a way out was last known that is not proven to be another

    def take(self, at: float, device: str, ways: WaysOut) -> None:
        """Judge a device's ways out as they are known at a time."""
        ports = ways.ports
        if not ports:
            return
        lit = next((told for port in ports if (told := _fibre(ways, port))), None)
        other = [_another(ways, port) for port in ports]
        if lit is not None:
            self.shown = Found(Finding.SHOWN, at, device, *lit)
        if lit is None and all(other):
            source, text = next(told for told in other if told)
            self.contradicted = Found(Finding.CONTRADICTED, at, device, source, text)
        else:
            self.left_open = at

    def against(self, span: Span) -> Found | None:
        """Return what contradicts fibre within a span, where nothing has left it open for :data:`PROOF`.

        So a line that is cut, with a mobile one in its place for a day, contradicts nothing.
        """
        found = self.contradicted
        if found is None or found.at is None or not span.holds(found.at):
            return None
        if self.left_open is not None and found.at - self.left_open <= PROOF:
            return None
        return found


def found(memories: Sequence[Memory], span: Span) -> Found:
    """Return what the uplink devices of one site show."""
    against = [memory.against(span) for memory in memories]
    proven = [each for each in against if each is not None]
    if proven and len(proven) == len(against):
        newest = max(proven, key=lambda each: each.at or 0.0)
        still = all(span.proven(each.at or 0.0) for each in proven)
        return newest if still else replace(newest, finding=Finding.NOT_SHOWN)
    shown = [
        memory.shown
        for memory, other in zip(memories, against, strict=True)
        if other is None and memory.shown is not None and span.holds(memory.shown.at or 0.0)
    ]
    return max(shown, key=lambda each: each.at or 0.0, default=NOT_FOUND)


def _fibre(ways: WaysOut, port: str) -> tuple[str, str] | None:
    """Return source and text of what shows fibre on a port; None: nothing does."""
    light = ways.row(FactKind.LIGHT, port)
    if light is not None and light[2] is not None:
        alarm = ways.row(FactKind.LIGHT_ALARM, port)
        least = LEAST_LIGHT if alarm is None or alarm[2] is None else max(alarm[2], DARKNESS)
        if least < light[2] <= MOST_LIGHT:
            return light[4], f"{port} {light[2]:.1f} dBm"
    medium = ways.row(FactKind.MEDIUM, port)
    return (medium[4], _type(medium, port)) if medium is not None and medium[3] == "fibre" else None


def _another(ways: WaysOut, port: str) -> tuple[str, str] | None:
    """Return source and text of what proves that a port is no fibre; None: nothing does."""
    medium = ways.row(FactKind.MEDIUM, port)
    if medium is None:
        return None
    _, _, number, name, source = medium
    line = source == "ifType" or number in TELEPHONE_PAIRS
    return (source, _type(medium, port)) if name == "radio" or (name == "copper" and line) else None


def _type(medium: tuple[FactKind, str, float | None, str, str], port: str) -> str:
    number = medium[2]
    return f"{port} {medium[3]}" if number is None else f"{port} {medium[3]} ({medium[4]} {number:.0f})"
