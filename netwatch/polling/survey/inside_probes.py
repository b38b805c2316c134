"""What devices have measured themselves: probes that a sysadmin configured on them, read and never set.

DISMAN-PING-MIB (RFC 4560: Juniper, H3C, many others), JUNIPER-RPM-MIB, CISCO-RTTMON-MIB (IP SLA) and Huawei's
NQA-MIB. A result is news while it is young by its own stamp; one without a stamp is news where it has moved
since the survey before. What stands there from last month shows nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.fact import FactKind
from netwatch.polling.survey.asking import Table, Told
from netwatch.polling.survey.stamps import DeviceTime, age_of_date, age_of_ticks
from netwatch.polling.text import clean
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netwatch.polling.survey.asking import Asker
    from netwatch.protocols.snmp_walk import Walk

SYSTEM_DATE = Column("hrSystemDate", (1, 3, 6, 1, 2, 1, 25, 1, 2), "text")
SYS_UPTIME = Column("sysUpTime", (1, 3, 6, 1, 2, 1, 1, 3), "timeticks")

MOST_PROBES = 64
"""Of one device that are told."""

LONGEST_NAME = 96
"""Characters of a probe's name."""

Cells = dict[str, int | bytes | None]


class Result(NamedTuple):
    """The last result of one probe."""

    name: str
    answered: bool
    age: float | None  # seconds; None: not told
    rtt: float | None  # seconds
    mark: tuple[object, ...]  # moves with each new result
    target: str  # what sort of address it asks, "" where not told
    source: str


def _column(entry: tuple[int, ...], name: str, arc: int, syntax: str) -> Column:
    return Column(name, (*entry, arc), syntax)


_CTL = (1, 3, 6, 1, 2, 1, 80, 1, 2, 1)
_RESULTS = (1, 3, 6, 1, 2, 1, 80, 1, 3, 1)
_HISTORY = (1, 3, 6, 1, 2, 1, 80, 1, 4, 1)
_RTT_CTRL = (1, 3, 6, 1, 4, 1, 9, 9, 42, 1, 2, 1, 1)
_RTT_LATEST = (1, 3, 6, 1, 4, 1, 9, 9, 42, 1, 2, 10, 1)
_NQA = (1, 3, 6, 1, 4, 1, 2011, 5, 25, 111, 4, 1, 1)
_RPM_SUMMARY = (1, 3, 6, 1, 4, 1, 2636, 3, 50, 1, 2, 1)
_RPM_CALCULATED = (1, 3, 6, 1, 4, 1, 2636, 3, 50, 1, 3, 1)

PING_TARGETS = Table("pingCtlTable", (_column(_CTL, "pingCtlTargetAddressType", 3, "integer"),))
PING_RESULTS = Table(
    "pingResultsTable",
    (
        _column(_RESULTS, "pingResultsOperStatus", 1, "integer"),
        _column(_RESULTS, "pingResultsAverageRtt", 6, "gauge32"),  # milliseconds
        _column(_RESULTS, "pingResultsProbeResponses", 7, "gauge32"),
        _column(_RESULTS, "pingResultsSentProbes", 8, "gauge32"),
        _column(_RESULTS, "pingResultsLastGoodProbe", 10, "text"),
    ),
)
PING_HISTORY = Table(
    "pingProbeHistoryTable",
    (
        _column(_HISTORY, "pingProbeHistoryResponse", 2, "gauge32"),  # milliseconds
        _column(_HISTORY, "pingProbeHistoryStatus", 3, "integer"),
        _column(_HISTORY, "pingProbeHistoryTime", 5, "text"),
    ),
)
IP_SLA = Table(
    "rttMonLatestRttOperTable",
    (
        _column(_RTT_LATEST, "rttMonLatestRttOperCompletionTime", 1, "gauge32"),  # milliseconds
        _column(_RTT_LATEST, "rttMonLatestRttOperSense", 2, "integer"),
        _column(_RTT_LATEST, "rttMonLatestRttOperTime", 5, "timeticks"),
    ),
    arcs=1,
)
IP_SLA_NAMES = Table(
    "rttMonCtrlAdminTable",
    (
        _column(_RTT_CTRL, "rttMonCtrlAdminOwner", 2, "text"),
        _column(_RTT_CTRL, "rttMonCtrlAdminTag", 3, "text"),
    ),
    arcs=1,
)
NQA = Table(
    "nqaResultsTable",
    (
        _column(_NQA, "nqaResultsCompletions", 3, "integer"),
        _column(_NQA, "nqaResultsTestAttempts", 4, "counter32"),
        _column(_NQA, "nqaResultsLastGoodProbe", 23, "text"),
        _column(_NQA, "nqaResultsRttAvg", 26, "gauge32"),  # milliseconds
    ),
)
RPM_SUMMARY = Table(
    "jnxRpmResultsSummaryTable",
    (
        _column(_RPM_SUMMARY, "jnxRpmResSumSent", 2, "gauge32"),
        _column(_RPM_SUMMARY, "jnxRpmResSumReceived", 3, "gauge32"),
        _column(_RPM_SUMMARY, "jnxRpmResSumDate", 5, "text"),
    ),
)
RPM_CALCULATED = Table(
    "jnxRpmResultsCalculatedTable",
    (_column(_RPM_CALCULATED, "jnxRpmResCalcAverage", 5, "gauge32"),),  # microseconds
)

RESPONSE_RECEIVED = 1  # OperationResponseStatus (RFC 4560)
LAST_COMPLETED_TEST = 2  # JnxRpmCollectionType
ROUND_TRIP_TIME = 1  # JnxRpmMeasurementSet
SENSE_ANSWERED = frozenset((1, 3))  # RttResponseSense: ok, overThreshold
SENSE_NOTHING = frozenset((0, 5, 7))  # other, busy, dropped: nothing was asked
NQA_SUCCESS, NQA_FAILURE = 1, 2  # of nqaResultsCompletions; the others are no result
TARGETS = {1: "an IPv4 address", 2: "an IPv6 address", 16: "a DNS name"}  # InetAddressType


async def read_results(asker: Asker, wall: float) -> tuple[Result, ...]:
    """Read the last result of each probe; `wall`: Unix seconds now. Raises NoAnswerError."""
    told = await asker.get(SYSTEM_DATE, SYS_UPTIME)
    date, ticks = told.get(SYSTEM_DATE.name), told.get(SYS_UPTIME.name)
    now = DeviceTime(
        wall, date if isinstance(date, bytes) else b"", ticks if isinstance(ticks, int) else None
    )
    found: dict[str, Result] = {}
    for read in (_read_rpm, _read_ping, _read_ip_sla, _read_nqa):
        for result in await read(asker, now):
            found.setdefault(result.name, result)  # Juniper tells one probe in both of its tables
    return tuple(found.values())[:MOST_PROBES]


def tell_results(
    results: Iterable[Result], before: Mapping[str, tuple[object, ...]], fresh: float
) -> tuple[Told, ...]:
    """Return the facts that are news; `before` are the marks of the survey before, `fresh` is in seconds."""
    told: list[Told] = []
    for result in results:
        if not _is_news(result, before, fresh):
            continue
        how = [
            "answered" if result.answered else "not answered",
            *([f"{result.age:.0f} s ago"] if result.age is not None else []),
            *([f"asks {result.target}"] if result.target else []),
        ]
        told.append(
            Told(FactKind.INSIDE_PROBE, result.name, float(result.answered), ", ".join(how), result.source)
        )
        if result.answered and result.rtt is not None:
            told.append(Told(FactKind.INSIDE_RTT, result.name, result.rtt, "", result.source))
    return tuple(told)


def _is_news(result: Result, before: Mapping[str, tuple[object, ...]], fresh: float) -> bool:
    if result.age is not None:
        return result.age <= fresh
    return result.name in before and before[result.name] != result.mark


async def _read_ping(asker: Asker, now: DeviceTime) -> list[Result]:
    results = list(_rows(await asker.walk(PING_RESULTS), PING_RESULTS))
    if not results:
        return []
    targets = {
        index: cells["pingCtlTargetAddressType"]
        for index, cells in _rows(await asker.walk(PING_TARGETS), PING_TARGETS)
    }
    last = _last(_rows(await asker.walk(PING_HISTORY), PING_HISTORY))
    found = []
    for index, cells in results:
        name = _owned(index, ends=True)
        result = name and (_of_history(name, last.get(index), now) or _of_ping(name, cells, now))
        if result:
            found.append(result._replace(target=TARGETS.get(_number(targets.get(index)), "")))
    return found


def _last(rows: Iterable[tuple[tuple[int, ...], Cells]]) -> dict[tuple[int, ...], Cells]:
    """Return the last row of each test's history: rows come by rising index."""
    return {index[:-1]: cells for index, cells in rows if len(index) > 1}


def _of_history(name: str, cells: Cells | None, now: DeviceTime) -> Result | None:
    """Read the last row of a test's history: only there has a failure a date."""
    if cells is None or not cells["pingProbeHistoryStatus"]:
        return None
    answered = cells["pingProbeHistoryStatus"] == RESPONSE_RECEIVED
    return Result(
        name,
        answered,
        age_of_date(_octets(cells["pingProbeHistoryTime"]), now),
        _seconds(cells["pingProbeHistoryResponse"], 1e-3) if answered else None,
        tuple(cells.values()),
        "",
        "pingProbeHistoryStatus",
    )


def _of_ping(name: str, cells: Cells, now: DeviceTime) -> Result | None:
    if not cells["pingResultsSentProbes"]:
        return None
    answered = bool(cells["pingResultsProbeResponses"])
    return Result(
        name,
        answered,
        age_of_date(_octets(cells["pingResultsLastGoodProbe"]), now) if answered else None,
        _seconds(cells["pingResultsAverageRtt"], 1e-3),
        tuple(cells.values()),
        "",
        "pingResultsProbeResponses",
    )


async def _read_rpm(asker: Asker, now: DeviceTime) -> list[Result]:
    summary = list(_rows(await asker.walk(RPM_SUMMARY), RPM_SUMMARY))
    if not summary:
        return []
    times = {
        index[:-2]: cells["jnxRpmResCalcAverage"]
        for index, cells in _rows(await asker.walk(RPM_CALCULATED), RPM_CALCULATED)
        if index[-2:] == (LAST_COMPLETED_TEST, ROUND_TRIP_TIME)
    }
    return [
        Result(
            name,
            bool(cells["jnxRpmResSumReceived"]),
            age_of_date(_octets(cells["jnxRpmResSumDate"]), now),
            _seconds(times.get(index[:-1]), 1e-6),
            tuple(cells.values()),
            "",
            "jnxRpmResSumReceived",
        )
        for index, cells in summary
        if index[-1:] == (LAST_COMPLETED_TEST,)
        and cells["jnxRpmResSumSent"]
        and (name := _owned(index[:-1], ends=True))
    ]


async def _read_ip_sla(asker: Asker, now: DeviceTime) -> list[Result]:
    latest = list(_rows(await asker.walk(IP_SLA), IP_SLA))
    if not latest:
        return []
    names = dict(_rows(await asker.walk(IP_SLA_NAMES), IP_SLA_NAMES))
    found = []
    for index, cells in latest:
        sense = cells["rttMonLatestRttOperSense"]
        if not isinstance(sense, int) or sense in SENSE_NOTHING:
            continue
        answered = sense in SENSE_ANSWERED
        found.append(
            Result(
                _ip_sla_name(index[0], names.get(index, {})),
                answered,
                age_of_ticks(_number(cells["rttMonLatestRttOperTime"]), now),
                _seconds(cells["rttMonLatestRttOperCompletionTime"], 1e-3) if answered else None,
                tuple(cells.values()),
                "",
                "rttMonLatestRttOperSense",
            )
        )
    return found


def _ip_sla_name(number: int, cells: Cells) -> str:
    """Name an operation by its number, and by what its configuration calls it."""
    tag, owner = (
        clean(_octets(cells.get(name)), LONGEST_NAME)
        for name in ("rttMonCtrlAdminTag", "rttMonCtrlAdminOwner")
    )
    return f"IP SLA {number} {tag or owner}".strip()[:LONGEST_NAME]


async def _read_nqa(asker: Asker, now: DeviceTime) -> list[Result]:
    found: dict[str, Result] = {}
    for index, cells in _rows(await asker.walk(NQA), NQA):
        done = cells["nqaResultsCompletions"]
        name = _owned(index, ends=False)
        if not name or done not in {NQA_SUCCESS, NQA_FAILURE}:
            continue
        answered = done == NQA_SUCCESS
        found[name] = Result(  # the rows of one test come by rising index: the last is the newest
            name,
            answered,
            age_of_date(_octets(cells["nqaResultsLastGoodProbe"]), now) if answered else None,
            _seconds(cells["nqaResultsRttAvg"], 1e-3) if answered else None,
            (index, *cells.values()),
            "",
            "nqaResultsCompletions",
        )
    return list(found.values())


def _rows(walk: Walk, table: Table) -> Iterator[tuple[tuple[int, ...], Cells]]:
    """Yield the rows of a table of numbers and texts, cells by name."""
    texts = walk.texts()
    for index, numbers in walk.integers().items():
        cells = (
            number if number is not None else text for number, text in zip(numbers, texts[index], strict=True)
        )
        yield arcs(index), dict(zip((column.name for column in table.columns), cells, strict=True))


def _owned(index: tuple[int, ...], *, ends: bool) -> str:
    """Return "owner/test" out of an index that begins with the two; "" where it does not.

    `ends`: nothing may follow.
    """
    parts = []
    for _ in range(2):
        if not index or not index[0] < len(index) or any(arc > 0xFF for arc in index[1 : index[0] + 1]):
            return ""
        parts.append(clean(bytes(index[1 : index[0] + 1]), LONGEST_NAME // 2))
        index = index[index[0] + 1 :]
    return "" if ends and index else "/".join(filter(None, parts))


def _seconds(value: int | bytes | None, unit: float) -> float | None:
    return value * unit if isinstance(value, int) and value >= 0 else None


def _octets(value: int | bytes | None) -> bytes:
    return value if isinstance(value, bytes) else b""


def _number(value: int | bytes | None) -> int:
    return value if isinstance(value, int) else 0
