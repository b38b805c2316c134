"""How a board is filled in for a datasource: as Grafana would, from what its variables offer."""

from __future__ import annotations

from typing import Any

import pytest
from board_asking import ANNOTATION, Answer, Question, chosen, options, questions, seen, several
from community_panels import Panel, data, documented

AT = 0.0


class Source:
    """Has two units in two areas, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def values(self, selector: str, label: str, at: float) -> list[str]:
        self.asked.append(f"{label} of {selector}")
        return {"area": ["B (x)", "A"], "device": []}[label]

    def instant(self, expr: str, at: float) -> Answer:
        self.asked.append(expr)
        return {(("name", "Xã Một · A"), ("unit", "1")): 1.0, (("name", "Xã Hai · B"), ("unit", "2")): 1.0}

    def range(self, expr: str, at: float, step: int) -> Answer:
        raise AssertionError("no variable asks for a range")


def variable(name: str, query: str, **more: Any) -> dict[str, Any]:
    return {"type": "query", "name": name, "query": {"query": query}, **more}


AREA = variable("area", "label_values(info, area)", multi=True, allValue=".*")
UNIT = variable(
    "unit",
    'query_result(info{area=~"$area"})',
    regex='/name="(?<text>[^"]+)".*unit="(?<value>[^"]+)"/',
)
DEVICE = variable("device", 'label_values(info{unit="$unit"}, device)')


def board(*variables: dict[str, Any]) -> dict[str, Any]:
    return {"templating": {"list": [{"type": "datasource", "name": "datasource"}, *variables]}}


def test_a_variable_offers_what_its_query_brings_once_those_before_it_are_chosen() -> None:
    source = Source()
    assert options(UNIT, {"area": "A"}, source, AT) == ["1", "2"]
    assert source.asked == ['info{area=~"A"}']


@pytest.mark.parametrize(
    ("choice", "values"),
    [
        ({}, {"area": ".*", "unit": "1", "device": ""}),
        ({"area": ("A",), "unit": ("2",)}, {"area": "A", "unit": "2", "device": ""}),
        ({"area": ("A", "B (x)")}, {"area": r"(A|B \\(x\\))", "unit": "1", "device": ""}),
        ({"area": ("C",), "unit": ("3",)}, {"area": ".*", "unit": "1", "device": ""}),  # not offered
    ],
)
def test_what_is_chosen_is_among_what_is_offered(
    choice: dict[str, tuple[str, ...]], values: dict[str, str]
) -> None:
    assert chosen(board(AREA, UNIT, DEVICE), choice, Source(), AT) == values


def test_several_values_are_an_expression_in_a_string_of_promql() -> None:
    assert several(["a.b"]) == r"a\\.b"
    assert several(["a", "b|c"]) == r"(a|b\\|c)"


def test_what_is_not_a_number_shows_nothing() -> None:
    assert seen([((("a", "1"),), "NaN"), ((("a", "2"),), "0")]) == {(("a", "2"),): 0.0}


def test_panels_and_annotations_are_asked_as_the_board_has_them() -> None:
    asked = {
        "panels": [
            {
                "type": "table",
                "title": "now",
                "targets": [{"refId": "A", "expr": "a{u='$unit'}", "instant": True}],
            },
            {
                "type": "timeseries",
                "title": "then",
                "targets": [{"refId": "A", "expr": "rate(b[$__rate_interval])", "interval": "1m"}],
            },
        ],
        "annotations": {"list": [{"name": "gone", "expr": "c == 1"}]},
    }
    assert list(questions("x", asked, {"unit": "7"})) == [
        Question("x", "now", "A", "a{u='7'}", 0),
        Question("x", "then", "A", "rate(b[240001ms])", 60),
        Question("x", "gone", ANNOTATION, "c == 1", 15),
    ]


@pytest.mark.parametrize(
    ("needs", "says"),
    [
        ("`a{instance}`", "yes"),
        ("`a{instance, ifName}`, `missing{instance}`", "in part"),
        ("`missing{instance}` or `a{instance}`", "yes"),
        ("`a{instance}` with `missing{instance}`", "no"),
        ("`a{instance, target}`, `missing{target}`", "labels"),
        ("`missing{target}`", "no"),
    ],
)
def test_a_panel_of_others_has_data_where_the_series_it_needs_are_there(needs: str, says: str) -> None:
    def has(name: str, labels: Any) -> bool:
        return name == "a" and set(labels) <= {"instance", "ifName"}

    assert data(Panel("p", needs, "?"), has) == says


def test_the_page_about_dashboards_of_others_is_read_to_its_last_row() -> None:
    assert {panel.data for panel in documented()} == {"yes", "in part", "labels", "no"}
