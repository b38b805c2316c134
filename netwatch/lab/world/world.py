"""The province in time: a script moves it, and it answers echo and SNMP.

Nothing here has a clock or a socket. Whoever drives it says what time it is, in steady seconds that never
step back; all that was due until then has happened before anything is answered. All chance comes from the
`randomness` that is handed in, so that the same seed gives the same answers to the same questions. Questions
have to come in the order of time: about the past it answers as of the present.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netwatch.lab.faults import FaultKind
from netwatch.lab.script.selecting import POLLER, target
from netwatch.lab.world import causes
from netwatch.lab.world.answers import Addresses, Answering, EchoAnswer, IcmpError
from netwatch.lab.world.effects import Effects
from netwatch.lab.world.originator import Originator, Sent
from netwatch.lab.world.settling import settle
from netwatch.lab.world.situation import Situation
from netwatch.lab.world.staging import Happening, Stage
from netwatch.lab.world.timeline import Timeline
from netwatch.lab.world.truth import Recorder, Truth
from netwatch.lab.world.ways import in_sight

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

    from netwatch.lab.faults import Fault
    from netwatch.lab.plan.layout import Plan
    from netwatch.lab.script.story import Script
    from netwatch.model.maintenance import Window


HOP_LIMIT = 64  # of an ordinary echo: more than any way has hops


class World:
    """A plan, moved by a script (None: only by orders) from `start` (steady seconds) on.

    `end` is the script's end, `now` the present. Raises `ScriptError` where the script does not fit the plan.
    """

    def __init__(self, plan: Plan, script: Script | None, start: float, randomness: random.Random) -> None:
        self.plan = plan
        self.start = self.now = start
        self.end = start + script.duration if script else math.inf
        self._randomness = randomness
        self._situation = Situation(plan, start)
        self._timeline = Timeline()
        self._effects = Effects(self._situation, self._timeline, start)
        self._stage = Stage(plan, self._effects, self._timeline, start)
        self._addresses = Addresses(self._situation)
        self._recorders = {office.unit: Recorder(office, start) for office in plan.offices}
        self._originator: Originator | None = None
        if script:
            self._stage.perform(script)

    def advance(self, now: float) -> tuple[Happening, ...]:
        """Let everything happen that is due until `now`; return what the script did since the last call."""
        self._move(now)
        happened = tuple(self._stage.happened)
        self._stage.happened.clear()
        return happened

    def next_due(self) -> float | None:
        """Return when something will change next; None: nothing will unless it is told to."""
        return self._timeline.next()

    def echo(self, address: bytes, now: float, hop_limit: int = HOP_LIMIT) -> EchoAnswer:
        """Return what an echo to the packed `address`, sent at `now`, comes to.

        One whose hop limit is too low for the way draws *time exceeded* from the router that it ends at.
        """
        running, manner, error, routers = self._find(address, now)
        if hop_limit <= len(routers):
            return EchoAnswer((), self._addresses.exceeded(routers[max(hop_limit, 1) - 1], address))
        if running is None or not manner.echo:
            return EchoAnswer((), error)
        return EchoAnswer(manner.times(self._randomness))

    def snmp(self, address: bytes, datagram: bytes, now: float) -> tuple[float, bytes] | None:
        """Return the delay in seconds and the reply of the agent at the packed `address`; None: no reply."""
        running, manner, *_ = self._find(address, now)
        if running is None or running.agent is None or not manner.snmp:
            return None
        delay = manner.time(self._randomness)
        reply = None if delay is None else running.agent.answer(datagram, now)
        if self._originator and delay is not None and reply is None and running.agent.refuses(datagram):
            self._originator.refuse(running, now)
        return None if delay is None or reply is None else (delay, reply)

    def listen(self) -> None:
        """Let devices speak unasked from now on, for `heard`; nothing is spent on it before."""
        self._originator = Originator(self._situation, self._randomness)

    def heard(self, now: float) -> tuple[Sent, ...]:
        """Return the notifications that were sent since the last call, and arrive."""
        self._move(now)
        return self._originator.take(now) if self._originator else ()

    def error(self, address: bytes, now: float) -> IcmpError | None:
        """Return the ICMP error that anything sent to the packed `address` draws; None: none."""
        return self._find(address, now).error

    @property
    def can_send(self) -> bool:
        """Whether the poller's own host lets it send."""
        return self._situation.fault(FaultKind.CANNOT_SEND, POLLER) is None

    @property
    def local_failures(self) -> tuple[tuple[float, float], ...]:
        """The times during which it did not: (from, to), the last one to infinity while it lasts."""
        return tuple(self._effects.local_failures)

    @property
    def clock_offset(self) -> float:
        """Seconds by which the poller's wall clock has been stepped in all."""
        return self._effects.clock_offset

    @property
    def windows(self) -> tuple[Window, ...]:
        """The maintenance windows that were announced so far."""
        return tuple(self._stage.windows)

    def truth(self) -> Truth:
        """Return what was true from the start to the present."""
        outages = [each for recorder in self._recorders.values() for each in recorder.outages(self.now)]
        outages.sort(key=lambda outage: (outage.start, outage.unit))
        spans = {unit: recorder.spans(self.now) for unit, recorder in self._recorders.items()}
        return Truth(self.start, self.now, spans, tuple(outages))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all devices, in the order of the plan."""
        return tuple(self._situation.devices)

    def faults(self, name: str) -> tuple[Fault, ...]:
        """Return the faults in force at a device and at the unit that it is of."""
        targets = {name, self._situation.devices[name].device.unit} - {""}
        return tuple(each.fault for (_, where), each in self._situation.faults.items() if where in targets)

    def strike(self, fault: Fault, names: Iterable[str], now: float) -> None:
        """Let a fault begin at each of the devices named, or at their units; none named: at the poller.

        Raises `NotFoundError` where one of them has nothing that the fault could strike.
        """
        targets = [target(fault.kind, name, self.plan) for name in names] or [POLLER]
        self._move(now)
        for where in dict.fromkeys(targets):
            self._effects.begin(fault, where, now)
        self._settle(now)

    def restore(self, kind: FaultKind | None, names: Iterable[str], now: float) -> None:
        """Let faults of a kind (None: all) end at the devices named and their units.

        None named: at the poller.
        """
        self._move(now)
        self._effects.mend(kind, tuple(names), now)
        self._settle(now)

    def _find(self, address: bytes, now: float) -> Answering:
        due = self._timeline.next()
        if due is not None and due <= now:
            self._move(now)
        return self._addresses.find(address, now)

    def _move(self, now: float) -> None:
        for at in self._timeline.moments(now):
            self._settle(at)
        self.now = max(self.now, now)

    def _settle(self, at: float) -> None:
        """Bring everything along with the faults in force, and take down the truth."""
        situation = self._situation
        settle(situation, self._timeline, at)
        self._addresses.forget()
        if self._originator:
            self._originator.compare(at)
        for office in self.plan.offices:
            self._recorders[office.unit].note(
                at,
                observable=in_sight(situation, office, at),
                above=causes.above(situation, office, at),
                own=causes.own(situation, office, at),
                windows=self._stage.windows,
            )
