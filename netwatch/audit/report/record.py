"""What the entries of one chain say about a period, all but its hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netwatch.audit.report.outages import Runs
from netwatch.audit.report.processes import Processes
from netwatch.audit.standing import Standing
from netwatch.evidence.kinds import KIND_OF, Configured, Facts, Gap, Heartbeat, Started, Stopped
from netwatch.evidence.reading import content
from netwatch.inventory.announcements import Announcements
from netwatch.model.attestation import Answer, Attestation, Dispute, Exhibit
from netwatch.model.claim import Measurement
from netwatch.model.decision import CauseSettled, OutageBegan, RunEnded
from netwatch.model.maintenance import Annotation, Announcement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.evidence.chain import Entry
    from netwatch.evidence.store import Store

DAY = 86400.0
MICRO = 1_000_000

ALL = tuple(
    KIND_OF[shape]
    for shape in (
        *(Started, Stopped, Gap, OutageBegan, RunEnded, CauseSettled, Annotation, Announcement),
        *(Exhibit, Attestation, Dispute, Answer, Measurement),
    )
)
"""The kinds that are read from the chain's beginning: what they say may be about any time after."""


@dataclass
class Record:
    """What a chain says of the time from `start` to `end`, Unix seconds."""

    start: float
    end: float
    processes: Processes
    runs: Runs
    standing: Standing = field(default_factory=Standing)
    announcements: Announcements = field(default_factory=Announcements)
    measurements: list[Measurement] = field(default_factory=list)
    gaps: dict[str, int] = field(default_factory=dict)  # entries that were dropped, by kind
    configured: list[Configured] = field(default_factory=list)  # what held at `start`, and what came later

    def take(self, written: float, said: Any) -> None:  # noqa: ANN401 - what an entry of `ALL` says
        """Take what an entry says, in the chain's order; `written` are Unix seconds."""
        if isinstance(said, Started):
            afresh = self.processes.start(said)
            if afresh is not None:
                self.runs.end_all(afresh)
        elif isinstance(said, Stopped):
            self.processes.stop(said)
        elif isinstance(said, OutageBegan | RunEnded | CauseSettled):
            self.runs.take(said)
        elif isinstance(said, Annotation):
            self.runs.note(said)
        elif isinstance(said, Announcement):
            self.announcements.take(said)
        elif isinstance(said, Measurement):
            self.measurements.append(said)
        elif isinstance(said, Gap):
            self._take_gap(written, said)
        else:
            self.standing.take(said)

    def _take_gap(self, written: float, said: Gap) -> None:
        """Count what was dropped: a gap is told once the ledger can be written again."""
        if self.start <= written < self.end + DAY:
            for kind, number in said.dropped:
                self.gaps[kind] = self.gaps.get(kind, 0) + number


def read(store: Store, start: float, end: float) -> Record:
    """Read what a chain says of a time. Raises LedgerError, and BrokenBodyError naming the entry."""
    record = Record(start, end, Processes(start, end), Runs(start, end))
    for entry in store.entries(kinds=ALL):
        said = content(entry)
        if isinstance(said, Started) and said.until is None:
            record.processes.heard(_written_before(store, entry.seq))
        record.take(entry.at / MICRO, said)
    beat = store.last(KIND_OF[Heartbeat])
    if beat is not None:
        record.processes.heard(content(beat).at)
    record.processes.finish()
    record.configured.extend(_configured(store, start, end))
    return record


def facts(store: Store, start: float, end: float) -> Iterator[Facts]:
    """Yield what devices told in a time, and on the two days before: each is told anew once a day."""
    for entry in store.entries(kinds=(KIND_OF[Facts],), since=start - 2 * DAY, until=end + DAY):
        said: Facts = content(entry)
        if said.at < end:  # what is newer hides what is older
            yield said


def _written_before(store: Store, seq: int) -> float:
    """Return when the entry before one was written; 0.0 where there is none."""
    entry: Entry | None = next(store.entries(after=seq - 2), None)
    return entry.at / MICRO if entry is not None and entry.seq < seq else 0.0


def _configured(store: Store, start: float, end: float) -> Iterator[Configured]:
    kind = KIND_OF[Configured]
    before = store.last(kind, until=start)
    if before is not None:
        yield content(before)
    for entry in store.entries(before.seq if before else 0, (kind,), until=end):
        yield content(entry)
