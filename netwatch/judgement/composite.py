"""Devices made of lines, units made of devices: *up* if any part is, *down* if all are, else *unknown*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from netwatch.judgement.minute import first_full
from netwatch.judgement.run import DownRun, Span
from netwatch.judgement.snmp import Polls
from netwatch.judgement.track import Change
from netwatch.model.decision import RunEnded, Subject
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netwatch.judgement.line import LineState
    from netwatch.judgement.track import Track
    from netwatch.model.device import Device, StateRules


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
    """State, settled minutes and runs of down of a device or a unit.

    `since` is steady time. `minutes` (by verdict), `outages` (by cause) and `blips` never step back.
    """

    __slots__ = (
        "blips",
        "first_minute",
        "key",
        "last_outage",
        "members",
        "minutes",
        "outages",
        "run",
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
        self.run = DownRun()
        self.outages: dict[str, int] = {}
        self.blips = 0
        self.last_outage: RunEnded | None = None

    @property
    def down_since(self) -> float | None:
        """Steady time at which the present run of down began; None unless down."""
        return self.run.start if self.state is State.DOWN else None

    @property
    def parts(self) -> Sequence[Part]:
        """What the state follows from."""
        raise NotImplementedError

    def have_members(self, tracks: Iterable[Track], at: float) -> None:
        """Count these slots from now on; those that counted before keep their date."""
        self.members = {track: self.members.get(track, at) for track in tracks}

    def reconsider(self, since: float, why: str) -> Change | None:
        """Combine the parts anew after one of them changed at `since`; never dated before the state before.

        Down began when the last part went down, whatever the order in which their dates became known.
        """
        state = combine(part.state for part in self.parts)
        if state is self.state:
            return None
        if state is State.DOWN:
            since = max(since, *(part.since for part in self.parts))
        change = Change(state, self.state, max(since, self.since), why)
        self.state, self.since = state, change.since
        return change

    def ended(self, span: Span, at: float, rules: StateRules) -> RunEnded:
        """Count a run of down that is over: an outage where it is known to have been down long enough."""
        run = RunEnded(
            at=at,
            subject=self.subject,
            key=self.key,
            start=span.start,
            end=span.end,
            outage=span.down >= rules.outage_after,
            unknown=span.unknown,
        )
        if run.outage:
            self.outages[run.cause] = self.outages.get(run.cause, 0) + 1
            self.last_outage = run
        else:
            self.blips += 1
        return run


class DeviceState(Composite):
    """One device as it is now. `polled` are its polls as slots, where it is not echoed."""

    __slots__ = ("device", "lines", "polled", "polls", "unit")

    subject = Subject.DEVICE

    def __init__(self, device: Device, at: float) -> None:
        super().__init__(device.name, at)
        self.device = device
        self.lines: tuple[LineState, ...] = ()
        self.polled: Track | None = None
        self.polls = Polls()
        self.unit: UnitState | None = None  # the unit whose state this device takes part in

    @property
    def parts(self) -> Sequence[Track]:
        """Its lines, or its polls, or nothing."""
        return (*self.lines, self.polled) if self.polled else self.lines


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
