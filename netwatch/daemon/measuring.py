"""Keeps the values of figures in the ledger: those that files have, and those that a Prometheus is asked for.

Each value is kept once, with its date and source; what was kept is never taken back, and a later value of the
same day is one more entry.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Protocol

from netwatch.model.claim import Measurement
from netwatch.polling.promql import NoValue

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from netwatch.inventory.load import Inventory
    from netwatch.model.claim import Claim

LOG = logging.getLogger(__name__)

AGAIN = 3600.0
"""Seconds after which a query that gave no value is asked again."""


class Keep(Protocol):
    """Keeps an entry in the ledger; returns once it is durable. Raises OSError where it cannot be kept."""

    async def __call__(self, entry: Measurement, /) -> object:
        """Append."""
        ...


class Measuring:
    """`known` are the measurements that the ledger has; `ask(address, query)` may raise NoValue.

    `now` gives Unix seconds; `on_entry` is told of each entry once it is kept.
    """

    def __init__(
        self,
        inventory: Inventory,
        known: Iterable[Measurement],
        *,
        keep: Keep,
        ask: Callable[[str, str], Awaitable[float]],
        now: Callable[[], float],
        on_entry: Callable[[Measurement], None],
    ) -> None:
        self._inventory = inventory
        self._keep = keep
        self._ask = ask
        self._now = now
        self._on_entry = on_entry
        self._rows = {(each.claim, each.date, each.value, each.source) for each in known}
        self._asked = {(claim, date, source) for claim, date, _, source in self._rows}
        self._not_before: dict[tuple[str, str], float] = {}  # by claim and query that gave no value

    def use(self, inventory: Inventory) -> None:
        """Measure by this inventory from the next look on."""
        self._inventory = inventory

    async def look(self) -> None:
        """Keep what is new; where the ledger cannot keep it, the next look may do it."""
        try:
            for entry in self._of_files():
                await self._take(entry)
            await self._query()
        except OSError as error:
            LOG.error("a figure is not kept yet: the ledger cannot keep it: %s", error)  # noqa: TRY400

    def _of_files(self) -> Iterator[Measurement]:
        for claim, rows in self._inventory.figures.items():
            for row in rows:
                if (claim, *row) not in self._rows:
                    yield Measurement(self._now(), claim, row.date, row.value, row.source)

    async def _query(self) -> None:
        """Ask for each value that no entry of today has."""
        address = self._inventory.settings.prometheus
        for claim in self._inventory.claims:
            query = claim.measured_by.query if claim.measured_by else ""
            today = dt.datetime.fromtimestamp(self._now(), self._inventory.hours.zone).date()
            if not query or address is None or (claim.name, today, query) in self._asked:
                continue
            if self._now() < self._not_before.get((claim.name, query), 0.0):
                continue
            try:
                value = _possible(await self._ask(address, query), claim)
            except NoValue as problem:
                self._not_before[claim.name, query] = self._now() + AGAIN
                LOG.warning("claim %s is not measured: Prometheus: %s", claim.name, problem)
                continue
            await self._take(Measurement(self._now(), claim.name, today, value, query))

    async def _take(self, entry: Measurement) -> None:
        await self._keep(entry)
        self._rows.add((entry.claim, entry.date, entry.value, entry.source))
        self._asked.add((entry.claim, entry.date, entry.source))
        self._on_entry(entry)


def _possible(value: float, claim: Claim) -> float:
    """Return a value that the claim can have. Raises NoValue."""
    if value < 0 or (claim.count is None and value > 1):
        raise NoValue(f"{value:g} is no {'share from 0 to 1' if claim.count is None else 'count'}")
    return value
