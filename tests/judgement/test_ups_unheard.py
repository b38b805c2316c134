"""A UPS that was not heard before an outage cannot say that the mains were there all the time."""

from __future__ import annotations

import pytest

from netwatch.judgement.cause import Outage, Place, find
from netwatch.model.cause import Cause
from netwatch.model.sign import Sign, SignKind

START, END = 1000.0, 1090.0
GATEWAY = (
    Sign(END + 10, "gw", SignKind.BOOTED, 5.0),
    Sign(END + 10, "gw", SignKind.PORT_UP, END, "ether1"),
    Sign(END + 10, "gw", SignKind.ANSWERED, END + 10, "ether1"),
)
AFTER = Sign(END + 20, "ups", SignKind.ANSWERED, END + 20)
BEFORE = Sign(START - 500, "ups", SignKind.ANSWERED, START - 500)


@pytest.mark.parametrize(
    ("asked", "heard", "cause"),
    [
        (("gw", "ups"), (BEFORE, AFTER), Cause.LINK),
        (("gw", "ups"), (BEFORE,), Cause.LINK),  # it knew of no cut before, and is gone now
        (("gw", "ups"), (AFTER,), Cause.UNDETERMINED),  # the port of an ONT without power looks the same
        (("gw", "ups"), (), Cause.UNDETERMINED),
        (("gw",), (), Cause.LINK),  # nobody asks it
    ],
)
def test_a_port_tells_of_a_link_only_beside_a_ups_that_would_have_told_of_the_mains(
    asked: tuple[str, ...], heard: tuple[Sign, ...], cause: Cause
) -> None:
    place = Place(("gw",), ups=("ups",), asked=asked)
    found, _ = find(Outage(START, END), place, (*GATEWAY, *heard), ())
    assert found is cause
