"""What an alert, a recording rule and a group of them are: the types of the table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What somebody has to do, and when. Routes follow it."""

    CRITICAL = "critical"  # a page, at any hour
    WARNING = "warning"  # a notification, in office hours
    TICKET = "ticket"  # work for some day: once, and no more than once a week
    NONE = "none"  # the watchdog, which tells by its absence


class Kind(StrEnum):
    """What an alert is about. Routes may send each kind to other people."""

    UNIT = "unit"  # a unit of the register is down, unknown or unsteady
    PATH = "path"  # netwatch cannot see
    LINE = "line"  # an uplink: light, errors, load, backup
    POWER = "power"  # mains and batteries
    DEVICE = "device"  # a device's credentials, its identity
    CLAIM = "claim"  # a claim, or a month's budget
    SERVICE = "service"  # a service checked from outside: certificates
    NETWATCH = "netwatch"  # netwatch itself


NOBODY = "none"
"""The value of a label that inhibition compares, where there is nothing to name: a missing label would equal
every other missing one."""


@dataclass(frozen=True, slots=True)
class Text:
    """One annotation in both languages. Prometheus fills in its own template syntax."""

    vi: str
    en: str


WHOLE = Text("toàn tỉnh", "whole province")
"""The area of what has none. As a label's value it is Vietnamese, whatever the language of the texts."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alerting rule.

    Its series have to carry `area`, never empty (Alertmanager groups by it), where `labels` does not give it;
    and no label that is learnt late, such as a cause: a label that changes is another alert.
    """

    name: str  # NetwatchUnitDown: also the name of its runbook
    expr: str  # PromQL
    patience: str  # `for`: how long the expression has to hold
    severity: Severity
    kind: Kind
    summary: Text  # one line
    description: Text  # what is known, with figures and local times, and what it means
    labels: tuple[tuple[str, str], ...] = ()  # besides severity and kind; values may be templates
    keep: str = ""  # `keep_firing_for`
    units: str = ""  # a template that names the units concerned, one a line: the annotation `units`


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording rule, named level:metric:operation as Prometheus' practice has it."""

    name: str
    expr: str
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are evaluated one after the other; a file of its own."""

    name: str  # units: becomes rules/units.yml
    about: str  # one line, the file's first
    rules: tuple[Alert | Recording, ...]
    interval: str = ""  # of evaluation; "" is Prometheus' own

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts among the rules."""
        return tuple(rule for rule in self.rules if isinstance(rule, Alert))
