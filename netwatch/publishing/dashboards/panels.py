"""The few kinds of panel that netwatch's boards are made of, with the defaults they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from grafana_foundation_sdk.builders import (
    bargauge,
    common as shared,
    dashboard as boards,
    prometheus,
    stat,
    table,
    timeseries,
)
from grafana_foundation_sdk.models import common, dashboard, units
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.cog.variants import Dataquery

    from netwatch.publishing.dashboards.words import Words

SOURCE = common.DataSourceRef(type_val="prometheus", uid="${datasource}")

GREEN, RED, ORANGE, GREY, BLUE = "green", "red", "orange", "#8e8e8e", "blue"
"""up; down; unknown; unmonitored; a number that is neither good nor bad."""

COUNT, RATIO, SECONDS, DATE = units.NoUnit, units.PercentUnit, units.Seconds, units.DatetimeISONotToday


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL query, and what its series are called."""

    expr: str
    legend: str = ""


class _Panel(Protocol):
    """What the SDK's builders of panels have in common."""

    def title(self, title: str) -> Self: ...

    def description(self, description: str) -> Self: ...

    def datasource(self, datasource: common.DataSourceRef) -> Self: ...

    def height(self, h: int) -> Self: ...

    def span(self, w: int) -> Self: ...

    def unit(self, unit: str) -> Self: ...

    def with_target(self, target: Builder[Dataquery]) -> Self: ...


def number(
    words: Words,
    query: Query,
    unit: str,
    *,
    width: int,
    colors: Mapping[float, str] | None = None,
    texts: Mapping[str, tuple[str, str]] | None = None,
) -> stat.Panel:
    """One number of now. `colors`: the color from a value on; `texts`: value → (text, color) instead."""
    panel = _begun(stat.Panel(), words, unit, width, 4)
    panel.with_target(_instant(query, "A"))
    panel.reduce_options(shared.ReduceDataOptions().calcs(["lastNotNull"]))
    panel.graph_mode(common.BigValueGraphMode.NONE)
    panel.color_mode(common.BigValueColorMode.VALUE)
    panel.thresholds(_thresholds(colors or {0: BLUE}))
    if texts:
        panel.mappings([_texts(texts)])
    return panel


def bars(
    words: Words,
    queries: Sequence[Query],
    unit: str,
    *,
    width: int,
    height: int,
    names: Mapping[str, tuple[str, str]],
) -> bargauge.Panel:
    """Horizontal bars of now. `names`: series → (what it is called, color)."""
    panel = _begun(bargauge.Panel(), words, unit, width, height)
    for ref, query in zip("ABCDEF", queries, strict=False):
        panel.with_target(_instant(query, ref))
    panel.reduce_options(shared.ReduceDataOptions().calcs(["lastNotNull"]))
    panel.orientation(common.VizOrientation.HORIZONTAL)
    panel.display_mode(common.BarGaugeDisplayMode.BASIC)
    panel.min(0)
    for series, (name, color) in names.items():
        panel.override_by_name(series, [_property("displayName", name), _color(color)])
    return panel


def lines(
    words: Words,
    queries: Sequence[Query],
    unit: str,
    *,
    width: int,
    height: int = 8,
    names: Mapping[str, tuple[str, str]] | None = None,
    stacked: bool = False,
) -> timeseries.Panel:
    """Lines over time. `names`: series → (what it is called, color)."""
    panel = _begun(timeseries.Panel(), words, unit, width, height)
    for ref, query in zip("ABCDEF", queries, strict=False):
        panel.with_target(_target(query, ref).range())
    panel.min(0)
    panel.show_points(common.VisibilityMode.NEVER)
    panel.legend(
        shared.VizLegendOptions()
        .show_legend(show_legend=True)
        .display_mode(common.LegendDisplayMode.LIST)
        .placement(common.LegendPlacement.BOTTOM)
    )
    if stacked:
        panel.stacking(shared.StackingConfig().mode(common.StackingMode.NORMAL).group("A"))
        panel.fill_opacity(60)
    for series, (name, color) in (names or {}).items():
        panel.override_by_name(series, [_property("displayName", name), _color(color)])
    return panel


def rows(
    words: Words,
    queries: Sequence[Query],
    *,
    columns: Mapping[str, str],
    formats: Mapping[str, str] | None = None,
    texts: Mapping[str, Mapping[str, tuple[str, str]]] | None = None,
    width: int = 24,
    height: int = 12,
) -> table.Panel:
    """A table of now: the queries' series joined where their labels agree.

    `columns`: label or "Value #A" → heading, in order; all others are left out. `formats`: heading → unit;
    `texts`: heading → value → (text, color).
    """
    panel = _begun(table.Panel(), words, COUNT, width, height)
    for ref, query in zip("ABCDEF", queries, strict=False):
        panel.with_target(_instant(query, ref).format(PromQueryFormat.TABLE))
    keep = {"include": {"names": list(columns)}}
    order = {
        "indexByName": {name: index for index, name in enumerate(columns)},
        "renameByName": dict(columns),
    }
    panel.with_transformation(dashboard.DataTransformerConfig("merge", options={}))
    panel.with_transformation(dashboard.DataTransformerConfig("filterFieldsByName", options=keep))
    panel.with_transformation(dashboard.DataTransformerConfig("organize", options=order))
    panel.filterable(filterable=True)
    for heading, unit in (formats or {}).items():
        panel.override_by_name(heading, [_property("unit", unit)])
    for heading, values in (texts or {}).items():
        cell = _property("custom.cellOptions", {"type": "color-text"})
        panel.override_by_name(heading, [_property("mappings", [_texts(values)]), cell])
    return panel


def chosen(name: str, label: str, query: str, *, many: bool = False) -> boards.QueryVariable:
    """A variable whose values come from a label; `many`: also several, and all."""
    variable = (
        boards.QueryVariable(name)
        .label(label)
        .query({"query": query, "refId": "variable", "qryType": 1})
        .definition(query)
        .datasource(SOURCE)
        .refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(dashboard.VariableSort.ALPHABETICAL_ASC)
    )
    if many:
        variable.multi(multi=True).include_all(include_all=True).all_value(".*")
        variable.current(dashboard.VariableOption(text=["All"], value=["$__all"]))
    return variable


P = TypeVar("P", bound=_Panel)


def _begun(panel: P, words: Words, unit: str, width: int, height: int) -> P:
    return (
        panel.title(words.title)
        .description(words.description)
        .datasource(SOURCE)
        .unit(unit)
        .span(width)
        .height(height)
    )


def _target(query: Query, ref: str) -> prometheus.Dataquery:
    target = prometheus.Dataquery().expr(query.expr).ref_id(ref).datasource(SOURCE)
    return target.legend_format(query.legend) if query.legend else target


def _instant(query: Query, ref: str) -> prometheus.Dataquery:
    return _target(query, ref).instant()


def _thresholds(colors: Mapping[float, str]) -> boards.ThresholdsConfig:
    """The lowest color begins below every number."""
    steps = [
        dashboard.Threshold(value=value if index else None, color=color)
        for index, (value, color) in enumerate(sorted(colors.items()))
    ]
    return boards.ThresholdsConfig().mode(dashboard.ThresholdsMode.ABSOLUTE).steps(steps)


def _texts(texts: Mapping[str, tuple[str, str]]) -> dashboard.ValueMap:
    return dashboard.ValueMap(
        {
            value: dashboard.ValueMappingResult(text=text, color=color, index=index)
            for index, (value, (text, color)) in enumerate(texts.items())
        }
    )


def _property(name: str, value: object) -> dashboard.DynamicConfigValue:
    return dashboard.DynamicConfigValue(id_val=name, value=value)


def _color(color: str) -> dashboard.DynamicConfigValue:
    return _property("color", {"mode": "fixed", "fixedColor": color})
