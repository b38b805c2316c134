"""What a reader chooses on top of a board, and what links fill in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grafana_foundation_sdk.builders import dashboard as boards
from grafana_foundation_sdk.models import dashboard

from netwatch.publishing.dashboards import promql
from netwatch.publishing.dashboards.language import Text, asked_in
from netwatch.publishing.dashboards.panels import SOURCE

if TYPE_CHECKING:
    from netwatch.publishing.dashboards.language import Language


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable whose values come from a query.

    `named`: a regular expression with the groups `text` and `value`, where what is shown is not the value.
    `many`: several may be chosen, and all. `hidden`: it follows from another one. `by_value`: in the order in
    which the query brings them, and not in that of the alphabet.
    """

    name: str
    label: Text
    query: str
    named: str = ""
    many: bool = False
    hidden: bool = False
    by_value: bool = False

    def built(self, language: Language) -> boards.QueryVariable:
        """Hand it to the SDK."""
        query = asked_in(language, self.query)
        sort = dashboard.VariableSort.DISABLED if self.by_value else dashboard.VariableSort.ALPHABETICAL_ASC
        variable = (
            boards.QueryVariable(self.name)
            .label(self.label.said(language))
            .query({"query": query, "refId": "variable", "qryType": 3 if self.named else 1})
            .definition(query)
            .datasource(SOURCE)
            .refresh(dashboard.VariableRefresh.ON_TIME_RANGE_CHANGED)
            .sort(sort)
        )
        if self.named:
            variable.regex(self.named)
        if self.many:
            variable.multi(multi=True).include_all(include_all=True).all_value(".*")
            variable.current(dashboard.VariableOption(text=["All"], value=["$__all"]))
        if self.hidden:
            variable.hide(dashboard.VariableHide.HIDE_VARIABLE)
        return variable


def datasource() -> boards.DatasourceVariable:
    """Return the variable that every panel asks: Prometheus, VictoriaMetrics or Mimir."""
    return boards.DatasourceVariable("datasource").label("Prometheus").type("prometheus")


NAMED_UNIT = '/name="(?<text>[^"]+)".*unit="(?<value>[^"]+)"/'
"""Finds name and code of a unit in a series as Grafana writes it."""

REGISTER = Variable("register", Text("Danh mục", "Register"), "label_values(netwatch_unit_info, register)")

AREAS = Variable(
    "area",
    Text("Khu vực", "Area"),
    'label_values(netwatch_unit_info{register="$register"}, area)',
    many=True,
)

UNIT = Variable(
    "unit",
    Text("Đơn vị", "Unit"),
    'query_result(label_join(max by (area, name, unit) (netwatch_unit_info{register="$register"}),'
    ' "name", " · ", "name", "area"))',
    named=NAMED_UNIT,
)

DEVICE = Variable("device", Text("Thiết bị", "Device"), "label_values(netwatch_device_info, device)")

PORT = Variable("port", Text("Cổng", "Port"), 'label_values(ifOperStatus{device="$device"}, ifName)')

CLAIM = Variable(
    "claim",
    Text("Công bố", "Claim"),
    f"query_result({promql.STATEMENTS})",
    named='/claim="(?<value>[^"]+)".*statement="(?<text>.+)"}/',
    by_value=True,
)
"""By its name, as Prometheus sorts series; shown is what it says."""

UNIT_OF_DEVICE = Variable(
    "unit",
    Text("Đơn vị", "Unit"),
    'label_values(netwatch_device_info{device="$device"}, unit)',
    hidden=True,
)
"""For the link back, on boards about a device."""

AREA_OF_UNIT = Variable(
    "area",
    Text("Khu vực", "Area"),
    'label_values(netwatch_unit_info{register="$register",unit="$unit"}, area)',
    hidden=True,
)
"""For the link back, on boards about a unit."""
