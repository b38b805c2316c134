"""What the boards have to show in which state of the lab."""

from __future__ import annotations

from board_asking import ANNOTATION
from board_wall import BOARDS

WELL, DOWN, BLIND, AFTER, GONE = "all is well", "an area is down", "blind", "all is up again", "gone"

LATER: dict[str, set[tuple[str, str, str]]] = {
    DOWN: {
        *((board, "Down now", ref) for board in ("province", "area") for ref in "ABC"),
        ("province", "Firing alerts", "A"),
        ("switch", "Ports that changed", "A"),
        ("switch", "Changes by port", "A"),
        ("switch", "Changes by port", "B"),
        ("netwatch", "Notifications of devices by kind", "A"),
        ("netwatch", "Notifications not looked at", "A"),
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
        *(("switch", "Behind the ports", ref) for ref in "AB"),
        *(
            (board, f"Availability, {bound} bound", "A")
            for board in ("province", "area", "unit")
            for bound in ("lower", "upper")
        ),
        ("area", "Each unit", "B"),
        ("area", "Each unit", "C"),
        ("netwatch", "Anchors of the ledger", "A"),
        *(("optics", "Drift against 7 days ago", ref) for ref in "ABCD"),
        ("netwatch", "Rejected datagrams by reason", "A"),
        ("netwatch", "Refused series by reason", "A"),
    },
    GONE: {("province", "What the poller can see", "C")},
}
"""What has nothing to show while all is well, or not before devices are surveyed and minutes settled.

Light of a week ago is dated back in the meantime.
"""
