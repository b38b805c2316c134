"""What a person signs: an attestation as a text of fixed lines that they can read.

The same attestation always gives the same bytes, so that whoever checks the signature later writes the text
anew. A line that changes, the words included, makes another version of the statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.attestation import AttestationKind
from netwatch.model.claim import Criterion, Finding

if TYPE_CHECKING:
    from netwatch.model.attestation import Attestation

NAMESPACE = "netwatch-attestation"
"""What ssh-keygen is told that the signature is for (`-n`)."""

NOTHING = "-"

KINDS = {AttestationKind.INSPECTION: "kiểm tra tại chỗ", AttestationKind.ACCEPTANCE: "biên bản nghiệm thu"}

FINDINGS = {
    Finding.SHOWN: "đạt / shown",
    Finding.CONTRADICTED: "không đạt / contradicted",
    Finding.NOT_SHOWN: "chưa rõ / not shown",
}

CRITERIA = {
    Criterion.DECLARED: "đã công bố",
    Criterion.REACHABLE: "có kết nối",
    Criterion.IDENTIFIED: "đúng thiết bị",
    Criterion.FIBRE: "cáp quang",
    Criterion.INTERNET: "có Internet",
    Criterion.LAN: "có mạng LAN",
    Criterion.QUALITY: "chất lượng",
}


def statement(attestation: Attestation, unit: str, predecessor: str) -> str:
    """Return the text of an attestation; `unit` and `predecessor` are the names that go with its codes.

    What the ledger gives it (its name, when it entered) and the signature are no part of it.
    """
    older = f"{attestation.predecessor} {predecessor}".strip()
    lines = (
        ("Xác nhận / Attestation", "netwatch, phiên bản / version 1"),
        ("Danh mục / Register", attestation.register),
        ("Đơn vị / Unit", f"{attestation.unit} {unit}"),
        ("Đơn vị cũ / Predecessor", older),
        ("Tiêu chí / Criterion", f"{CRITERIA[attestation.criterion]} / {attestation.criterion}"),
        ("Kết luận / Finding", FINDINGS[attestation.finding]),
        ("Loại / Kind", f"{KINDS[attestation.kind]} / {attestation.kind}"),
        ("Ngày / Date", attestation.date.isoformat()),
        ("Người xác nhận / By", attestation.by),
        ("Nội dung / Text", attestation.text),
        *(("Tài liệu / Document SHA-256", each) for each in attestation.exhibits or (NOTHING,)),
    )
    return "".join(f"{label}: {value or NOTHING}\n" for label, value in lines)
