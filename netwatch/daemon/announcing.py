"""Windows and notes on their way into the ledger: from maintenance.yaml, and from the control socket.

Nothing counts before the ledger has it: a window is handed on, and a receipt given, once its entry is kept.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from netwatch.inventory.announcements import Announcements, announcement, ending
from netwatch.inventory.moments import told
from netwatch.inventory.ordering import (
    covered_by,
    ordered_end,
    ordered_note,
    ordered_window,
    outage_of,
)
from netwatch.inventory.orders import OrderRefused
from netwatch.inventory.windows import DAY, LONGEST_LOOK, occurrences
from netwatch.model.maintenance import Annotation, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from netwatch.daemon.orders import Handler
    from netwatch.inventory.load import Inventory
    from netwatch.model.maintenance import Announcement, Outage, Window

    Order = Mapping[str, object]
    Answer = dict[str, object]

LOG = logging.getLogger(__name__)

LISTED_BACK = 1 * DAY
LISTED_AHEAD = 60 * DAY
MOST_LISTED = 500
"""Windows that one answer lists: the nearest in time."""


class Append(Protocol):
    """Keeps an entry in the ledger; returns once it is durable. Raises OSError where it cannot be kept."""

    async def __call__(self, entry: Announcement | Annotation, /) -> object:
        """Append."""
        ...


class OutagesOf(Protocol):
    """Looks up the outages of a unit, those that go on included, lately ended ones at least."""

    async def __call__(self, unit: str, /) -> Sequence[Outage]:
        """Return them in any order."""
        ...


class Announcing:
    """The announcements of the ledger (`entries`, in its order), and how new ones get there.

    `on_change` is called whenever the windows may be others than before; `now` gives Unix seconds.
    """

    def __init__(
        self,
        inventory: Inventory,
        entries: Iterable[Announcement],
        *,
        append: Append,
        outages_of: OutagesOf,
        now: Callable[[], float],
        on_change: Callable[[], None],
    ) -> None:
        self._inventory = inventory
        self._announcements = Announcements()
        self._append = append
        self._outages_of = outages_of
        self._now = now
        self._on_change = on_change
        self._turn = asyncio.Lock()  # a name is free until the entry that takes it is kept
        self.handlers: Mapping[str, Handler] = {
            "maintenance add": self._refusing(self._add),
            "maintenance list": self._list,
            "maintenance end": self._refusing(self._end),
            "annotate": self._refusing(self._annotate),
        }
        for entry in entries:
            self._take(entry)

    def use(self, inventory: Inventory) -> None:
        """Judge orders by this inventory from now on; `announce_file` tells the ledger what it announces."""
        self._inventory = inventory

    async def announce_file(self) -> None:
        """Let the ledger say what maintenance.yaml says; where it cannot be kept, the next time may do it."""
        async with self._turn:
            plans = self._inventory.windows
            for name in self._announcements.clashes(plans):
                LOG.warning(
                    "window %s of maintenance.yaml is left out: a command announced one of that name; "
                    "give it another",
                    name,
                )
            try:
                for entry in self._announcements.due(plans, self._now()):
                    await self._keep(entry)
            except OSError as error:
                LOG.error("maintenance.yaml is not announced: the ledger cannot keep it: %s", error)  # noqa: TRY400
        self._on_change()

    def windows(self, since: float, until: float) -> tuple[Window, ...]:
        """Return every window that touches the time from `since` to `until` (Unix seconds), by its start."""
        return self._announcements.windows(since, until)

    async def _keep(self, entry: Announcement) -> None:
        await self._append(entry)
        self._take(entry)

    def _take(self, entry: Announcement) -> None:
        try:
            self._announcements.take(entry)
        except ValueError as error:  # an entry of a later version: all others still count
            LOG.warning("%s", error)

    def _refusing(self, carry_out: Handler) -> Handler:
        """Return a handler that answers a refusal instead of raising it."""

        async def handle(order: dict[str, object]) -> Answer:
            try:
                return await carry_out(order)
            except OrderRefused as refusal:
                return {"error": str(refusal)}
            except OSError as error:
                return {"error": f"nothing was done: the ledger cannot keep it: {error}"}

        return handle

    async def _add(self, order: Order) -> Answer:
        async with self._turn:
            now = self._now()
            plan = ordered_window(order, self._inventory, self._announcements.names, now)
            await self._keep(announcement(plan, Origin.COMMAND, now))
        self._on_change()
        (window,) = occurrences([plan], now, now + LONGEST_LOOK, {plan.name: now})
        return {"window": self._shown(window, now)}

    async def _end(self, order: Order) -> Answer:
        async with self._turn:
            now = self._now()
            window, by = ordered_end(order, self._near(now), now)
            await self._keep(ending(window, by, now))
        self._on_change()
        return {"name": window.name, "end": told(now, self._zone)}

    async def _list(self, _order: Order) -> Answer:
        now = self._now()
        windows = self._near(now)
        return {
            "windows": [self._shown(each, now) for each in windows[:MOST_LISTED]],
            "left_out": max(0, len(windows) - MOST_LISTED),
        }

    async def _annotate(self, order: Order) -> Answer:
        now = self._now()
        note = ordered_note(order, self._inventory, now)
        outage = outage_of(note, await self._outages_of(note.unit), self._zone)
        await self._append(Annotation(now, note.unit, outage.start, note.by, note.text, note.ticket))
        end = None if outage.end is None else told(outage.end, self._zone)
        return {"unit": note.unit, "start": told(outage.start, self._zone), "end": end}

    @property
    def _zone(self) -> ZoneInfo:
        return self._inventory.hours.zone

    def _near(self, now: float) -> tuple[Window, ...]:
        return self.windows(now - LISTED_BACK, now + LISTED_AHEAD)

    def _shown(self, window: Window, now: float) -> Answer:
        """Return a window as an answer shows it, with what it covers as of now."""
        units, devices = covered_by(window, self._inventory.devices)
        state = "over" if window.end <= now else "coming" if window.start > now else "open"
        return {
            "name": window.name,
            "state": state,
            "in_time": window.announced <= window.start,
            **{key: told(getattr(window, key), self._zone) for key in ("start", "end", "announced")},
            "by": window.by,
            "text": window.text,
            **{key: list(getattr(window, key)) for key in ("devices", "units", "areas")},
            "covers": {"units": units, "devices": devices},
        }
