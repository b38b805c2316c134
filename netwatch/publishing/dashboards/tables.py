"""Panels whose rows are series of now: a table, and a map."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import common as shared, geomap, table
from grafana_foundation_sdk.models import common, dashboard, units
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from netwatch.publishing.dashboards.panels import (
    COUNT,
    DATE,
    Names,
    Panel,
    begun,
    prop,
    steps,
    targets,
    values,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grafana_foundation_sdk.cog.builder import Builder

    from netwatch.publishing.dashboards.language import Language, Text
    from netwatch.publishing.dashboards.links import Link


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `name`: a label, or "Value #A"; "Value" where there is one query only."""

    name: str
    heading: Text
    _: KW_ONLY
    unit: str = ""
    said: Names = field(default_factory=dict)
    decimals: int | None = None
    colors: Mapping[float, str] = field(default_factory=dict)  # from a value on
    links: tuple[Link, ...] = ()
    hidden: bool = False  # links fill it in, and nobody reads it
    width: int = 0  # pixels; 0: its share of what the others leave
    least: int = 0  # pixels that its share is at least, on a phone; 0: as Grafana has it, 150
    wrapped: bool = False  # over as many lines as it takes
    time: bool = False  # a label that says a time, which is shown as the board shows times

    def properties(self, language: Language) -> list[dashboard.DynamicConfigValue]:
        """Return how its cells look."""
        unit = self.unit or (DATE if self.time else "" if self.name.startswith("Value") else TEXT)
        given: dict[str, object] = {
            "noValue": NOTHING,
            "unit": unit or None,
            "decimals": 0 if unit == COUNT else self.decimals,
            "mappings": [values(self.said, language)] if self.said else None,
            "thresholds": steps(self.colors).build() if self.colors else None,
            "custom.cellOptions": self._cell(),
            "custom.align": "left" if self.said else None,
            "custom.width": self.width or None,
            "custom.minWidth": self.least or None,
            "custom.wrapText": self.wrapped or None,
            "links": [link.built(language) for link in self.links] or None,
            "custom.hideFrom": {"viz": True, "legend": True, "tooltip": True} if self.hidden else None,
        }
        return [prop(name, value) for name, value in given.items() if value is not None]

    def _cell(self) -> dict[str, object] | None:
        """Return what its cells are, where they are no plain text of one line."""
        if self.wrapped:
            return {"type": "auto", "wrapText": True}  # where older Grafanas look for it
        colored = self.colors or any(color for _, color in self.said.values())
        return {"type": "color-text"} if colored else None


@dataclass(frozen=True, slots=True)
class Rows(Panel):
    """A table: the queries' series joined where their labels agree; labels that no column has are left out.

    `sorted_by`: the fields of the columns that it is sorted by, "-" before one for the greatest first.
    """

    _: KW_ONLY
    columns: tuple[Column, ...]
    sorted_by: tuple[str, ...] = ()

    def built(self, language: Language) -> table.Panel:
        """Hand it to the SDK."""
        panel = begun(table.Panel(), self, language)
        _rows(panel, self, self.columns, language)
        times = [column.heading.said(language) for column in self.columns if column.time]
        if times:
            panel.with_transformation(_as("time", times))
        panel.filterable(filterable=True)
        headings = {column.name: column.heading.said(language) for column in self.columns}
        order: list[Builder[common.TableSortByFieldState]] = [
            shared.TableSortByFieldState()
            .display_name(headings[each.lstrip("-")])
            .desc(desc=each.startswith("-"))
            for each in self.sorted_by
        ]
        if order:
            panel.sort_by(order)
        for column in self.columns:
            if column.hidden:
                panel.override_by_name(headings[column.name], [prop("custom.hidden", value=True)])
        return panel


@dataclass(frozen=True, slots=True)
class Map(Panel):
    """A marker for each series that has a latitude and a longitude, in the color of `colored`, a column."""

    _: KW_ONLY
    columns: tuple[Column, ...]
    colored: str

    def built(self, language: Language) -> geomap.Panel:
        """Hand it to the SDK."""
        panel = begun(geomap.Panel(), self, language)
        _rows(panel, self, self.columns, language, PLACE)
        panel.with_transformation(_as("number", PLACE))
        heading = next(each.heading for each in self.columns if each.name == self.colored)
        panel.view(geomap.MapViewConfig().id("fit").all_layers(all_layers=True))
        panel.controls(
            geomap.ControlsOptions().show_zoom(show_zoom=True).show_attribution(show_attribution=True)
        )
        panel.basemap(shared.MapLayerOptions().type("default").name("Basemap"))
        panel.layers([_markers(self.words.title(language), heading.said(language))])
        return panel


TEXT = units.String
"""Of what a label says: else Grafana takes a code, a version or a serial number for a number to round."""

NOTHING = "–"  # noqa: RUF001
"""Stands in a cell that has no value; what a panel says where it is empty would stand there else."""

PLACE = ("latitude", "longitude")


def _as(kind: str, fields: Iterable[str]) -> dashboard.DataTransformerConfig:
    """Take what the labels say for a number, or a time."""
    conversions = [{"targetField": name, "destinationType": kind} for name in fields]
    options = {"fields": {}, "conversions": conversions}
    return dashboard.DataTransformerConfig("convertFieldType", options=options)


def _rows(
    panel: table.Panel | geomap.Panel,
    about: Panel,
    columns: Iterable[Column],
    language: Language,
    besides: tuple[str, ...] = (),
) -> None:
    """Ask for tables, join them, keep the columns in their order under their headings."""
    for target in targets(about, language):
        panel.with_target(target.instant().format(PromQueryFormat.TABLE))
    headings = {column.name: column.heading.said(language) for column in columns}
    names = [*headings, *besides]
    order = {"indexByName": {name: index for index, name in enumerate(names)}, "renameByName": headings}
    panel.with_transformation(dashboard.DataTransformerConfig("merge", options={}))
    keep = {"include": {"names": names}}
    panel.with_transformation(dashboard.DataTransformerConfig("filterFieldsByName", options=keep))
    panel.with_transformation(dashboard.DataTransformerConfig("organize", options=order))
    for column in columns:
        panel.override_by_name(headings[column.name], column.properties(language))


def _markers(name: str, colored: str) -> shared.MapLayerOptions:
    style = {
        "color": {"field": colored, "fixed": "blue"},
        "opacity": 0.9,
        "size": {"field": colored, "fixed": 7, "min": 5, "max": 12},
        "symbol": {"fixed": "img/icons/marker/circle.svg", "mode": "fixed"},
    }
    latitude, longitude = PLACE
    where = shared.FrameGeometrySource().mode(common.FrameGeometrySourceMode.COORDS)
    return (
        shared.MapLayerOptions()
        .type("markers")
        .name(name)
        .config({"showLegend": False, "style": style})
        .location(where.latitude(latitude).longitude(longitude))
        .tooltip(tooltip=True)
    )
