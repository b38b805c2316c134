"""What is drawn behind the lines of a board: when units were lost, and when nothing could be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import dashboard as boards

from netwatch.publishing.dashboards.language import Text
from netwatch.publishing.dashboards.panels import ORANGE, RED, SOURCE
from netwatch.publishing.dashboards.promql import DOWN, NAMED, STATE, of_unit, state

if TYPE_CHECKING:
    from netwatch.publishing.dashboards.language import Language


@dataclass(frozen=True, slots=True)
class Annotation:
    """A stretch of time wherever `expr` has a value above 0."""

    name: Text
    expr: str
    text: str  # with {{label}}s
    color: str
    shown: bool = True  # from the beginning; a reader switches it on or off

    def built(self, language: Language, beyond: list[int]) -> boards.AnnotationQuery:
        """Hand it to the SDK; it is not drawn on the panels whose ids are `beyond`."""
        name = self.name.said(language)
        query = boards.AnnotationQuery().name(name).datasource(SOURCE).expr(self.expr).icon_color(self.color)
        if beyond:
            query.filter(boards.AnnotationPanelFilter().exclude(exclude=True).ids(beyond))
        return query.title_format(name).text_format(self.text).enable(self.shown)


_OUTAGE = Text("Mất kết nối", "Outage")

OUTAGES = Annotation(_OUTAGE, f"({STATE} == {DOWN}) {NAMED}", "{{name}}", RED)
ONE_OUTAGE = Annotation(_OUTAGE, f"{state(of_unit, 'unit')} == {DOWN}", "{{unit}}", RED)
MASS_OUTAGE = Annotation(
    Text("Mất kết nối diện rộng", "Mass outage"), "max(netwatch_mass_outage_units) > 0", "", RED
)
BLIND = Annotation(
    Text("Trạm đo không quan sát được", "Poller blind"),
    "max by (path) (netwatch_path_blind) > 0",
    "{{path}}",
    ORANGE,
)
