"""What stands in a dashboard's JSON: panels, queries, variables, columns, links; and what a query is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import promql_parser as promql
from board_labels import Labels, selectors
from board_vocabulary import vocabulary

from netwatch.model.cause import Cause
from netwatch.model.claim import ClaimVerdict, Criterion, UnitVerdict
from netwatch.model.notification import NoticeKind
from netwatch.model.outcome import Outcome
from netwatch.model.state import State
from netwatch.publishing.dashboards.queries import panels

Json = Mapping[str, Any]

SCRAPED = 15
"""Seconds: the interval of the datasource as it is provisioned."""

VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)[^}]*\}|([A-Za-z_]\w*))")
LABEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Finding:
    """What is wrong, and where."""

    check: str
    where: str
    what: str


def variables(board: Json) -> list[Json]:
    return list(board["templating"]["list"])


def asking(board: Json) -> Iterator[Json]:
    """Every panel that has to ask something."""
    return (panel for panel in panels(board) if panel["type"] != "text")


def targets(board: Json) -> Iterator[tuple[str, Json, Json]]:
    for panel in asking(board):
        for target in panel.get("targets") or ():
            yield f"{panel['title']} {target['refId']}", panel, target


def exprs(board: Json) -> Iterator[tuple[str, str, int]]:
    """Every PromQL expression, with its place and its min step: panels, annotations, variables."""
    for where, _, target in targets(board):
        if target.get("expr"):
            yield where, target["expr"], step_of(target)
    for annotation in board["annotations"].get("list", ()):
        yield annotation["name"], annotation["expr"], SCRAPED
    for variable in variables(board):
        if variable["type"] == "query":
            yield variable["name"], asked(variable["query"]["query"]), SCRAPED


def asked(query: str) -> str:
    """The PromQL of a variable: label_values(SELECTOR, LABEL) asks for a grouping by the label."""
    if found := re.fullmatch(r"label_values\((.*), (\w+)\)", query):
        return f"group by ({found[2]}) ({found[1]})"
    return re.sub(r"^query_result\((.*)\)$", r"\1", query)


def selected(board: Json) -> Iterator[tuple[str, int, promql.VectorSelector, str, float | None, bool]]:
    for where, expr, step in exprs(board):
        parsed = parse(filled(expr, step))
        if parsed is not None:
            for found in selectors(parsed):
                yield where, step, *found


@cache
def parse(expr: str) -> Any:
    try:
        return promql.parse(expr)
    except ValueError:
        return None


def labels_of(expr: str, step: int) -> tuple[frozenset[str], tuple[str, ...]]:
    """The labels that an expression's result may have, and what is wrong with those that it uses."""
    return _labels_of(filled(expr, step))


@cache
def _labels_of(expr: str) -> tuple[frozenset[str], tuple[str, ...]]:
    parsed = parse(expr)
    if parsed is None:
        return frozenset({"*"}), ()
    wrong: list[str] = []
    return Labels(vocabulary(), wrong.append).of(parsed), tuple(wrong)


MARK = 1
"""Milliseconds that no one writes, by which a window is known to have been $__rate_interval."""


def filled(expr: str, step: int, values: Mapping[str, str] | None = None) -> str:
    """A query as Grafana would ask it, on the shortest range: `step` is its min step, seconds."""
    given = {
        "__rate_interval": f"{4 * step * 1000 + MARK}ms",
        "__range": "1h",
        "__interval": f"{step}s",
        **(values or {}),
    }
    return VARIABLE.sub(lambda found: given.get(found[1] or found[2], "x"), expr)


def step_of(target: Json) -> int:
    """The min step of a query, seconds: its own, or the datasource's."""
    return int(promql.parse_duration(target.get("interval") or f"{SCRAPED}s").total_seconds())


@cache
def units() -> frozenset[str]:
    """The units that Grafana knows."""
    from grafana_foundation_sdk.models import units as known

    return frozenset(value for value in vars(known).values() if isinstance(value, str))


def overridden(panel: Json) -> Iterator[tuple[str, str, Any]]:
    """What is overridden by name: the field, the property, its value."""
    for override in panel["fieldConfig"].get("overrides") or ():
        if override["matcher"]["id"] == "byName":
            for each in override["properties"]:
                yield override["matcher"]["options"], each["id"], each.get("value")


def organised(panel: Json) -> dict[str, str]:
    """The fields that a panel keeps, and the headings that they get."""
    for each in panel.get("transformations") or ():
        if each["id"] == "organize":
            renamed = each["options"]["renameByName"]
            return {name: renamed.get(name, "") for name in each["options"]["indexByName"]}
    return {}


def fields(panel: Json) -> set[str]:
    """The fields that a panel's queries bring: labels and values."""
    asked_for = panel.get("targets") or ()
    names = {label for each in asked_for for label in labels_of(each["expr"], step_of(each))[0]}
    values = {f"Value #{each['refId']}" for each in asked_for} if len(asked_for) > 1 else {"Value"}
    return names | values | {"Time"} | (set(organised(panel)) if "*" in names else set())


VALUES: Mapping[str, Iterable[str]] = {
    "state": State,
    "verdict": [*State, *UnitVerdict, *ClaimVerdict],
    "cause": Cause,
    "criterion": Criterion,
    "outcome": Outcome,
    "status": ("up", "down", "other"),
    "bound": ("lower", "upper"),
    "kind": NoticeKind,  # of a notification
    "reason": ("rate", "queue", "size"),  # why one was not looked at
}
"""Labels that have so many values and no others."""


def series_names(panel: Json) -> set[str]:
    """What the series of a panel may be called."""
    names: set[str] = set()
    for target in panel.get("targets") or ():
        legend = target.get("legendFormat", "")
        label = LABEL.fullmatch(legend)
        names |= {str(each) for each in VALUES.get(label[1], ())} if label else {legend}
    return names


def data_links(panel: Json) -> Iterator[Json]:
    yield from panel["fieldConfig"]["defaults"].get("links") or ()
    for _, name, value in overridden(panel):
        if name == "links":
            yield from value


def texts(part: Any, where: str) -> Iterator[tuple[str, str]]:
    """Every string of a board, with the title of the panel that it stands in."""
    match part:
        case dict():
            inside = part.get("title") or part.get("name") or where
            for each in part.values():
                yield from texts(each, inside)
        case list():
            for each in part:
                yield from texts(each, where)
        case str():
            yield where, part
