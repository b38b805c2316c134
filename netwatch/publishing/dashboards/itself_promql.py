"""Pieces of PromQL about netwatch itself: of the pollers that are chosen, and of no other program."""

from __future__ import annotations

POLLERS = 'poller=~"$poller"'
"""The label is given by the scrape configuration; where there is none, all are chosen."""


def own(series: str) -> str:
    """Return what any program tells of its process, or Prometheus of its scrapes, of those pollers alone.

    A poller is scraped twice, by two jobs; one of them tells which program it is.
    """
    return f"({series} and on (instance) netwatch_build_info{{{POLLERS}}})"


def rate(metric: str, matchers: str = "") -> str:
    """Return how much a counter of those pollers grows in a second."""
    return f"rate({metric}{{{','.join(filter(None, (POLLERS, matchers)))}}}[$__rate_interval])"


def a_minute(metric: str, by: str, matchers: str = "") -> str:
    """Return how much a counter grows in a minute, added up over those pollers but for `by`."""
    return f"sum by ({by}) ({rate(metric, matchers)}) * 60"


def quantile(share: float, histogram: str) -> str:
    """Return the value that `share` of what a histogram counted does not exceed."""
    return f"histogram_quantile({share}, sum by (le) ({rate(f'{histogram}_bucket')}))"


def of_each(metric: str) -> str:
    """Return a gauge of each poller."""
    return f"max by (poller) ({metric}{{{POLLERS}}})"


def age(metric: str) -> str:
    """Return how long ago a moment was, by poller, seconds."""
    return f"time() - {of_each(metric)}"
