"""What a reader chooses on boards about devices: areas and units narrow the choice, or all are left."""

from __future__ import annotations

from netwatch.publishing.dashboards.language import Text
from netwatch.publishing.dashboards.variables import NAMED_UNIT, Variable

AREAS_OF_DEVICES = Variable(
    "area", Text("Khu vực", "Area"), "label_values(netwatch_device_info, area)", many=True
)
"""Those that devices stand in: devices of no unit have one too."""

UNITS = Variable(
    "unit",
    Text("Đơn vị", "Unit"),
    "query_result(label_join(max by (area, name, unit)"
    ' (netwatch_unit_info{register="$register",area=~"$area"}), "name", " · ", "name", "area"))',
    named=NAMED_UNIT,
    many=True,
)

CHOSEN = 'area=~"$area",unit=~"$unit"'
"""The devices that are chosen by both; those of no unit where all units are."""

DEVICE_OF_UNITS = Variable(
    "device", Text("Thiết bị", "Device"), f"label_values(netwatch_device_info{{{CHOSEN}}}, device)"
)

OWNER = Variable(
    "owner",
    Text("Đơn vị của thiết bị", "The device's unit"),
    'label_values(netwatch_device_info{device="$device"}, unit)',
    hidden=True,
)
"""For the link back: `unit` may be several, or all."""
