"""Reads the hours of a period out of a ledger, in several processes where there are many."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from netwatch.audit.report.sums import Totals
from netwatch.evidence.codec import BrokenBodyError
from netwatch.evidence.hour import HOUR
from netwatch.evidence.kinds import HOUR as KIND
from netwatch.evidence.skim import beginning, skim
from netwatch.evidence.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from netwatch.audit.report.sums import Plan
    from netwatch.evidence.chain import Entry
    from netwatch.evidence.skim import Skim

DAY = 86400
HEAD = 512
"""Bytes of a body from which its first ones can be unpacked."""

FEW = 72
"""Hours that are read sooner than another process starts."""

Chain = tuple[str, str]
"""A ledger's address, and whose chain of it."""

Hours = list[tuple[int, list[int]]]
"""(start, sequence numbers of the entries): the hours of a day, each with all that was written of it."""


def find(store: Store, start: float, end: float) -> list[Hours]:
    """Return the hours that overlap a period, a list a day. Raises LedgerError, BrokenBodyError."""
    found: dict[int, list[int]] = {}
    # An hour is written after it has ended; a day is for clocks that were set back.
    for seq, head in store.beginnings(KIND, HEAD, since=start - DAY):
        try:
            begun = beginning(head)
        except BrokenBodyError as error:
            raise BrokenBodyError(f"entry {seq} of poller {store.poller} (hour): {error}") from error
        if begun < end and begun + HOUR > start:
            found.setdefault(begun, []).append(seq)
    days: dict[int, Hours] = {}
    for begun, entries in sorted(found.items()):
        days.setdefault(begun // DAY, []).append((begun, entries))
    return list(days.values())


def totals(chain: Chain, plan: Plan, days: list[Hours], jobs: int, done: Callable[[int], None]) -> Totals:
    """Add up all of it in up to `jobs` processes; `done` is told how many hours were read since.

    Raises LedgerError, and BrokenBodyError naming the entry that cannot be read.
    """
    found = Totals()
    for hours, part in zip(days, _each(chain, plan, days, jobs), strict=True):
        found.add(part)
        done(len(hours))
    return found


def _each(chain: Chain, plan: Plan, days: list[Hours], jobs: int) -> Iterator[Totals]:
    if jobs < 2 or sum(map(len, days)) <= FEW:
        yield from (of_day(chain, plan, hours) for hours in days)
        return
    # A process that was forked would share a database's connections.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(days)), mp_context=spawn) as pool:
        waiting = [pool.submit(of_day, chain, plan, hours) for hours in days]
        try:
            for each in waiting:
                yield each.result()
        finally:
            pool.shutdown(cancel_futures=True)


def of_day(chain: Chain, plan: Plan, hours: Hours) -> Totals:
    """Return what the hours of a day come to."""
    store = Store(*chain)
    entries = {entry.seq: entry for entry in store.some([seq for _, seqs in hours for seq in seqs])}
    found = Totals()
    for _, seqs in hours:
        found.take(plan, [_skim(entries[seq]) for seq in seqs])
    return found


def _skim(entry: Entry) -> Skim:
    try:
        return skim(entry.body)
    except BrokenBodyError as error:
        raise BrokenBodyError(
            f"entry {entry.seq} of poller {entry.poller} (hour) cannot be read: {error}"
        ) from error
