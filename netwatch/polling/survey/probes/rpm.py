"""JUNIPER-RPM-MIB: what Junos tells of its probes beyond DISMAN-PING-MIB: a date for failures too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.polling.survey.asking import Table
from netwatch.polling.survey.probes.result import Result, column, octets, owned, rows, seconds
from netwatch.polling.survey.stamps import DeviceTime, age_of_date

if TYPE_CHECKING:
    from netwatch.polling.survey.asking import Asker

_RPM_SUMMARY = (1, 3, 6, 1, 4, 1, 2636, 3, 50, 1, 2, 1)
_RPM_CALCULATED = (1, 3, 6, 1, 4, 1, 2636, 3, 50, 1, 3, 1)

RPM_SUMMARY = Table(
    "jnxRpmResultsSummaryTable",
    (
        column(_RPM_SUMMARY, "jnxRpmResSumSent", 2, "gauge32"),
        column(_RPM_SUMMARY, "jnxRpmResSumReceived", 3, "gauge32"),
        column(_RPM_SUMMARY, "jnxRpmResSumDate", 5, "text"),
    ),
)
RPM_CALCULATED = Table(
    "jnxRpmResultsCalculatedTable",
    (column(_RPM_CALCULATED, "jnxRpmResCalcAverage", 5, "gauge32"),),  # microseconds
)

LAST_COMPLETED_TEST = 2  # JnxRpmCollectionType
ROUND_TRIP_TIME = 1  # JnxRpmMeasurementSet


async def read_rpm(asker: Asker, now: DeviceTime) -> list[Result]:
    """Read the last results. Raises NoAnswerError."""
    summary = list(rows(await asker.walk(RPM_SUMMARY), RPM_SUMMARY))
    if not summary:
        return []
    times = {
        index[:-2]: cells["jnxRpmResCalcAverage"]
        for index, cells in rows(await asker.walk(RPM_CALCULATED), RPM_CALCULATED)
        if index[-2:] == (LAST_COMPLETED_TEST, ROUND_TRIP_TIME)
    }
    return [
        Result(
            name,
            bool(cells["jnxRpmResSumReceived"]),
            age_of_date(octets(cells["jnxRpmResSumDate"]), now),
            seconds(times.get(index[:-1]), 1e-6),
            tuple(cells.values()),
            "jnxRpmResSumReceived",
        )
        for index, cells in summary
        if index[-1:] == (LAST_COMPLETED_TEST,)
        and cells["jnxRpmResSumSent"]
        and (name := owned(index[:-1], ends=True))
    ]
