"""One device as sample lines: its state, its echoes, its polls."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import TYPE_CHECKING

from netwatch.judgement.tally import RTT_BOUNDS
from netwatch.model.outcome import Outcome
from netwatch.model.state import State
from netwatch.publishing.devices import FRESH_INTERVALS
from netwatch.publishing.echo_totals import EchoTotals, mean
from netwatch.publishing.exposition import encoded, fill, go_float, labels, number, template
from netwatch.publishing.unit_series import STATES

if TYPE_CHECKING:
    from netwatch.judgement.composite import DeviceState

_STATE = template("netwatch_device_state", "state", State)
_MINUTES = template("netwatch_device_minutes_total", "verdict", State)
_POLLS = template("netwatch_snmp_polls_total", "outcome", Outcome)
_BUCKETS = template("netwatch_echo_rtt_seconds_bucket", "le", map(go_float, (*RTT_BOUNDS, math.inf)))
_RTT = _BUCKETS + b"netwatch_echo_rtt_seconds_sum{%b} %b\nnetwatch_echo_rtt_seconds_count{%b} %d\n"

_COUNTERS = {
    name: name.encode() + b"{%b} %d\n"
    for name in (
        "netwatch_echo_requests_total",
        "netwatch_echo_replies_total",
        "netwatch_echo_duplicates_total",
        "netwatch_echo_late_replies_total",
        "netwatch_echo_local_errors_total",
        "netwatch_echo_unreachables_total",
    )
}


class DeviceSeries:
    """A device, and what is known of it."""

    def __init__(self, view: DeviceState) -> None:
        self.view = view
        self.device = view.device
        device = self.device
        self._plain = encoded(labels({"device": device.name, "unit": device.unit}))
        self._role = encoded(
            labels(
                {"device": device.name, "unit": device.unit, "area": device.area, "role": device.role.value}
            )
        )
        self._totals = EchoTotals()

    def everything(self, now: float) -> dict[str, bytes]:
        """Return all lines, by family, as of steady time `now`."""
        return {
            **self.info(),
            **self._uplinks(),
            **self.state(),
            **self.minutes(),
            **self.polls(),
            **self.present(now),
        }

    def inherit(self, other: DeviceSeries) -> None:
        """Go on with the totals of the same device as it was configured before."""
        self._totals = other._totals

    def info(self) -> dict[str, bytes]:
        """Return the lines that change when another profile was recognised."""
        device, polls = self.device, self.view.polls
        told = labels(
            {
                "device": device.name,
                "unit": device.unit,
                "area": device.area,
                "role": device.role.value,
                "address": device.address,
                "profile": polls.profile or ("" if device.profile == "auto" else device.profile),
                "vendor": polls.vendor,
                "via": device.via,
            }
        )
        return {"netwatch_device_info": encoded(f"netwatch_device_info{{{told}}} 1\n")}

    def state(self) -> dict[str, bytes]:
        """Return the lines that change with the live state."""
        return {"netwatch_device_state": fill(_STATE, self._role, STATES[self.view.state])}

    def maintenance(self, *, inside: bool) -> dict[str, bytes]:
        """Return the line that stands while an announced window covers the device."""
        line = b"netwatch_device_maintenance{%b} 1\n" % self._plain if inside else b""
        return {"netwatch_device_maintenance": line}

    def minutes(self) -> dict[str, bytes]:
        """Return the lines that change when a minute is settled."""
        minutes = self.view.minutes
        return {"netwatch_device_minutes_total": fill(_MINUTES, self._plain, (minutes[s] for s in State))}

    def polls(self) -> dict[str, bytes]:
        """Return the lines that change when a poll has ended."""
        if self.device.snmp is None:
            return {}
        polls = self.view.polls
        return {
            "netwatch_snmp_polls_total": fill(
                _POLLS, self._plain, (polls.outcomes[each] for each in Outcome)
            ),
            **self._gauge("netwatch_snmp_poll_duration_seconds", polls.duration),
            **self._gauge("netwatch_snmp_last_success_timestamp_seconds", polls.success),
        }

    def present(self, now: float) -> dict[str, bytes]:
        """Return the lines that change as time passes."""
        return {**self._uptime(now), **(self._echo(now) if self.view.lines else {})}

    def _uptime(self, now: float) -> dict[str, bytes]:
        polls = self.view.polls
        fresh = (
            polls.success is not None and now < polls.success + FRESH_INTERVALS * self.device.snmp_interval
        )
        return self._gauge("netwatch_device_uptime_seconds", polls.uptime if fresh else None)

    def _echo(self, now: float) -> dict[str, bytes]:
        totals, lines = self._totals, self.view.lines
        totals.sum_up(lines)
        counts = (
            totals.requests,
            totals.replies,
            totals.duplicates,
            totals.late,
            totals.local_errors,
            totals.unreachables,
        )
        rendered = {
            name: line % (self._plain, count)
            for (name, line), count in zip(_COUNTERS.items(), counts, strict=True)
        }
        rendered["netwatch_echo_rtt_seconds"] = self._histogram()
        qualities = [line.quality(now) for line in lines]
        rendered |= self._gauge("netwatch_echo_loss_ratio", mean(each.loss for each in qualities))
        rendered |= self._gauge("netwatch_echo_rtt_mean_seconds", mean(each.rtt for each in qualities))
        return rendered | self._gauge("netwatch_echo_jitter_seconds", mean(each.jitter for each in qualities))

    def _histogram(self) -> bytes:
        cumulated = list(accumulate(self._totals.histogram))
        plain = self._plain
        buckets = [part for count in cumulated for part in (plain, count)]
        return _RTT % (*buckets, plain, number(self._totals.rtt_sum), plain, cumulated[-1])

    def _gauge(self, name: str, value: float | None) -> dict[str, bytes]:
        """Return a gauge's line, or none where there is no value."""
        if value is None or math.isnan(value):
            return {name: b""}
        return {name: b"%b{%b} %b\n" % (name.encode(), self._plain, number(value))}

    def _uplinks(self) -> dict[str, bytes]:
        """Return what is configured of the uplinks; two that are told alike have one line."""
        told: dict[str, int | None] = {}
        for uplink in self.device.uplinks:
            about = labels(
                {
                    "device": self.device.name,
                    "unit": self.device.unit,
                    "ifName": uplink.interface,
                    "medium": uplink.medium,
                    "provider": uplink.provider,
                    "circuit": uplink.circuit,
                }
            )
            told.setdefault(about, uplink.contracted)
        info = (f"netwatch_uplink_info{{{about}}} 1\n" for about in told)
        rate = (
            f"netwatch_uplink_contracted_bits_per_second{{{about}}} {contracted}\n"
            for about, contracted in told.items()
            if contracted is not None
        )
        return {
            "netwatch_uplink_info": encoded("".join(info)),
            "netwatch_uplink_contracted_bits_per_second": encoded("".join(rate)),
        }
