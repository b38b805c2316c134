"""A daemon's memory without its sockets: processes that live, are killed, and leave a ledger behind."""

from __future__ import annotations

import asyncio
import math
import random
from array import array
from typing import TYPE_CHECKING, Any

from netwatch.daemon.chronicle import Chronicle
from netwatch.daemon.resuming import resume
from netwatch.evidence.kinds import RULE_VERSION, Started
from netwatch.evidence.store import Store
from netwatch.evidence.writer import Writer
from netwatch.inventory.lines import Numbering, lines
from netwatch.judgement.events import Reconfigured, Tick
from netwatch.model.device import Device, ObservationPath, Role, StateRules
from netwatch.model.observation import EchoSlots, EchoStray
from netwatch.model.outcome import SlotResult
from netwatch.model.sign import Sign, SignKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

T0 = 1_700_002_800.0
"""The start of an hour."""

RULES = StateRules()
GOOD, LOST, INVALID = SlotResult.GOOD, SlotResult.LOST, SlotResult.INVALID
PHASES = {0: 0.4, 1: 0.25, 2: 0.8, 3: 0.55}

DEVICES = (
    Device(name="noc", address="198.18.0.2", role=Role.REFERENCE),
    Device(name="core", address="198.18.0.3", role=Role.CORE),
    Device(name="gw-a", address="198.18.1.1", role=Role.UPLINK, unit="1", register="r", parents=("core",)),
    Device(name="gw-b", address="198.18.1.2", role=Role.UPLINK, unit="2", register="r", parents=("core",)),
)
LINES = lines(DEVICES, Numbering())
PATHS = (ObservationPath("default", ("noc",), 1),)


class Clock:
    """Turned by hand."""

    epoch = 0.0

    def __init__(self) -> None:
        self.now = T0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now


async def nothing(_unit: str) -> Any:
    return ()


class Life:
    """One process: from its start to its end, or until it is killed. The first four lines have slots."""

    def __init__(
        self,
        place: Path | str,
        clock: Clock,
        rules: StateRules = RULES,
        devices: Sequence[Device] = DEVICES,
        inventory: Any = None,
    ) -> None:
        self.clock = clock
        self.store = Store(place if isinstance(place, str) else f"sqlite:///{place / 'ledger.db'}", "test")
        self.store.open()
        self.found = found = resume(self.store, rules, clock.now)
        self.hourly = found.hourly
        self.writer = Writer(self.store, clock.wall, lambda _text: None)
        self.chronicle = Chronicle(self.writer, clock, self.hourly.judgement, nothing, self.store.close)
        self.decisions: list[Any] = []
        self.hourly.hand_to(self._carry, self.chronicle.hour_over)
        self.writer.start()
        self.chronicle.begin(Started("0", RULE_VERSION, rules, "test", clock.now, 0.0, found.until), found)
        self.numbering = found.numbering
        self.configure(devices, inventory or NO_FILES)

    def configure(self, devices: Sequence[Device], inventory: Any) -> None:
        """From now on these devices are watched."""
        units = (("r", "1"), ("r", "2"), ("r", "3"))
        watched = lines(devices, self.numbering)
        self.roster = Reconfigured(self.clock.now, watched, tuple(devices), units, PATHS)
        self.chronicle.configured(self.roster, inventory)
        self.hourly.advance(self.roster)

    def _carry(self, decisions: list[Any]) -> None:
        self.decisions += decisions
        self.chronicle.take(decisions)

    def second(self, results: dict[int, SlotResult], late: int | None = None) -> None:
        """One slot of each line, told at the end of its second."""
        begun = math.floor(self.clock.now)
        self.clock.now = begun + 1.0
        dues = [begun + PHASES[line] for line in results]
        rtts = [0.005 if result is GOOD else math.nan for result in results.values()]
        slots = EchoSlots(
            self.clock.now,
            array("L", results),
            array("d", dues),
            bytearray(results.values()),
            array("d", rtts),
        )
        self.chronicle.measured(slots)
        self.hourly.advance(slots)
        if late is not None:
            stray = EchoStray(self.clock.now, late, late=True, due=begun + PHASES[late])
            self.chronicle.strayed(stray)
            self.hourly.advance(stray)
        self.hourly.advance(Tick(self.clock.now))
        self.chronicle.tick(self.clock.now)

    def gasp(self, device: str) -> None:
        """A trap by which a device says that it loses power."""
        sign = Sign(self.clock.now, device, SignKind.DYING_GASP, self.clock.now, "not signed")
        self.hourly.advance(sign)
        self.chronicle.take((sign,))

    def end(self) -> None:
        asyncio.run(self.chronicle.close(self.clock.now))

    def kill(self) -> None:
        """What was handed in until the last piece is on disk; the rest is lost."""
        self.writer.close(10)
        self.store.close()


class _NoFiles:
    files: dict[str, str] = {}  # noqa: RUF012


NO_FILES: Any = _NoFiles()


def weather(seed: int) -> Iterator[tuple[dict[int, SlotResult], int | None]]:
    """Second for second: outages of units, core and way out, losses, late replies, local failures."""
    chance = random.Random(seed)
    left = dict.fromkeys(("a", "b", "core", "way", "local"), 0)
    while True:
        for what, seldom, longest in (
            ("a", 600, 200),
            ("b", 500, 90),
            ("core", 1500, 120),
            ("way", 1200, 60),
            ("local", 1500, 15),
        ):
            if left[what]:
                left[what] -= 1
            elif chance.randrange(seldom) == 0:
                left[what] = chance.randrange(3, longest)
        dead = {0: left["way"], 1: left["way"] or left["core"]}
        dead |= {2: dead[1] or left["a"], 3: dead[1] or left["b"]}
        results = {
            line: INVALID if left["local"] else LOST if dead[line] or chance.random() < 0.005 else GOOD
            for line in range(4)
        }
        lost = [line for line, result in results.items() if result is LOST and not dead[line]]
        yield results, lost[0] if lost and chance.random() < 0.5 else None


def live(life: Life, seconds: int, sky: Iterator[Any]) -> None:
    for _, (results, late) in zip(range(seconds), sky, strict=False):
        life.second(results, late)


def read(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'ledger.db'}", "test")
