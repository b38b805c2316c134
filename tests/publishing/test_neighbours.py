"""Configured parents that are not plugged into their children, as series."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families as parse_text

from netwatch.judgement.neighbourhood import Mismatch
from netwatch.publishing.families import FAMILIES
from netwatch.publishing.neighbour_series import mismatch_lines


def test_each_mismatch_is_a_series_with_the_labels_of_its_family() -> None:
    mismatches = [
        Mismatch("gw-1", "12004", "core", 'new "router"', "gw-1: …"),
        Mismatch("sw-2", "", "gw-1", "", "sw-2: …"),
    ]
    ((name, lines),) = mismatch_lines(mismatches).items()
    (told,) = parse_text(f"# TYPE {name} gauge\n{lines.decode()}")
    assert [(sample.name, sample.labels, sample.value) for sample in told.samples] == [
        (name, {"device": "gw-1", "unit": "12004", "parent": "core", "neighbour": 'new "router"'}, 1.0),
        (name, {"device": "sw-2", "unit": "", "parent": "gw-1", "neighbour": ""}, 1.0),
    ]
    family = next(family for family in FAMILIES if family.name == name)
    assert set(family.labels) == set(told.samples[0].labels)


def test_without_a_mismatch_there_is_no_series() -> None:
    assert mismatch_lines([]) == {"netwatch_parent_mismatch": b""}
