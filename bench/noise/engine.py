"""Prometheus' own rule engine over samples, in virtual time: `promtool test rules`.

promtool evaluates rules as Prometheus does, `for`, `keep_firing_for`, recording rules, templates and ALERTS
included, over samples that a test file gives. The test expects that no alert fires; what promtool then tells
of each step as unexpected are the alerts that do.
"""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from bench.noise.samples import STEP, notation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bench.noise.samples import Samples

Labels = tuple[tuple[str, str], ...]

_EXPRESSION = re.compile(
    r"^    expr: \"ALERTS.*, time: (\w+),\s*\n\s+exp: nil\s*\n\s+got: (.*)$", re.MULTILINE
)
_ALERT = re.compile(r"^    alertname: (\w+), time: (\w+), *\n", re.MULTILINE)
_ONE = re.compile(r"Labels:(\{.*\})\s*\n\s+Annotations:(\{.*\})")
_SET = re.compile(r'\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}')
_LABEL = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*")')
_PART = re.compile(r"(\d+)(ms|[ywdhms])")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}


CANARY = "vector(1)"
"""An expectation that always fails: where it is not told of, promtool has not come to the expectations."""


class EngineError(Exception):
    """promtool did not do what it was asked to; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert that fires, from `start` to `end` (Unix seconds, the end not included).

    `units`: what its annotation of that name said, and from when on.
    """

    labels: Labels
    start: float
    end: float
    units: tuple[tuple[float, tuple[str, ...]], ...] = ()

    @property
    def name(self) -> str:
        """Its `alertname`."""
        return dict(self.labels)["alertname"]

    def named(self, at: float) -> tuple[str, ...]:
        """Return the names in its annotation at a moment."""
        found: tuple[str, ...] = ()
        for since, names in self.units:
            if since <= at:
                found = names
        return found


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which steps are evaluated: those from `first` to `last` of an episode, and some before and after.

    In those nothing changes: the series are held as they are at either end.
    """

    start: float  # Unix seconds of the episode's step 0
    first: int
    last: int
    lead: int
    tail: int
    step: float = STEP  # seconds

    @property
    def steps(self) -> int:
        """How many there are."""
        return self.lead + self.last - self.first + 1 + self.tail

    @property
    def origin(self) -> float:
        """Unix seconds of the first of them, which is 0 to promtool."""
        return self.start + (self.first - self.lead) * self.step


def evaluate(
    folder: Path, groups: Sequence[Mapping[str, Any]], samples: Samples, stretch: Stretch
) -> list[Firing]:
    """Return which alerts of these groups fire. `folder` gets promtool's files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rules.yml").write_text(yaml.safe_dump({"groups": [bare(group) for group in groups]}), "utf-8")
    (folder / "test.yml").write_text("\n".join(test_file(groups, samples, stretch)), "utf-8")
    done = subprocess.run(
        ["promtool", "test", "rules", "test.yml"], cwd=folder, capture_output=True, text=True, check=False
    )
    told = done.stdout + done.stderr
    if f'expr: "{CANARY}"' not in told:
        raise EngineError(told[:2000])
    return list(firings(told, stretch))


def bare(group: Mapping[str, Any]) -> dict[str, Any]:
    """Return a group without the texts that nobody reads here: each evaluation would write them anew."""
    rules = []
    for rule in group["rules"]:
        units = rule.get("annotations", {}).get("units")
        kept = {key: value for key, value in rule.items() if key != "annotations"}
        rules.append({**kept, "annotations": {"units": units}} if units else kept)
    return {**group, "rules": rules}


def test_file(groups: Iterable[Mapping[str, Any]], samples: Samples, stretch: Stretch) -> Iterator[str]:
    """Yield the lines of a test file for promtool."""
    yield "rule_files: [rules.yml]"
    yield f"evaluation_interval: {stretch.step:g}s"
    yield "tests:"
    yield f"  - interval: {stretch.step:g}s"
    yield "    input_series:"
    for name, series in samples.series.items():
        shift = stretch.origin if name.partition("{")[0].endswith("_timestamp_seconds") else 0.0
        values = notation(series, stretch.first, stretch.steps, stretch.lead, shift)
        yield f"      - {{series: {_quoted(name)}, values: {values!r}}}"
    times = [f"{step * stretch.step:.0f}s" for step in range(stretch.steps)]
    yield "    promql_expr_test:"
    yield f"      - {{expr: {CANARY}, eval_time: 0s}}"
    for time in times:
        yield f"""      - {{expr: 'ALERTS{{alertstate="firing"}}', eval_time: {time}}}"""
    listing = [
        rule["alert"] for group in groups for rule in group["rules"] if "units" in rule.get("annotations", {})
    ]
    if listing:
        yield "    alert_rule_test:"
        for time in times:
            for alert in listing:
                yield f"      - {{alertname: {alert}, eval_time: {time}, exp_alerts: []}}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def firings(told: str, stretch: Stretch) -> Iterator[Firing]:
    """Read from what promtool told when each alert fired."""
    origin = stretch.origin
    steps: dict[Labels, list[float]] = {}
    for found in _EXPRESSION.finditer(told):
        at = origin + seconds(found[1])
        for one in _SET.finditer(found[2]):
            steps.setdefault(_labels(one[0]), []).append(at)
    units = _annotations(told, origin)
    for labels, times in steps.items():
        for start, end in _runs(times, stretch.step):
            listed = [(at, names) for at, names in units.get(labels, ()) if start <= at < end]
            yield Firing(labels, start, end, tuple(_changes(listed)))


def _annotations(told: str, origin: float) -> dict[Labels, list[tuple[float, tuple[str, ...]]]]:
    found: dict[Labels, list[tuple[float, tuple[str, ...]]]] = {}
    places = [*_ALERT.finditer(told)]
    ends = [place.start() for place in places[1:]] + [len(told)]
    for place, end in zip(places, ends[: len(places)], strict=True):
        part = told[place.end() : end]
        for one in _ONE.finditer(part.partition("    expr: ")[0]):
            units = dict(_labels(one[2])).get("units", "")
            names = tuple(line.strip() for line in units.splitlines() if line.strip())
            found.setdefault(_labels(one[1]), []).append((origin + seconds(place[2]), names))
    return found


def _labels(text: str) -> Labels:
    pairs = ((name, json.loads(value)) for name, value in _LABEL.findall(text))
    return tuple(sorted((name, value) for name, value in pairs if name not in {"__name__", "alertstate"}))


def _runs(times: Iterable[float], step: float) -> Iterator[tuple[float, float]]:
    """Yield the stretches in which each step follows the one before."""
    found: list[tuple[float, float]] = []
    for at in sorted(times):
        if found and at == found[-1][1]:
            found[-1] = (found[-1][0], at + step)
        else:
            found.append((at, at + step))
    yield from found


def _changes(listed: Iterable[tuple[float, tuple[str, ...]]]) -> Iterator[tuple[float, tuple[str, ...]]]:
    before: tuple[str, ...] | None = None
    for at, names in sorted(listed):
        if names != before:
            yield at, names
        before = names


def seconds(duration: str) -> float:
    """Return the seconds of a duration as Prometheus writes it: 1h3m45s."""
    return sum(int(count) * _SECONDS[unit] for count, unit in _PART.findall(duration))
