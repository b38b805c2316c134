"""A run read back: the truth that the lab wrote, and Prometheus' samples."""

from __future__ import annotations

import json
from typing import Any

import pytest
from history import by_unit, read_truth, spans_of


def series(*values: tuple[float, int], **labels: str) -> dict[str, Any]:
    return {"metric": labels, "values": [[at, str(value)] for at, value in values]}


def line(unit: str, start: float, end: float, state: str, *, observable: bool = True) -> dict[str, Any]:
    return {
        "kind": "unit",
        "unit": unit,
        "start": start,
        "end": end,
        "state": state,
        "observable": observable,
    }


def test_truth_is_by_unit_and_what_was_down_is_one_span_whoever_could_see_it() -> None:
    told = [
        {"kind": "script", "name": "x", "start": 100.0, "end": 900.0},
        line("a", 100, 200, "up"),
        line("a", 200, 300, "down"),
        line("a", 300, 400, "down", observable=False),
        line("a", 400, 500, "up", observable=False),
        line("a", 500, 900, "up"),
        line("b", 100, 900, "up"),
        {"kind": "outage", "unit": "a", "start": 200.0, "end": 400.0},
    ]
    truth = read_truth("".join(json.dumps(each) + "\n" for each in told))
    assert (truth.start, truth.end) == (100.0, 900.0)
    assert truth.down == {"a": [(200, 400)], "b": []}
    assert truth.hidden == {"a": [(400, 500)], "b": []}


@pytest.mark.parametrize(
    ("values", "spans"),
    [
        pytest.param([(100, 1)], [(100, 115)], id="the last sample holds for one interval"),
        pytest.param([(100, 1), (115, 1), (130, 1)], [(100, 145)], id="samples in a row are one span"),
        pytest.param([(100, 1), (115, 0), (130, 1)], [(100, 115), (130, 145)], id="0 ends it"),
        pytest.param([(100, 1), (130, 1)], [(100, 145)], id="one missed evaluation does not end it"),
        pytest.param([(100, 1), (145, 1)], [(100, 115), (145, 160)], id="two of them do"),
        pytest.param([(100, 0)], [], id="never 1"),
    ],
)
def test_samples_become_spans(values: list[tuple[float, int]], spans: list[tuple[float, float]]) -> None:
    assert spans_of(series(*values), 15.0) == spans


def test_a_unit_is_down_when_one_of_its_targets_is_said_to_be() -> None:
    found = [
        series((100, 1), unit="a", instance="gateway", alertstate="firing"),
        series((110, 1), unit="a", instance="switch", alertstate="firing"),
        series((200, 1), unit="a", instance="switch", alertstate="pending"),
        series((100, 1), unit="b", instance="gateway", alertstate="pending"),
        series((100, 1), instance="of no unit", alertstate="firing"),
    ]
    assert by_unit(found, 15.0, alertstate=("firing",)) == {"a": [(100, 125)]}


def test_pending_and_firing_run_on_into_one_another() -> None:
    found = [
        series((100, 1), (115, 1), unit="a", alertstate="pending"),
        series((130, 1), unit="a", alertstate="firing"),
    ]
    assert by_unit(found, 15.0, alertstate=("pending", "firing")) == {"a": [(100, 145)]}
