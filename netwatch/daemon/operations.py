"""What people announce, note and hand in while the daemon runs: orders, and the calendar of their windows."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from netwatch.daemon.announcing import Announcing
from netwatch.daemon.aside import Aside
from netwatch.daemon.attesting import Attesting
from netwatch.daemon.calendar import Calendar
from netwatch.daemon.disputing import Disputing
from netwatch.daemon.orders import NAME, Orders
from netwatch.daemon.record import Record
from netwatch.evidence import documents
from netwatch.polling.clock import Clock, steady

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from pathlib import Path

    from netwatch.daemon.chronicle import Chronicle
    from netwatch.daemon.record import Entry
    from netwatch.inventory.load import Inventory
    from netwatch.model.attestation import Receipt
    from netwatch.model.maintenance import Announcement, Window

LOG = logging.getLogger(__name__)


class Operations:
    """Takes orders in the state folder; `known` and `record` are what the ledger has of them, in its order.

    `on_windows` is told of the windows whenever they change, or which of them are open; `on_entry` of what
    was handed in, once it is durable. `verdict_of` tells a unit's present verdict by claim and code.
    """

    def __init__(
        self,
        clock: Clock,
        inventory: Inventory,
        state: Path,
        chronicle: Chronicle,
        *,
        known: Iterable[Announcement],
        record: Iterable[tuple[Entry, Receipt]],
        on_windows: Callable[[tuple[Window, ...]], None],
        on_entry: Callable[[Entry], None],
        verdict_of: Callable[[str, str], str],
    ) -> None:
        aside = Aside(asyncio.get_running_loop(), threads=1)
        self._announcing = Announcing(
            inventory,
            known,
            append=chronicle.keep,
            outages_of=chronicle.outages_of,
            now=lambda: steady(clock),
            on_change=lambda: self._calendar.look(),  # noqa: PLW0108 - there is none yet
        )
        self._calendar = Calendar(clock, inventory.hours, self._announcing.windows, on_windows=on_windows)
        self.record = Record(
            inventory.hours.zone,
            record,
            append=chronicle.keep,
            on_entry=on_entry,
            now=lambda: steady(clock),
        )
        self._attesting = Attesting(inventory, self.record, state / documents.NAME, aside.run)
        self._disputing = Disputing(inventory, self.record, aside.run, verdict_of)
        self._orders = Orders(
            state / NAME,
            {
                **self._announcing.handlers,
                **self._attesting.handlers,
                **self._disputing.handlers,
            },
        )
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Take orders, and tell of windows at once. Raises AlreadyRunning."""
        try:
            await self._orders.start()
        except OSError as error:
            LOG.warning("no orders are taken (netwatch maintenance, annotate, attest, …): %s", error)
        self._calendar.start()
        self._announce()

    async def stop(self) -> None:
        """Take no more, and call nothing."""
        self._calendar.stop()
        await self._orders.stop()
        for task in self._tasks:
            task.cancel()

    def every(self, seconds: float, do: Callable[[], Awaitable[None]]) -> None:
        """Call a coroutine function again and again."""
        self._calendar.every(seconds, do)

    def use(self, inventory: Inventory) -> None:
        """Judge orders by this inventory from now on, and announce what its file does."""
        self._announcing.use(inventory)
        self.record.zone = inventory.hours.zone
        self._attesting.use(inventory)
        self._disputing.use(inventory)
        self._calendar.use(inventory.hours)
        self._announce()

    def tick(self) -> None:
        """Make up for what a clock that was set has lost."""
        self._calendar.tick()

    def _announce(self) -> None:
        """Let the ledger say what maintenance.yaml says; that takes as long as the ledger does."""
        task = asyncio.get_running_loop().create_task(self._announcing.announce_file())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
