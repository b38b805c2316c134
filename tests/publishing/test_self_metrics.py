"""Self-metrics: kept by prometheus-client, told in the same three formats."""

from __future__ import annotations

from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families as parse_text

from netwatch.publishing.anchor_series import AnchorSeries, AnchorTotals
from netwatch.publishing.exposition import Format
from netwatch.publishing.families import SELF
from netwatch.publishing.live import LiveExposition, Roll
from netwatch.publishing.notice_series import NoticeCounts, NoticeTotals
from netwatch.publishing.self_metrics import Counts, LedgerTotals, SelfMetrics


class NoViews:
    devices: dict[str, Any] = {}  # noqa: RUF012 - never written to
    units: dict[str, Any] = {}  # noqa: RUF012
    paths: dict[str, Any] = {}  # noqa: RUF012
    lost_together = 0


@pytest.fixture
def metrics(world: Any) -> SelfMetrics:
    own = SelfMetrics(
        "1.2.3",
        Counts(
            drops=lambda: {"icmp": 0, "snmp": 4},
            rejected=lambda: {("icmp", "late"): 7, ("snmp", 'odd "reason"'): 1},
            refused=lambda: {"too many series": 3},
            ledger=lambda: LedgerTotals(entries=9, last_write=world.T0, errors=2, queued=1, dropped=0),
        ),
    )
    counts = NoticeCounts(
        notices=lambda: {("olt", "", "neighbour_gasp"): 2, ("gw", "12004", "link_down"): 5},
        dropped=lambda: {"rate": 4},
        rejected=dict,
        kernel_drops=lambda: 0,
    )
    own.registry.register(NoticeTotals(counts))
    anchored = AnchorTotals({"head": world.T0, "stamped": world.T0 - 86400}, {"head": 0, "stamped": 3})
    own.registry.register(AnchorSeries(lambda: anchored))
    return own


def test_the_table_of_families_describes_what_is_exported(metrics: SelfMetrics) -> None:
    """Names, types, help and labels, so that rules and dashboards can be checked against the table."""
    text = b"".join(metrics.pieces(Format.TEXT_0_0_4)).decode()
    families = {family.name: family for family in parse_text(text)}
    for told in SELF:
        found = families[told.name.removesuffix("_total")]
        labels = {name for sample in found.samples for name in sample.labels} - {"le"}
        assert (found.documentation, labels) == (told.help, set(told.labels))
        assert found.type == {"info": "gauge"}.get(told.type, told.type)
    assert all(name.startswith(("netwatch_", "process_")) for name in families)
    assert "process_resident_memory_bytes" in families


def test_all_formats_tell_the_same(metrics: SelfMetrics, world: Any, key: Any) -> None:
    metrics.lateness.observe(0.02)
    metrics.lag.observe(20)
    metrics.loaded(world.T0)
    stable = [
        {
            name: value
            for name, value in world.parsed(metrics.pieces(form), form).items()
            if not name[0].startswith("process_")
        }
        for form in Format
    ]
    assert stable[0] == stable[1] == stable[2]
    assert not [name for name, _ in stable[0] if name.endswith("_created")]
    samples = stable[0]
    assert samples[key("netwatch_socket_drops_total", protocol="snmp")] == 4
    assert samples[key("netwatch_rejected_datagrams_total", protocol="snmp", reason='odd "reason"')] == 1
    assert samples[key("netwatch_refused_series_total", reason="too many series")] == 3
    assert samples[key("netwatch_poll_lateness_seconds_bucket", le="0.03")] == 1
    assert samples[key("netwatch_event_loop_lag_seconds_bucket", le="10.0")] == 0
    assert samples[key("netwatch_event_loop_lag_seconds_count")] == 1


def test_a_bad_configuration_lowers_the_flag_and_keeps_the_date(
    metrics: SelfMetrics, world: Any, key: Any
) -> None:
    metrics.loaded(world.T0)
    metrics.refused()
    samples = world.parsed(metrics.pieces(Format.TEXT_0_0_4), Format.TEXT_0_0_4)
    assert samples[key("netwatch_config_last_reload_successful")] == 0
    assert samples[key("netwatch_config_last_reload_success_timestamp_seconds")] == world.T0


def test_two_daemons_in_one_process_do_not_share_anything(metrics: SelfMetrics, key: Any, world: Any) -> None:
    nothing = Counts(drops=dict, rejected=dict, refused=dict, ledger=LedgerTotals)
    other = SelfMetrics("1.2.3", nothing)
    metrics.lag.observe(1)
    samples = world.parsed(other.pieces(Format.TEXT_0_0_4), Format.TEXT_0_0_4)
    assert samples[key("netwatch_event_loop_lag_seconds_count")] == 0


@pytest.mark.parametrize("form", Format)
def test_they_stand_in_one_body_with_the_live_metrics(metrics: SelfMetrics, world: Any, form: Format) -> None:
    live = LiveExposition(NoViews())
    live.take_roll(Roll("hung-yen", (("hung-yen", world.unit()),)), world.T0)
    body = [*live.pieces(form), *metrics.pieces(form)]
    assert b"# EOF" not in b"".join(body)
    names = {name for name, _ in world.parsed(body, form)}
    assert {"netwatch_unit_info", "netwatch_build_info", "process_cpu_seconds_total"} <= names


def test_notifications_are_counted_by_who_and_what(metrics: SelfMetrics, world: Any, key: Any) -> None:
    samples = world.parsed(metrics.pieces(Format.TEXT_0_0_4), Format.TEXT_0_0_4)
    name = "netwatch_notifications_total"
    assert samples[key(name, device="gw", unit="12004", kind="link_down")] == 5
    assert samples[key(name, device="olt", unit="", kind="neighbour_gasp")] == 2
    assert samples[key("netwatch_notifications_dropped_total", reason="rate")] == 4


def test_the_age_of_the_newest_anchor_is_told_for_each_step(metrics: SelfMetrics, world: Any) -> None:
    text = b"".join(metrics.pieces(Format.TEXT_0_0_4)).decode()
    last = next(
        family for family in parse_text(text) if family.name == "netwatch_anchor_last_timestamp_seconds"
    )
    assert {sample.labels["step"]: sample.value for sample in last.samples} == {
        "head": world.T0,
        "stamped": world.T0 - 86400,
    }
    assert 'netwatch_anchor_errors_total{step="stamped"} 3.0' in text
    assert 'netwatch_anchor_errors_total{step="head"} 0.0' in text
