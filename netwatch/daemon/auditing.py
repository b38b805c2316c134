"""Everything by which claims are judged while the daemon runs, and when: what came, and what the ledger knew.

Minutes, facts and papers come in one by one; what the ledger knew before is read aside; figures are measured
once a day. The claims are judged anew a share at a time, and handed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.daemon.claims import Claims
from netwatch.daemon.judging import Judging
from netwatch.daemon.measuring import Measuring
from netwatch.daemon.seeding import Request, Seeding
from netwatch.polling.clock import steady
from netwatch.polling.promql import ask

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from netwatch.audit.standing import Standing
    from netwatch.daemon.chronicle import Chronicle
    from netwatch.daemon.claims import Judged, Kept
    from netwatch.daemon.resuming import Resumption
    from netwatch.daemon.seeding import Source
    from netwatch.evidence.kinds import Facts
    from netwatch.inventory.load import Inventory
    from netwatch.judgement.events import Reconfigured
    from netwatch.model.claim import ClaimResult
    from netwatch.model.decision import MinuteSettled
    from netwatch.polling.clock import Clock


class Auditing:
    """`hand_on` is told what the claims come to; `source` is the ledger that is read at the start, if any."""

    def __init__(  # noqa: PLR0917 - as many as it joins
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        inventory: Inventory,
        resumption: Resumption,
        chronicle: Chronicle,
        source: Source | None,
        hand_on: Callable[[Judged], None],
    ) -> None:
        self._clock = clock
        self._inventory = inventory
        self._hand_on = hand_on
        self._results: tuple[ClaimResult, ...] = ()
        self._claims = Claims(inventory)
        self._claims.recall(resumption.rosters, resumption.unsealed)
        self._judging = Judging(self._claims, self._judged, clock.monotonic)
        self._seeding = Seeding(loop, source, self._claims, self._judging.restart) if source else None
        self._measuring = Measuring(
            inventory,
            resumption.measurements,
            keep=chronicle.keep,
            ask=ask,
            now=clock.wall,
            on_entry=self.entered,
        )

    def start(self) -> None:
        """Judge all of it once, and begin to read what the ledger knows."""
        now = steady(self._clock)
        self._judging.at_once(now)
        if self._seeding is not None:
            self._seeding.start(Request(self._claims.wanted, self._inventory.hours, now))

    def stop(self) -> None:
        """Read no more."""
        if self._seeding is not None:
            self._seeding.stop()

    async def measure(self) -> None:
        """Look whether figures have new values."""
        await self._measuring.look()

    def use(self, inventory: Inventory, configured: Reconfigured) -> None:
        """Judge by this inventory from now on, and count round trips by what is watched."""
        self._inventory = inventory
        self._claims.take(inventory)
        self._claims.configured(configured)
        self._measuring.use(inventory)
        self._judging.restart()

    def count(self, minute: MinuteSettled) -> None:
        """Add a settled minute."""
        self._claims.count(minute)
        self._judging.renew()

    def told(self, facts: Facts) -> None:
        """Add what a device told, as it is written to the ledger."""
        self._claims.take_facts(facts)
        self._judging.renew()

    def entered(self, entry: Kept) -> None:
        """Judge by what the ledger has now of what people sign, ask and measure."""
        self._claims.take_entry(entry)
        self._judging.restart()

    def tick(self, now: float) -> None:
        """Judge a share, where anything is new."""
        self._judging.tick(now)

    @property
    def reading(self) -> bool:
        """Whether the ledger is still being read."""
        return self._claims.reading

    @property
    def standing(self) -> Standing:
        """What people have signed for and objected to."""
        return self._claims.standing

    def timeline(self, unit: str) -> Sequence[tuple[float, int, int, int]]:
        """Return (start, minutes up, down and unknown) of each hour that is kept of a unit, oldest first."""
        return self._claims.timeline(unit)

    def verdict_of(self, claim: str, unit: str) -> str:
        """Return the verdict of a unit of a claim's population as it was judged last; "" where it was not."""
        verdicts = (
            each.verdict.value
            for result in self._results
            if result.claim.name == claim
            for each in result.units
            if each.unit.code == unit
        )
        return next(verdicts, "")

    def _judged(self, judged: Judged) -> None:
        self._results = judged.results
        self._hand_on(judged)
