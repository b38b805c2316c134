"""What an announced window covers: the units that it is about, and the devices, also those of no unit."""

from __future__ import annotations

import pytest

from netwatch.daemon.covering import covered, covered_devices
from netwatch.model.device import Device, Role
from netwatch.model.maintenance import Window

DEVICES = (
    Device(name="core", address="198.18.0.3", role=Role.CORE, area="Trung tâm"),
    Device(
        name="gw", address="198.18.4.1", role=Role.UPLINK, unit="12004", register="hung-yen", area="Văn Lâm"
    ),
    Device(
        name="sw", address="198.18.4.2", role=Role.SWITCH, unit="12004", register="hung-yen", area="Văn Lâm"
    ),
    Device(
        name="so",
        address="198.18.5.1",
        role=Role.UPLINK,
        unit="SYT",
        register="organisations",
        area="Trung tâm",
    ),
)
UNITS = (("hung-yen", "12004"), ("hung-yen", "12019"))


@pytest.mark.parametrize(
    ("about", "devices", "units"),
    [
        ({"devices": ("core",)}, {"core"}, set()),
        ({"devices": ("gw",)}, {"gw"}, {"12004"}),
        ({"units": ("12004",)}, {"gw", "sw"}, {"12004"}),
        ({"units": ("12019",)}, set(), {"12019"}),  # has no device
        ({"areas": ("Trung tâm",)}, {"core", "so"}, {"SYT"}),
        ({"devices": ("gw",), "areas": ("Trung tâm",)}, {"core", "gw", "so"}, {"12004", "SYT"}),
    ],
)
def test_a_window_covers_what_it_is_about_while_it_is_open(
    about: dict[str, tuple[str, ...]], devices: set[str], units: set[str]
) -> None:
    window = Window("w", start=100.0, end=200.0, announced=0.0, by="NOC", **about)
    for now, open_ in ((99.9, False), (100.0, True), (199.9, True), (200.0, False)):
        assert covered_devices([window], DEVICES, now) == (devices if open_ else set())
        found = {code for _, code in covered([window], UNITS, DEVICES, now)}
        assert found == (units if open_ else set())
