"""CISCO-RTTMON-MIB: operations of IP SLA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.polling.survey.asking import Table
from netwatch.polling.survey.probes.result import (
    LONGEST_NAME,
    Cells,
    Result,
    column,
    number,
    octets,
    rows,
    seconds,
)
from netwatch.polling.survey.stamps import DeviceTime, age_of_ticks
from netwatch.polling.text import clean

if TYPE_CHECKING:
    from netwatch.polling.survey.asking import Asker

_RTT_CTRL = (1, 3, 6, 1, 4, 1, 9, 9, 42, 1, 2, 1, 1)
_RTT_LATEST = (1, 3, 6, 1, 4, 1, 9, 9, 42, 1, 2, 10, 1)

IP_SLA = Table(
    "rttMonLatestRttOperTable",
    (
        column(_RTT_LATEST, "rttMonLatestRttOperCompletionTime", 1, "gauge32"),  # milliseconds
        column(_RTT_LATEST, "rttMonLatestRttOperSense", 2, "integer"),
        column(_RTT_LATEST, "rttMonLatestRttOperTime", 5, "timeticks"),
    ),
    arcs=1,
)
IP_SLA_NAMES = Table(
    "rttMonCtrlAdminTable",
    (
        column(_RTT_CTRL, "rttMonCtrlAdminOwner", 2, "text"),
        column(_RTT_CTRL, "rttMonCtrlAdminTag", 3, "text"),
    ),
    arcs=1,
)

SENSE_ANSWERED = frozenset((1, 3))  # RttResponseSense: ok, overThreshold
SENSE_NOTHING = frozenset((0, 5, 7))  # other, busy, dropped: nothing was asked


async def read_ip_sla(asker: Asker, now: DeviceTime) -> list[Result]:
    """Read the last results. Raises NoAnswerError."""
    latest = list(rows(await asker.walk(IP_SLA), IP_SLA))
    if not latest:
        return []
    names = dict(rows(await asker.walk(IP_SLA_NAMES), IP_SLA_NAMES))
    found = []
    for index, cells in latest:
        sense = cells["rttMonLatestRttOperSense"]
        if not isinstance(sense, int) or sense in SENSE_NOTHING:
            continue
        answered = sense in SENSE_ANSWERED
        found.append(
            Result(
                _name(index[0], names.get(index, {})),
                answered,
                age_of_ticks(number(cells["rttMonLatestRttOperTime"]), now),
                seconds(cells["rttMonLatestRttOperCompletionTime"], 1e-3) if answered else None,
                tuple(cells.values()),
                "rttMonLatestRttOperSense",
            )
        )
    return found


def _name(number: int, cells: Cells) -> str:
    """Name an operation by its number, and by what its configuration calls it."""
    tag, owner = (
        clean(octets(cells.get(name)), LONGEST_NAME)
        for name in ("rttMonCtrlAdminTag", "rttMonCtrlAdminOwner")
    )
    return f"IP SLA {number} {tag or owner}".strip()[:LONGEST_NAME]
