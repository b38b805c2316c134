"""What is read back of a run, as spans by unit: the lab's truth, and the samples that Prometheus kept."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compare import FAR, Span, union

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Series = dict[str, Any]
"""One series of a range vector, as Prometheus' API tells it: `metric` with its labels, `values`."""

PATIENCE = 2.5  # intervals without a sample after which a series has ended


@dataclass(frozen=True, slots=True)
class Truth:
    """What was true, by unit."""

    start: float
    end: float
    down: Mapping[str, Sequence[Span]]
    hidden: Mapping[str, Sequence[Span]]  # up, and no echo of the poller could have told


def read_truth(text: str) -> Truth:
    """Read what `netwatch lab --truth` wrote (`netwatch.lab.world.report`)."""
    told = [json.loads(line) for line in text.splitlines()]
    script = next(line for line in told if line["kind"] == "script")
    lines = [line for line in told if line["kind"] == "unit"]
    down: dict[str, list[Span]] = {line["unit"]: [] for line in lines}
    hidden: dict[str, list[Span]] = {unit: [] for unit in down}
    for line in lines:
        if line["state"] == "down":
            down[line["unit"]].append((line["start"], line["end"]))
        elif not line["observable"]:
            hidden[line["unit"]].append((line["start"], line["end"]))
    return Truth(
        script["start"],
        script["end"],
        {unit: union(spans) for unit, spans in down.items()},
        {unit: union(spans) for unit, spans in hidden.items()},
    )


def spans_of(series: Series, interval: float) -> list[Span]:
    """Return when a series was 1. A sample holds until the next one, and no longer than `PATIENCE` allows."""
    samples = [(float(at), float(value)) for at, value in series["values"]]
    spans = []
    for (at, value), (following, _) in itertools.pairwise([*samples, (FAR, 0.0)]):
        gone = following - at > PATIENCE * interval
        if value == 1:
            spans.append((at, at + interval if gone else following))
    return union(spans)


def by_unit(found: Iterable[Series], interval: float, **labels: Sequence[str]) -> dict[str, list[Span]]:
    """Return when any series of a unit was 1, of those whose labels have one of the values given."""
    spans: dict[str, list[Span]] = {}
    for series in found:
        metric = series["metric"]
        if "unit" in metric and all(metric.get(name) in values for name, values in labels.items()):
            spans.setdefault(metric["unit"], []).extend(spans_of(series, interval))
    return {unit: union(each) for unit, each in spans.items()}
