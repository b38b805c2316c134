"""A device that runs since the beginning of its outage restarted; one that runs since its end was off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netwatch.judgement.cause import Outage, Place, find
from netwatch.model.cause import Cause
from netwatch.model.sign import Sign, SignKind

if TYPE_CHECKING:
    from collections.abc import Iterator

START, END = 1000.0, 1090.0


def signs(booted: float) -> Iterator[Sign]:
    """What the first poll after the outage shows of a device that runs since `booted`."""
    yield Sign(END + 10, "gw", SignKind.BOOTED, booted)
    yield Sign(END + 10, "gw", SignKind.ANSWERED, END + 10, "ether1")


@pytest.mark.parametrize(
    ("booted", "cause"),
    [
        (START - 100_000.0, Cause.ACCESS),  # it ran on
        (START - 4.0, Cause.RESTART),  # clocks are not that exact
        (START + 1.0, Cause.RESTART),
        (START + 15.0, Cause.RESTART),
        (START + 20.0, Cause.RESTART),
        (START + 30.0, Cause.UNDETERMINED),  # off or hung for half a minute
        (END - 10.0, Cause.UNDETERMINED),  # power came back, or somebody pressed a button
    ],
)
def test_when_a_device_began_to_run_tells_a_restart_from_a_time_without_power(
    booted: float, cause: Cause
) -> None:
    found, _ = find(Outage(START, END), Place(("gw",), asked=("gw",)), tuple(signs(booted)), ())
    assert found is cause
