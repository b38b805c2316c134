"""Devices made of lines, units made of devices: *up* if any part is, *down* if all are, else *unknown*.

A device that is down by its own lines and behind which something answers forwards, hence it is up: whoever
answers acquits its parent (architecture: *topology*).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Protocol

from netwatch.judgement.minute import first_full
from netwatch.judgement.outage import Downs
from netwatch.judgement.run import DownRun
from netwatch.judgement.snmp import Polls
from netwatch.judgement.track import Change
from netwatch.model.decision import CauseSettled, RunEnded, Subject
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netwatch.judgement.line import LineState
    from netwatch.judgement.track import Track
    from netwatch.model.cause import Cause
    from netwatch.model.device import Device


class Part(Protocol):
    """What a composite is made of."""

    state: State
    since: float


def combine(states: Iterable[State]) -> State:
    """One part up is enough; down takes all of them, and at least one."""
    found = set(states)
    if State.UP in found:
        return State.UP
    return State.DOWN if found == {State.DOWN} else State.UNKNOWN


class Composite:
    """Live state, settled minutes and settled runs of down of a device or a unit.

    `since` is steady time. `minutes` (by verdict), `outages` (by cause) and `blips` never step back.
    """

    __slots__ = (
        "blips",
        "cases",
        "down_until",
        "downs",
        "first_minute",
        "key",
        "last_outage",
        "members",
        "minutes",
        "outages",
        "root",
        "run",
        "settled_until",
        "since",
        "state",
    )

    subject: Subject

    def __init__(self, key: str, at: float) -> None:
        self.key = key
        self.state = State.UNKNOWN
        self.since = at
        self.members: dict[Track, float] = {}  # whose slots count, and since when
        self.first_minute = first_full(at)  # the first that it existed all through
        self.minutes = dict.fromkeys(State, 0)
        self.run = DownRun()  # live
        self.down_until = -math.inf  # steady time at which it was last down live, if it is not
        self.settled_until = -math.inf  # steady end of its last minute that was settled
        self.downs = Downs(self.subject, key, at)
        self.cases: set[float] = set()  # beginnings of its outages that are over and wait for their cause
        self.root = ""  # the failed ancestor, live: only while down below one
        self.outages: dict[Cause, int] = {}
        self.blips = 0
        self.last_outage: CauseSettled | None = None

    @property
    def down_since(self) -> float | None:
        """Steady time at which the present run of down began; None unless down."""
        return self.run.start if self.state is State.DOWN else None

    @property
    def unsettled(self) -> bool:
        """Whether it is down, or was, and the record does not say yet what became of that.

        From the moment at which it goes down (live) until the cause of the outage is settled; of what turns
        out a blip, or no run of down at all, until the minute is settled in which it was last seen down.
        All of it follows from what a snapshot and the slots after it hold, so that a restart changes nothing.
        """
        if self.state is State.DOWN or self.downs.run.start is not None or self.cases:
            return True
        return self.down_until > self.settled_until

    @property
    def parts(self) -> Sequence[Part]:
        """What the state follows from."""
        raise NotImplementedError

    def have_members(self, tracks: Iterable[Track], at: float) -> None:
        """Count these slots from now on; those that counted before keep their date."""
        self.members = {track: self.members.get(track, at) for track in tracks}

    def combined(self) -> State:
        """Return what the parts come to."""
        return combine(part.state for part in self.parts)

    def reconsider(self, since: float, why: str) -> Change | None:
        """Combine the parts anew after one of them changed at `since`; never dated before the state before.

        Down began when the last part went down, whatever the order in which their dates became known.
        """
        state = self.combined()
        if state is self.state:
            return None
        if state is State.DOWN:
            since = max(since, *(part.since for part in self.parts))
        change = Change(state, self.state, max(since, self.since), why)
        if self.state is State.DOWN:
            self.down_until = change.since
        self.state, self.since = state, change.since
        return change

    def failed_ancestor(self) -> str:
        """Return the name of the dead device that everything of this depends on, live; "" if none."""
        raise NotImplementedError

    def resume(self, first_minute: float, dumped: list[Any]) -> None:
        """Go on from what `downs` dumped; the live view has the same run until it knows better."""
        self.first_minute = first_minute
        self.downs.load(dumped)
        self.run.load(self.downs.run.dump())

    def forget_totals(self) -> None:
        """Count from 0 on."""
        self.minutes = dict.fromkeys(State, 0)
        self.outages = {}
        self.blips = 0

    def count_run(self, run: RunEnded) -> None:
        """Count a settled run that is over, if it was a blip: an outage waits for its cause."""
        self.blips += not run.outage

    def count_outage(self, outage: CauseSettled) -> None:
        """Count an outage by its cause, which it waits for no more."""
        self.cases.discard(outage.start)
        self.outages[outage.cause] = self.outages.get(outage.cause, 0) + 1
        self.last_outage = outage


class DeviceState(Composite):
    """One device as it is now. `polled` are its polls as slots, where it is not echoed.

    `parents` lie before it on the service path, `children` behind it.
    """

    __slots__ = ("children", "device", "lines", "parents", "polled", "polls", "unit")

    subject = Subject.DEVICE

    def __init__(self, device: Device, at: float) -> None:
        super().__init__(device.name, at)
        self.device = device
        self.lines: tuple[LineState, ...] = ()
        self.polled: LineState | None = None
        self.polls = Polls()
        self.unit: UnitState | None = None  # the unit whose state this device takes part in
        self.parents: tuple[DeviceState, ...] = ()
        self.children: tuple[DeviceState, ...] = ()

    @property
    def parts(self) -> Sequence[LineState]:
        """Its lines, or its polls, or nothing."""
        return (*self.lines, self.polled) if self.polled else self.lines

    @property
    def own_state(self) -> State:
        """What its own slots say, whatever answers behind it."""
        return combine(part.state for part in self.parts)

    def combined(self) -> State:
        """Return what its slots say, unless something that it forwards for answers."""
        state = self.own_state
        if state is State.DOWN and any(child.acquits(self) for child in self.children):
            return State.UP
        return state

    def acquits(self, parent: DeviceState) -> bool:
        """Tell whether this shows that `parent` forwards: it is up, and no other way to it is."""
        return self.state is State.UP and all(
            other is parent or other.own_state is not State.UP for other in self.parents
        )

    def resume(self, first_minute: float, dumped: list[Any]) -> None:
        """Go on, with the lines that it has now."""
        super().resume(first_minute, dumped)
        for line in self.lines:
            line.first_minute = first_minute

    def failed_ancestor(self) -> str:
        """Return the first dead device on the way to it that has a living one before it, or none at all."""
        if not self.parents or any(parent.state is not State.DOWN for parent in self.parents):
            return ""
        return self.parents[0].failed_ancestor() or self.parents[0].key

    def below(self) -> Iterator[DeviceState]:
        """Yield every device behind this one, each once."""
        seen = {self}
        left = list(self.children)
        while left:
            device = left.pop()
            if device not in seen:
                seen.add(device)
                left.extend(device.children)
                yield device


class UnitState(Composite):
    """One unit as it is now, by the code that its devices name; unknown for ever where none does."""

    __slots__ = ("area", "devices", "monitored", "register")

    subject = Subject.UNIT

    def __init__(self, key: str, at: float) -> None:
        super().__init__(key, at)
        self.area = ""
        self.monitored = False  # whether any device is of it
        self.register = ""
        self.devices: tuple[DeviceState, ...] = ()

    @property
    def parts(self) -> Sequence[DeviceState]:
        """The devices that its state follows from."""
        return self.devices

    def failed_ancestor(self) -> str:
        """Return the failed ancestor of its devices, if each of them has one."""
        roots = [device.failed_ancestor() for device in self.devices]
        return roots[0] if roots and all(roots) else ""
