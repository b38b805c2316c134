"""Papers of a report that nothing was measured for: exhibits, attestations, disputes, heads, anchors."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from netwatch.model.attestation import Answer, Attestation, AttestationKind, Dispute, Exhibit
from netwatch.model.claim import Criterion, Finding
from netwatch.model.report import AnchorNote, Head

if TYPE_CHECKING:
    from netwatch.model.register import Unit

AT = dt.datetime(2026, 10, 21, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=7))).timestamp()
DAY = 86400.0

EXHIBITS = (
    Exhibit(
        AT, "a1" * 32, "bien-ban-nghiem-thu.pdf", 482_113, "Biên bản nghiệm thu đường truyền", "VNPT Hưng Yên"
    ),
    Exhibit(AT, "b2" * 32, "anh-tu-mang.jpg", 2_204_871, "Ảnh tủ mạng chụp tại trụ sở", "Trần Văn Đức"),
)
HEADS = (Head("noc", 184_223, AT + 10 * DAY, "c3" * 32),)
ANCHORS = (
    AnchorNote(
        "2026-10-30", "noc", 181_004, True, "SHA256:kHr0fB3q0Zr8wJm8bWlZt2f2c0bX", AT + 9 * DAY, "TSA VNPT-CA"
    ),
    AnchorNote("2026-10-31", "noc", 184_100, True, "SHA256:kHr0fB3q0Zr8wJm8bWlZt2f2c0bX", None, ""),
    AnchorNote("2026-10-12", "noc", 92_311, False, "", None, ""),
)


def attestations(unit: Unit, number: int) -> tuple[Attestation, ...]:
    """Return a paper of each sort for some units: one signed with a key that was checked, one on paper."""
    if number % 11 != 7:
        return ()
    accepted = Attestation(
        AT,
        f"nghiem-thu-{unit.code}",
        AttestationKind.ACCEPTANCE,
        "hung-yen",
        unit.code,
        "",
        Criterion.FIBRE,
        Finding.SHOWN,
        dt.date(2026, 9, 18),
        "Lê Minh Tuấn, VNPT Hưng Yên",
        ("a1" * 32,),
        signer="vnpt-hung-yen",
        text="nghiệm thu đường cáp quang HYN-0417",
    )
    inspected = Attestation(
        AT + DAY,
        f"kiem-tra-{unit.code}",
        AttestationKind.INSPECTION,
        "hung-yen",
        unit.code,
        "12007",
        Criterion.LAN,
        Finding.CONTRADICTED,
        dt.date(2026, 10, 2),
        "Trần Văn Đức, Sở Khoa học và Công nghệ",
        ("b2" * 32,),
    )
    return accepted, inspected


def disputes(unit: Unit, number: int) -> tuple[tuple[Dispute, Answer | None], ...]:
    """Return for some units a dispute that is open, one that was upheld and one that was not."""
    if number % 20 != 4:
        return ()
    name = f"khieu-nai-{unit.code}"
    said = "Xã đã có cáp quang từ năm 2016; thiết bị đo đặt nhầm cổng."
    first = Dispute(AT, name, "fibre-reaches-communes", "hung-yen", unit.code, "UBND xã", said, AT + 14 * DAY)
    return (
        (first, None),
        (
            Dispute(
                AT,
                name + "-2",
                "fibre-quality",
                "hung-yen",
                unit.code,
                "UBND xã",
                said,
                AT + 9 * DAY,
                ("b2" * 32,),
            ),
            Answer(
                AT + 2 * DAY,
                name + "-2",
                "Trung tâm CNTT",
                True,
                "Đúng: cổng khai báo sai, đã sửa.",
                ("a1" * 32,),
            ),
        ),
        (
            Dispute(AT, name + "-3", "fibre-quality", "hung-yen", unit.code, "UBND xã", said, AT + 9 * DAY),
            Answer(AT + 3 * DAY, name + "-3", "Trung tâm CNTT", False, "Số liệu đo giữ nguyên."),
        ),
    )
