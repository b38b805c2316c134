"""Feeds the judgement, and writes down what it says of units: each second by gauges, and by decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from netwatch.model.decision import (
    CauseSettled,
    MinuteSettled,
    RunEnded,
    StateChanged,
    Subject,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netwatch.judgement.composite import UnitState
    from netwatch.judgement.events import Event
    from netwatch.model.decision import Decision
    from netwatch.model.state import State


class Judging(Protocol):
    """What is asked of a `netwatch.judgement.reducer.Judgement`, or of one that was broken on purpose."""

    @property
    def units(self) -> Mapping[str, UnitState]:
        """The present, by code."""
        ...

    def advance(self, event: Event) -> list[Decision]:
        """Take one event; return what follows."""
        ...


@dataclass(slots=True)
class Said:
    """All that was said of one unit."""

    seconds: list[State] = field(default_factory=list)  # as the gauge stood at each whole second
    changes: list[StateChanged] = field(default_factory=list)
    minutes: list[MinuteSettled] = field(default_factory=list)
    runs: list[RunEnded] = field(default_factory=list)
    causes: list[CauseSettled] = field(default_factory=list)


class Watch:
    """Hands events on and keeps what is said of some units, by code."""

    def __init__(self, judgement: Judging, units: Iterable[str]) -> None:
        self.said: dict[str, Said] = {code: Said() for code in units}
        self._judgement = judgement

    def take(self, event: Event) -> None:
        """Let the judgement take an event."""
        for decision in self._judgement.advance(event):
            if getattr(decision, "subject", None) is Subject.UNIT:
                self._write_down(decision)

    def look(self) -> None:
        """Write down what every gauge shows now; to be called each second."""
        units = self._judgement.units
        for code, said in self.said.items():
            said.seconds.append(units[code].state)

    def _write_down(self, decision: Decision) -> None:
        if isinstance(decision, StateChanged | MinuteSettled | RunEnded | CauseSettled):
            said = self.said.get(decision.key)
            if said is None:
                return
            if isinstance(decision, StateChanged):
                said.changes.append(decision)
            elif isinstance(decision, MinuteSettled):
                said.minutes.append(decision)
            elif isinstance(decision, RunEnded):
                said.runs.append(decision)
            else:
                said.causes.append(decision)
