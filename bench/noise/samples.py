"""What Prometheus would have scraped of one episode: series over steps of 15 s.

A series is kept as the steps at which its value changed. Where it is missing from a page that had it before,
Prometheus marks it stale, and so does this (None).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

STEP = 15.0
"""Seconds between two scrapes and between two evaluations: config/prometheus/prometheus.yml."""

Change = tuple[int, float | None]

_NAME = re.compile(rb"[a-zA-Z_:][a-zA-Z0-9_:]*")
_UNIT = re.compile(r'\bunit="([^"]*)"')
_DEVICE = re.compile(r'\bdevice="((?:[^"\\]|\\.)*)"')


@dataclass(slots=True)
class Series:
    """One series; `every`: how many steps lie between two of its samples."""

    every: int
    changes: list[Change] = field(default_factory=list)

    def put(self, step: int, value: float | None) -> None:
        """Take a sample; steps come in order, and what comes twice in one step counts as it was last."""
        if self.changes and self.changes[-1][0] == step:
            self.changes.pop()
        if not self.changes or self.changes[-1][1] != value:
            self.changes.append((step, value))

    def at(self, step: int) -> float | None:
        """Return the value at a step; None: there is none."""
        found = None
        for when, value in self.changes:
            if when > step:
                break
            found = value
        return found


@dataclass(slots=True)
class Samples:
    """All series of an episode, by how they are written: `name{label="value"}`."""

    series: dict[str, Series] = field(default_factory=dict)

    def put(self, name: str, step: int, value: float | None, every: int = 1) -> None:
        """Take one sample of one series."""
        found = self.series.get(name)
        if found is None:
            found = self.series[name] = Series(every)
        found.put(step, value)

    def only(self, names: frozenset[str]) -> Samples:
        """Return the series of these metrics alone."""
        kept = {name: series for name, series in self.series.items() if name.partition("{")[0] in names}
        return Samples(kept)

    def of(self, units: Container[str]) -> Samples:
        """Return the series about these units, and those about none: nobody measures any other unit."""

        def kept(name: str) -> bool:
            unit = _UNIT.search(name)
            return unit is None or not unit[1] or unit[1] in units

        return Samples({name: series for name, series in self.series.items() if kept(name)})

    def coarser(self, by: int) -> Samples:
        """Return the same over steps that are `by` times as long: at each, what stood there last."""
        found = Samples()
        for name, series in self.series.items():
            track = found.series[name] = Series(1)
            for step, value in series.changes:
                track.put(-(-step // by), value)
        return found


class Page:
    """One page of netwatch's, scraped again and again; only the metrics that are wanted are kept."""

    def __init__(self, samples: Samples, wanted: frozenset[str], labels: str, every: int) -> None:
        self._samples = samples
        self._wanted = {name.encode() for name in wanted}
        self._labels = labels  # those that the scrape configuration adds
        self._every = every
        self._before: dict[bytes, str] = {}

    def scrape(self, step: int, pieces: Iterable[bytes]) -> None:
        """Take down the page as it is now."""
        before, self._before = self._before, {}
        for line in b"".join(pieces).splitlines():
            found = _NAME.match(line)
            if found is None or found[0] not in self._wanted:
                continue
            series, _, value = line.rpartition(b" ")
            name = before.get(series) or self._named(series.decode())
            self._before[series] = name
            self._samples.put(name, step, float(value), self._every)
        for series, name in before.items():
            if series not in self._before:
                self._samples.put(name, step, None, self._every)

    def _named(self, series: str) -> str:
        """Return the series with the labels that a scrape gives it."""
        name, brace, labels = series.partition("{")
        device = _DEVICE.search(series)
        instance = device[1] if device else "127.0.0.1:9990"
        added = f'{self._labels},instance="{instance}"'
        return f"{name}{{{labels[:-1]},{added}}}" if brace else f"{name}{{{added}}}"


def notation(series: Series, first: int, steps: int, lead: int, shift: float = 0.0) -> str:
    """Return `steps` samples as promtool's test files write them.

    Before the step `first` the series was as it is then, for `lead` steps; after its last change it stays as
    it is. `shift` is taken from every value: of a time, so that it counts from the test's beginning.
    """
    return " ".join(_runs(list(_held(series, first, lead)), steps, series.every, shift))


def _held(series: Series, first: int, lead: int) -> Iterator[Change]:
    yield 0, series.at(first)
    for step, value in series.changes:
        if step > first:
            yield step - first + lead, value


def _runs(changes: list[Change], steps: int, every: int, shift: float) -> Iterator[str]:
    bounds = [step for step, _ in changes[1:]] + [steps]
    for (start, value), end in zip(changes, bounds, strict=True):
        count = min(end, steps) - start
        if count <= 0:
            continue
        if value is None:
            # Stale once, then missing; before the first sample nothing was there to become stale.
            yield "stale" if start else "_"
            if count > 1:
                yield f"_x{count - 1}"
        elif every == 1:
            yield f"{value - shift:.17g}+0x{count - 1}" if count > 1 else f"{value - shift:.17g}"
        else:
            yield from _sparse(f"{value - shift:.17g}", start, count, every)


def _sparse(value: str, start: int, count: int, every: int) -> Iterator[str]:
    """Write a sample at once, and then at each step that `every` divides."""
    yield value
    gap = 0
    for step in range(start + 1, start + count):
        if step % every:
            gap += 1
            continue
        if gap:
            yield f"_x{gap}"
            gap = 0
        yield value
    if gap:
        yield f"_x{gap}"
