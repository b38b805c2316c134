"""DISMAN-PING-MIB (RFC 4560): Juniper, H3C, HP and many others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.polling.survey.asking import Table
from netwatch.polling.survey.probes.result import Cells, Result, column, number, octets, owned, rows, seconds
from netwatch.polling.survey.stamps import DeviceTime, age_of_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.polling.survey.asking import Asker

_CTL = (1, 3, 6, 1, 2, 1, 80, 1, 2, 1)
_RESULTS = (1, 3, 6, 1, 2, 1, 80, 1, 3, 1)
_HISTORY = (1, 3, 6, 1, 2, 1, 80, 1, 4, 1)

PING_TARGETS = Table("pingCtlTable", (column(_CTL, "pingCtlTargetAddressType", 3, "integer"),))
PING_RESULTS = Table(
    "pingResultsTable",
    (
        column(_RESULTS, "pingResultsOperStatus", 1, "integer"),
        column(_RESULTS, "pingResultsAverageRtt", 6, "gauge32"),  # milliseconds
        column(_RESULTS, "pingResultsProbeResponses", 7, "gauge32"),
        column(_RESULTS, "pingResultsSentProbes", 8, "gauge32"),
        column(_RESULTS, "pingResultsLastGoodProbe", 10, "text"),
    ),
)
PING_HISTORY = Table(
    "pingProbeHistoryTable",
    (
        column(_HISTORY, "pingProbeHistoryResponse", 2, "gauge32"),  # milliseconds
        column(_HISTORY, "pingProbeHistoryStatus", 3, "integer"),
        column(_HISTORY, "pingProbeHistoryTime", 5, "text"),
    ),
)

RESPONSE_RECEIVED = 1  # OperationResponseStatus

LAST_PROBES = 3
"""Of a test that are looked at: one lost packet is no failure."""

TARGETS = {1: "an IPv4 address", 2: "an IPv6 address", 16: "a DNS name"}  # InetAddressType


async def read_ping(asker: Asker, now: DeviceTime) -> list[Result]:
    """Read the last results. Raises NoAnswerError."""
    results = list(rows(await asker.walk(PING_RESULTS), PING_RESULTS))
    if not results:
        return []
    targets = {
        index: cells["pingCtlTargetAddressType"]
        for index, cells in rows(await asker.walk(PING_TARGETS), PING_TARGETS)
    }
    last = _last(rows(await asker.walk(PING_HISTORY), PING_HISTORY))
    found = []
    for index, cells in results:
        name = owned(index, ends=True)
        result = name and (_of_history(name, last.get(index, []), now) or _of_ping(name, cells, now))
        if result:
            found.append(result._replace(target=TARGETS.get(number(targets.get(index)), "")))
    return found


def _last(found: Iterable[tuple[tuple[int, ...], Cells]]) -> dict[tuple[int, ...], list[Cells]]:
    """Return the last rows of each test's history, the newest first: rows come by rising index."""
    last: dict[tuple[int, ...], list[Cells]] = {}
    for index, cells in found:
        if len(index) > 1 and cells["pingProbeHistoryStatus"]:
            last[index[:-1]] = [cells, *last.get(index[:-1], [])][:LAST_PROBES]
    return last


def _of_history(name: str, last: list[Cells], now: DeviceTime) -> Result | None:
    """Read the last probes of a test: only there has a failure a date."""
    if not last:
        return None
    answered = next((cells for cells in last if cells["pingProbeHistoryStatus"] == RESPONSE_RECEIVED), None)
    cells = last[0] if answered is None else answered
    return Result(
        name,
        answered is not None,
        age_of_date(octets(cells["pingProbeHistoryTime"]), now),
        seconds(cells["pingProbeHistoryResponse"], 1e-3) if answered is not None else None,
        tuple(tuple(each.values()) for each in last),
        "pingProbeHistoryStatus",
    )


def _of_ping(name: str, cells: Cells, now: DeviceTime) -> Result | None:
    if not cells["pingResultsSentProbes"]:
        return None
    answered = bool(cells["pingResultsProbeResponses"])
    return Result(
        name,
        answered,
        age_of_date(octets(cells["pingResultsLastGoodProbe"]), now) if answered else None,
        seconds(cells["pingResultsAverageRtt"], 1e-3),
        tuple(cells.values()),
        "pingResultsProbeResponses",
    )
