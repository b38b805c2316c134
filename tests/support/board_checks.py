"""What every dashboard has to keep, each rule under a name: those of Grafana's linter of that name, and ours.

Each check takes a board, the parsed JSON, and yields what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import promql_parser as promql
from board_labels import Labels, selectors
from board_vocabulary import vocabulary

from netwatch.model.cause import Cause
from netwatch.model.claim import ClaimVerdict, Criterion, UnitVerdict
from netwatch.model.outcome import Outcome
from netwatch.model.state import State
from netwatch.publishing.dashboards.queries import panels

Json = Mapping[str, Any]

SCRAPED = 15
"""Seconds: the interval of the datasource as it is provisioned."""

_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)[^}]*\}|([A-Za-z_]\w*))")
_LABEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True)
class Finding:
    """What is wrong, and where."""

    check: str
    where: str
    what: str


def check(board: Json, others: Iterable[Json]) -> list[Finding]:
    """Everything that is wrong with one board; `others` are all boards, which links may lead to."""
    known = {each["uid"]: each for each in others}
    return [Finding(name, where, what) for name, rule in CHECKS.items() for where, what in rule(board, known)]


Found = Iterator[tuple[str, str]]
Rule = Callable[[Json, Mapping[str, Json]], Found]
CHECKS: dict[str, Rule] = {}


def rule(name: str) -> Callable[[Rule], Rule]:
    """Enter a check under its name."""

    def enter(function: Rule) -> Rule:
        CHECKS[name] = function
        return function

    return enter


@rule("template-datasource")
def template_datasource(board: Json, _: Mapping[str, Json]) -> Found:
    """One variable chooses the datasource, of type prometheus."""
    found = [each for each in variables(board) if each["type"] == "datasource"]
    if [(each["name"], each["query"]) for each in found] != [("datasource", "prometheus")]:
        yield "variables", "there has to be one datasource, of type prometheus"


@rule("uneditable-dashboard")
def uneditable(board: Json, _: Mapping[str, Json]) -> Found:
    """What is changed in Grafana would be lost."""
    if board.get("editable") is not False:
        yield "board", "it can be edited"


@rule("panel-datasource")
def panel_datasource(board: Json, _: Mapping[str, Json]) -> Found:
    """Every panel, target, variable and annotation asks the datasource that is chosen."""
    wanted = {"type": "prometheus", "uid": "${datasource}"}
    places = [(panel["title"], panel) for panel in asking(board)]
    places += [(where, target) for where, _, target in targets(board)]
    places += [(each["name"], each) for each in variables(board) if each["type"] == "query"]
    places += [(each["name"], each) for each in board["annotations"].get("list", ())]
    yield from ((where, "asks another datasource") for where, it in places if it.get("datasource") != wanted)


@rule("panel-title-description")
def title_and_description(board: Json, _: Mapping[str, Json]) -> Found:
    """A panel says what it shows."""
    for panel in panels(board):
        if not panel.get("title") or not panel.get("description"):
            yield panel.get("title") or f"panel {panel['id']}", "has no title or no description"


@rule("panel-units")
def panel_units(board: Json, _: Mapping[str, Json]) -> Found:
    """A unit, and one that Grafana knows, of every panel and every column that has one of its own."""
    for panel in asking(board):
        used = [panel["fieldConfig"]["defaults"].get("unit")]
        used += [value for _, name, value in overridden(panel) if name == "unit"]
        yield from ((panel["title"], f"{unit} is no unit") for unit in used if unit not in units())


@rule("panel-no-targets")
def no_targets(board: Json, _: Mapping[str, Json]) -> Found:
    """A panel that asks nothing shows nothing."""
    for panel in asking(board):
        if not panel.get("targets") or not all(each.get("expr") for each in panel["targets"]):
            yield panel["title"], "has no query"


@rule("target-promql")
def target_promql(board: Json, _: Mapping[str, Json]) -> Found:
    """Every query can be parsed."""
    for where, expr, step in exprs(board):
        try:
            promql.parse(filled(expr, step))
        except ValueError as error:
            yield where, str(error)


@rule("target-rate-interval")
def rate_interval(board: Json, _: Mapping[str, Json]) -> Found:
    """rate() over $__rate_interval, and no window of a range shorter than four values of its metric."""
    for where, step, selector, function, window, _ in selected(board):
        series = vocabulary().get(selector.name or "")
        if window is None or series is None:
            continue
        if function in {"rate", "irate"} and round(window * 1000) % 1000 != MARK:
            yield where, f"{function} of {selector.name} is not over $__rate_interval"
        if window < 4 * series.every:
            yield where, f"{window:.0f} s is less than four values of {selector.name}; its step is {step} s"


@rule("target-counter-agg")
def counter_agg(board: Json, _: Mapping[str, Json]) -> Found:
    """A counter by itself starts anew with the daemon: only what it grew by says something."""
    growing = {"rate", "irate", "increase", "resets", "changes"}
    for where, _, selector, function, _, matters in selected(board):
        series = vocabulary().get(selector.name or "")
        if series and series.counter and matters and function not in growing:
            yield where, f"{selector.name} is a counter"
        # resets() of an uptime, which is no counter, tells how often a device was restarted.
        if series and not series.counter and function in growing - {"changes", "resets"}:
            yield where, f"{selector.name} is no counter"


@rule("metric-exported")
def metric_exported(board: Json, _: Mapping[str, Json]) -> Found:
    """Nothing is asked for that the daemon does not export."""
    for where, _, selector, *_ in selected(board):
        if selector.name not in vocabulary():
            yield where, f"{selector.name} is not exported"


@rule("label-exported")
def label_exported(board: Json, _: Mapping[str, Json]) -> Found:
    """No matcher, grouping, join, legend or column has a label that is not there."""
    for where, expr, step in exprs(board):
        for label in labels_of(expr, step)[1]:
            yield where, label
    for where, _, target in targets(board):
        present = labels_of(target["expr"], step_of(target))[0]
        for label in _LABEL.findall(target.get("legendFormat", "")):
            if not {label, "*"} & present:
                yield where, f"{label} of the legend is no label of the query"
    for panel in asking(board):
        columns = set(organised(panel))
        yield from ((panel["title"], f"{each} is no column") for each in sorted(columns - fields(panel)))


@rule("variable-defined")
def variable_defined(board: Json, _: Mapping[str, Json]) -> Found:
    """Every variable that anything uses is one of the board's, or one that Grafana fills in."""
    defined = {each["name"] for each in variables(board)}
    for where, text in texts(board, ""):
        for braced, bare in _VARIABLE.findall(text):
            name = braced or bare
            if name not in defined and not name.startswith("__"):
                yield where, f"there is no variable {name}"


@rule("field-exists")
def field_exists(board: Json, _: Mapping[str, Json]) -> Found:
    """What is overridden, sorted by, or drawn on the map is a column or a series of the panel."""
    for panel in asking(board):
        shown = organised(panel)
        names = {heading or name for name, heading in shown.items()} or series_names(panel)
        wanted = [option for option, _, _ in overridden(panel)]
        wanted += [each["displayName"] for each in panel.get("options", {}).get("sortBy") or ()]
        for layer in panel.get("options", {}).get("layers") or ():
            location = layer["location"]
            wanted += [
                location["latitude"],
                location["longitude"],
                layer["config"]["style"]["color"]["field"],
            ]
        for each in sorted(set(wanted) - names):
            yield panel["title"], f"{each} is no column and no series"


@rule("link-target")
def link_target(board: Json, known: Mapping[str, Json]) -> Found:
    """Links lead to boards that exist, in the same language, and fill in variables that they have."""
    for link in board.get("links") or ():
        twin = link is board["links"][-1]
        yield from ((link["title"], what) for what in wrong_link(board, link["url"], known, set(), twin=twin))
    for panel in asking(board):
        fillable = {f"__data.fields.{each}" for each in organised(panel)}
        fillable |= {f"__field.labels.{each}" for each in fields(panel)} | {"__url_time_range"}
        for link in data_links(panel):
            for what in wrong_link(board, link["url"], known, fillable):
                yield panel["title"], what


def wrong_link(
    board: Json, url: str, known: Mapping[str, Json], fillable: set[str], *, twin: bool = False
) -> Iterator[str]:
    uid, _, query = url.removeprefix("/d/").partition("?")
    target = known.get(uid)
    if target is None:
        yield f"there is no board {uid}"
        return
    if (uid.endswith("-en") == board["uid"].endswith("-en")) == twin:
        yield f"{uid} is in the wrong language"
    there = {each["name"] for each in variables(target)}
    here = {each["name"] for each in variables(board)}
    named = [part.removeprefix("var-").split("=")[0] for part in query.split("&") if part.startswith("var-")]
    carried = re.findall(r"\$\{(\w+):queryparam\}", query)
    yield from (f"{uid} has no variable {name}" for name in [*named, *carried] if name not in there)
    yield from (f"there is no variable {name} to carry" for name in carried if name not in here)
    for name in re.findall(r"\$\{(__[\w.]+?)(?::\w+)?\}", query):
        if name not in fillable:
            yield f"nothing fills in {name}"


@rule("panel-overlap")
def panel_overlap(board: Json, _: Mapping[str, Json]) -> Found:
    """Panels stay on the grid of 24, and none lies on another."""
    for panel in board["panels"]:
        place = panel["gridPos"]
        if place["x"] + place["w"] > 24 or place["w"] < 1 or place["h"] < 1:
            yield panel["title"], "leaves the grid"
    for one, other in combinations(board["panels"], 2):
        if overlap(one["gridPos"], other["gridPos"]):
            yield one["title"], f"lies on {other['title']}"


def overlap(a: Json, b: Json) -> bool:
    beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
    return not (beside or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"])


def languages_alike(one: Json, other: Json) -> list[Finding]:
    """Two boards that are to differ in their words only."""
    pairs = zip(skeleton(one, "board"), skeleton(other, "board"), strict=False)
    differing = [here for here, there in pairs if here != there]
    if not differing and len(list(skeleton(one, ""))) != len(list(skeleton(other, ""))):
        differing = ["the end"]
    return [Finding("languages-alike", one["uid"], f"differs at {each}") for each in differing[:1]]


def panel_data(board: Json, answers: Callable[[str], bool], values: Mapping[str, str]) -> list[Finding]:
    """Panels none of whose queries is answered; `values`: variable → what is chosen."""
    return [
        Finding("panel-data", panel["title"], "shows nothing")
        for panel in asking(board)
        if not any(answers(filled(each["expr"], step_of(each), values)) for each in panel["targets"])
    ]


WORDLESS = {
    "expr",
    "type",
    "refId",
    "legendFormat",
    "interval",
    "query",
    "regex",
    "unit",
    "id",
    "mode",
    "color",
    "value",
}


def skeleton(part: Any, key: str) -> Iterator[str]:
    """A board without its words: keys, numbers, and the strings that are alike in all languages."""
    match part:
        case dict():
            for name in sorted(part):
                yield f"{key}.{name}"
                worded = name == "value" and part.get("id") == "displayName"
                yield from skeleton(part[name], f"{key}.words" if worded else f"{key}.{name}")
        case list():
            for index, each in enumerate(part):
                yield from skeleton(each, f"{key}[{index}]")
        case str():
            above, _, name = key.rpartition(".")
            said = name not in WORDLESS or above.endswith("renameByName")
            yield key if said else f"{key}={part}"
        case _:
            yield f"{key}={part}"


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
    return _VARIABLE.sub(lambda found: given.get(found[1] or found[2], "x"), expr)


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
}
"""Labels that have so many values and no others."""


def series_names(panel: Json) -> set[str]:
    """What the series of a panel may be called."""
    names: set[str] = set()
    for target in panel.get("targets") or ():
        legend = target.get("legendFormat", "")
        label = _LABEL.fullmatch(legend)
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
