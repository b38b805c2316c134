"""The ledger's own thread: takes what is to be kept in its order, and writes it when it can.

Whoever hands something in never waits and never fails. While the ledger cannot be written, everything waits
in a queue, put into bytes, and is written when it can be again; where the queue is full, what comes then is
dropped, counted, and told of in the chain by an entry `gap`. What was tried is tried again unchanged: a
transaction may have been committed although the answer was lost (see `Sink`).
"""

from __future__ import annotations

import logging
import threading
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from netwatch.evidence import codec
from netwatch.evidence.chain import New
from netwatch.evidence.kinds import KIND_OF, Gap
from netwatch.evidence.place import LedgerError
from netwatch.evidence.withholding import Body

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from netwatch.model.attestation import Receipt

LOG = logging.getLogger(__name__)

MOST_JOBS = 100_000
MOST_BYTES = 128 * 2**20
"""What may wait: an hour's worth of a country, and more."""

AT_ONCE = 2000
"""Jobs of one transaction."""

LARGE = 10_000
"""Bytes from which on it pays to put into few bytes what has to wait."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
"""Seconds between two attempts; each time twice as long."""

MICRO = 1_000_000


class Sink(Protocol):
    """Where the writer writes: a `Store`."""

    def write(
        self, new: Sequence[New], pieces: Sequence[tuple[int, int, bytes]], drop: int | None
    ) -> Sequence[Receipt]:
        """Write all of it, or raise LedgerError; then it is called with the same until it succeeds.

        Returns where each entry stands.
        """
        ...


@dataclass(slots=True, eq=False)
class Job:
    """One thing to be kept. `body` is called in the thread: what takes time is done there."""

    kind: str  # of the entry; "" for a piece of the tail
    at: int  # microseconds
    body: Callable[[], bytes | Body]
    size: int  # bytes that it holds meanwhile, roughly
    done: Future[Receipt | None]  # None of a piece of the tail
    piece: int = 0  # number of the piece
    drop: int | None = None  # pieces up to this number are in the entry now
    packed: Body | None = None  # what `body` gave


@dataclass(slots=True)
class Status:
    """How writing goes."""

    entries: int = 0  # written
    last_write: float | None = None  # Unix seconds
    errors: int = 0
    dropped: int = 0
    queued: int = 0
    problem: str = ""  # why it cannot be written at present


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one transaction writes: the first so many jobs of the queue, behind what was dropped before."""

    jobs: Sequence[Job]
    entries: Sequence[Job]  # those of them that are the last of `new`
    new: Sequence[New]
    pieces: Sequence[tuple[int, int, bytes]]
    drop: int | None


class Writer:
    """Takes jobs from any thread. `wall` gives Unix seconds; `say` is told when writing fails and works."""

    def __init__(
        self,
        sink: Sink,
        wall: Callable[[], float],
        say: Callable[[str], None],
        *,
        most_jobs: int = MOST_JOBS,
        most_bytes: int = MOST_BYTES,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self.status = Status()
        self._sink = sink
        self._wall = wall
        self._say = say
        self._most_jobs, self._most_bytes = most_jobs, most_bytes
        self._jobs: deque[Job] = deque()
        self._batch: _Batch | None = None  # tried, and not known to be written
        self._bytes = 0
        self._dropped: Counter[str] = Counter()  # since the last entry `gap`, by kind
        self._changed = threading.Condition()
        self._ending = False
        self._pause = pause or self._wait
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def hand_in(self, job: Job) -> bool:
        """Queue a job; tell whether there was room. Of one without room, `done` fails."""
        with self._changed:
            if len(self._jobs) >= self._most_jobs or self._bytes + job.size > self._most_bytes:
                self.status.dropped += 1
                self._dropped[job.kind or "tail"] += 1
                job.done.set_exception(LedgerError("the ledger cannot be written, and its queue is full"))
                return False
            self._jobs.append(job)
            self._bytes += job.size
            self.status.queued = len(self._jobs)
            self._changed.notify()
        return True

    def close(self, within: float) -> bool:
        """Write what waits, for up to `within` seconds; tell whether all of it was. The rest is given up."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        self._thread.join(within)
        ended = not self._thread.is_alive()
        if not ended or self._jobs:
            LOG.error("the ledger could not be written to the end: %d entries are lost", len(self._jobs))
        return ended and not self._jobs

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while self._wait_for_jobs():
            if self._step():
                pause = FIRST_PAUSE
                continue
            if self._ending:
                return
            self._pause(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _wait_for_jobs(self) -> bool:
        """Wait until there is anything to write; False where there is none and it ends."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._ending)
            return bool(self._jobs)

    def _step(self) -> bool:
        """Try to write what waits; tell whether that was done."""
        try:
            if self._batch is None:
                self._batch = self._next()
            batch = self._batch
            receipts: Sequence[Receipt] = ()
            if batch.new or batch.pieces or batch.drop is not None:
                receipts = self._sink.write(batch.new, batch.pieces, batch.drop)
        except LedgerError as error:
            self._failed(str(error))
        except Exception as error:
            LOG.exception("a mistake in netwatch itself: the ledger")
            self._failed(f"the ledger cannot be written: {type(error).__name__}")
        else:
            self._written(batch, receipts)
            return True
        self._pack()
        return False

    def _next(self) -> _Batch:
        """Put together what the next transaction writes; what cannot be put into bytes is left out."""
        with self._changed:
            dropped, self._dropped = self._dropped, Counter()
            jobs = [self._jobs[place] for place in range(min(len(self._jobs), AT_ONCE))]
        new: list[New] = []
        if dropped:
            body = codec.dump(Gap(tuple(sorted(dropped.items()))))
            new.append(New(KIND_OF[Gap], round(self._wall() * MICRO), body))
        packed = [(job, found) for job in jobs if (found := self._bytes_of(job)) is not None]
        entries = [job for job, _ in packed if job.kind]
        new += [New(job.kind, job.at, *body) for job, body in packed if job.kind]
        # A piece that an entry of the same batch makes needless is not written at all.
        drop = max((job.drop for job, _ in packed if job.drop is not None), default=None)
        pieces = [
            (job.piece, job.at, body.public)
            for job, body in packed
            if not job.kind and (drop is None or job.piece > drop)
        ]
        return _Batch(jobs, entries, new, pieces, drop)

    def _bytes_of(self, job: Job) -> Body | None:
        """Put a job into bytes, once; None where that cannot be done: it must not hold up the others."""
        if job.packed is None and not job.done.done():
            try:
                made = job.body()
                job.packed = made if isinstance(made, Body) else Body(made)
            except Exception as error:
                LOG.exception("an entry (%s) cannot be put into bytes, and is left out", job.kind or "tail")
                self._refuse(job, error)
            else:
                with self._changed:
                    self._bytes += job.packed.size - job.size
                job.size = job.packed.size
                job.body = bytes  # let go of what it was made of
        return job.packed

    def _refuse(self, job: Job, error: Exception) -> None:
        """Count an entry as dropped: the chain will say so."""
        with self._changed:
            self.status.dropped += 1
            self._dropped[job.kind or "tail"] += 1
        job.done.set_exception(LedgerError(f"it cannot be kept: {type(error).__name__}"))

    def _pack(self) -> None:
        """Put what waits into bytes: hours and pieces shrink to a tenth."""
        with self._changed:
            large = [job for job in self._jobs if job.size > LARGE and job.packed is None]
        for job in large:
            self._bytes_of(job)

    def _failed(self, problem: str) -> None:
        self.status.errors += 1
        if self.status.problem != problem:
            self.status.problem = problem
            self._say(f"{problem}; what is to be kept waits")

    def _written(self, batch: _Batch, receipts: Sequence[Receipt]) -> None:
        self._batch = None
        self.status.entries += len(batch.new)
        self.status.last_write = self._wall()
        with self._changed:
            for job in batch.jobs:
                self._jobs.popleft()
                self._bytes -= job.size
            self.status.queued = len(self._jobs)
        ours = receipts[len(batch.new) - len(batch.entries) :]
        for job, receipt in zip(batch.entries, ours, strict=True):
            job.done.set_result(receipt)
        for job in batch.jobs:
            if not job.done.done():
                job.done.set_result(None)
        if self.status.problem:
            self.status.problem = ""
            self._say("the ledger is written again")

    def _wait(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._ending, seconds)
