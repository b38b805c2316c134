"""What every dashboard has to keep, each rule under a name: those of Grafana's linter of that name, and ours.

Each check takes a board, the parsed JSON, and yields what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations

import promql_parser as promql
from board_counts import missing_where_none
from board_reading import (
    LABEL,
    MARK,
    VARIABLE,
    Finding,
    Json,
    asking,
    data_links,
    exprs,
    fields,
    filled,
    labels_of,
    organised,
    overridden,
    parse,
    selected,
    series_names,
    step_of,
    targets,
    texts,
    units,
    variables,
)
from board_vocabulary import vocabulary

from netwatch.publishing.dashboards.queries import panels


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
        yield from ((panel["title"], f"{unit} is no unit") for unit in used if not known_unit(unit))


def known_unit(unit: str | None) -> bool:
    """One of Grafana's, or what a board has Grafana write behind a number, as it is or after K, M and B."""
    return unit in units() or re.fullmatch(r"(suffix|count):\S+", unit or "") is not None


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


@rule("count-zero")
def count_zero(board: Json, _: Mapping[str, Json]) -> Found:
    """A number of units, ports or the like is 0 where there is none; missing only where nothing is told."""
    for where, _, target in targets(board):
        parsed = parse(filled(target.get("expr", ""), step_of(target)))
        if parsed is not None and missing_where_none(parsed):
            yield where, "is missing, and not 0, where it counts none"


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
        for label in LABEL.findall(target.get("legendFormat", "")):
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
        for braced, bare in VARIABLE.findall(text):
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


def panel_data(board: Json, answers: Callable[[str], bool], values: Mapping[str, str]) -> list[Finding]:
    """Panels none of whose queries is answered; `values`: variable → what is chosen."""
    return [
        Finding("panel-data", panel["title"], "shows nothing")
        for panel in asking(board)
        if not any(answers(filled(each["expr"], step_of(each), values)) for each in panel["targets"])
    ]
