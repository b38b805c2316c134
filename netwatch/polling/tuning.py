"""How much to ask a device for at once: learnt from its own behaviour, remembered, and recovered slowly.

Agents differ in what they withstand: some say tooBig, some cut their answers, some keep silent above a
number of repetitions that nobody wrote down, and some never answer GETBULK at all. One lost packet is no
such sign: a request is repeated unchanged once before less is asked for, and only an *answer* to a
smaller request proves that the larger one was too large. Pure: no clock, no socket.
"""

from __future__ import annotations

GETNEXT = 0
"""The least that can be asked for: one row, by GETNEXT."""

CLEAN_WALKS = 60
"""Walks without trouble after which twice as much is tried again: an hour, at the usual interval."""


class Tuning:
    """The max-repetitions of one device: starts at `most`, halves on trouble, down to GETNEXT."""

    __slots__ = ("_clean", "_most", "_trial", "limit")

    def __init__(self, most: int) -> None:
        self.limit = most  # what the device is believed to withstand
        self._most = most
        self._trial: tuple[int, int] | None = None  # asked for now, and the limit that an answer to it proves
        self._clean = 0

    @property
    def repetitions(self) -> int:
        """What to ask for now; GETNEXT (0) asks for one row without GETBULK."""
        return self.limit if self._trial is None else self._trial[0]

    def answered(self) -> None:
        """Take an answer: what was asked for is not too much, and where less was tried, more was."""
        if self._trial is not None:
            self.limit = self._trial[1]
            self._trial = None
            self._clean = 0

    def unanswered(self, attempts: int, *, damaged: bool) -> None:
        """Take silence after `attempts` (1, 2, …) of one request; `damaged`: garbage came instead."""
        if damaged:
            less = self.repetitions // 2
            self._trial = (less, less)
        elif attempts >= 2:
            self._trial = (GETNEXT, self.limit // 2)

    def gave_up(self) -> None:
        """Nothing was answered, however little was asked: the device is away, which says nothing of sizes."""
        self._trial = None

    def too_much(self) -> bool:
        """Halve at once, because the device said so; tell whether less could be asked for."""
        less = self.repetitions
        self._trial = None
        self._clean = 0
        self.limit = less // 2
        return less > GETNEXT

    def halve(self) -> None:
        """Ask for half as much, short of GETNEXT: for devices suspected of leaving out rows."""
        self.limit = max(min(1, self.limit), self.limit // 2)
        self._clean = 0

    def walked(self) -> None:
        """Take a whole walk: many of them without trouble, and twice as much is tried once more."""
        self._clean += 1
        if self.limit < self._most and self._clean >= CLEAN_WALKS:
            self.limit = min(self._most, max(1, self.limit * 2))
            self._clean = 0


class Tunings:
    """How much of each table one device withstands.

    A survey puts many questions, and seldom: what one table taught holds for all, or an agent without GETBULK
    would be learnt anew for each.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, Tuning]] = {}  # by table: how much is asked for at most

    def of(self, name: str, most: int) -> Tuning:
        """Return the tuning of a table, asking for no more than any table has been lowered to."""
        _, tuning = self._known.setdefault(name, (most, Tuning(most)))
        lowered = (other.limit for begin, other in self._known.values() if other.limit < begin)
        tuning.limit = min(tuning.limit, min(lowered, default=most))
        return tuning
