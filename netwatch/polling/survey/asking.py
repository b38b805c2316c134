"""Asks one device for tables, and remembers from survey to survey how much of each it withstands.

Tables of addresses (who is where in a LAN) pass through here. Their rows live as long as the function that
counts them: they are kept nowhere, and no message repeats them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.fact import Fact
from netwatch.protocols.snmp_rows import Column, Columns
from netwatch.protocols.snmp_walk import Scalars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.model.fact import FactKind
    from netwatch.polling.conversation import Conversation
    from netwatch.polling.tuning import Tunings
    from netwatch.protocols.snmp_walk import Walk

_NONE = Scalars(())

FEW = 4
"""Rows asked for at once where few are expected: what comes behind them is another's, and for nothing."""


class Told(NamedTuple):
    """A fact as a question finds it: who told it and when, the survey knows."""

    kind: FactKind
    subject: str
    value: float | None
    text: str
    source: str

    def fact(self, device: str, at: float) -> Fact:
        """Return the fact."""
        return Fact(at, device, self.kind, self.subject, self.value, self.text, self.source)


class Table:
    """Columns of one table. `arcs`: how many arcs an index has; 0: any number."""

    def __init__(self, name: str, columns: Sequence[Column], arcs: int = 0) -> None:
        self.name = name
        self.columns = tuple(columns)
        self.whole = Columns(self.columns, arcs)

    def below(self, *arcs: int) -> Columns:
        """Return the columns of those rows only whose index begins with these arcs."""
        return Columns(tuple(Column(each.name, (*each.oid, *arcs), each.syntax) for each in self.columns), 0)


class Asker:
    """Asks through one conversation. `tunings` outlive it."""

    def __init__(self, conversation: Conversation, tunings: Tunings) -> None:
        self._conversation = conversation
        self._tunings = tunings

    async def get(self, *scalars: Column) -> dict[str, int | bytes]:
        """Read single objects; those that the device does not have are left out. Raises NoAnswerError."""
        return await self._conversation.get(scalars)

    async def walk(self, table: Table) -> Walk:
        """Walk a whole table. Raises NoAnswerError."""
        return await self._walk(table.name, table.whole, table.whole.fitting())

    async def walk_below(self, table: Table, *arcs: int) -> Walk:
        """Walk the few rows of a table whose index begins with these arcs. Raises NoAnswerError."""
        return await self._walk(f"{table.name} in part", table.below(*arcs), FEW)

    async def _walk(self, name: str, columns: Columns, most: int) -> Walk:
        return await self._conversation.walk(columns, _NONE, self._tunings.of(name, most), expected=0)
