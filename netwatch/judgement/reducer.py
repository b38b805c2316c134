"""The judgement: events in, decisions out, the present in views. It asks no clock and no chance.

Two things are told of each moment. The *live view*, seconds after it, is for operators: gauges that follow
what is known by then. What is *settled*, 90 s after a minute's end, is for the record: verdicts, outages and
their causes, which are never taken back and follow from the slots and signs alone.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from netwatch.judgement.events import Announced, Reconfigured, Recorded, Resumed
from netwatch.judgement.inquest import Inquest
from netwatch.judgement.line import LineState
from netwatch.judgement.mass import MassWatch
from netwatch.judgement.path import Paths
from netwatch.judgement.roster import Roster
from netwatch.judgement.settlement import Settlement
from netwatch.judgement.signs import SignReader
from netwatch.judgement.slots import IGNORED, LOST, MARKS, NOTHING
from netwatch.judgement.snmp import SLOT_OF
from netwatch.model.decision import RootChanged, StateChanged, Subject
from netwatch.model.observation import EchoError, EchoSlots, EchoStray, Observation
from netwatch.model.sign import Sign
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.judgement.composite import Composite, DeviceState, UnitState
    from netwatch.judgement.events import Event
    from netwatch.judgement.path import PathState
    from netwatch.judgement.track import Change, Track
    from netwatch.model.decision import Decision
    from netwatch.model.device import StateRules

WATCH_EVERY = 1.0
"""Seconds between two looks for silent lines and blind paths, however often events come."""


class Judgement:
    """Reduces events to decisions. Times are steady seconds; events are expected in the order of theirs.

    The views `lines` (by number), `devices` (by name), `units` (by code) and `paths` (by name) are for
    reading; a reload replaces the dictionaries.
    """

    def __init__(self, rules: StateRules) -> None:
        self.rules = rules
        self._roster = Roster(rules)
        self._now = -math.inf
        self._watched = -math.inf
        self._paths = Paths()
        self._inquest = Inquest(self._roster)
        self._reader = SignReader()
        self._mass = MassWatch()
        self._waiting: dict[Track, DeviceState] = {}  # whose last slots wait for those of a reference
        self._settlement = Settlement(rules, self._paths, self._inquest)
        self._takers: dict[type, Callable[[Any, list[Decision]], None]] = {
            EchoSlots: self._take_slots,
            EchoStray: self._take_stray,
            EchoError: self._take_error,
            Observation: self._take_poll,
            Sign: self._take_sign,
            Recorded: self._recall,
            Announced: self._take_windows,
            Reconfigured: self._reconfigure,
        }

    @property
    def lines(self) -> dict[int, LineState]:
        """What is known of each line."""
        return self._roster.lines

    @property
    def devices(self) -> dict[str, DeviceState]:
        """What is known of each device."""
        return self._roster.devices

    @property
    def units(self) -> dict[str, UnitState]:
        """What is known of each unit that has a device."""
        return self._roster.units

    @property
    def paths(self) -> dict[str, PathState]:
        """What is known of each observation path."""
        return self._paths.states

    @property
    def lost_together(self) -> int:
        """How many units are down that were lost in the same seconds; 0 where that is no mass outage."""
        return len(self._mass.lost)

    @property
    def settled_until(self) -> float:
        """Steady time until which minutes have been settled; -inf before the first event."""
        return self._settlement.unsettled

    @property
    def told_until(self) -> float:
        """Steady time until which all verdicts have been given: a snapshot is of that moment."""
        return self._settlement.told_until

    def advance(self, event: Event) -> list[Decision]:
        """Take one event; return what follows from it and from the time that has passed, in order."""
        decisions: list[Decision] = []
        if isinstance(event, Resumed):
            decisions.extend(self._settlement.jump(event.until, event.at, self._roster))
        self._pass_time(event.at, decisions)
        take = self._takers.get(type(event))
        if take is not None:
            take(event, decisions)
        self._judge_waiting(decisions)
        return decisions

    def snapshot(self) -> dict[str, Any]:
        """Return what is settled, as JSON knows it: what later verdicts depend on beside slots and signs.

        To be taken when nothing is left to be said: `told_until` is `settled_until` then.
        """
        return {
            "settled_until": self.settled_until,
            "composites": [
                [composite.subject.value, composite.key, composite.first_minute, composite.downs.dump()]
                for composite in self._roster.composites()
            ],
            "inquest": self._inquest.dump(),
        }

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Go on from a snapshot: as the second thing, after a Reconfigured with the roster of that time.

        That must be dated `settled_until` of the snapshot or before. Two minutes of slots from before it,
        those after it, and the signs learnt since it was taken have to follow. Raises ValueError, TypeError
        or KeyError for what is no snapshot; the judgement is of no use then.
        """
        known = {(each.subject.value, each.key): each for each in self._roster.composites()}
        for subject, key, first_minute, dumped in snapshot["composites"]:
            if (composite := known.get((subject, key))) is not None:
                composite.resume(float(first_minute), dumped)
        self._inquest.load(snapshot["inquest"])
        self._settlement.resume(float(snapshot["settled_until"]))

    def forget_totals(self) -> None:
        """Begin all totals at 0: what another process has counted and told is not told again."""
        for line in self.lines.values():
            line.forget_totals()
        for composite in self._roster.composites():
            composite.forget_totals()
        for path in self._paths.states.values():
            path.blind_seconds = 0.0

    def _pass_time(self, at: float, decisions: list[Decision]) -> None:
        self._now = max(self._now, at)
        decisions.extend(self._settlement.pass_time(self._now))
        if self._watched + WATCH_EVERY <= self._now:
            self._watched = self._now
            self._watch(decisions)

    def _watch(self, decisions: list[Decision]) -> None:
        """Notice lines of which nothing comes any more, paths that went blind, and units lost together."""
        now = self._now
        decisions.extend(self._paths.look(now, self.rules))
        for device, track in self._roster.tracks:
            if track.not_silent_before < now and (change := track.watch(now)):
                self._spread(device, track, change, decisions)
        if told := self._mass.look(now, self.units):
            decisions.append(told)

    def _take_slots(self, event: EchoSlots, decisions: list[Decision]) -> None:
        """The hot path: most slots change nothing and are only counted."""
        lines = self.lines
        unsettled = self._settlement.unsettled
        for number, due, result, rtt in zip(event.lines, event.due, event.results, event.rtts, strict=True):
            line = lines.get(number)
            if line is None or due < unsettled:
                continue
            mark = MARKS[result]
            index = line.slots.put(due, mark, rtt)
            if index != IGNORED and (not mark & line.idle or (mark & LOST and line.doubtful)):
                self._judge(self.devices[line.line.device], line, index, decisions)

    def _take_poll(self, event: Observation, decisions: list[Decision]) -> None:
        device = self.devices.get(event.device)
        if device is None:
            return
        device.polls.take(event)
        for sign in self._reader.read(device.device, event):
            self._inquest.hear(sign)
            decisions.append(sign)
        due = event.at - event.duration
        if device.polled is None or due < self._settlement.unsettled:
            return
        index = device.polled.slots.put(due, MARKS[SLOT_OF[event.outcome]], NOTHING)
        if index != IGNORED:
            self._judge(device, device.polled, index, decisions)

    def _take_stray(self, event: EchoStray, decisions: list[Decision]) -> None:
        line = self.lines.get(event.line)
        if line is None:
            return
        line.tally.late += event.late
        line.tally.duplicates += not event.late
        known = event.due + self.rules.settle_after - line.line.interval
        if event.late and event.due >= self._settlement.unsettled and event.at <= known:
            index = line.slots.amend(event.due)
            if index != IGNORED:
                self._judge(self.devices[line.line.device], line, index, decisions)

    def _take_error(self, event: EchoError, _: list[Decision]) -> None:
        if line := self.lines.get(event.line):
            line.last_error = event

    def _take_sign(self, event: Sign, _: list[Decision]) -> None:
        self._inquest.hear(event)

    def _take_windows(self, event: Announced, _: list[Decision]) -> None:
        self._inquest.announce(event.windows)

    def _recall(self, event: Recorded, decisions: list[Decision]) -> None:
        """Take slots out of the ledger, settled ones too: those that follow are judged by what was before."""
        line = self.lines.get(event.line)
        if line is not None:
            line.slots.fill(event.slots.due, event.slots.marks)
            if line.slots.seen:
                self._judge(self.devices[line.line.device], line, line.slots.newest, decisions)

    def _judge(self, device: DeviceState, track: Track, index: int, decisions: list[Decision]) -> None:
        """Judge by the slot, and again by those that had overtaken it; none from before the present state."""
        slots = track.slots
        for each in range(max(index, slots.first(track.since)), slots.newest + 1):
            if change := track.judge(each, self._now):
                self._spread(device, track, change, decisions)
        if track.waits:
            self._waiting[track] = device

    def _judge_waiting(self, decisions: list[Decision]) -> None:
        """Judge those again that wait for a reference: it may have answered."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, {}
        for track, device in waiting.items():
            if change := track.judge(track.slots.newest, self._now):
                self._spread(device, track, change, decisions)
            if track.waits:
                self._waiting[track] = device

    def _spread(self, device: DeviceState, track: Track, change: Change, decisions: list[Decision]) -> None:
        """Tell a change of a line or of polls, and what follows for the device and all that hangs on it."""
        change = change._replace(why=f"{track.label}: {change.why}")
        if isinstance(track, LineState):
            decisions.append(self._told(Subject.LINE, str(track.line.number), change))
        self._reconsider(device, change.since, change.why, decisions)

    def _reconsider(self, device: DeviceState, since: float, why: str, decisions: list[Decision]) -> None:
        """Combine a device anew, then its unit, those that it acquits, and those that others might acquit."""
        followed = device.reconsider(since, why)
        # Also where the device itself stays as it is: what it is by its own slots counts for its children.
        for child in device.children:
            for other in child.parents:
                if other is not device and other.combined() is not other.state:
                    self._reconsider(other, since, why, decisions)
        if followed is None:
            return
        self._tell(device, followed, decisions)
        if device.unit and (change := device.unit.reconsider(followed.since, followed.why)):
            self._tell(device.unit, change, decisions)
        for parent in device.parents:
            self._reconsider(parent, followed.since, why, decisions)
        self._find_roots(device, decisions)

    def _find_roots(self, device: DeviceState, decisions: list[Decision]) -> None:
        """Name anew the dead ancestors of what a change may have left or put below one."""
        units: dict[UnitState, None] = {}
        for each in (device, *device.below()):
            self._find_root(each, decisions)
            if each.unit is not None:
                units[each.unit] = None
        for unit in units:
            self._find_root(unit, decisions)

    def _find_root(self, composite: Composite, decisions: list[Decision]) -> None:
        root = composite.failed_ancestor() if composite.state is State.DOWN else ""
        if root != composite.root:
            composite.root = root
            decisions.append(RootChanged(self._now, composite.subject, composite.key, root))

    def _tell(self, composite: Composite, change: Change, decisions: list[Decision]) -> None:
        """Tell a change of a device or unit."""
        composite.run.enter(change.state, change.since)
        decisions.append(self._told(composite.subject, composite.key, change))
        if composite.subject is Subject.DEVICE and change.state is State.UP:
            # An outage shorter than the time between two polls leaves no silence.
            self._reader.ask(composite.key)
        if composite.subject is Subject.UNIT:
            self._mass.follow(composite.key, change.state, change.since)

    def _told(self, subject: Subject, key: str, change: Change) -> StateChanged:
        return StateChanged(self._now, subject, key, change.state, change.previous, change.since, change.why)

    def _reconfigure(self, event: Reconfigured, decisions: list[Decision]) -> None:
        decisions.extend(self._settlement.finish())
        roster = self._roster
        gone = roster.replace(event.at, event.lines, event.devices, event.units, event.paths)
        self._paths.use(roster.sights, event.at)
        self._settlement.reorganise(event.at, roster)
        self._waiting = {}
        decisions.extend(self._settlement.part_with(gone))
        self._reader.keep(roster.devices.keys())
        self._inquest.keep(roster.devices.keys())
        self._mass.keep(roster.units)
        for composite in roster.composites():
            if change := composite.reconsider(event.at, "the configuration changed"):
                self._tell(composite, change, decisions)
        for composite in roster.composites():
            self._find_root(composite, decisions)
