"""Pieces of Prometheus' templates that the texts of several alerts share."""

from __future__ import annotations

from netwatch.publishing.alerts.promql import last

HELD = "5m"
"""How long texts go by what was last told: neither a missed scrape nor a start of netwatch spoils one."""

UNIT = (
    f'{{{{ with printf "{last("netwatch_unit_info{unit=%q}", HELD)}" $labels.unit | query }}}}'
    '{{ . | first | label "name" }} {{ end }}({{ $labels.unit }})'
)
"""The unit's name and code; the code alone where nothing tells its name."""

UTC_OFFSET = 7 * 3600
"""Of Asia/Ho_Chi_Minh, seconds, without summer time: templates of Prometheus know UTC only."""


def local(query: str) -> str:
    """Return a template that gives the Unix time that `query` (a Go expression) returns, in local time."""
    return (
        "{{ with " + query + " | query }}"
        '{{ (. | first | value | toTime).UTC.Format "15:04 02/01/2006" }}{{ end }}'
    )
