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
    """Every metric by name: netwatch's own, its process', those named by MIBs, and what Prometheus writes."""
    own = {name: of_family(family, name) for family in FAMILIES for name in family.series}
    labels = frozenset().union(*(series.labels for series in own.values()))
    alerts = {"ALERTS": Series(labels | ALERT | TARGET, counter=False, every=15)}
    return {**from_devices(), **of_targets(), **own, **alerts}


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


PROCESS = ("start_time_seconds", "resident_memory_bytes", "virtual_memory_bytes", "open_fds", "max_fds")
"""What prometheus-client tells of the process besides process_cpu_seconds_total, the only counter."""

SCRAPE = ("up", "scrape_samples_scraped", "scrape_duration_seconds")
"""What Prometheus writes of each scrape itself."""


def of_targets() -> dict[str, Series]:
    gauges = [*(f"process_{name}" for name in PROCESS), *SCRAPE]
    told = {name: Series(TARGET, counter=False, every=15) for name in gauges}
    return {**told, "process_cpu_seconds_total": Series(TARGET, counter=True, every=15)}


def from_devices() -> dict[str, Series]:
    found = {"sysUpTime": Series(SCALAR | TARGET, counter=False, every=60)}
    for profile in packaged().values():
        for metrics, labels in ((profile.columns, PORT), (profile.scalars, SCALAR)):
            for metric in metrics:
                counter = metric.syntax in {"counter32", "counter64"}
                found[metric.name] = Series(labels | TARGET, counter=counter, every=60)
    return found
