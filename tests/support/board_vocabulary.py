"""What the daemon exports, by the name that a query has, so that a misspelt metric or label is found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from netwatch.inventory.profiles import packaged
from netwatch.publishing.families import (
    FACTS,
    FAMILIES,
    HISTOGRAM_SUFFIXES,
    READ,
    UNITS,
    Family,
)

TARGET = frozenset({"job", "instance", "poller"})
"""Labels that the shipped scrape configuration gives every series."""

PORT = frozenset({"device", "unit", "ifIndex", "ifName", "ifAlias", "ifDescr"})
SCALAR = frozenset({"device", "unit"})

ALERT = frozenset({"alertname", "alertstate", "severity", "kind"})
"""Labels of ALERTS, which Prometheus writes itself, besides those of the series that alert."""


@dataclass(frozen=True)
class Series:
    """One metric. `every`: seconds between two of its values, of which a scrape sees no more."""

    labels: frozenset[str]
    counter: bool
    every: int


@cache
def vocabulary() -> dict[str, Series]:
    """Every metric by name: netwatch's own, those named by MIBs in the shipped profiles, and ALERTS."""
    own = {name: of_family(family, name) for family in FAMILIES for name in family.series}
    labels = frozenset().union(*(series.labels for series in own.values()))
    return {**from_devices(), **own, "ALERTS": Series(labels | ALERT | TARGET, counter=False, every=15)}


MOVED_BY_POLLS = {"netwatch_snmp_polls_total", "netwatch_unit_minutes_total", "netwatch_device_minutes_total"}
"""Scraped each 15 s, and yet moved but once a minute."""


def of_family(family: Family, name: str) -> Series:
    about_units = family in UNITS or family.name == "netwatch_unit_criterion"
    register = {"register"} if about_units and "unit" in family.labels else set()
    bucket = {"le"} if name.endswith("_bucket") else set()
    polled = family in (*READ, *FACTS) or name in MOVED_BY_POLLS
    return Series(
        TARGET | {*family.labels} | register | bucket,
        counter=family.type == "counter"
        or (family.type == "histogram" and name.endswith(HISTOGRAM_SUFFIXES)),
        every=60 if polled else 15,
    )


def from_devices() -> dict[str, Series]:
    found = {"sysUpTime": Series(SCALAR | TARGET, counter=False, every=60)}
    for profile in packaged().values():
        for metrics, labels in ((profile.columns, PORT), (profile.scalars, SCALAR)):
            for metric in metrics:
                counter = metric.syntax in {"counter32", "counter64"}
                found[metric.name] = Series(labels | TARGET, counter=counter, every=60)
    return found
