"""The interfaces of a device: names read seldom, numbers read each poll, and the two kept together.

ifIndex may be given to another interface when a device restarts or a card is moved. So rows are known by
ifName, names are read again when rows may have moved, and numbers that were read while ifTableLastChange
moved are thrown away.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from netwatch.model.observation import InterfaceName, InterfaceTable
from netwatch.polling.besides import BesidesPlan
from netwatch.polling.mains import MainsPlan
from netwatch.polling.system import IF_TABLE_LAST_CHANGE, SYS_UPTIME
from netwatch.polling.text import clean
from netwatch.polling.tuning import Tuning
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column, Columns
from netwatch.protocols.snmp_walk import Scalars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netwatch.model.profile import Profile
    from netwatch.polling.conversation import Conversation
    from netwatch.protocols.snmp_walk import Walk

NAMES_LAST = 3600.0
"""Seconds after which names are read again in any case: an alias may be edited without any sign of it."""


class Plan:
    """What a profile asks of interfaces, compiled once for all its devices."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.identity = Columns(tuple(Column(m.name, m.oid, m.syntax) for m in profile.identity))
        self.columns = Columns(tuple(Column(m.name, m.oid, m.syntax) for m in profile.columns))
        self.names = tuple(metric.name for metric in profile.columns)
        self.besides = BesidesPlan(profile)
        self.mains = MainsPlan(profile)
        self.exported = frozenset(metric.name for metric in profile.scalars)
        self.guards = Scalars((SYS_UPTIME, IF_TABLE_LAST_CHANGE))
        extra = tuple(Column(metric.name, metric.oid, metric.syntax) for metric in profile.scalars)
        self.scalars = Scalars((SYS_UPTIME, IF_TABLE_LAST_CHANGE, *extra, *self.mains.columns))


class Interfaces:
    """What is remembered of one device's interfaces between polls."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.number_tuning = Tuning(plan.columns.fitting())
        self.name_tuning = Tuning(plan.identity.fitting())
        self.rows: tuple[InterfaceName, ...] = ()
        self._indices: tuple[bytes, ...] = ()
        self.generation = 0  # moves when rows change
        self._changed: int | None = None  # ifTableLastChange when the names were read
        self._named_at: float | None = None  # monotonic; None: names must be read

    def forget_names(self) -> None:
        """Read the names again at the next poll: rows may have moved."""
        self._named_at = None

    def stale(self, now: float) -> bool:
        """Tell whether names are to be read again at monotonic time `now`."""
        return self._named_at is None or now - self._named_at >= NAMES_LAST

    async def read(
        self, conversation: Conversation, now: float, announced: int
    ) -> tuple[InterfaceTable | None, Walk]:
        """Read the table at monotonic time `now`; `announced` is ifNumber, where it is known (else 0).

        Returns the table, or None where it kept changing or the profile asks for none, and the walk over its
        numbers. What does not fit together (rows moved, left out or come) is read once more, names and all.
        """
        if not self.plan.columns:
            self._named_at = now
            return None, await self._numbers(conversation)
        walk = await self._numbers(conversation) if self._named_at is not None else None
        if walk is not None and self.steady(walk):
            indices, values = walk.numbers()
            if indices == self._indices:
                return InterfaceTable(self.generation, self.rows, self.plan.names, values), walk
        return await self._read_anew(conversation, now, announced)

    async def _numbers(self, conversation: Conversation, expected: int | None = None) -> Walk:
        rows = len(self._indices) if expected is None else expected
        return await conversation.walk(
            self.plan.columns, self.plan.scalars, self.number_tuning, expected=rows
        )

    async def _read_anew(
        self, conversation: Conversation, now: float, announced: int
    ) -> tuple[InterfaceTable | None, Walk]:
        """Read names, then numbers; twice if need be, asking for less where rows seem to be left out."""
        limits = self.number_tuning.limit, self.name_tuning.limit
        known = max(announced, len(self._indices))
        rows_before: tuple[bytes, ...] | None = None
        for again in (False, True):
            named = await conversation.walk(
                self.plan.identity, self.plan.guards, self.name_tuning, expected=0
            )
            texts = named.texts()
            self._changed = named.first.get(IF_TABLE_LAST_CHANGE.name)
            walk = await self._numbers(conversation, len(texts))
            indices, values = walk.numbers()
            steady = self.steady(walk)
            complete = len(indices) >= known and (texts.keys() == set(indices) or not self.plan.identity)
            if steady and (complete or again):
                if indices == rows_before:  # asking for less showed no more
                    self.number_tuning.limit, self.name_tuning.limit = limits
                self._remember(indices, texts, now)
                return InterfaceTable(self.generation, self.rows, self.plan.names, values), walk
            if steady:
                rows_before = indices
                self.number_tuning.halve()
                self.name_tuning.halve()
        self.forget_names()
        conversation.refused["table moved"] += 1
        return None, walk

    def steady(self, walk: Walk) -> bool:
        """Tell whether ifTableLastChange stood still since the names were read (or is not known)."""
        name = IF_TABLE_LAST_CHANGE.name
        return walk.first.get(name) == walk.latest.get(name) == self._changed

    def _remember(
        self, indices: tuple[bytes, ...], texts: Mapping[bytes, list[bytes | None]], now: float
    ) -> None:
        rows = named(indices, texts, [column.name for column in self.plan.identity.columns])
        self._named_at = now
        self._indices = indices
        if rows != self.rows:
            self.rows = rows
            self.generation += 1


def named(
    indices: Sequence[bytes], texts: Mapping[bytes, list[bytes | None]], columns: Sequence[str]
) -> tuple[InterfaceName, ...]:
    """Name rows: the key is ifName where that is unique and not empty, else "ifIndex:N"."""
    cleaned = []
    for index in indices:
        row = dict(zip(columns, texts.get(index, ()), strict=False))
        # Interned: a thousand switches of one model have the same names, and memory once.
        name, alias, descr = (sys.intern(clean(row.get(c) or b"")) for c in ("ifName", "ifAlias", "ifDescr"))
        cleaned.append((arcs(index)[0], name, alias, descr))
    uses = Counter(name for _, name, _, _ in cleaned)
    return tuple(
        InterfaceName(
            name if name and uses[name] == 1 else sys.intern(f"ifIndex:{number}"), number, name, alias, descr
        )
        for number, name, alias, descr in cleaned
    )
