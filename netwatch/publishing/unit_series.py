"""One unit of a register as sample lines, whether or not it has a device."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from netwatch.model.cause import Cause
from netwatch.model.state import State
from netwatch.publishing.exposition import encoded, fill, labels, number, template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.judgement.composite import UnitState
    from netwatch.model.decision import CauseSettled
    from netwatch.model.register import Unit

STATES = {state: tuple(int(each is state) for each in State) for state in State}
"""A state set: one number for each state, the present one's is 1."""

_STATE = template("netwatch_unit_state", "state", State)
_MINUTES = template("netwatch_unit_minutes_total", "verdict", State)


class UnitSeries:
    """A unit, and what is known of it: `view` is None where the judgement was not told of it."""

    def __init__(self, register: str, unit: Unit, view: UnitState | None, *, main: bool) -> None:
        self.register = register
        self.unit = unit
        self.view = view
        self.area = (view.area if view else "") or unit.district or unit.province
        other = {} if main else {"register": register}
        self.classes: Mapping[str, int] = {}  # how many claims of each are about it
        self._unit = encoded(labels({"unit": unit.code, **other}))
        self._area = encoded(labels({"unit": unit.code, "area": self.area, **other}))
        self._other = other

    @property
    def monitored(self) -> bool:
        """Whether a device of it is watched."""
        return self.view is not None and self.view.monitored

    def same(self, other: UnitSeries) -> bool:
        """Tell whether the lines of both are alike as long as the view does not change."""
        return (
            self.view is other.view
            and (self.register, self.unit, self.area) == (other.register, other.unit, other.area)
            and self._other == other._other
        )

    def everything(self) -> dict[str, bytes]:
        """Return all lines, by family."""
        return {"netwatch_unit_info": self._info(), **self.state(), **self.minutes(), **self.runs()}

    def state(self) -> dict[str, bytes]:
        """Return the lines that change with the live state."""
        state = self.view.state if self.view else State.UNKNOWN
        since = self.view.down_since if self.view else None
        name = "netwatch_unit_down_since_timestamp_seconds"
        down = b"" if since is None else b"%b{%b} %b\n" % (name.encode(), self._area, number(since))
        return {
            "netwatch_unit_state": fill(_STATE, self._area, STATES[state]),
            name: down,
            "netwatch_unit_outage_root": self._root(),
            **self._unsettled(),
        }

    def maintenance(self, *, inside: bool) -> dict[str, bytes]:
        """Return the line that stands while an announced window covers the unit."""
        line = b"netwatch_maintenance{%b} 1\n" % self._unit if inside else b""
        return {"netwatch_maintenance": line}

    def claims(self) -> dict[str, bytes]:
        """Return the lines that say how many claims of each class are about the unit."""
        lines = "".join(
            f"netwatch_unit_claims{{{self._labels(area=self.area, **{'class': name})}}} {count}\n"
            for name, count in sorted(self.classes.items())
        )
        return {"netwatch_unit_claims": encoded(lines)}

    def minutes(self) -> dict[str, bytes]:
        """Return the lines that change when a minute is settled."""
        if self.view is None:
            return {}
        minutes = self.view.minutes
        return {
            "netwatch_unit_minutes_total": fill(_MINUTES, self._area, (minutes[each] for each in State)),
            **self._unsettled(),
        }

    def runs(self) -> dict[str, bytes]:
        """Return the lines that change when a run of down has ended."""
        if self.view is None:
            return {}
        # Each cause has a series from the beginning, so that its first outage is an increase.
        outages = {**dict.fromkeys(Cause, 0), **self.view.outages}
        ended = "".join(
            f"netwatch_unit_outages_total{{{self._labels(cause=cause)}}} {count}\n"
            for cause, count in outages.items()
        )
        return {
            "netwatch_unit_outages_total": encoded(ended),
            "netwatch_unit_blips_total": b"netwatch_unit_blips_total{%b} %d\n"
            % (self._unit, self.view.blips),
            **self._last(self.view.last_outage),
            **self._unsettled(),
        }

    def _unsettled(self) -> dict[str, bytes]:
        """Return the line that ends with what `minutes` or `runs` tell, in the same breath."""
        name = "netwatch_unit_outage_unsettled"
        open_ = self.view is not None and self.view.monitored and self.view.unsettled
        return {name: b"%b{%b} 1\n" % (name.encode(), self._area) if open_ else b""}

    def _root(self) -> bytes:
        root = self.view.root if self.view else ""
        if not root:
            return b""
        told = labels({"unit": self.unit.code, "area": self.area, "root": root, **self._other})
        return encoded(f"netwatch_unit_outage_root{{{told}}} 1\n")

    def _last(self, outage: CauseSettled | None) -> dict[str, bytes]:
        """Return the last outage as people read it, and its times for whoever reckons with them."""
        info = "netwatch_unit_last_outage_info"
        start = "netwatch_unit_last_outage_start_timestamp_seconds"
        end = "netwatch_unit_last_outage_end_timestamp_seconds"
        if outage is None:
            return {info: b"", start: b"", end: b""}
        told = self._labels(cause=outage.cause, start=_date(outage.start), end=_date(outage.end))
        return {
            info: encoded(f"{info}{{{told}}} 1\n"),
            start: b"%b{%b} %b\n" % (start.encode(), self._unit, number(outage.start)),
            end: b"%b{%b} %b\n" % (end.encode(), self._unit, number(outage.end)),
        }

    def _info(self) -> bytes:
        unit = self.unit
        told = labels(
            {
                "unit": unit.code,
                "register": self.register,
                "name": unit.name,
                "kind": unit.kind,
                "area": self.area,
                "province": unit.province,
                "latitude": _degrees(unit.latitude),
                "longitude": _degrees(unit.longitude),
            }
        )
        return encoded(f"netwatch_unit_info{{{told}}} 1\n")

    def _labels(self, **more: str) -> str:
        return labels({"unit": self.unit.code, **more, **self._other})


def _degrees(angle: float | None) -> str:
    return "" if angle is None else f"{angle:.6g}"


def _date(time: float) -> str:
    return dt.datetime.fromtimestamp(time, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
