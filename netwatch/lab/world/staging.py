"""A script put on the timeline of one plan: who is meant by each step is found before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.lab.faults import FaultKind
from netwatch.lab.script.selecting import POLLER, NotFoundError, select, target
from netwatch.lab.script.story import Announce, Restore, ScriptError, Strike
from netwatch.model.maintenance import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from netwatch.lab.faults import Fault
    from netwatch.lab.plan.layout import Plan
    from netwatch.lab.script.story import Script, Step
    from netwatch.lab.world.effects import Effects
    from netwatch.lab.world.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that the script did; `text` is for people."""

    at: float
    text: str
    window: Window | None = None  # that was announced just now
    clock: float = 0.0  # seconds by which the poller's wall clock was stepped just now


class Stage:
    """Plans the steps of a script that begins at `start`, and notes in `happened` what they do."""

    def __init__(self, plan: Plan, effects: Effects, timeline: Timeline, start: float) -> None:
        self.windows: list[Window] = []  # announced so far
        self.happened: list[Happening] = []
        self._plan = plan
        self._units = {device.name: device.unit for device in plan.devices}
        self._effects = effects
        self._timeline = timeline
        self._start = start

    def perform(self, script: Script) -> None:
        """Put all steps on the timeline; raise `ScriptError` where some do not fit the plan."""
        problems = []
        units = len(self._plan.offices)
        if units < script.units:
            problems.append(f"{script.source}:1: {script.name} needs {script.units} units, not {units}")
        for step in script.steps:
            try:
                self._perform(step)
            except NotFoundError as error:
                problems.append(f"{script.source}:{step.line}: {error}")
        if problems:
            raise ScriptError("\n".join(problems))

    def _perform(self, step: Step) -> None:
        names = select(step.on, self._plan) if step.on else ()
        at = self._start + step.at
        if isinstance(step, Strike):
            for name, moment in _spread(names, at, step.within):
                self._timeline.plan(moment, self._striking(step.fault, name))
                if step.until is not None:
                    self._timeline.plan(self._start + step.until, self._mending(step.fault.kind, name))
        elif isinstance(step, Restore):
            for name, moment in _spread(names, at, step.within):
                self._timeline.plan(moment, self._mending(step.kind, name))
        else:
            self._timeline.plan(at, self._announcing(self._window(step, names)))

    def _striking(self, fault: Fault, name: str) -> Callable[[float], None]:
        where = target(fault.kind, name, self._plan)
        clock = fault.seconds("by") if fault.kind is FaultKind.CLOCK_STEP else 0.0

        def strike(at: float) -> None:
            self.happened.append(Happening(at, f"{fault} {name}".rstrip(), clock=clock))
            self._effects.begin(fault, where, at)

        return strike

    def _mending(self, kind: FaultKind | None, name: str) -> Callable[[float], None]:
        def mend(at: float) -> None:
            self.happened.append(Happening(at, f"restore {kind or 'all'} {name}".rstrip()))
            self._effects.mend(kind, (name,) if name else (), at)

        return mend

    def _window(self, step: Announce, names: tuple[str, ...]) -> Window:
        """Return the window of an announcement: of whole units where their devices are meant."""
        units = dict.fromkeys(self._units[name] for name in names if self._units[name])
        return Window(
            name=step.name,
            start=self._start + step.start,
            end=self._start + step.end,
            announced=self._start + step.at,
            by=step.by,
            text=step.text,
            devices=tuple(name for name in names if not self._units[name]),
            units=tuple(units),
        )

    def _announcing(self, window: Window) -> Callable[[float], None]:
        what = ", ".join((*window.devices, *window.units))

        def announce(at: float) -> None:
            self.windows.append(window)
            self.happened.append(Happening(at, f"announce {window.name} {what}", window=window))

        return announce


def _spread(names: tuple[str, ...], at: float, within: float) -> Iterator[tuple[str, float]]:
    """Yield each name with its moment, evenly over `within`; no names: the poller, at once."""
    for place, name in enumerate(names or (POLLER,)):
        yield name, at + within * place / max(len(names), 1)
