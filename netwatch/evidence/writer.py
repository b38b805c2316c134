"""The ledger's own thread: takes what is to be kept in its order, and writes it when it can.

Whoever hands something in never waits and never fails. While the ledger cannot be written, everything stands
in a queue, and is written when it can be again; where the queue is full, what comes then is dropped, counted,
and told of in the chain by an entry `gap`.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from netwatch.evidence import codec
from netwatch.evidence.chain import New
from netwatch.evidence.kinds import KIND_OF, Gap
from netwatch.evidence.store import LedgerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

MOST_JOBS = 100_000
MOST_BYTES = 128 * 2**20
"""What may wait: an hour's worth of a country, and more."""

AT_ONCE = 2000
"""Jobs of one transaction."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
"""Seconds between two attempts; each time twice as long."""

MICRO = 1_000_000


class Sink(Protocol):
    """Where the writer writes: a `Store`."""

    def write(self, new: Sequence[New], pieces: Sequence[tuple[int, int, bytes]], drop: int | None) -> None:
        """Write all of it, or raise LedgerError and write none."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to be kept. `body` is called in the thread: what takes time is done there."""

    kind: str  # of the entry; "" for a piece of the tail
    at: int  # microseconds
    body: Callable[[], bytes]
    size: int  # bytes that it holds meanwhile, roughly
    done: Future[None]
    piece: int = 0  # number of the piece
    drop: int | None = None  # pieces up to this number are in the entry now


@dataclass(slots=True)
class Status:
    """How writing goes."""

    entries: int = 0  # written
    last_write: float | None = None  # Unix seconds
    errors: int = 0
    dropped: int = 0
    queued: int = 0
    problem: str = ""  # why it cannot be written at present


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
        """Write what waits, for up to `within` seconds; tell whether all of it was."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        self._thread.join(within)
        return not self._thread.is_alive() and not self._jobs

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            with self._changed:
                while not self._jobs and not self._ending:
                    self._changed.wait()
                if not self._jobs:
                    return
                jobs = [self._jobs[place] for place in range(min(len(self._jobs), AT_ONCE))]
                dropped = self._dropped
            try:
                self._write(jobs, dropped)
            except LedgerError as error:
                self._failed(error)
                if self._ending:
                    return
                self._pause(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                self._written(jobs)
                pause = FIRST_PAUSE

    def _write(self, jobs: Sequence[Job], dropped: Counter[str]) -> None:
        new: list[New] = []
        pieces: list[tuple[int, int, bytes]] = []
        if dropped:
            body = codec.dump(Gap(tuple(sorted(dropped.items()))))
            new.append(New(KIND_OF[Gap], round(self._wall() * MICRO), body))
        for job in jobs:
            if job.kind:
                new.append(New(job.kind, job.at, job.body()))
            else:
                pieces.append((job.piece, job.at, job.body()))
        drops = [job.drop for job in jobs if job.drop is not None]
        # A piece that an entry of the same batch makes needless is not written at all.
        drop = max(drops, default=None)
        self._sink.write(new, [piece for piece in pieces if drop is None or piece[0] > drop], drop)
        with self._changed:
            self._dropped = self._dropped - dropped
            self.status.entries += len(new)

    def _failed(self, error: LedgerError) -> None:
        self.status.errors += 1
        if self.status.problem != str(error):
            self.status.problem = str(error)
            self._say(f"{error}; what is to be kept waits")

    def _written(self, jobs: Sequence[Job]) -> None:
        self.status.last_write = self._wall()
        with self._changed:
            for job in jobs:
                self._jobs.popleft()
                self._bytes -= job.size
            self.status.queued = len(self._jobs)
        for job in jobs:
            job.done.set_result(None)
        if self.status.problem:
            self.status.problem = ""
            self._say("the ledger is written again")

    def _wait(self, seconds: float) -> None:
        with self._changed:
            if not self._ending:
                self._changed.wait_for(lambda: self._ending, seconds)
