"""A small province that the tests of this room look at from all sides."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest

from netwatch.lab.equipment import agents
from netwatch.lab.plan import BENCHMARK, SimulatedDevice, Site, plan
from netwatch.lab.province import Province
from netwatch.model.register import Unit

if TYPE_CHECKING:
    from collections.abc import Callable


def unit(code: str, name: str) -> Unit:
    return Unit(code, name, "xã", "", "Hưng Yên", dt.date(2025, 7, 1), None, (), None, None, "")


@pytest.fixture
def offices() -> tuple[Site, ...]:
    """Three units, of which two are of one area."""
    return (
        Site(unit("12004", "Xã Như Quỳnh"), "Văn Lâm", "12001"),
        Site(unit("11992", "Xã Lạc Đạo"), "Văn Lâm", ""),
        Site(unit("12064", "Xã Yên Mỹ"), "Yên Mỹ", "12064"),
    )


@pytest.fixture
def devices(offices: tuple[Site, ...]) -> tuple[SimulatedDevice, ...]:
    return plan(offices, "Hưng Yên", BENCHMARK)


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def province(devices: tuple[SimulatedDevice, ...], clock: Callable[[], float]) -> Province:
    return Province(devices, agents(clock()), clock, random.Random(1))
