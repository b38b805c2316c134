"""Many units lost in the same seconds are told together, with what they share; no verdict changes by it."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.judgement.track import enough
from netwatch.model.decision import MassOutage
from netwatch.model.device import Uplink


def country(world: Any, line: Any, device: Any, units: int, **shared: Any) -> Any:
    names = [f"gw-{number}" for number in range(units)]
    uplinks = (Uplink("", "fibre", shared.pop("provider", ""), "", None, None),)
    return world(
        [line(number, name) for number, name in enumerate(names)],
        [device(name, f"U{number:03}", uplinks=uplinks, **shared) for number, name in enumerate(names)],
    )


@pytest.mark.parametrize(
    ("units", "lost", "apart", "told"),
    [
        (20, 5, 0, [5, 0]),
        (20, 4, 0, []),
        (20, 6, 2, [6, 0]),  # within 10 s of each other
        (20, 6, 3, []),
        (300, 5, 0, []),  # chance takes more of more
        (300, 6, 0, [6, 0]),
    ],
)
def test_units_lost_together(
    world: Any, line: Any, device: Any, *, units: int, lost: int, apart: int, told: list[int]
) -> None:
    played = country(world, line, device, units)
    tapes = dict.fromkeys(range(units), "g" * 60)
    for number in range(lost):
        tapes[number] = "g" * (5 + number * apart) + "L" * 30 + "g" * (25 - number * apart)
    for second in range(62):
        played.feed(
            [slot for slot in played.slots(tapes, 0) if second - 1 <= slot[0] < second], at=float(second)
        )
    assert sorted({len(each.units) for each in played.of(MassOutage)}, reverse=True)[:1] == told[:1]
    assert played.judgement.lost_together == 0
    assert [len(each.units) for each in played.of(MassOutage)][-1:] == told[-1:]


def test_what_they_share_is_named(world: Any, line: Any, device: Any) -> None:
    played = country(world, line, device, 6, area="Khoái Châu", provider="VNPT", via="vnpt")
    played.play(dict.fromkeys(range(6), "ggg" + "L" * 10))
    played.tick(13.5)
    (told,) = played.of(MassOutage)
    assert told.shared == (("area", "Khoái Châu"), ("path", "vnpt"), ("provider", "VNPT"))
    assert len(told.units) == played.judgement.lost_together == 6
    assert played.minutes() == []


@pytest.mark.parametrize(
    ("lost", "needed"), [(0, 5), (1, 5), (3, 5), (6, 6), (15, 10), (30, 20), (38, 30), (60, 30)]
)
def test_on_a_line_that_loses_much_it_takes_more_to_be_no_chance(lost: int, needed: int) -> None:
    """Of the 60 slots before: as many in a row as chance shows once in a million."""
    assert enough(5, lost) == needed
