"""The judgement: events in, decisions out, the present in three views. It asks no clock and no chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netwatch.judgement.events import Reconfigured
from netwatch.judgement.line import LineState
from netwatch.judgement.roster import Roster
from netwatch.judgement.settlement import Settlement
from netwatch.judgement.slots import IGNORED, MARKS, NOTHING
from netwatch.judgement.snmp import MARK_OF
from netwatch.model.decision import StateChanged, Subject
from netwatch.model.observation import EchoError, EchoSlots, EchoStray, Observation

if TYPE_CHECKING:
    from netwatch.judgement.composite import Composite, DeviceState, UnitState
    from netwatch.judgement.events import Event
    from netwatch.judgement.track import Change, Track
    from netwatch.model.decision import Decision
    from netwatch.model.device import StateRules

WATCH_EVERY = 2.0
"""Seconds between two looks for silent lines, however often events come."""


class Judgement:
    """Reduces events to decisions. Times are steady seconds; events are expected in the order of theirs.

    The views `lines` (by number), `devices` (by name) and `units` (by code) are for reading; a reload
    replaces the dictionaries.
    """

    def __init__(self, rules: StateRules) -> None:
        self.rules = rules
        self._roster = Roster(rules)
        self._now = -math.inf
        self._watched = -math.inf
        self._settlement = Settlement(rules.settle_after)

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

    def advance(self, event: Event) -> list[Decision]:
        """Take one event; return what follows from it and from the time that has passed, in order."""
        decisions: list[Decision] = []
        self._pass_time(event.at, decisions)
        if isinstance(event, EchoSlots):
            self._take_slots(event, decisions)
        elif isinstance(event, Observation):
            self._take_poll(event, decisions)
        elif isinstance(event, EchoStray):
            self._take_stray(event)
        elif isinstance(event, EchoError):
            if line := self.lines.get(event.line):
                line.last_error = event
        elif isinstance(event, Reconfigured):
            self._reconfigure(event, decisions)
        return decisions

    def _pass_time(self, at: float, decisions: list[Decision]) -> None:
        self._now = max(self._now, at)
        decisions.extend(self._settlement.pass_time(self._now))
        if self._watched + WATCH_EVERY <= self._now:
            self._watched = self._now
            self._watch(decisions)

    def _watch(self, decisions: list[Decision]) -> None:
        """Notice the lines of which nothing comes any more."""
        now = self._now
        for device, track in self._roster.tracks:
            if track.not_silent_before < now and (change := track.watch(now)):
                self._spread(device, track, change, decisions)

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
            if not mark & line.idle and index != IGNORED:
                self._judge(self.devices[line.line.device], line, index, decisions)

    def _take_poll(self, event: Observation, decisions: list[Decision]) -> None:
        device = self.devices.get(event.device)
        if device is None:
            return
        device.polls.take(event)
        due = event.at - event.duration
        if device.polled is None or due < self._settlement.unsettled:
            return
        index = device.polled.slots.put(due, MARK_OF[event.outcome], NOTHING)
        if index != IGNORED:
            self._judge(device, device.polled, index, decisions)

    def _take_stray(self, event: EchoStray) -> None:
        if line := self.lines.get(event.line):
            line.tally.late += event.late
            line.tally.duplicates += not event.late

    def _judge(self, device: DeviceState, track: Track, index: int, decisions: list[Decision]) -> None:
        """Judge by the slot, and again by those that had overtaken it; none from before the present state."""
        slots = track.slots
        for each in range(max(index, slots.first(track.since)), slots.newest + 1):
            if change := track.judge(each):
                self._spread(device, track, change, decisions)

    def _spread(self, device: DeviceState, track: Track, change: Change, decisions: list[Decision]) -> None:
        """Tell a change of a line or of polls, and what follows for the device and its unit."""
        change = change._replace(why=f"{track.label}: {change.why}")
        if isinstance(track, LineState):
            decisions.append(self._told(Subject.LINE, str(track.line.number), change))
        if followed := device.reconsider(change.since, change.why):
            self._tell(device, followed, decisions)
            if device.unit and (followed := device.unit.reconsider(followed.since, followed.why)):
                self._tell(device.unit, followed, decisions)

    def _tell(self, composite: Composite, change: Change, decisions: list[Decision]) -> None:
        """Tell a change of a device or unit, and the run of down that it ends."""
        decisions.append(self._told(composite.subject, composite.key, change))
        if span := composite.run.enter(change.state, change.since):
            decisions.append(composite.ended(span, self._now, self.rules))

    def _told(self, subject: Subject, key: str, change: Change) -> StateChanged:
        return StateChanged(self._now, subject, key, change.state, change.previous, change.since, change.why)

    def _reconfigure(self, event: Reconfigured, decisions: list[Decision]) -> None:
        decisions.extend(self._settlement.finish())
        gone = self._roster.replace(event.at, event.lines, event.devices, event.units)
        self._settlement.reorganise(event.at, self._roster)
        decisions.extend(
            composite.ended(span, self._now, self.rules)
            for composite in gone
            if (span := composite.run.close(self._now))
        )
        for composite in self._roster.composites():
            if change := composite.reconsider(event.at, "the configuration changed"):
                self._tell(composite, change, decisions)
