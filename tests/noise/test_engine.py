"""Rules evaluated by promtool: what fires when, in virtual time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bench.noise.engine import EngineError, Stretch, bare, evaluate, seconds
from bench.noise.samples import Change, Samples, Series

if TYPE_CHECKING:
    from pathlib import Path

STRETCH = Stretch(start=1_000_000.0, first=4, last=19, lead=4, tail=4)


def samples(**found: list[Change]) -> Samples:
    return Samples({f'{name}{{unit="Lạc Đạo"}}': Series(1, changes) for name, changes in found.items()})


def groups(expr: str, **more: Any) -> list[dict[str, Any]]:
    return [{"name": "g", "rules": [{"alert": "Down", "expr": expr, **more}]}]


@pytest.mark.system
def test_alerts_fire_when_prometheus_lets_them(tmp_path: Path) -> None:
    """`for`, the end, a text that names units, and an expression that reads ALERTS."""
    rule = groups(
        'x == 1 or (y == 1 and on (unit) ALERTS{alertname="Down",alertstate="firing"})',
        **{"for": "30s"},
        labels={"severity": "critical"},
        annotations={
            "summary": "not read",
            "units": '{{ range query "x" }}{{ .Labels.unit }} (1)\n{{ end }}',
        },
    )
    given = samples(x=[(0, 0.0), (6, 1.0), (9, 0.0)], y=[(0, 1.0), (12, 0.0)])
    (found,) = evaluate(tmp_path, rule, given, STRETCH)
    assert found.labels == (("alertname", "Down"), ("severity", "critical"), ("unit", "Lạc Đạo"))
    assert (found.start - 1_000_000, found.end - 1_000_000) == (8 * 15, 12 * 15)
    assert found.named(found.start) == ("Lạc Đạo (1)",)
    assert found.named(found.start - 15) == ()


@pytest.mark.system
def test_nothing_fires_where_nothing_is(tmp_path: Path) -> None:
    assert evaluate(tmp_path, groups("x == 1"), samples(x=[(0, 0.0)]), STRETCH) == []


@pytest.mark.system
def test_times_in_values_count_from_where_promtool_begins(tmp_path: Path) -> None:
    given = samples(since_timestamp_seconds=[(0, 1_000_000.0)])
    (found,) = evaluate(tmp_path, groups("time() - since_timestamp_seconds > 150"), given, STRETCH)
    assert found.start == 1_000_000 + 11 * 15


@pytest.mark.system
def test_a_rule_that_cannot_be_read_is_no_silence(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        evaluate(tmp_path, groups("x =="), samples(x=[(0, 0.0)]), STRETCH)


def test_texts_are_left_out_but_for_the_units() -> None:
    rule = {"alert": "A", "expr": "x", "annotations": {"summary": "s", "units": "u"}}
    assert bare({"name": "g", "rules": [rule]})["rules"] == [
        {"alert": "A", "expr": "x", "annotations": {"units": "u"}}
    ]


@pytest.mark.parametrize(
    ("text", "expected"), [("1h3m45s", 3825), ("30s", 30), ("7d", 604800), ("1w1d", 691200)]
)
def test_durations(text: str, expected: float) -> None:
    assert seconds(text) == expected
