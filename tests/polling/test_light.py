"""What a device counts its light in, and what becomes of it."""

from __future__ import annotations

import pytest

from netwatch.model.observation import InterfaceName, Light
from netwatch.model.profile import LightColumns, Metric
from netwatch.polling.light import LightPlan
from netwatch.protocols.ber import encode_arcs

RECEIVED = Metric("rxPower", (1, 3, 6, 1, 4, 1, 9999, 1), "integer", "")
LOW_ALARM = Metric("rxLowAlarm", (1, 3, 6, 1, 4, 1, 9999, 2), "integer", "")
ROWS = tuple(InterfaceName(f"xe{index}", index, f"xe{index}", "", "") for index in (1, 2, 700))


@pytest.mark.parametrize(
    ("unit", "raw", "dbm"),
    [
        ("0.01 dBm", -2153, -21.53),
        ("0.01 dBm", 150, 1.5),
        ("0.01 dBm", 0, 0.0),
        ("0.001 dBm", -21530, -21.53),
        ("0.1 uW", 10_000, 0.0),
        ("0.1 uW", 70, -21.549),
        ("0.1 uW", 1, -40.0),
        ("0.1 uW", 0, None),
        ("0.1 uW", -5, None),
        ("0.01 dBm", -9999, None),
    ],
)
def test_every_unit_is_told_in_dbm(unit: str, raw: int, dbm: float | None) -> None:
    """No power at all, and what the profile calls absent, has no figure in dBm."""
    plan = LightPlan(LightColumns(RECEIVED, None, unit, (-9999,)))
    (light,) = plan.read({encode_arcs((1,)): [raw]}, ROWS)
    assert light == Light("xe1", dbm if dbm is None else pytest.approx(dbm, abs=1e-3))


def test_ports_of_which_nothing_is_told_have_no_light() -> None:
    """Neither has one that is no interface. A threshold may be missing, or absent, on its own."""
    plan = LightPlan(LightColumns(RECEIVED, LOW_ALARM, "0.01 dBm", (0,)))
    cells = {
        encode_arcs((2,)): [-800, -1400],
        encode_arcs((700,)): [0, None],
        encode_arcs((1,)): [None, -1400],
        encode_arcs((900,)): [-100, -200],
    }
    assert plan.read(cells, ROWS) == (Light("xe2", -8.0, -14.0), Light("xe700", None, None))
