"""What the boards have to show in which state of the lab, and what never in a run of minutes."""

from __future__ import annotations

from board_asking import ANNOTATION
from board_wall import BOARDS

WELL, DOWN, BLIND, AFTER = "all is well", "an area is down", "blind", "all is up again"

LATER: dict[str, set[tuple[str, str, str]]] = {
    DOWN: {
        *((board, "Down now", ref) for board in ("province", "area") for ref in "ABC"),
        ("province", "Firing alerts", "A"),
        ("switch", "Ports that changed", "A"),
        ("switch", "Changes by port", "A"),
        ("switch", "Changes by port", "B"),
        ("province", "Mass outage", ANNOTATION),
        *((board, "Outage", ANNOTATION) for board in ("province", "area", "unit")),
        ("area", "Mass outage", ANNOTATION),
    },
    BLIND: {
        ("province", "What the poller can see", "A"),
        *((board, "Poller blind", ANNOTATION) for board in sorted(BOARDS.keys() - {"claims"})),
    },
    AFTER: {
        ("unit", "The last outage", "A"),
        ("switch", "Behind the ports", "A"),
        *(
            (board, f"Availability, {bound} bound", "A")
            for board in ("province", "area", "unit")
            for bound in ("lower", "upper")
        ),
        ("area", "Each unit", "B"),
        ("area", "Each unit", "C"),
        ("netwatch", "Anchors of the ledger", "A"),
    },
}
"""What has nothing to show while all is well, or not before devices are surveyed and minutes settled."""

NO_HOSTS = "the lab's devices have no ARP table and lease no addresses"
NO_OLT = "the lab has no OLT"
NO_TRAPS = "the lab's devices send no notifications"
SELDOM = "it takes something unusual, which may come: a datagram or a series that is not to be taken"

NEVER: dict[tuple[str, str, str], str] = {
    ("province", "What the poller can see", "C"): "it is shown where netwatch tells nothing at all",
    ("switch", "Behind the ports", "B"): NO_HOSTS,
    **{("optics", "Drift against 7 days ago", ref): "the run is minutes long" for ref in "ABCD"},
    ("optics", "ONUs offline by OLT", "A"): NO_OLT,
    **{("optics", "Weakest ONUs, and those offline", ref): NO_OLT for ref in "AB"},
    ("netwatch", "Notifications of devices by kind", "A"): NO_TRAPS,
    ("netwatch", "Notifications not looked at", "A"): NO_TRAPS,
    ("netwatch", "Refused series by reason", "A"): SELDOM,
    ("netwatch", "Rejected datagrams by reason", "A"): SELDOM,
}
"""What has nothing to show in this run, and why; what is there seldom, may be there."""

NOT_HERE = {
    "netwatch_device_hosts": NO_HOSTS,
    "netwatch_onu_receive_power_dbm": NO_OLT,
    "netwatch_onu_online": NO_OLT,
    "netwatch_notifications_total": NO_TRAPS,
    "netwatch_notifications_dropped_total": NO_TRAPS,
    "netwatch_refused_series_total": SELDOM,
    "netwatch_rejected_datagrams_total": SELDOM,
}
"""Metrics that the boards ask for and that do not occur in this run, and why."""
