"""Pieces of PromQL that several boards are made of: plain PromQL, which VictoriaMetrics and Mimir know too.

Codes of two registers may be the same, and a unit may be watched by several pollers: no join here is on the
code of a unit alone where two series could have it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.dashboards.language import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Callable

UNITS = 'netwatch_unit_info{register="$register",area=~"$area"}'
"""The units of the register that is chosen, in the areas that are."""

INFO = f"topk by (unit) (1, {UNITS})"
"""The same, once each where several pollers tell of a unit."""


def of_units(series: str) -> str:
    """Return `series`, PromQL with <register> in its selectors, about `UNITS`."""
    return f"({of_register(series)} and on (unit) {UNITS})"


def of_unit(series: str) -> str:
    """Return `series`, PromQL with <register> in its selectors, about the unit that is chosen."""
    return of_register(series, 'unit="$unit"')


def of_register(series: str, *matchers: str) -> str:
    """Return `series`, PromQL with <register> in its selectors, about units of the register that is chosen.

    Series about units of the main register carry no `register`, series about those of another do: those
    without one are taken only where no unit of that code is of another register by the chosen name.
    """
    named, plain = (
        series.replace("<register>", ",".join((register, *matchers)))
        for register in ('register="$register"', 'register=""')
    )
    return f'({named} or ({plain}) unless on (unit) netwatch_unit_state{{register="$register"}})'


WATCHED = (
    "and on (unit, register, poller) netwatch_unit_minutes_total and on (unit, poller) netwatch_device_info"
)
"""Put behind series about units: of those alone that the poller has devices of."""

UP, UNKNOWN, DOWN, UNMONITORED = 0, 1, 2, -1
"""What the state of a unit is written as: the greatest is the most urgent."""


def state(of: Callable[[str], str], by: str) -> str:
    """Return the state of each unit that has a device, as the numbers above; `of`: `of_units` or `of_unit`.

    Of pollers that differ about a unit the one that reaches it is right, and whoever knows something before
    whoever knows nothing: 3, 2, 1; the remainder turns that into 0, 2, 1.
    """
    known = _ladder('netwatch_unit_state{<register>,state="%s"}')
    return f"(max by ({by}) ({of(known)} {WATCHED}) % 3)"


def _ladder(states: str) -> str:
    return " or ".join(f"{states % each} * {rung}" for each, rung in (("up", 3), ("down", 2), ("unknown", 1)))


STATE = state(of_units, "unit, area")
"""The state of each of `UNITS` that has a device."""

EACH_UNIT = f"({INFO} * on (unit) group_left () {STATE} or {INFO} * 0 - 1)"
"""The state of every unit of the register, with all that `netwatch_unit_info` tells of it."""

NAMED = f"* on (unit) group_left (name) {INFO}"
"""Put behind series about units or their devices: gives the units' names, leaves out the others."""

OF_UNITS = f"and on (unit) {UNITS}"
"""Put behind series about devices: of those alone that belong to the units."""


def counted(state: int) -> str:
    """Return how many units are in a state; nothing, and not 0, where nothing tells of units."""
    if state == UNMONITORED:
        return f"count({INFO} unless on (unit) {STATE}) or count({UNITS}) * 0"
    return f"sum({STATE} == bool {state}) or count({UNITS}) * 0"


def minutes(of: Callable[[str], str], verdicts: str, window: str = "$__range", by: str = "") -> str:
    """Return the settled minutes that came to one of `verdicts`, "up|unknown", in a window.

    Of pollers that watch the same unit the one counts that knew most: minutes of two are not to be added.
    """
    knew = f"topk by (unit) (1, sum by (unit, poller) ({_settled(of, 'up|down', window)} {WATCHED}))"
    settled = f"({_settled(of, verdicts, window)} and on (unit, poller) {knew})"
    return f"sum by ({by}) {settled}" if by else f"sum{settled}"


def _settled(of: Callable[[str], str], verdicts: str, window: str) -> str:
    return of(f'increase(netwatch_unit_minutes_total{{<register>,verdict=~"{verdicts}"}}[{window}])')


def availability(of: Callable[[str], str], bound: str, by: str = "") -> str:
    """Return the share of settled minutes that units were up: "lower", or "upper" with the unknown ones.

    Nothing where no minute is settled yet.
    """
    verdicts = "up" if bound == "lower" else "up|unknown"
    return f"{minutes(of, verdicts, by=by)} / ({minutes(of, 'up|down|unknown', by=by)} > 0)"


def device_state(matchers: str) -> str:
    """Return the state of each device that `matchers` choose, as `state` does."""
    known = _ladder(f'netwatch_device_state{{{matchers},state="%s"}}')
    return f"(max by (device) ({known}) % 3)"


def worst(metric: str, count: int) -> str:
    """Return the devices of the units of which `metric` is the greatest."""
    return f"topk({count}, max by (unit, device, name) ({metric} {NAMED}))"


STATEMENTS = (
    f'max by (claim, statement) (netwatch_claim_statement{{language="{LANGUAGE}"}})'
    " or on (claim) max by (claim, statement) (netwatch_claim_statement)"
)
"""What claims say, in the board's language, or in the one in which they are written."""
