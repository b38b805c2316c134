"""NQA-MIB: network quality analysis of Huawei."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.polling.survey.asking import Table
from netwatch.polling.survey.probes.result import Result, column, octets, owned, rows, seconds
from netwatch.polling.survey.stamps import DeviceTime, age_of_date

if TYPE_CHECKING:
    from netwatch.polling.survey.asking import Asker

_NQA = (1, 3, 6, 1, 4, 1, 2011, 5, 25, 111, 4, 1, 1)

NQA = Table(
    "nqaResultsTable",
    (
        column(_NQA, "nqaResultsCompletions", 3, "integer"),
        column(_NQA, "nqaResultsTestAttempts", 4, "counter32"),
        column(_NQA, "nqaResultsLastGoodProbe", 23, "text"),
        column(_NQA, "nqaResultsRttAvg", 26, "gauge32"),  # milliseconds
    ),
)

SUCCESS, FAILURE = 1, 2  # of nqaResultsCompletions; the others are no result


async def read_nqa(asker: Asker, now: DeviceTime) -> list[Result]:
    """Read the last results. Raises NoAnswerError."""
    found: dict[str, Result] = {}
    for index, cells in rows(await asker.walk(NQA), NQA):
        done = cells["nqaResultsCompletions"]
        name = owned(index, ends=False)
        if not name or done not in {SUCCESS, FAILURE}:
            continue
        answered = done == SUCCESS
        found[name] = Result(  # the rows of one test come by rising index: the last is the newest
            name,
            answered,
            age_of_date(octets(cells["nqaResultsLastGoodProbe"]), now) if answered else None,
            seconds(cells["nqaResultsRttAvg"], 1e-3) if answered else None,
            (index, *cells.values()),
            "nqaResultsCompletions",
        )
    return list(found.values())
