"""What Alertmanager would send, and when: a model of it, since it cannot be run in virtual time.

Its rules, as those of Alertmanager 0.25; `tests/noise` sends the same alerts to a real one.

1. An alert takes each leaf of the tree of routes that it matches, and is in one group there, by `group_by`.
2. A group begins with its first alert, is flushed `group_wait` later, and then each `group_interval`. It ends
   when a look at it, each 30 s, finds it empty.
3. A flush takes all alerts of the group, those that are over as well, less those that another alert inhibits,
   and takes none while the route's time intervals are shut. Who is left decides:
4. a message goes out where an alert fires that the last message did not have; where all are over and the last
   message had some; where one is over that the last message did not have as such, if the receiver is told of
   ends; or where the last message is older than `repeat_interval`. Where nothing was sent yet, something has
   to fire. A receiver that is not told of ends gets no message in which nothing fires.
5. The last message is remembered for twice the `repeat_interval`, and five days at most, also when the group
   has ended meanwhile.
6. An alert that is over leaves its group at a flush. Prometheus tells of it once a minute for another 15
   minutes, and it comes back as often: so long it stays (`RESENT`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.noise.intervals import Intervals
from bench.noise.routing import read_inhibitions, read_route, tells_of_ends

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bench.noise.engine import Firing, Labels
    from bench.noise.routing import Route

RESENT = 900.0
LOOKS = 30.0
KEPT = 5 * 86400.0  # --data.retention
MANY = 100_000  # flushes of one group: more than a month's


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one receiver. Unix seconds."""

    at: float
    receiver: str
    route: tuple[int, ...]
    group: Labels
    firing: tuple[Firing, ...]
    resolved: tuple[Firing, ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    """The last message of a group."""

    at: float
    firing: frozenset[Labels]
    resolved: frozenset[Labels]


class Alertmanager:
    """One configuration. `resent`: for how long Prometheus tells of an alert that is over."""

    def __init__(self, config: Mapping[str, Any], resent: float = RESENT) -> None:
        self._route = read_route(config["route"])
        self._inhibitions = read_inhibitions(config)
        self._intervals = Intervals(config)
        self._ends = tells_of_ends(config)
        self._resent = resent

    def notifications(self, alerts: Sequence[Firing]) -> list[Notification]:
        """Return all messages that follow from these alerts, in their order."""
        groups: dict[tuple[tuple[int, ...], Labels], tuple[Route, list[Firing]]] = {}
        for alert in sorted(alerts, key=lambda alert: alert.start):
            labels = dict(alert.labels)
            for route in self._route.leaves(labels):
                key = route.key(labels)
                groups.setdefault((route.path, key), (route, []))[1].append(alert)
        found = [
            message
            for (_, key), (route, members) in groups.items()
            for message in self._messages(route, key, members, alerts)
        ]
        return sorted(found, key=lambda message: (message.at, message.route))

    def _messages(
        self, route: Route, key: Labels, members: Sequence[Firing], alerts: Sequence[Firing]
    ) -> Iterator[Notification]:
        sent: _Sent | None = None
        for at, present in self._flushes(route, members):
            if self._is_shut(route, at):
                continue
            if sent and at > sent.at + min(2 * route.repeat_interval, KEPT):
                sent = None
            left = [alert for alert in present if not self._is_muted(alert, alerts, at)]
            firing = tuple(alert for alert in left if at < alert.end)
            resolved = tuple(alert for alert in left if at >= alert.end)
            now = _Sent(at, _fingerprints(firing), _fingerprints(resolved))
            if not left or not self._is_news(route, sent, now):
                continue
            sent = now
            if firing or self._ends[route.receiver]:
                yield Notification(at, route.receiver, route.path, key, firing, resolved)

    def _flushes(self, route: Route, members: Sequence[Firing]) -> Iterator[tuple[float, list[Firing]]]:
        """Yield when a group is flushed, and the alerts that are in it then, one of each set of labels."""
        coming = list(members)
        inside: list[Firing] = []
        while coming:
            at = coming[0].start + route.group_wait
            for _ in range(MANY):
                while coming and coming[0].start <= at:
                    inside.append(coming.pop(0))
                yield at, list(_latest(inside))
                inside = [alert for alert in inside if at < alert.end + self._resent or at < alert.end]
                ended = math.inf if inside else (math.floor(at / LOOKS) + 1) * LOOKS
                at += route.group_interval
                if ended <= at and not (coming and coming[0].start < ended):
                    break

    def _is_shut(self, route: Route, at: float) -> bool:
        shut = bool(route.active) and not self._intervals.any(route.active, at)
        return shut or self._intervals.any(route.muted, at)

    def _is_muted(self, alert: Firing, alerts: Iterable[Firing], at: float) -> bool:
        labels = dict(alert.labels)
        return any(
            rule.mutes(labels, dict(source.labels))
            for source in alerts
            if source.start <= at < source.end
            for rule in self._inhibitions
        )

    def _is_news(self, route: Route, sent: _Sent | None, now: _Sent) -> bool:
        if sent is None:
            return bool(now.firing)
        if not now.firing <= sent.firing:
            return True
        if not now.firing:
            return bool(sent.firing)
        if self._ends[route.receiver] and not now.resolved <= sent.resolved:
            return True
        return sent.at < now.at - route.repeat_interval


def _latest(alerts: Iterable[Firing]) -> Iterable[Firing]:
    """Return the last of each set of labels: it takes the place of those before."""
    return {alert.labels: alert for alert in alerts}.values()


def _fingerprints(alerts: Iterable[Firing]) -> frozenset[Labels]:
    return frozenset(alert.labels for alert in alerts)
