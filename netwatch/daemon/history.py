"""The outages that the ledger tells of, read aside from the loop and bounded in number and in time.

Of a unit that was asked for, what was read is kept: the next time only what the chain has got since then is
read. An answer that takes longer than `LIMIT` is not waited for; whoever asks again finds what was read.
"""

from __future__ import annotations

import asyncio
import errno
import json
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from netwatch.evidence.codec import BrokenBodyError
from netwatch.evidence.kinds import KIND_OF
from netwatch.evidence.reading import content
from netwatch.model.cause import Cause
from netwatch.model.decision import CauseSettled, OutageBegan, RunEnded, Subject
from netwatch.model.maintenance import Annotation
from netwatch.model.report import OutageAccount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from netwatch.evidence.chain import Entry
    from netwatch.publishing.present import OutagesAsked

    Read = Callable[[int, Sequence[str]], Iterator[Entry]]  # entries behind a number, of some kinds

T = TypeVar("T")


class RunAside(Protocol):
    """Runs what may block beside the loop, one thing at a time."""

    async def __call__(self, work: Callable[[], T], /) -> T:
        """Return what it returns, or raise what it raises."""
        ...


KINDS = tuple(KIND_OF[shape] for shape in (OutageBegan, RunEnded, CauseSettled, Annotation))

LIMIT = 5.0
"""Seconds for which an answer is waited for."""

MOST_READ = 60.0
"""Seconds after which reading is given up: nobody has waited for long."""

UNITS = 64
"""Units whose outages are kept: those that were asked for last."""

OF_A_UNIT = 200
"""Outages of one unit that an answer has at most, the newest."""

KEPT = 1000
"""Outages of one record that are kept, the newest."""

SPARE = 500
"""As many more may come before the oldest are forgotten."""

EVERY = ""
"""Stands for every unit at once."""


class LedgerSlowError(OSError):
    """The ledger was not read in time."""


@dataclass(slots=True)
class Record:
    """What was read of one unit's outages, or of every unit's: up to which entry, and what it told."""

    unit: str
    after: int = 0
    outages: dict[tuple[str, float], OutageAccount] = field(default_factory=dict)  # by unit and beginning

    def hear(self, said: OutageBegan | RunEnded | CauseSettled | Annotation) -> None:
        """Take what an entry says of a unit."""
        if isinstance(said, Annotation):
            self._note(said)
        elif said.subject is Subject.UNIT and self.unit in {EVERY, said.key}:
            key = (said.key, said.start)
            outage = self._outage(key, said)
            if outage is None:
                self.outages.pop(key, None)
            else:
                self.outages[key] = outage
                self._bound()

    def _bound(self) -> None:
        """Forget the oldest, many at once: to look for them at each new one would be slow."""
        if len(self.outages) > KEPT + SPARE:
            newest = sorted(self.outages, key=lambda each: each[1])[-KEPT:]
            self.outages = {each: self.outages[each] for each in newest}

    def _outage(
        self, key: tuple[str, float], said: OutageBegan | RunEnded | CauseSettled
    ) -> OutageAccount | None:
        """Return what is known of an outage now; None where its run was a blip after all."""
        known = self.outages.get(key) or OutageAccount(
            said.start, None, Cause.UNDETERMINED, "", 0.0, settled=False, facts=(), notes=()
        )
        if isinstance(said, OutageBegan):
            return replace(known, cause=said.cause, root=said.root)
        if isinstance(said, RunEnded):
            if not said.outage:
                return None
            return replace(known, end=said.end, cause=said.cause, root=said.root, unknown=said.unknown)
        return replace(
            known,
            end=said.end,
            cause=said.cause,
            root=said.root,
            unknown=said.unknown,
            settled=True,
            facts=said.facts,
        )

    def _note(self, said: Annotation) -> None:
        outage = self.outages.get((said.unit, said.start))
        if outage is not None:
            self.outages[said.unit, said.start] = replace(outage, notes=(*outage.notes, said))

    def told(self, asked: OutagesAsked) -> list[tuple[str, OutageAccount]]:
        """Return the newest of those that touch the time that is asked for, by their beginning."""
        found = sorted(
            ((unit, outage) for (unit, _), outage in self.outages.items() if _touches(outage, asked)),
            key=lambda pair: (pair[1].start, pair[0]),
        )
        most = min(asked.limit, KEPT if asked.unit is None else OF_A_UNIT)
        return found[-most:]


class History:
    """Outages from a chain that `read` reads, in what `aside` runs; one question after the other."""

    def __init__(
        self,
        read: Read,
        aside: RunAside,
        monotonic: Callable[[], float],
        limit: float = LIMIT,
    ) -> None:
        self._read = read
        self._aside = aside
        self._monotonic = monotonic
        self._limit = limit
        self._records: OrderedDict[str, Record] = OrderedDict()

    async def outages(self, asked: OutagesAsked) -> Sequence[tuple[str, OutageAccount]]:
        """Return outages by their beginning. Raises OSError where the ledger cannot be read in time."""
        try:
            return await asyncio.wait_for(self._aside(lambda: self._told(asked)), self._limit)
        except TimeoutError:
            raise LedgerSlowError(errno.ETIMEDOUT, "the ledger was not read in time") from None

    def _told(self, asked: OutagesAsked) -> list[tuple[str, OutageAccount]]:
        """Read what is new and answer. Runs aside, one at a time."""
        unit = EVERY if asked.unit is None else asked.unit
        record = self._records.setdefault(unit, Record(unit))
        self._records.move_to_end(unit)
        while len(self._records) > UNITS:
            self._records.popitem(last=False)
        until = self._monotonic() + MOST_READ
        for entry in self._read(record.after, KINDS):
            if unit == EVERY or _names(entry, unit):
                record.hear(_said(entry))
            record.after = entry.seq
            if self._monotonic() > until:
                raise LedgerSlowError(errno.ETIMEDOUT, "the ledger is too long to be read")
        return record.told(asked)


def _said(entry: Entry) -> Any:  # noqa: ANN401 - one of those that `Record.hear` takes
    try:
        return content(entry)
    except BrokenBodyError as error:
        raise OSError(errno.EIO, str(error)) from error


def _names(entry: Entry, unit: str) -> bool:
    """Tell whether an entry may be about a unit, without taking it apart: most are about others."""
    return json.dumps(unit, ensure_ascii=False).encode() in entry.body


def _touches(outage: OutageAccount, asked: OutagesAsked) -> bool:
    """Tell whether an outage lies in the time that is asked for; one without an end goes on."""
    begins_before = asked.until is None or outage.start < asked.until
    return begins_before and (asked.since is None or outage.end is None or outage.end > asked.since)
