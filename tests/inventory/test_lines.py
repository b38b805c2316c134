"""Which addresses are echoed, under which numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.lines import Numbering, lines
from netwatch.model.device import Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.inventory.load import Inventory

SITE = """
sites:
  - area: x
    devices:
      - name: gw
        address: 198.18.4.1
        role: uplink
        intervals: {echo: 2s}
        uplinks:
          - {interface: ether1}
          - {interface: lte1, address: 198.18.4.9}
      - {name: silent, address: 198.18.4.2, role: ups, snmp: lab-v2c, echo: false}
"""


@pytest.fixture
def inventory(write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> Inventory:
    write("sites/a.yaml", SITE)
    return loaded()


def test_a_device_and_each_uplink_with_an_address_are_lines(inventory: Inventory) -> None:
    """`echo: false` makes a device's polls its slots; an uplink without an address is heard through it."""
    assert lines(inventory.devices, Numbering()) == (
        Line(0, "gw", None, "198.18.4.1", 2.0),
        Line(1, "gw", 1, "198.18.4.9", 2.0),
        Line(2, "silent", None, "198.18.4.2", 60.0, polled=True),
        Line(3, "noc-gateway", None, "198.18.0.2", 1.0),
        Line(4, "core", None, "198.18.0.3", 1.0),
    )


def test_numbers_stay_and_are_never_given_to_another(inventory: Inventory) -> None:
    """Also while a device is away, and whatever the order."""
    numbering = Numbering()
    before = {line.device: line.number for line in lines(inventory.devices, numbering)}
    without = [device for device in inventory.devices if device.name != "gw"]
    assert {line.number for line in lines(without, numbering)} == {2, 3, 4}
    assert numbering.number("new", "198.18.4.3", own=True) == 5
    assert numbering.number("gw", "198.18.4.10", own=False) == 6
    assert numbering.number("gw", "198.18.4.10", own=True) == 7, "another address is another line"
    assert numbering.number("gw", "198.18.4.9", own=True) == 8, "so is a device's own, beside its uplink's"
    assert {line.device: line.number for line in lines(reversed(inventory.devices), numbering)} == before
