"""What alerts on units follow from: who is down, what explains it, what was lost together.

Where several pollers, jobs or instances tell of a unit, they are dropped: one alert for one unit.
"""

from __future__ import annotations

from netwatch.publishing.alerts.alert import Recording
from netwatch.publishing.alerts.promql import fires, last
from netwatch.publishing.alerts.unit_words import NAMES
from netwatch.publishing.alerts.words import HELD

ON = "on (unit, register)"
"""What a unit is known by: a code may stand in two registers, and the main one has no label `register`."""

MAINTENANCE = f"unless {ON} netwatch_maintenance == 1"


_INFO = last("netwatch_unit_info", HELD)
_STATE = last('netwatch_unit_state{state="up"}', HELD)

RECORDINGS = (
    # Each unit's register is told by `netwatch_unit_info`; of the main one no other series has it, nor this.
    Recording(
        NAMES,
        f"max by (unit, register, name) ({_INFO} and on (unit, register) {_STATE})\n"
        "or\n"
        f"max by (unit, name) ({_INFO} unless on (unit, register) {_STATE})",
    ),
    # Of several pollers one that sees it is enough, as of several uplinks one is.
    Recording(
        "netwatch:unit_down:live",
        'max by (unit, area, register) (netwatch_unit_state{state="down"}) == 1\n'
        f'unless {ON} (netwatch_unit_state{{state="up"}} == 1)',
    ),
    Recording(
        "netwatch:unit_down:upstream",
        "max by (unit, area, register, root) (netwatch_unit_outage_root)\n"
        f"and {ON} netwatch:unit_down:live\n"
        f"{MAINTENANCE}\n"
        'unless on (root) label_replace(netwatch_device_maintenance == 1, "root", "$1", "device", "(.+)")',
    ),
    # When a higher ancestor came back, what is still dark below it gets the time that units get: no message
    # for each router that starts again.
    Recording(
        "netwatch:unit_down:below",
        "netwatch:unit_down:upstream\n"
        f"unless {ON} (\n"
        "  max by (unit, register, root) (max_over_time(netwatch_unit_outage_root[5m]))\n"
        f"  and on (root) max_over_time({fires('NetwatchUpstreamDown')}[5m])\n"
        "  unless on (unit, register, root) netwatch_unit_outage_root\n"
        ")",
    ),
    # What needs no message of its own. A unit has five minutes to come back in after its ancestor did. The
    # unit that the dead ancestor itself is of is told with those behind it.
    Recording(
        "netwatch:unit_down:explained",
        "group by (unit, register) (netwatch_maintenance == 1)\n"
        f"or {ON} group by (unit, register) (max_over_time(netwatch_unit_outage_root[5m]))\n"
        f"or {ON} group by (unit, register) (\n"
        "  netwatch:unit_down:live and on (unit) (\n"
        '    netwatch_device_info{unit!=""} and on (device)\n'
        '    label_replace(netwatch:unit_down:upstream, "device", "$1", "root", "(.+)")\n'
        "  )\n"
        ")",
    ),
    Recording("netwatch:unit_down:own", f"netwatch:unit_down:live unless {ON} netwatch:unit_down:explained"),
    # Down, or not seen since, or up and its cause not yet settled for a minute. While netwatch is silent its
    # last word stands, for an hour. What left the configuration is nothing to wait for.
    Recording(
        "netwatch:unit_down:unended",
        "(\n"
        "  max by (unit, register) (max_over_time(netwatch_unit_outage_unsettled[1m])) == 1\n"
        '  or max by (unit, register) (last_over_time(netwatch_unit_state{state="up"}[1h])) == 0\n'
        ")\n"
        f"unless {ON} netwatch:unit_down:explained\n"
        f'unless {ON} (netwatch_unit_state{{state="unknown"}} == 1 unless on (unit) netwatch_device_info)',
    ),
    # Lost in the last hour: six units that have been dark for a week are no mass outage, and must hide none.
    # While one goes on (for a day at most), those count that were lost since an hour before it.
    Recording(
        "netwatch:unit_down:recent",
        "(\n"
        "  netwatch:unit_down:live\n"
        f"  and {ON} (\n"
        "    netwatch_unit_down_since_timestamp_seconds > on () group_left () (\n"
        '      (min(ALERTS_FOR_STATE{alertname="NetwatchMassOutage"}) > time() - 86400 or vector(time()))\n'
        "      - 3600\n"
        "    )\n"
        "  )\n"
        ")\n"
        f"{MAINTENANCE}",
    ),
    # Those and whoever came back since a mass outage began: how large it has become.
    Recording(
        "netwatch:mass_outage:lost",
        "group by (unit, register) (netwatch:unit_down:recent)\n"
        f"or {ON} (netwatch:mass_outage:lost and on () {fires('NetwatchMassOutage')})",
    ),
    # How large it is when people are to be told again: more than half as many again as they were told of, or
    # any more at all where a quarter of an hour did not bring so many. As it was a minute ago: Prometheus
    # sends the text of an alert that goes on once a minute, and the message has to list who made it grow.
    Recording(
        "netwatch:mass_outage:grown",
        "count(netwatch:mass_outage:lost offset 1m)\n"
        "> (\n"
        "  max(netwatch:mass_outage:told) == max(netwatch:mass_outage:told offset 15m)\n"
        "  or 1.5 * max(netwatch:mass_outage:told)\n"
        ")\n"
        f"and on () {fires('NetwatchMassOutage')}",
    ),
    # How large people were told that it is: when it began, and each time that it had grown since, by `lost`.
    Recording(
        "netwatch:mass_outage:told",
        f"count(netwatch:mass_outage:lost) unless on () {fires('NetwatchMassOutage')}\n"
        'or count_values("lost", netwatch:mass_outage:grown)\n'
        "  * on () group_left () netwatch:mass_outage:grown\n"
        f"or netwatch:mass_outage:told and on () {fires('NetwatchMassOutage')}",
    ),
    # As the judgement has it: five, and 2 % of those monitored. Half of it is enough to go on.
    Recording(
        "netwatch:mass_outage:threshold",
        'clamp_min(0.02 * (count(count by (unit) (netwatch_device_info{unit!=""})) or vector(0)), 5)\n'
        f"/ (1 + (max({fires('NetwatchMassOutage')}) or vector(0)))",
    ),
    # What the greatest dead ancestor explains, or did until a moment ago.
    Recording(
        "netwatch:mass_outage:largest_root",
        "max(count by (root) (\n"
        "  group by (unit, register, root) (max_over_time(netwatch_unit_outage_root[5m]))\n"
        "))\n"
        "or vector(0)",
    ),
    # Outages and blips since the daemon started, whatever causes come up later.
    Recording(
        "netwatch:unit_runs:total",
        'sum by (unit, register, instance, poller) (netwatch_unit_outages_total{cause!="maintenance"})\n'
        "+ sum by (unit, register, instance, poller) (netwatch_unit_blips_total)",
    ),
)
