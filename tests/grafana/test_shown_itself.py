"""What the board `netwatch` shows: promtool evaluates its queries in Prometheus' own engine.

Two pollers are scraped by two jobs each, beside another program whose process is none of theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from board_promtool import asked, evaluate, expected, group

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CHOICE = {"register": "r", "poller": ".*", "__rate_interval": "4m"}
"""The values below move once a minute."""


def poller(name: str, cpu: int) -> str:
    """What is scraped of one poller."""
    p, target = f'poller="{name}"', f'poller="{name}", instance="{name}:9990", job="netwatch"'
    devices = target.replace('job="netwatch"', 'job="netwatch-devices"')
    return f"""
netwatch_build_info{{{target}, version="1", python="3.11"}} = 1
process_start_time_seconds{{{target}}} = 60
process_cpu_seconds_total{{{target}}} + {cpu}
process_resident_memory_bytes{{{target}}} = {cpu}000
process_open_fds{{{target}}} = 50
process_max_fds{{{target}}} = 100
scrape_samples_scraped{{{target}}} = 10
scrape_samples_scraped{{{devices}}} = 20
netwatch_config_last_reload_successful{{{p}}} = 0
netwatch_config_on_last_good{{{p}}} = 1
netwatch_path_blind{{{p}, path="vnpt"}} = 1
netwatch_path_blind_seconds_total{{{p}, path="vnpt"}} + 30
netwatch_poll_lateness_seconds_bucket{{{p}, le="0.1"}} + 50
netwatch_poll_lateness_seconds_bucket{{{p}, le="0.3"}} + 100
netwatch_poll_lateness_seconds_bucket{{{p}, le="+Inf"}} + 100
netwatch_snmp_polls_total{{{p}, device="a", outcome="answered"}} + 1
netwatch_snmp_polls_total{{{p}, device="b", outcome="timeout"}} + 1
netwatch_snmp_polls_total{{{p}, device="c", outcome="timeout"}} + 1
netwatch_echo_local_errors_total{{{p}, device="a"}} + 6
netwatch_socket_drops_total{{{p}, protocol="icmp"}} + 3
netwatch_rejected_datagrams_total{{{p}, protocol="icmp", reason="late"}} + 2
netwatch_ledger_entries_total{{{p}}} + 60
netwatch_ledger_last_write_timestamp_seconds{{{p}}} = 3590
netwatch_ledger_queued_entries{{{p}}} = 4
netwatch_ledger_write_errors_total{{{p}}} + 1
netwatch_anchor_last_timestamp_seconds{{{p}, step="head"}} = 600
netwatch_anchor_errors_total{{{p}, step="head"}} = 0
netwatch_anchor_errors_total{{{p}, step="sent"}} + 1
netwatch_notifications_total{{{p}, device="a", unit="1", kind="linkDown"}} + 1
netwatch_notifications_total{{{p}, device="b", unit="2", kind="linkDown"}} + 1
netwatch_notifications_dropped_total{{{p}, reason="rate"}} + 5
netwatch_service_up{{{p}, service="portal"}} = 0
netwatch_service_duration_seconds{{{p}, service="portal", phase="connect"}} = 0.25
netwatch_service_duration_seconds{{{p}, service="portal", phase="tls"}} = 0.5
netwatch_tls_not_after_timestamp_seconds{{{p}, service="portal"}} = 90000
"""


ANOTHER = """
process_cpu_seconds_total{instance="host:9100", job="node"} + 30
process_resident_memory_bytes{instance="host:9100", job="node"} = 7
scrape_samples_scraped{instance="host:9100", job="node"} = 7
"""

SHOWN: Mapping[str, Mapping[str, float]] = {
    "Pollers A": {'{poller="p",version="1",python="3.11"}': 1, '{poller="q",version="1",python="3.11"}': 1},
    "Pollers B": {'{poller="p"}': 60000, '{poller="q"}': 60000},
    "Pollers C": {'{poller="p"}': 0, '{poller="q"}': 0},
    "Pollers D": {'{poller="p"}': 1, '{poller="q"}': 1},
    "Pollers F": {'{poller="p"}': 0.1, '{poller="q"}': 0.2},
    "Pollers H": {'{poller="p"}': 0.5, '{poller="q"}': 0.5},
    "Observation paths A": {'{path="vnpt",poller="p"}': 1, '{path="vnpt",poller="q"}': 1},
    "Observation paths B": {'{path="vnpt",poller="p"}': 1800, '{path="vnpt",poller="q"}': 1800},
    "Lateness of polls A": {"{}": 0.1},
    "SNMP polls by outcome A": {'{outcome="answered"}': 2, '{outcome="timeout"}': 4},
    "Polls that failed, by cause A": {'{outcome="timeout"}': 4},
    "Unusual echoes D": {"{}": 12},
    "Dropped datagrams A": {'{protocol="icmp"}': 6},
    "Rejected datagrams by reason A": {'{protocol="icmp",reason="late"}': 4},
    "Refused series by reason A": {},
    "Entries written A": {'{poller="p"}': 1, '{poller="q"}': 1},
    "Age of the last write A": {'{poller="p"}': 10, '{poller="q"}': 10},
    "Queue, errors and drops A": {"{}": 8},
    "Queue, errors and drops B": {"{}": 120},
    "Anchors of the ledger A": {'{poller="p",step="head"}': 3000, '{poller="q",step="head"}': 3000},
    "Notifications of devices by kind A": {'{kind="linkDown"}': 4},
    "Notifications not looked at A": {'{reason="rate"}': 10},
    "Services A": {'{service="portal"}': 0},
    "Services B": {'{service="portal"}': 0.75},
    "Services C": {'{service="portal"}': 1},
    "Series exported A": {
        '{poller="p",job="netwatch"}': 10,
        '{poller="p",job="netwatch-devices"}': 20,
        '{poller="q",job="netwatch"}': 10,
        '{poller="q",job="netwatch-devices"}': 20,
    },
    "Memory of netwatch A": {'{poller="p"}': 6000, '{poller="q"}': 12000},
}
"""What queries have to return of both, by panel and query."""

OF_ONE: Mapping[str, Mapping[str, float]] = {
    "Pollers C": {'{poller="q"}': 0},
    "Polls that failed, by cause A": {'{outcome="timeout"}': 2},
    "Queue, errors and drops A": {"{}": 4},
    "CPU of netwatch A": {'{poller="q"}': 0.2},
}


@pytest.mark.system
def test_queries_return_what_the_panels_say(tmp_path: Path) -> None:
    checks = expected(asked(CHOICE, "netwatch"), SHOWN)
    checks += expected(asked(CHOICE, "netwatch", poller="q"), OF_ONE)
    evaluate(tmp_path, [group(poller("p", 6) + poller("q", 12) + ANOTHER, checks)])
