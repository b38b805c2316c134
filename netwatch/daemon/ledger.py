"""Opens the ledger for a daemon: the store, its writer's thread, and what there is to go on from."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch import __version__
from netwatch.daemon.chronicle import Chronicle
from netwatch.daemon.history import History
from netwatch.daemon.resuming import resume
from netwatch.daemon.seeding import Source
from netwatch.evidence.kinds import KIND_OF, RULE_VERSION, Started
from netwatch.evidence.place import make_room
from netwatch.evidence.reading import content
from netwatch.evidence.store import Store
from netwatch.evidence.writer import Writer
from netwatch.inventory.settings import LEDGER
from netwatch.model.decision import CauseSettled, OutageBegan, RunEnded, Subject
from netwatch.model.maintenance import Outage
from netwatch.model.secret import Secret
from netwatch.polling.clock import Clock, steady

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from netwatch.daemon.aside import Aside
    from netwatch.daemon.resuming import Resumption
    from netwatch.evidence.chain import Entry
    from netwatch.inventory.settings import Settings

LOG = logging.getLogger(__name__)

OUTAGES = tuple(KIND_OF[shape] for shape in (OutageBegan, RunEnded))


@dataclass(frozen=True, slots=True)
class Opened:
    """A ledger that is being written."""

    resumption: Resumption
    chronicle: Chronicle
    history: History
    source: Source


def address(settings: Settings, state: Path) -> str:
    """Return the ledger's address; without one of its own it is a file in the state folder."""
    return settings.ledger.reveal() if settings.ledger else f"sqlite:///{state.absolute() / LEDGER}"


def open_ledger(url: str, poller: str, settings: Settings, clock: Clock, aside: Aside) -> Opened:
    """Open it, and go on where the process before ended. May block. Raises LedgerError."""
    make_room(url)
    store = Store(url, poller)
    store.open()
    now = steady(clock)
    found = resume(store, settings.rules, now)
    writer = Writer(store, clock.wall, lambda text: LOG.error("%s", text))

    async def lookup(unit: str) -> Sequence[Outage]:
        return await aside.run(lambda: outages_of(Store(url, poller), unit))

    chronicle = Chronicle(writer, clock, found.hourly.judgement, lookup, store.close)
    writer.start()
    offset = clock.wall() - now
    started = Started(__version__, RULE_VERSION, settings.rules, poller, now, offset, found.until)
    chronicle.begin(started, found)
    if found.until is not None:
        LOG.info("going on from the ledger: it knows the time until %.0f s ago", now - found.until)

    def read(after: int, kinds: Sequence[str]) -> Iterator[Entry]:
        return Store(url, poller).entries(after, kinds)

    history = History(read, aside.run, clock.monotonic)
    return Opened(found, chronicle, history, Source(Secret(url), poller, found.head))


def outages_of(store: Store, unit: str) -> list[Outage]:
    """Return the outages of a unit that a chain tells of, by their beginning."""
    ends: dict[float, float | None] = {}
    for entry in store.entries(kinds=OUTAGES):
        said: OutageBegan | RunEnded | CauseSettled = content(entry)
        if said.subject is Subject.UNIT and said.key == unit:
            if isinstance(said, OutageBegan):
                ends.setdefault(said.start, None)
            elif isinstance(said, RunEnded) and said.outage:
                ends[said.start] = said.end
    return [Outage(start, end) for start, end in sorted(ends.items())]
