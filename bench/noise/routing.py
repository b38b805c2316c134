"""Alertmanager's configuration as far as it decides who is told: routes, receivers, inhibition."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bench.noise.engine import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MATCHER = re.compile(r'\s*(\w+)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|(.*?))\s*')
_QUIET_BY_DEFAULT = frozenset({"email_configs", "slack_configs"})
"""Integrations that tell of nothing that is over unless `send_resolved` says so."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """A condition on one label; one that an alert does not have is empty."""

    label: str
    sign: str
    value: str

    def fits(self, labels: Mapping[str, str]) -> bool:
        """Tell whether an alert's labels fulfil it. Expressions match the whole value."""
        found = labels.get(self.label, "")
        equal = bool(re.fullmatch(self.value, found)) if "~" in self.sign else found == self.value
        return equal is not self.sign.startswith("!")


@dataclass(frozen=True, slots=True)
class Route:
    """A node of the tree, with what it inherits filled in. Seconds."""

    path: tuple[int, ...]  # where it stands in the tree
    receiver: str
    matchers: tuple[Matcher, ...]
    goes_on: bool
    group_by: tuple[str, ...]  # "..." alone: by all labels
    group_wait: float
    group_interval: float
    repeat_interval: float
    active: tuple[str, ...]
    muted: tuple[str, ...]
    routes: tuple[Route, ...]

    def leaves(self, labels: Mapping[str, str]) -> Iterator[Route]:
        """Yield the routes that an alert takes; none where this one is not its own."""
        if not all(matcher.fits(labels) for matcher in self.matchers):
            return
        found = False
        for child in self.routes:
            below = list(child.leaves(labels))
            yield from below
            found = found or bool(below)
            if below and not child.goes_on:
                break
        if not found:
            yield self

    def key(self, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """Return the labels that an alert is grouped by here."""
        names = sorted(labels) if self.group_by == ("...",) else self.group_by
        return tuple((name, labels[name]) for name in names if name in labels)


@dataclass(frozen=True, slots=True)
class Inhibition:
    """A rule by which one alert mutes another."""

    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...]

    def mutes(self, labels: Mapping[str, str], source: Mapping[str, str]) -> bool:
        """Tell whether an alert that fires, `source`, mutes one of these labels. No two mute each other."""
        return (
            _all(self.target, labels)
            and _all(self.source, source)
            and not (_all(self.source, labels) and _all(self.target, source))
            and all(labels.get(name, "") == source.get(name, "") for name in self.equal)
        )


def _all(matchers: tuple[Matcher, ...], labels: Mapping[str, str]) -> bool:
    return all(matcher.fits(labels) for matcher in matchers)


_DEFAULTS = Route((), "", (), False, (), 30.0, 300.0, 14400.0, (), (), ())


def read_route(spec: Mapping[str, Any], parent: Route = _DEFAULTS, path: tuple[int, ...] = ()) -> Route:
    """Return a route and all below it. Time intervals and matchers are not inherited."""
    group_by = spec.get("group_by")

    def span(key: str) -> float:
        return seconds(str(spec[key])) if key in spec else float(getattr(parent, key))

    own = Route(
        path,
        spec.get("receiver", parent.receiver),
        tuple(read_matchers(spec, "")),
        bool(spec.get("continue", False)),
        parent.group_by if group_by is None else tuple(group_by),
        span("group_wait"),
        span("group_interval"),
        span("repeat_interval"),
        tuple(spec.get("active_time_intervals", ())),
        tuple(spec.get("mute_time_intervals", ())),
        (),
    )
    below = tuple(
        read_route(child, own, (*path, number)) for number, child in enumerate(spec.get("routes", ()))
    )
    return replace(own, routes=below)


def read_inhibitions(config: Mapping[str, Any]) -> tuple[Inhibition, ...]:
    """Return the rules by which alerts mute others."""
    return tuple(
        Inhibition(
            tuple(read_matchers(rule, "source_")),
            tuple(read_matchers(rule, "target_")),
            tuple(rule.get("equal", ())),
        )
        for rule in config.get("inhibit_rules", ())
    )


def read_matchers(spec: Mapping[str, Any], before: str) -> Iterator[Matcher]:
    """Yield the matchers of a route or an inhibition; ValueError where one cannot be read."""
    for label, value in spec.get(f"{before}match", {}).items():
        yield Matcher(label, "=", str(value))
    for label, value in spec.get(f"{before}match_re", {}).items():
        yield Matcher(label, "=~", str(value))
    for text in spec.get(f"{before}matchers", ()):
        found = _MATCHER.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no matcher that can be read here")
        quoted = found[3]
        yield Matcher(found[1], found[2], found[4] if quoted is None else re.sub(r"\\(.)", r"\1", quoted))


def tells_of_ends(config: Mapping[str, Any]) -> dict[str, bool]:
    """Return of each receiver whether it is told of ends; one without a channel is."""
    found = {}
    for receiver in config["receivers"]:
        channels = [
            channel.get("send_resolved", kind not in _QUIET_BY_DEFAULT)
            for kind, configured in receiver.items()
            if kind.endswith("_configs")
            for channel in configured
        ]
        found[receiver["name"]] = any(channels) if channels else True
    return found
