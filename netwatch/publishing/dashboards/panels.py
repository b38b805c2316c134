"""What panels have in common: their words, their queries, their place, and how they are handed to the SDK."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from grafana_foundation_sdk.builders import dashboard as boards, prometheus
from grafana_foundation_sdk.models import common, dashboard, units

from netwatch.publishing.dashboards.language import Text, asked_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grafana_foundation_sdk.cog.builder import Builder
    from grafana_foundation_sdk.cog.variants import Dataquery

    from netwatch.publishing.dashboards.language import Language, Words
    from netwatch.publishing.dashboards.links import Link

SOURCE = common.DataSourceRef(type_val="prometheus", uid="${datasource}")

GREEN, RED, ORANGE, GREY, BLUE = "green", "red", "orange", "#8e8e8e", "blue"
"""up; down; unknown; unmonitored; a number that is neither good nor bad."""

QUIET = "#37474f"
"""Behind white text, where there is nothing to see to: on a wall only what matters is in color."""

COUNT, RATIO, SECONDS = units.NoUnit, units.PercentUnit, units.Seconds
DATE = units.DatetimeISONotToday
BITS = units.BitsPerSecondSI
PER_SECOND, PER_MINUTE = "count:/s", "count:/min"  # Grafana's own are written c/s and c/m
DECIBEL_MILLIWATT = "suffix:dBm"  # Grafana's own, dBm, is written dbm
DECIBEL, CELSIUS, WATT = units.Decibel, units.Celsius, units.Watt
BYTES = units.BytesIEC
DAYS = "suffix:d"  # in digits, as the next
DURATION = units.DurationInDaysHoursMinutesSeconds  # in digits: Grafana's words of others are English

POLLED = "1m"
"""How often devices are polled: the `step` of every query of a rate of what moves once a minute.

Grafana's $__rate_interval is max($__interval + s, 4 s), where s is the query's min step, or the datasource's
interval (15 s) where it has none: one minute, a single poll. With a min step of 1m it is four polls.
"""

NO_DATA = Text("không có số liệu", "no data")

Names = dict[str, tuple[Text, str]]
"""A value, or the name of a series → (what it is called, its color; "" for none of its own)."""


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL query, and what its series are called. `step`: at least that long between two points.

    It may have `LANGUAGE` in it.
    """

    expr: str
    legend: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Panel(ABC):
    """A panel, in no language yet. `width` in 24ths of the screen, `height` in Grafana's lines (30 px)."""

    words: Words
    queries: tuple[Query, ...]
    _: KW_ONLY
    width: int
    height: int
    unit: str = COUNT
    decimals: int | None = None  # None: as many as matter
    links: tuple[Link, ...] = ()
    empty: Text = NO_DATA  # what it says where no query is answered

    @abstractmethod
    def built(self, language: Language) -> Builder[dashboard.Panel]:
        """Hand it to the SDK."""


class _Builder(Protocol):
    """What the SDK's builders of panels have in common."""

    def title(self, title: str) -> Self: ...

    def description(self, description: str) -> Self: ...

    def datasource(self, datasource: common.DataSourceRef) -> Self: ...

    def height(self, h: int) -> Self: ...

    def span(self, w: int) -> Self: ...

    def unit(self, unit: str) -> Self: ...

    def decimals(self, decimals: float) -> Self: ...

    def no_value(self, no_value: str) -> Self: ...

    def data_links(self, links: list[Any]) -> Self: ...

    def with_target(self, target: Builder[Dataquery]) -> Self: ...

    def override_by_name(self, name: str, properties: list[dashboard.DynamicConfigValue]) -> Self: ...


P = TypeVar("P", bound=_Builder)


def begun(builder: P, panel: Panel, language: Language) -> P:
    """Tell the builder what every panel has, but its queries."""
    builder.title(panel.words.title(language)).description(panel.words.description(language))
    builder.datasource(SOURCE).unit(panel.unit).no_value(panel.empty.said(language))
    if panel.decimals is not None:
        builder.decimals(panel.decimals)
    if panel.links:
        builder.data_links(
            [
                boards.DashboardLink(link.text.said(language))
                .type(dashboard.DashboardLinkType.LINK)
                .url(link.url(language))
                for link in panel.links
            ]
        )
    return builder.span(panel.width).height(panel.height)


def targets(panel: Panel, language: Language) -> list[prometheus.Dataquery]:
    """Return its queries, called A, B, …; each is yet to be made a range or an instant."""
    return [_target(query, ref, language) for ref, query in zip("ABCDEFGH", panel.queries, strict=False)]


def _target(query: Query, ref: str, language: Language) -> prometheus.Dataquery:
    target = prometheus.Dataquery().expr(asked_in(language, query.expr)).ref_id(ref).datasource(SOURCE)
    if query.legend:
        target.legend_format(query.legend)
    if query.step:
        target.interval(query.step)
    return target


def steps(colors: Mapping[float, str]) -> boards.ThresholdsConfig:
    """The color from a value on; the lowest begins below every number."""
    made = [
        dashboard.Threshold(value=value if index else None, color=color)
        for index, (value, color) in enumerate(sorted(colors.items()))
    ]
    return boards.ThresholdsConfig().mode(dashboard.ThresholdsMode.ABSOLUTE).steps(made)


def values(names: Names, language: Language) -> dashboard.ValueMap:
    """What stands in place of a value, and its color."""
    return dashboard.ValueMap(
        {
            value: dashboard.ValueMappingResult(text=text.said(language), color=color or None, index=index)
            for index, (value, (text, color)) in enumerate(names.items())
        }
    )


def prop(name: str, value: object) -> dashboard.DynamicConfigValue:
    """One property of an override."""
    return dashboard.DynamicConfigValue(id_val=name, value=value)


def named(builder: _Builder, names: Names, language: Language) -> None:
    """Call the series of a panel by their names, each in its color; "" is none of its own."""
    for series, (text, color) in names.items():
        properties = [prop("displayName", text.said(language))]
        if color:
            properties.append(prop("color", {"mode": "fixed", "fixedColor": color}))
        builder.override_by_name(series, properties)
