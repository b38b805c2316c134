"""Every committed board keeps every rule; each fault that may slip in is found, and by its own rule."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
from board_checks import CHECKS, check, panel_data
from board_counts import missing_where_none
from board_reading import asking, data_links
from board_twins import languages_alike
from board_vocabulary import vocabulary

pytestmark = pytest.mark.filterwarnings("ignore:Prefer using dashboardv2:DeprecationWarning")

GRAFANA = Path(__file__).parents[2] / "grafana"
BOARDS = {
    board["uid"]: board
    for board in (json.loads(path.read_text("utf-8")) for path in sorted(GRAFANA.glob("dashboards/*/*.json")))
}


@pytest.mark.parametrize("uid", BOARDS)
def test_a_board_keeps_every_rule(uid: str) -> None:
    assert check(BOARDS[uid], BOARDS.values()) == []


@pytest.mark.parametrize("uid", [uid for uid in BOARDS if not uid.endswith("-en")])
def test_a_board_is_the_same_in_both_languages(uid: str) -> None:
    assert languages_alike(BOARDS[uid], BOARDS[f"{uid}-en"]) == []


DOWN = [
    ("province", "area"),
    ("province", "unit"),
    ("province", "claims"),
    ("area", "unit"),
    ("unit", "switch"),
    ("switch", "port"),
    ("optics", "port"),
    ("optics", "switch"),
]
"""Boards between which a click on a row, a mark, a stripe or a line leads."""


@pytest.mark.parametrize("suffix", ["", "-en"])
@pytest.mark.parametrize(("above", "below"), DOWN)
def test_a_click_leads_down_and_the_top_leads_back(above: str, below: str, suffix: str) -> None:
    one, other = f"netwatch-{above}{suffix}", f"netwatch-{below}{suffix}"
    down = {link["url"].split("?")[0] for panel in asking(BOARDS[one]) for link in data_links(panel)}
    back = {link["url"].split("?")[0] for link in BOARDS[other]["links"]}
    assert f"/d/{other}" in down
    assert f"/d/{one}" in back


@pytest.mark.parametrize("uid", BOARDS)
def test_a_click_keeps_the_time_range_and_the_datasource(uid: str) -> None:
    links = [link["url"] for panel in asking(BOARDS[uid]) for link in data_links(panel)]
    assert all("?${__url_time_range}&${datasource:queryparam}&" in link for link in links)
    assert all(link["keepTime"] for link in BOARDS[uid]["links"])


def test_the_vocabulary_has_what_polls_bring() -> None:
    known = vocabulary()
    assert known["ifHCInOctets"].counter
    assert known["ifHCInOctets"].every == 60
    assert not known["ifOperStatus"].counter
    assert "ifAlias" in known["ifOperStatus"].labels
    assert "le" in known["netwatch_echo_rtt_seconds_bucket"].labels
    assert "register" in known["netwatch_unit_state"].labels
    assert "register" not in known["netwatch_device_state"].labels


def small() -> dict[str, Any]:
    """A board without a fault: a number, lines with a rate of polled values, and a table."""
    source = {"type": "prometheus", "uid": "${datasource}"}

    def target(ref: str, expr: str, **more: str) -> dict[str, Any]:
        return {"refId": ref, "expr": expr, "datasource": dict(source), **more}

    def panel(kind: str, title: str, y: int, targets: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        return {
            "type": kind,
            "id": y + 1,
            "title": title,
            "description": "What it shows.",
            "datasource": dict(source),
            "gridPos": {"x": 0, "y": y, "w": 24, "h": 1},
            "targets": targets,
            "fieldConfig": {"defaults": {"unit": "none"}, "overrides": []},
            **more,
        }

    by_state = target(
        "A", 'sum by (state) (netwatch_device_state{device="$device"})', legendFormat="{{state}}"
    )
    traffic = 'sum by (ifName) (rate(ifHCInOctets{device="$device"}[$__rate_interval])) * 8'
    rates = target("A", traffic, legendFormat="{{ifName}}", interval="1m")
    rows = [
        target("A", "netwatch_device_info * on (device) group_left (model) netwatch_device_identity_info"),
        target("B", "netwatch_device_uptime_seconds"),
    ]
    device = "${__data.fields.device:percentencode}"
    url = f"/d/small?${{__url_time_range}}&${{datasource:queryparam}}&var-device={device}"
    organised = {
        "id": "organize",
        "options": {
            "indexByName": {"device": 0, "model": 1, "Value #B": 2},
            "renameByName": {"device": "Device", "model": "Model", "Value #B": "Uptime"},
        },
    }
    links = [{"title": "Open", "url": url}]
    return {
        "uid": "small",
        "editable": False,
        "templating": {
            "list": [
                {"name": "datasource", "type": "datasource", "query": "prometheus"},
                {
                    "name": "device",
                    "type": "query",
                    "datasource": dict(source),
                    "query": {"query": "label_values(netwatch_device_info, device)"},
                },
            ]
        },
        "annotations": {
            "list": [{"name": "blind", "datasource": dict(source), "expr": "netwatch_path_blind == 1"}]
        },
        "links": [
            {"title": "Again", "url": "/d/small?${datasource:queryparam}"},
            {"title": "English", "url": "/d/small-en?${datasource:queryparam}&${device:queryparam}"},
        ],
        "panels": [
            panel(
                "bargauge",
                "States",
                0,
                [by_state],
                fieldConfig={
                    "defaults": {"unit": "none"},
                    "overrides": [override("up", "displayName", "Up")],
                },
            ),
            panel("timeseries", "Traffic", 1, [rates]),
            panel(
                "table",
                "Devices",
                2,
                rows,
                transformations=[organised],
                fieldConfig={
                    "defaults": {"unit": "none"},
                    "overrides": [override("Device", "links", links), override("Uptime", "unit", "s")],
                },
                options={"sortBy": [{"displayName": "Model"}]},
            ),
        ],
    }


def override(name: str, prop: str, value: Any) -> dict[str, Any]:
    return {"matcher": {"id": "byName", "options": name}, "properties": [{"id": prop, "value": value}]}


def known(board: dict[str, Any]) -> list[dict[str, Any]]:
    return [board, {**copy.deepcopy(board), "uid": "small-en"}]


def test_the_small_board_has_no_fault() -> None:
    board = small()
    assert check(board, known(board)) == []
    assert languages_alike(board, copy.deepcopy(board)) == []


Spoil = Callable[[dict[str, Any]], object]


def expr(panel: int, old: str, new: str, target: int = 0) -> Spoil:
    """Change a query."""

    def spoil(board: dict[str, Any]) -> None:
        it = board["panels"][panel]["targets"][target]
        assert old in it["expr"]
        it["expr"] = it["expr"].replace(old, new)

    return spoil


def put(path: str, value: Any) -> Spoil:
    """Set something: "panels.0.gridPos.w"."""

    def spoil(board: dict[str, Any]) -> None:
        *way, last = (int(step) if re.fullmatch(r"\d+", step) else step for step in path.split("."))
        it: Any = board
        for step in way:
            it = it[step]
        assert it[last] != value
        it[last] = value

    return spoil


def cut(path: str) -> Spoil:
    """Take something away."""

    def spoil(board: dict[str, Any]) -> None:
        *way, last = (int(step) if re.fullmatch(r"\d+", step) else step for step in path.split("."))
        it: Any = board
        for step in way:
            it = it[step]
        del it[last]

    return spoil


def count_some(board: dict[str, Any]) -> None:
    """Count what a condition leaves, and say nothing where it leaves nothing."""
    board["panels"][1]["targets"][0].update(expr="count(ifOperStatus == 2)", legendFormat="")


LINK = "panels.2.fieldConfig.overrides.0.properties.0.value.0.url"

FAULTS: dict[str, tuple[Spoil, str]] = {
    "a misspelt metric": (expr(0, "netwatch_device_state", "netwatch_device_states"), "metric-exported"),
    "a misspelt MIB name": (expr(1, "ifHCInOctets", "ifHCInOctet"), "metric-exported"),
    "a metric of an annotation": (
        put("annotations.list.0.expr", "netwatch_path_blimd == 1"),
        "metric-exported",
    ),
    "a metric of a variable": (
        put("templating.list.1.query.query", "label_values(netwatch_devices, device)"),
        "metric-exported",
    ),
    "a misspelt label in a matcher": (expr(0, "{device=", "{devise="), "label-exported"),
    "a misspelt label in by": (expr(1, "by (ifName)", "by (ifNames)"), "label-exported"),
    "a misspelt label in on": (expr(2, "on (device)", "on (devise)"), "label-exported"),
    "a misspelt label in group_left": (expr(2, "(model)", "(models)"), "label-exported"),
    "a misspelt label in a legend": (put("panels.1.targets.0.legendFormat", "{{ifname}}"), "label-exported"),
    "a label of a variable": (
        put("templating.list.1.query.query", "label_values(netwatch_device_info, devise)"),
        "label-exported",
    ),
    "a column that no query brings": (expr(2, "(model)", "(vendor)"), "label-exported"),
    "a column of a query that is not there": (put("panels.2.targets.1.refId", "C"), "label-exported"),
    "a unit that Grafana does not know": (
        put("panels.0.fieldConfig.defaults.unit", "seconds"),
        "panel-units",
    ),
    "no unit": (cut("panels.0.fieldConfig.defaults.unit"), "panel-units"),
    "a wrong unit of a column": (
        put("panels.2.fieldConfig.overrides.1.properties.0.value", "secs"),
        "panel-units",
    ),
    "a variable that is not defined": (expr(0, "$device", "$devise"), "variable-defined"),
    "an override of no series": (
        put("panels.0.fieldConfig.overrides.0.matcher.options", "uo"),
        "field-exists",
    ),
    "an override of no column": (
        put("panels.2.fieldConfig.overrides.1.matcher.options", "Up time"),
        "field-exists",
    ),
    "sorted by no column": (put("panels.2.options.sortBy.0.displayName", "model"), "field-exists"),
    "broken PromQL": (expr(0, "sum by", "sum bi"), "target-promql"),
    "an unclosed bracket": (expr(1, "* 8", "* 8)"), "target-promql"),
    "a rate window under four polls": (cut("panels.1.targets.0.interval"), "target-rate-interval"),
    "a rate window that does not follow the zoom": (
        expr(1, "$__rate_interval", "5m"),
        "target-rate-interval",
    ),
    "an increase over less than four polls": (
        expr(1, 'rate(ifHCInOctets{device="$device"}[$__rate_interval])', "increase(ifHCInOctets[2m])"),
        "target-rate-interval",
    ),
    "a counter by itself": (
        expr(
            0,
            "netwatch_device_state",
            'netwatch_device_minutes_total{verdict="up"} + on (device) group_right () netwatch_device_state',
        ),
        "target-counter-agg",
    ),
    "a count that is missing where it is 0": (count_some, "count-zero"),
    "a rate of a gauge": (expr(1, "ifHCInOctets", "ifHighSpeed"), "target-counter-agg"),
    "a panel without a query": (put("panels.1.targets", []), "panel-no-targets"),
    "a query of no words": (put("panels.1.targets.0.expr", ""), "panel-no-targets"),
    "no description": (put("panels.0.description", ""), "panel-title-description"),
    "no title": (put("panels.1.title", ""), "panel-title-description"),
    "a panel of one datasource only": (put("panels.0.datasource.uid", "abc"), "panel-datasource"),
    "a query of one datasource only": (put("panels.1.targets.0.datasource.uid", "abc"), "panel-datasource"),
    "a datasource of another type": (put("templating.list.0.query", "loki"), "template-datasource"),
    "an editable board": (put("editable", value=True), "uneditable-dashboard"),
    "a panel on another": (put("panels.1.gridPos.y", 0), "panel-overlap"),
    "a panel beyond the edge": (put("panels.1.gridPos.x", 1), "panel-overlap"),
    "a link to no board": (put("links.0.url", "/d/smal?${datasource:queryparam}"), "link-target"),
    "a link into the other language": (
        put("links.0.url", "/d/small-en?${datasource:queryparam}"),
        "link-target",
    ),
    "a link that fills in no variable": (
        put(LINK, "/d/small?var-devise=${__data.fields.device}"),
        "link-target",
    ),
    "a link filled in from no column": (
        put(LINK, "/d/small?var-device=${__data.fields.devise}"),
        "link-target",
    ),
    "a link from a series that has no such label": (
        put(
            "panels.1.fieldConfig.defaults.links",
            [{"title": "x", "url": "/d/small?var-device=${__field.labels.device}"}],
        ),
        "link-target",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_by_its_own_rule_alone(fault: str) -> None:
    spoil, name = FAULTS[fault]
    board = small()
    board["panels"][1]["fieldConfig"]["defaults"]["links"] = []
    spoil(board)
    assert {finding.check for finding in check(board, known(board))} == {name}


def test_every_rule_finds_some_fault() -> None:
    assert {name for _, name in FAULTS.values()} == CHECKS.keys()


@pytest.mark.parametrize(
    "spoil",
    [
        expr(1, "* 8", "* 9"),
        put("panels.0.gridPos.h", 2),
        cut("panels.2"),
        put("panels.2.fieldConfig.overrides.1.properties.0.value", "ms"),
        put("panels.1.targets.0.interval", "2m"),
    ],
)
def test_a_difference_that_is_none_of_words_is_found(spoil: Spoil) -> None:
    other = small()
    spoil(other)
    assert [finding.check for finding in languages_alike(small(), other)] == ["languages-alike"]


@pytest.mark.parametrize(
    ("expr", "missing"),
    [
        ("count(a == 1)", True),
        ("count(a == 1) or count(b) * 0", False),
        ("count(a unless on (unit) b)", True),
        ("(count((min by (device) (a)) < 0))", True),
        ("count(max by (device) (a unless b))", True),
        ("count(a and on (unit) b)", False),
        ("count(a)", False),
        ("count by (area) (a == 1)", False),
        ("sum(a == bool 2)", True),
        ("sum((a) == bool 2) or count(b) * 0", False),
        ("sum(a)", False),
        ("sum(a > 0)", False),
    ],
)
def test_a_count_of_what_meets_a_condition_has_to_be_able_to_be_0(expr: str, missing: bool) -> None:
    assert missing_where_none(promql.parse(expr)) == missing


def test_other_words_are_no_difference() -> None:
    other = small()
    put("panels.0.title", "Trạng thái")(other)
    put("panels.2.transformations.0.options.renameByName.device", "Thiết bị")(other)
    assert languages_alike(small(), other) == []


def test_a_panel_without_data_is_found() -> None:
    """One of its queries may be empty, all of them not."""
    board = small()

    def answers(expr: str) -> bool:
        assert "$" not in expr
        return "uptime" not in expr and "ifHCInOctets" not in expr

    found = panel_data(board, answers, {"device": "d"})
    assert [(finding.check, finding.where) for finding in found] == [("panel-data", "Traffic")]
