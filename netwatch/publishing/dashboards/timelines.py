"""Panels over time: lines, states, hours."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import common as shared, statetimeline, statushistory, timeseries
from grafana_foundation_sdk.models import common

from netwatch.publishing.dashboards.panels import (
    COUNT,
    GREEN,
    PER_MINUTE,
    PER_SECOND,
    Names,
    Panel,
    begun,
    named,
    prop,
    steps,
    targets,
    values,
)

if TYPE_CHECKING:
    from netwatch.publishing.dashboards.language import Language


LEAST_TOP = {COUNT: 1.0, PER_SECOND: 1.0, PER_MINUTE: 1.0}
"""How far an axis goes at least: of nothing but zeros Grafana's goes to a hundred."""


@dataclass(frozen=True, slots=True)
class Lines(Panel):
    """Lines. `names`: series → (what it is called, color); `least`: where the axis begins, None: anywhere."""

    _: KW_ONLY
    names: Names = field(default_factory=dict)
    stacked: bool = False
    dashed: str = ""  # a series that is measured against, and is none itself
    least: float | None = 0.0
    most: float | None = None  # how far the axis goes at least; None: as its unit has it
    mirrored: str = ""  # a regular expression of the series that are drawn below zero

    def built(self, language: Language) -> timeseries.Panel:
        """Hand it to the SDK."""
        panel = begun(timeseries.Panel(), self, language)
        for target in targets(self, language):
            panel.with_target(target.range())
        if self.least is not None and not self.mirrored:
            panel.min(self.least)
        most = LEAST_TOP.get(self.unit) if self.most is None else self.most
        if most is not None:
            panel.axis_soft_max(most)
        panel.show_points(common.VisibilityMode.NEVER)
        panel.legend(_legend())
        panel.tooltip(shared.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI))
        if self.stacked:
            panel.stacking(shared.StackingConfig().mode(common.StackingMode.NORMAL).group("A"))
            panel.fill_opacity(60)
        if self.dashed:
            panel.override_by_name(
                self.dashed, [prop("custom.lineStyle", {"fill": "dash", "dash": [10, 10]})]
            )
        if self.mirrored:
            panel.override_by_regexp(self.mirrored, [prop("custom.transform", "negative-Y")])
        named(panel, self.names, language)
        return panel


@dataclass(frozen=True, slots=True)
class States(Panel):
    """A stripe for each series, in the color of its state. `said`: value → (text, color)."""

    _: KW_ONLY
    said: Names
    names: Names = field(default_factory=dict)

    def built(self, language: Language) -> statetimeline.Panel:
        """Hand it to the SDK."""
        panel = begun(statetimeline.Panel(), self, language)
        for target in targets(self, language):
            panel.with_target(target.range())
        panel.mappings([values(self.said, language)])
        panel.merge_values(merge_values=True)
        panel.show_value(common.VisibilityMode.AUTO)  # not everyone tells the colors
        panel.row_height(0.85)
        panel.fill_opacity(90)
        panel.line_width(0)
        panel.legend(_legend())
        named(panel, self.names, language)
        return panel


@dataclass(frozen=True, slots=True)
class Hours(Panel):
    """A cell for each step of a query, as many as there is room for; always the last `days`.

    `names`: series → (what it is called, the color of a cell of more than nothing).
    """

    _: KW_ONLY
    names: Names
    days: int = 30

    def built(self, language: Language) -> statushistory.Panel:
        """Hand it to the SDK."""
        panel = begun(statushistory.Panel(), self, language)
        for target in targets(self, language):
            panel.with_target(target.range())
        panel.time_from(f"{self.days}d").hide_time_override(hide_time_override=True)  # its title says it
        panel.show_value(common.VisibilityMode.NEVER)
        panel.row_height(0.9)
        panel.legend(_legend(shown=False))  # it would tell thresholds
        for series, (text, color) in self.names.items():
            limits = steps({0.0: GREEN, SOME: color}).build()
            panel.override_by_name(
                series,
                [
                    prop("displayName", text.said(language)),
                    prop("thresholds", limits),
                    prop("color", {"mode": "thresholds"}),
                ],
            )
        return panel


SOME = 0.5
"""A count above it is one at least: increase() interpolates."""


def _legend(*, shown: bool = True) -> shared.VizLegendOptions:
    return (
        shared.VizLegendOptions()
        .show_legend(show_legend=shown)
        .display_mode(common.LegendDisplayMode.LIST)
        .placement(common.LegendPlacement.BOTTOM)
    )
