"""By which ports a device leaves for the internet, and what it told of them on the present day.

A `facts` entry replaces the groups (kind, subject) that it holds; the others of the same local day still hold
(netwatch.evidence.facts): a route that came back is written again, the light of its port is not.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING

from netwatch.model.fact import FactKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Row = tuple[FactKind, str, float | None, str, str]
"""Kind, subject, value, text and source of a fact, as an entry has them."""

Groups = dict[FactKind, dict[str, list[Row]]]
"""The rows of an entry that hold together, by kind and subject."""

KINDS = (FactKind.DEFAULT_ROUTE, FactKind.RUNS_OVER, FactKind.MEDIUM, FactKind.LIGHT, FactKind.LIGHT_ALARM)


def grouped(rows: Iterable[Row]) -> Groups:
    """Return the rows of an entry in groups."""
    groups: Groups = defaultdict(dict)
    for row in rows:
        groups[row[0]].setdefault(row[1], []).append(row)
    return groups


class WaysOut:
    """What one device has told today of its default routes and the ports below them."""

    __slots__ = ("_day", "_told")

    def __init__(self) -> None:
        self._day = 0  # ordinal of the local date
        self._told: dict[tuple[FactKind, str], tuple[Row, ...]] = {}

    def take(self, day: int, groups: Mapping[FactKind, Mapping[str, list[Row]]]) -> bool:
        """Take an entry of a local day; tell whether it says anything of ways out."""
        if day != self._day:
            self._day, self._told = day, {}
        said = False
        for kind in KINDS:
            for subject, rows in groups.get(kind, {}).items():
                self._told[kind, sys.intern(subject)] = tuple(map(_small, rows))
                said = True
        return said

    @property
    def ports(self) -> tuple[str, ...]:
        """The ports that have a cable: below a default route's, or its own where nothing is told below."""
        found: dict[str, None] = {}
        for port in self._routes():
            below = [row[3] for row in self._told.get((FactKind.RUNS_OVER, port), ())]
            found.update(dict.fromkeys(below or [port]))
        return tuple(found)

    @property
    def interfaces(self) -> frozenset[str]:
        """All that a default route leaves by, with what that runs over."""
        return frozenset((*self._routes(), *self.ports))

    def row(self, kind: FactKind, port: str) -> Row | None:
        """Return what is told of a port, where it is told once."""
        rows = self._told.get((kind, port), ())
        return rows[0] if len(rows) == 1 else None

    def _routes(self) -> list[str]:
        return [
            row[3]
            for (kind, _), rows in self._told.items()
            if kind is FactKind.DEFAULT_ROUTE
            for row in rows
            if row[3]
        ]


def _small(row: Row) -> Row:
    """Return a row whose texts, which thousands of devices tell alike, are kept once."""
    kind, subject, value, text, source = row
    return kind, sys.intern(subject), value, sys.intern(text), sys.intern(source)
