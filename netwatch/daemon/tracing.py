"""Has a trace taken where an outage begins: which routers on the way still answered is known only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.decision import StateChanged, Subject
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from netwatch.judgement.composite import UnitState
    from netwatch.model.decision import Decision


class Tracing:
    """Asks for one trace to each unit that has been down for `after` seconds, unless below a dead ancestor.

    `trace(device, address)` asks for it; an address is as configured.
    """

    def __init__(self, after: float, trace: Callable[[str, str], object]) -> None:
        self._after = after
        self._trace = trace
        self._down: dict[str, float] = {}  # units whose outage has no trace yet, and when it will be one

    def take(self, decisions: Iterable[Decision]) -> None:
        """Follow who goes down and who comes back."""
        for decision in decisions:
            if isinstance(decision, StateChanged) and decision.subject is Subject.UNIT:
                if decision.state is State.DOWN:
                    self._down.setdefault(decision.key, decision.since + self._after)
                else:
                    self._down.pop(decision.key, None)

    def look(self, now: float, units: Mapping[str, UnitState]) -> None:
        """Ask for what is due at steady time `now`."""
        for unit in [unit for unit, due in self._down.items() if due <= now]:
            del self._down[unit]
            view = units.get(unit)
            if view is not None and not view.root and view.devices:
                device = view.devices[0].device
                self._trace(device.name, device.address)
