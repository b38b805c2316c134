"""What a device counts its light in, and what becomes of it."""

from __future__ import annotations

from netwatch.model.observation import InterfaceName, Light
from netwatch.model.profile import LightTable, Metric, PortKey, Quantity
from netwatch.polling.light import LightPlan
from netwatch.protocols.ber import encode_arcs

RECEIVED = Quantity(Metric("rxPower", (1, 3, 6, 1, 4, 1, 9999, 1), "integer", ""), "0.01 dBm", (0,))
LOW_ALARM = Quantity(Metric("rxLowAlarm", (1, 3, 6, 1, 4, 1, 9999, 2), "integer", ""), "0.01 dBm", (0,))
ROWS = tuple(InterfaceName(f"xe{index}", index, f"xe{index}", "", "") for index in (1, 2, 700))


def test_ports_of_which_nothing_is_told_have_no_light() -> None:
    """Neither has one that is no interface. A threshold may be missing, or absent, on its own."""
    plan = LightPlan((LightTable(PortKey.IF_INDEX, RECEIVED, low_alarm=LOW_ALARM),))
    cells = {
        encode_arcs((2,)): [-800, -1400],
        encode_arcs((700,)): [0, None],
        encode_arcs((1,)): [None, -1400],
        encode_arcs((900,)): [-100, -200],
    }
    assert plan.read(cells, ROWS) == (Light("xe2", -8.0, -14.0), Light("xe700", None, None))
