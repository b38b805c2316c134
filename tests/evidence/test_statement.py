"""What is signed is one text of fixed lines: each thing that an attestation says is in it, and moves it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from netwatch.evidence.statement import CRITERIA, FINDINGS, KINDS, statement
from netwatch.model.attestation import Attestation, AttestationKind
from netwatch.model.claim import Criterion, Finding

A, B = "aa" * 32, "bb" * 32
SAID = Attestation(
    at=1.0,
    name="A-2026-0001",
    kind=AttestationKind.INSPECTION,
    register="hung-yen",
    unit="12004",
    predecessor="11989",
    criterion=Criterion.FIBRE,
    finding=Finding.SHOWN,
    date=dt.date(2026, 11, 20),
    by="Nguyễn Văn An, Sở KH&CN",
    exhibits=(A, B),
    signer="an",
    signature="…",
    text="hộp cáp ở tầng 1",
)


def test_the_text_of_version_1_stays_as_it_is() -> None:
    """Signatures of years ago are checked against it."""
    assert statement(SAID, "Xã Như Quỳnh", "Xã Lạc Đạo") == (
        "Xác nhận / Attestation: netwatch, phiên bản / version 1\n"
        "Danh mục / Register: hung-yen\n"
        "Đơn vị / Unit: 12004 Xã Như Quỳnh\n"
        "Đơn vị cũ / Predecessor: 11989 Xã Lạc Đạo\n"
        "Tiêu chí / Criterion: cáp quang / fibre\n"
        "Kết luận / Finding: đạt / shown\n"
        "Loại / Kind: kiểm tra tại chỗ / inspection\n"
        "Ngày / Date: 2026-11-20\n"
        "Người xác nhận / By: Nguyễn Văn An, Sở KH&CN\n"
        "Nội dung / Text: hộp cáp ở tầng 1\n"
        f"Tài liệu / Document SHA-256: {A}\n"
        f"Tài liệu / Document SHA-256: {B}\n"
    )


def test_what_is_not_said_is_a_dash() -> None:
    bare = dataclasses.replace(SAID, predecessor="", exhibits=(), text="")
    lines = statement(bare, "Xã Như Quỳnh", "").splitlines()
    assert lines[3] == "Đơn vị cũ / Predecessor: -"
    assert lines[-2:] == ["Nội dung / Text: -", "Tài liệu / Document SHA-256: -"]


OTHER: dict[str, Any] = {
    "kind": AttestationKind.ACCEPTANCE,
    "register": "organisations",
    "unit": "12007",
    "predecessor": "",
    "criterion": Criterion.INTERNET,
    "finding": Finding.CONTRADICTED,
    "date": dt.date(2026, 11, 21),
    "by": "ai khác",
    "exhibits": (B, A),
    "text": "",
}


@pytest.mark.parametrize("field", OTHER)
def test_whatever_else_is_attested_is_another_text(field: str) -> None:
    other = dataclasses.replace(SAID, **{field: OTHER[field]})
    assert statement(other, "x", "y") != statement(SAID, "x", "y")


def test_what_the_ledger_adds_is_no_part_of_it() -> None:
    later = dataclasses.replace(SAID, at=2.0, name="A-2026-0002", signer="", signature="", withdrawn=True)
    assert statement(later, "x", "y") == statement(SAID, "x", "y")
    covered = {*OTHER, "at", "name", "signer", "signature", "withdrawn"}
    assert {field.name for field in dataclasses.fields(Attestation)} == covered


def test_there_is_a_word_for_everything() -> None:
    assert (set(KINDS), set(FINDINGS), set(CRITERIA)) == (set(AttestationKind), set(Finding), set(Criterion))
