"""Claims of a report that nothing was measured for: every verdict, and every reason to withhold one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from netwatch.audit.bounds import reaches, share
from netwatch.audit.claims import CLAIM_VERDICTS, verdict
from netwatch.audit.population import Placement
from netwatch.model.claim import (
    NOT_FOUND,
    Claim,
    ClaimResult,
    ClaimVerdict,
    Criterion,
    Finding,
    Found,
    Limits,
    MeasuredBy,
    Measurement,
    Population,
    Source,
    UnitResult,
    UnitVerdict,
    Withheld,
)

if TYPE_CHECKING:
    from netwatch.model.register import Register, Unit
    from netwatch.model.report import Period

MEETING = Source(
    "Biên bản họp ngày 22/12/2017 về kết quả ứng dụng công nghệ thông tin năm 2017, tỉnh Hưng Yên",
    dt.date(2017, 12, 22),
    "3b" * 32,
)
AIM = Source("Mục tiêu giám sát do đơn vị vận hành đặt ra", dt.date(2025, 7, 1), "")
COMMUNES_2017 = Population("hung-yen", dt.date(2017, 12, 22), ("xã", "phường", "thị trấn"))
COMMUNES = Population("hung-yen", dt.date(2025, 7, 1), ("xã", "phường"))
DEPARTMENTS = Population("organisations", dt.date(2017, 12, 22), ("sở",))
DISTRICTS = Population("organisations", dt.date(2017, 12, 22), ("UBND huyện",))
TODAY = dt.date(2026, 10, 31)

FIBRE = Claim(
    "fibre-reaches-communes",
    "uplink",
    (
        ("vi", "Internet cáp quang đến 100% xã, phường, thị trấn"),
        ("en", "Fibre internet reaches 100 % of communes, wards and townships"),
    ),
    MEETING,
    1.0,
    COMMUNES_2017,
    (Criterion.FIBRE, Criterion.INTERNET),
    "month",
    0.8,
    Limits(),
)


def _claim(name: str, vi: str, en: str, **changes: object) -> Claim:
    values: dict[str, object] = {
        "kind": "uplink",
        "source": MEETING,
        "declared": 1.0,
        "population": COMMUNES,
        "criteria": (Criterion.REACHABLE,),
        "period": "month",
        "minimum": 0.8,
        "limits": Limits(),
    }
    return Claim(name=name, statement=(("vi", vi), ("en", en)), **(values | changes))  # type: ignore[arg-type]  # a table


REACHABLE = _claim(
    "communes-reachable-today",
    "Đường truyền của 100% xã, phường đang được giám sát và hoạt động",
    "The uplinks of 100 % of communes and wards are monitored and work",
    source=AIM,
)
QUALITY = _claim(
    "fibre-quality",
    "Ít nhất một nửa số đường truyền đạt chất lượng",
    "At least half of the uplinks keep their quality",
    source=AIM,
    declared=0.5,
    criteria=(Criterion.REACHABLE, Criterion.QUALITY),
    limits=Limits(availability=0.98, loss=0.02, rtt=0.05),
    hours="office",
)
LAN = _claim(
    "departments-have-lan",
    "100% sở, ban, ngành có mạng nội bộ (LAN)",
    "Every department has a LAN",
    kind="lan",
    population=DEPARTMENTS,
    criteria=(Criterion.LAN,),
)
DISTRICT_LAN = _claim(
    "districts-have-lan",
    "100% Ủy ban nhân dân cấp huyện có mạng nội bộ (LAN)",
    "Every district People's Committee has a LAN",
    kind="lan",
    population=DISTRICTS,
    criteria=(Criterion.LAN,),
)
MAILBOXES = _claim(
    "commune-mailboxes",
    "75% cán bộ, công chức cấp xã có hộp thư công vụ",
    "75 % of the officials of communes have an official mailbox",
    kind="figure",
    declared=0.75,
    population=None,
    criteria=(),
)
SIGNATURES = _claim(
    "digital-signatures",
    "29 đơn vị được cấp chữ ký số chuyên dùng",
    "29 units have special-purpose digital signatures",
    kind="figure",
    declared=None,
    count=29.0,
    population=None,
    criteria=(),
    measured_by=MeasuredBy(csv="figures/signatures.csv"),
)
ONE_STOP = _claim(
    "one-stop-shop",
    "Hệ thống một cửa điện tử hoạt động tại 100% xã, phường",
    "The electronic one-stop shop runs in 100 % of communes and wards",
    kind="service",
)
TOWNSHIPS = _claim(
    "townships-today",
    "100% thị trấn có hai đường truyền",
    "Every township has two uplinks",
    source=AIM,
    population=Population("hung-yen", dt.date(2025, 7, 1), ("thị trấn",)),
)
BACKUP = _claim(
    "backup-lines",
    "90% xã, phường có đường truyền dự phòng",
    "90 % of communes and wards have a second line",
    source=AIM,
    declared=0.9,
)
ROLLING = _claim(
    "identified-today",
    "Thiết bị tại 95% xã, phường đúng như hồ sơ",
    "The devices of 95 % of communes and wards are those on file",
    source=AIM,
    declared=0.95,
    criteria=(Criterion.IDENTIFIED,),
    period="last-30d",
)

SOURCES = {
    Criterion.DECLARED: ("document", ""),
    Criterion.REACHABLE: ("settled minutes", "44600/44640"),
    Criterion.IDENTIFIED: ("sysObjectID", "1.3.6.1.4.1.14988.1"),
    Criterion.FIBRE: ("mtxrOpticalRxPower", "ether1 -18.3 dBm"),
    Criterion.INTERNET: ("pingResultsProbeResponses", "vnpt-dns 14 ms"),
    Criterion.LAN: ("dot1qTpFdbPort", "ether3 12, ether4 7"),
    Criterion.QUALITY: ("settled minutes", ""),
}


def findings(unit: Unit, number: int, *, seen: bool) -> tuple[tuple[Criterion, Found], ...]:
    """Return what is found of one unit: mostly shown, now and then nothing, or a contradiction."""
    return tuple((criterion, _found(criterion, unit, number, seen=seen)) for criterion in Criterion)


def _found(criterion: Criterion, unit: Unit, number: int, *, seen: bool) -> Found:
    place = list(Criterion).index(criterion)
    if not seen and criterion is not Criterion.DECLARED:
        return NOT_FOUND
    at = dt.datetime(2026, 10, 30, 7, 12, place, tzinfo=dt.UTC).timestamp()
    if criterion is Criterion.FIBRE and number % 11 == 7:
        return Found(Finding.SHOWN, at, "", "acceptance", "HĐ 0417/VNPT", attested=True)
    if criterion in {Criterion.FIBRE, Criterion.QUALITY} and number % 23 == 4:
        return Found(Finding.CONTRADICTED, at, f"gw-{unit.code}", "ifType", "ether1 4g")
    if place and (number + place) % 9 == 0:
        return NOT_FOUND
    source, text = SOURCES[criterion]
    return Found(Finding.SHOWN, at, "" if source == "document" else f"gw-{unit.code}", source, text)


def claims(registers: tuple[Register, Register], period: Period) -> tuple[ClaimResult, ...]:
    """Return every claim, judged over the registers of communes and of organisations."""
    communes, organisations = registers
    told = (
        _judged(FIBRE, communes, period),
        _judged(REACHABLE, communes, period),
        _judged(QUALITY, communes, period),
        _judged(LAN, organisations, period, Withheld.EXAMPLE),
        _judged(DISTRICT_LAN, organisations, period, Withheld.CEASED),
        _figure(MAILBOXES, period),
        _figure(SIGNATURES, period, 31.0),
        _judged(ONE_STOP, communes, period, Withheld.NOT_MEASURED),
        _judged(TOWNSHIPS, communes, period, Withheld.NO_UNITS),
        _judged(BACKUP, communes, period, Withheld.READING),
        _judged(ROLLING, communes, period, Withheld.NOT_OBSERVED),
    )
    assert {each.verdict for each in told} == set(ClaimVerdict)
    assert {each.withheld for each in told} == {None, *Withheld}
    return told


def _judged(
    claim: Claim, register: Register, period: Period, withheld: Withheld | None = None
) -> ClaimResult:
    assert claim.population is not None
    placement = Placement(claim.population, register, TODAY)
    units = placement.units
    dumb = withheld in {Withheld.EXAMPLE, Withheld.CEASED, Withheld.NOT_MEASURED}
    results = tuple(
        _result(
            claim,
            unit,
            number,
            tuple(sorted(placement.heirs.get(unit.code, ()))),
            seen=not dumb and number % 13 != 5,
        )
        for number, unit in enumerate(units)
    )
    verdicts = [each.verdict for each in results]
    bounds = share(
        verdicts.count(UnitVerdict.VERIFIED), verdicts.count(UnitVerdict.REFUTED), 0 if dumb else len(units)
    )
    assert claim.declared is not None
    return ClaimResult(
        claim,
        period.start,
        period.end,
        0.412 if withheld is Withheld.NOT_OBSERVED else 0.9934,
        results,
        bounds.lower,
        bounds.upper,
        ClaimVerdict.UNDETERMINED if withheld else CLAIM_VERDICTS[reaches(bounds, claim.declared)],
        withheld,
    )


def _result(claim: Claim, unit: Unit, number: int, heirs: tuple[str, ...], *, seen: bool) -> UnitResult:
    found = tuple((each, _found(each, unit, number, seen=seen)) for each in claim.criteria)
    disputed = seen and claim is FIBRE and number % 40 == 4
    told = verdict([what.finding for _, what in found], monitored=seen)
    return UnitResult(
        unit,
        UnitVerdict.UNDETERMINED if disputed else told,
        found,
        heirs,
        (f"khieu-nai-{unit.code}",) if disputed else (),
    )


def _figure(claim: Claim, period: Period, value: float | None = None) -> ClaimResult:
    known = value is not None
    return ClaimResult(
        claim,
        period.start,
        period.end,
        1.0,
        (),
        0.0,
        1.0,
        ClaimVerdict.HOLDS if known else ClaimVerdict.UNDETERMINED,
        None if known else Withheld.NOT_MEASURED,
        Measurement(period.end - 86400, claim.name, dt.date(2026, 10, 15), value, "Sở KH&CN, công văn 812")
        if value is not None
        else None,
    )
