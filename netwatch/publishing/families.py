"""The metric families that netwatch exports, in one table: what is not in it is not exported.

Rules, dashboards and documentation are checked against it. The families read from devices by SNMP are not
here: they are named by MIBs, and listed by the device profiles.
"""

from __future__ import annotations

from dataclasses import dataclass

OWN_PREFIX = "netwatch_"
"""No MIB object is exported under such a name: it would be taken for a verdict of ours."""

HISTOGRAM_SUFFIXES = ("_bucket", "_sum", "_count")


@dataclass(frozen=True, slots=True)
class Family:
    """One metric family. `name` is the one that users query, `_total` and `_info` included."""

    name: str
    type: str  # counter | gauge | histogram | info | unknown
    help: str  # one line
    labels: tuple[str, ...] = ()  # `register` besides, on series about a unit of another register
    foreign: bool = False  # named by a MIB: of unknown type in OpenMetrics, whose counters end in _total

    @property
    def series(self) -> tuple[str, ...]:
        """The names of its series, as a query would have them."""
        if self.type == "histogram":
            return tuple(self.name + suffix for suffix in HISTOGRAM_SUFFIXES)
        return (self.name,)


_UNIT = ("unit", "area")
_DEVICE = ("device", "unit")
_UPLINK = ("device", "unit", "ifName", "medium", "provider", "circuit")

UNITS = (
    Family(
        "netwatch_unit_info",
        "info",
        "A unit of a register in force.",
        ("unit", "register", "name", "kind", "area", "province", "latitude", "longitude"),
    ),
    Family(
        "netwatch_unit_state",
        "gauge",
        "Live state of a unit: exactly one of up, down and unknown is 1.",
        (*_UNIT, "state"),
    ),
    Family(
        "netwatch_unit_minutes_total",
        "counter",
        "Settled minutes of a unit by verdict; availability is computed from these and nothing else.",
        (*_UNIT, "verdict"),
    ),
    Family(
        "netwatch_unit_down_since_timestamp_seconds",
        "gauge",
        "Unix time at which the present down began; only while the unit is down.",
        _UNIT,
    ),
    Family(
        "netwatch_unit_outages_total", "counter", "Outages of a unit that ended, by cause.", ("unit", "cause")
    ),
    Family(
        "netwatch_unit_blips_total",
        "counter",
        "Runs of down of a unit that ended and were too short for an outage.",
        ("unit",),
    ),
    Family(
        "netwatch_unit_last_outage_info",
        "info",
        "The last outage of a unit that ended; start and end in UTC.",
        ("unit", "cause", "start", "end"),
    ),
    Family(
        "netwatch_unit_last_outage_start_timestamp_seconds",
        "gauge",
        "When the last outage of a unit that ended began.",
        ("unit",),
    ),
    Family(
        "netwatch_unit_last_outage_end_timestamp_seconds",
        "gauge",
        "When the last outage of a unit that ended did.",
        ("unit",),
    ),
    Family(
        "netwatch_unit_outage_root",
        "gauge",
        "1: the dead ancestor that a unit is down below; only while it is.",
        (*_UNIT, "root"),
    ),
    Family(
        "netwatch_unit_outage_unsettled",
        "gauge",
        "1 from the moment at which a unit goes down until the cause of that is settled.",
        _UNIT,
    ),
    Family(
        "netwatch_unit_claims",
        "gauge",
        "Claims of a class that are about the unit as it stands today.",
        (*_UNIT, "class"),
    ),
    Family("netwatch_maintenance", "gauge", "1 while an announced window covers the unit.", ("unit",)),
    Family(
        "netwatch_mass_outage_units",
        "gauge",
        "Units that are down and were lost in the same seconds; 0 where there is no such thing.",
    ),
)

PATHS = (
    Family(
        "netwatch_path_blind",
        "gauge",
        "1 while too few references of an observation path answer: all behind it is unknown.",
        ("path",),
    ),
    Family(
        "netwatch_path_blind_seconds_total",
        "counter",
        "Seconds of settled minutes in which an observation path was blind.",
        ("path",),
    ),
)

NEIGHBOURS = (
    Family(
        "netwatch_parent_mismatch",
        "gauge",
        "1 where a configured parent is not plugged into its child; neighbour: whom it sees instead.",
        (*_DEVICE, "parent", "neighbour"),
    ),
)

DEVICES = (
    Family(
        "netwatch_device_info",
        "info",
        "A device that is watched.",
        ("device", "unit", "area", "role", "address", "profile", "vendor", "via"),
    ),
    Family(
        "netwatch_device_state",
        "gauge",
        "Live state of a device: exactly one of up, down and unknown is 1.",
        ("device", "unit", "area", "role", "state"),
    ),
    Family(
        "netwatch_device_maintenance",
        "gauge",
        "1 while an announced window covers the device.",
        _DEVICE,
    ),
    Family(
        "netwatch_device_minutes_total",
        "counter",
        "Settled minutes of a device by verdict.",
        (*_DEVICE, "verdict"),
    ),
    Family("netwatch_uplink_info", "info", "A line by which a unit reaches the internet.", _UPLINK),
    Family(
        "netwatch_uplink_contracted_bits_per_second",
        "gauge",
        "The rate that an uplink's contract promises.",
        _UPLINK,
    ),
    Family("netwatch_echo_requests_total", "counter", "Echoes that were sent.", _DEVICE),
    Family("netwatch_echo_replies_total", "counter", "Echoes that were answered in time.", _DEVICE),
    Family(
        "netwatch_echo_duplicates_total", "counter", "Replies to echoes that were answered before.", _DEVICE
    ),
    Family("netwatch_echo_late_replies_total", "counter", "Replies that came after the timeout.", _DEVICE),
    Family(
        "netwatch_echo_local_errors_total",
        "counter",
        "Echoes that could not be sent; they say nothing about the device.",
        _DEVICE,
    ),
    Family(
        "netwatch_echo_unreachables_total",
        "counter",
        "Echoes lost with an ICMP error that said why.",
        _DEVICE,
    ),
    Family(
        "netwatch_echo_rtt_seconds", "histogram", "Round-trip times of the echoes answered in time.", _DEVICE
    ),
    Family("netwatch_echo_loss_ratio", "gauge", "Share of the last minute's echoes that were lost.", _DEVICE),
    Family(
        "netwatch_echo_rtt_mean_seconds",
        "gauge",
        "Mean round-trip time of the last minute's echoes.",
        _DEVICE,
    ),
    Family(
        "netwatch_echo_jitter_seconds",
        "gauge",
        "Mean difference between consecutive round-trip times of the last minute (RFC 3393).",
        _DEVICE,
    ),
    Family(
        "netwatch_device_uptime_seconds",
        "gauge",
        "Time since the device's management started, by sysUpTime, wraps mended.",
        _DEVICE,
    ),
    Family("netwatch_snmp_polls_total", "counter", "SNMP polls by how they ended.", (*_DEVICE, "outcome")),
    Family("netwatch_snmp_poll_duration_seconds", "gauge", "How long the last SNMP poll took.", _DEVICE),
    Family(
        "netwatch_snmp_last_success_timestamp_seconds",
        "gauge",
        "Unix time at which the device last answered an SNMP poll.",
        _DEVICE,
    ),
)

CLAIMS = (
    Family(
        "netwatch_claim_info",
        "info",
        "A claim, and the document that makes it.",
        ("claim", "kind", "class", "document", "date", "register"),
    ),
    Family(
        "netwatch_claim_statement",
        "gauge",
        "1: what a claim says, once in each language that it is written in.",
        ("claim", "language", "statement"),
    ),
    Family("netwatch_claim_declared_ratio", "gauge", "The share that the document declares.", ("claim",)),
    Family(
        "netwatch_claim_ratio",
        "gauge",
        "The share that evidence shows: at least the lower bound, at most the upper.",
        ("claim", "bound"),
    ),
    Family(
        "netwatch_claim_verdict",
        "gauge",
        "What a claim comes to: exactly one of holds, does_not_hold and undetermined is 1.",
        ("claim", "verdict"),
    ),
    Family(
        "netwatch_claim_units",
        "gauge",
        "Units of a claim's population by what it finds of them.",
        ("claim", "verdict"),
    ),
    Family(
        "netwatch_claim_unit_verdict",
        "gauge",
        "1: what a claim finds of one unit of its population.",
        ("claim", "unit", "register", "verdict"),
    ),
    Family(
        "netwatch_unit_criterion",
        "gauge",
        "What is found of a unit: 1 shown, 0 not shown, -1 contradicted.",
        ("unit", "criterion"),
    ),
)

INTERFACES = Family(
    "netwatch_interfaces",
    "gauge",
    "Interfaces of a device by ifOperStatus: up, down (lowerLayerDown too) or other.",
    (*_DEVICE, "status"),
)

FACTS = (
    Family(
        "netwatch_device_stations",
        "gauge",
        "MAC addresses that a bridge learnt at a port; none: no series.",
        (*_DEVICE, "ifName"),
    ),
    Family(
        "netwatch_device_hosts",
        "gauge",
        "Hosts behind an interface by ARP or ND; without ifName: DHCP leases.",
        (*_DEVICE, "ifName"),
    ),
    Family(
        "netwatch_default_route_info",
        "info",
        "A port of a default route; what it runs over, where its type says so.",
        (*_DEVICE, "ip_version", "ifName", "medium"),
    ),
    Family(
        "netwatch_device_identity_match",
        "gauge",
        "1 where the device tells what is expected, 0 where something else.",
        (*_DEVICE, "field"),
    ),
    Family(
        "netwatch_inside_probe_up",
        "gauge",
        "1 where a probe that the device runs itself was answered last, 0 where not.",
        (*_DEVICE, "probe"),
    ),
    Family(
        "netwatch_inside_probe_rtt_seconds",
        "gauge",
        "What the last answer to a probe of the device's own took.",
        (*_DEVICE, "probe"),
    ),
    Family(
        "netwatch_device_surveyed_timestamp_seconds",
        "gauge",
        "Unix time at which the device last answered a survey.",
        _DEVICE,
    ),
)

_PORT = (*_DEVICE, "ifName", "lane")
_SENSOR = (*_DEVICE, "sensor")
_ONU = (*_DEVICE, "onu")

LIGHT = (
    Family("netwatch_optical_receive_power_dbm", "gauge", "Light that a port receives.", _PORT),
    Family("netwatch_optical_transmit_power_dbm", "gauge", "Light that a port sends.", _PORT),
    Family(
        "netwatch_optical_receive_power_low_alarm_dbm",
        "gauge",
        "Received light below which the device itself raises an alarm.",
        _PORT,
    ),
    Family(
        "netwatch_optical_receive_power_low_warning_dbm",
        "gauge",
        "Received light below which the device itself warns.",
        _PORT,
    ),
    Family(
        "netwatch_optical_receive_power_high_alarm_dbm",
        "gauge",
        "Received light above which the device itself raises an alarm.",
        _PORT,
    ),
)

ONUS = (
    Family("netwatch_onu_receive_power_dbm", "gauge", "Light of a subscriber's line, told by the OLT.", _ONU),
    Family("netwatch_onu_online", "gauge", "1 where the OLT says that the ONU is there, 0 where not.", _ONU),
)

MAINS = (
    Family("netwatch_ups_on_battery", "gauge", "1 while a UPS runs on its battery.", _DEVICE),
    Family("netwatch_ups_battery_low", "gauge", "1 while a UPS says that its battery is low.", _DEVICE),
    Family("netwatch_ups_battery_charge_ratio", "gauge", "Charge of a UPS's battery.", _DEVICE),
    Family("netwatch_ups_runtime_seconds", "gauge", "How long a UPS's battery would last now.", _DEVICE),
    Family(
        "netwatch_ups_seconds_on_battery", "gauge", "How long a UPS has run on its battery by now.", _DEVICE
    ),
)

SENSORS = (
    Family("netwatch_device_cpu_ratio", "gauge", "Share of a processor's time in use.", _SENSOR),
    Family("netwatch_device_memory_ratio", "gauge", "Share of a device's memory in use.", _SENSOR),
    Family("netwatch_device_temperature_celsius", "gauge", "Temperature that a sensor tells.", _SENSOR),
    Family("netwatch_device_fan_ok", "gauge", "1 where a fan is well, as the device judges.", _SENSOR),
    Family(
        "netwatch_device_power_supply_ok",
        "gauge",
        "1 where a power supply is well, as the device judges.",
        _SENSOR,
    ),
    Family("netwatch_poe_available_watts", "gauge", "Power that a switch can give over Ethernet.", _SENSOR),
    Family("netwatch_poe_consumed_watts", "gauge", "Power that a switch gives over Ethernet.", _SENSOR),
)

IDENTITY = Family(
    "netwatch_device_identity_info",
    "info",
    "Which box answers, as it tells itself.",
    (*_DEVICE, "vendor", "model", "serial", "firmware"),
)

READ = (INTERFACES, IDENTITY, *LIGHT, *ONUS, *MAINS, *SENSORS)
"""Read by SNMP and unified: they stand in /metrics/devices, beside the values under their MIB names."""

SELF = (
    Family("netwatch_build_info", "info", "The program that exports this.", ("version", "python")),
    Family(
        "netwatch_config_last_reload_successful", "gauge", "1 where the configuration read last was good."
    ),
    Family(
        "netwatch_config_last_reload_success_timestamp_seconds",
        "gauge",
        "Unix time at which a good configuration was last read.",
    ),
    Family(
        "netwatch_config_on_last_good",
        "gauge",
        "1 while the daemon runs on the inventory that was good last, as the files at its start were not.",
    ),
    Family("netwatch_poll_lateness_seconds", "histogram", "How late SNMP polls were started."),
    Family("netwatch_event_loop_lag_seconds", "histogram", "How late the event loop ran a timer."),
    Family(
        "netwatch_socket_drops_total",
        "counter",
        "Datagrams that the kernel dropped for want of room in a socket's buffer.",
        ("protocol",),
    ),
    Family(
        "netwatch_rejected_datagrams_total",
        "counter",
        "Datagrams that were received and not taken.",
        ("protocol", "reason"),
    ),
    Family(
        "netwatch_notifications_total",
        "counter",
        "Traps and informs of a device by what they say; each may be forged.",
        (*_DEVICE, "kind"),
    ),
    Family(
        "netwatch_notifications_dropped_total",
        "counter",
        "Traps and informs that were received and not looked at: their sender had its share (rate), too many "
        "waited (queue), or they were too large (size).",
        ("reason",),
    ),
    Family("netwatch_ledger_entries_total", "counter", "Entries that were written to the ledger."),
    Family(
        "netwatch_ledger_last_write_timestamp_seconds",
        "gauge",
        "Unix time at which the ledger was last written.",
    ),
    Family("netwatch_ledger_write_errors_total", "counter", "Attempts to write the ledger that failed."),
    Family("netwatch_ledger_queued_entries", "gauge", "Entries that wait to be written to the ledger."),
    Family(
        "netwatch_ledger_dropped_entries_total",
        "counter",
        "Entries that the ledger's queue had no room for; the ledger says so itself.",
    ),
    Family(
        "netwatch_anchor_last_timestamp_seconds",
        "gauge",
        "Unix time of the newest daily head of the ledger that came to a step: head, signed and sent by when "
        "it was made, stamped by what the authority says.",
        ("step",),
    ),
    Family(
        "netwatch_anchor_errors_total",
        "counter",
        "Attempts to make, sign, stamp or send a daily head that failed.",
        ("step",),
    ),
    Family(
        "netwatch_refused_series_total",
        "counter",
        "Values of devices that were not read or not exported.",
        ("reason",),
    ),
)

SERVICES = (
    Family(
        "netwatch_service_up",
        "gauge",
        "1 where a service answered its last check as it should.",
        ("service",),
    ),
    Family(
        "netwatch_service_duration_seconds",
        "gauge",
        "What the phases of the last check of a service took: resolve, connect, tls, answer.",
        ("service", "phase"),
    ),
    Family(
        "netwatch_tls_not_after_timestamp_seconds",
        "gauge",
        "Unix time at which the first certificate of a service's chain expires.",
        ("service",),
    ),
)

LIVE = (*UNITS, *PATHS, *NEIGHBOURS, *DEVICES, *CLAIMS, *SERVICES)
FAMILIES = (*LIVE, *READ, *FACTS, *SELF)
