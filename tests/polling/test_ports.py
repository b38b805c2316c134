"""From what a table calls a port to the interface that it is."""

from __future__ import annotations

import pytest

from netwatch.model.observation import InterfaceName
from netwatch.polling.ports import Ports

PORTS = Ports(
    InterfaceName(name or f"ifIndex:{index}", index, name, "", descr)
    for index, (name, descr) in enumerate(
        [
            ("Te1/1/1", "TenGigabitEthernet1/1/1"),
            ("Te1/1/10", "TenGigabitEthernet1/1/10"),
            ("Te1/1", "TenGigabitEthernet1/1"),
            ("", "same"),
            ("", "same"),
            ("sfp-sfpplus1", "sfp-sfpplus1"),
            ("Te1/1/1.100", "TenGigabitEthernet1/1/1.100"),
        ]
    )
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Te1/1/1 Receive Power Sensor", "Te1/1/1"),
        ("TenGigabitEthernet1/1/10 Receive Power Sensor", "Te1/1/10"),
        ("Te1/1/1", "Te1/1/1"),
        ("Te1/1/1-Rx", "Te1/1/1"),
        ("Te1/1/1.100 Rx", "Te1/1/1.100"),
        ("Te1/1/2 Receive Power Sensor", None),  # not Te1/1
        ("Te1/1/100 Rx", None),
        ("sfp-sfpplus1 rx", "sfp-sfpplus1"),
        ("same thing", None),
        ("", None),
        ("Temperature", None),
    ],
)
def test_a_port_is_found_by_what_a_name_begins_with(text: str, key: str | None) -> None:
    """The longest one, and only up to where the name of a port may end; a name of two ports is none."""
    assert PORTS.beginning(text) == key


def test_a_port_is_found_by_each_of_its_names() -> None:
    assert PORTS.named("TenGigabitEthernet1/1/10") == PORTS.named("Te1/1/10") == "Te1/1/10"
    assert PORTS.named("same") is None
    assert PORTS.by_index[3] == "ifIndex:3"
