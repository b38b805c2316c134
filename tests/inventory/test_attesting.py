"""What is ordered for the record is judged like what stands in a file, and refused with one line."""

from __future__ import annotations

import datetime as dt
import shutil
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import signing

from netwatch.inventory.attesting import (
    Named,
    documents,
    ordered_attestation,
    ordered_dispute,
    ordered_exhibit,
)
from netwatch.inventory.moments import MomentWord
from netwatch.inventory.orders import OrderRefused
from netwatch.inventory.unit_names import UnitNames
from netwatch.model.attestation import Attestation, AttestationKind, Dispute, Exhibit
from netwatch.model.claim import Criterion, Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.inventory.load import Inventory

REGISTERS = Path(__file__).parents[2] / "config" / "registers"
A, B = "aa" * 32, "bb" * 32

SETTINGS = f"""
registers: {{hung-yen: registers/hung-yen.csv, organisations: registers/organisations.csv}}
attestors:
  an: {signing.line(signing.ed25519_key(1))}
  sở-khcn: {signing.line(signing.ed25519_key(2))}
"""

CLAIM = """
  - name: {name}
    kind: uplink
    statement: {{en: Fibre for all}}
    source: {{document: a letter, date: 2017-12-22}}
    declared: {{ratio: 1.0}}
    population: {{register: hung-yen, as_of: {day}{kinds}}}
    criteria: [fibre]
"""


@pytest.fixture
def inventory(folder: Path, write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> Inventory:
    for register in REGISTERS.glob("*.csv"):
        shutil.copy(register, folder / "registers")
    write("netwatch.yaml", SETTINGS)
    claims = (
        CLAIM.format(name="fibre-2017", day="2017-12-22", kinds=", kinds: [xã, phường]"),
        CLAIM.format(name="fibre-now", day="2026-10-01", kinds=""),
    )
    write("claims.yaml", "claims:" + "".join(claims))
    return loaded()


def at(text: str) -> float:
    return MomentWord().parse(text).unix(dt.timezone(dt.timedelta(hours=7)))  # type: ignore[arg-type]


NOW = at("2026-11-27 10:30:15")


def order(**more: object) -> dict[str, object]:
    return {
        "unit": "12004",
        "criterion": "fibre",
        "kind": "inspection",
        "date": "2026-11-20",
        "by": "Nguyễn Văn An, Sở KH&CN",
        **more,
    }


def test_attestors_are_those_of_the_configuration(inventory: Inventory) -> None:
    keys = {name: signing.public(signing.ed25519_key(seed)) for name, seed in (("an", 1), ("sở-khcn", 2))}
    assert inventory.settings.attestors == keys


def test_an_attestation(inventory: Inventory) -> None:
    assert ordered_attestation(order(), inventory, NOW) == Named(
        Attestation(
            at=NOW,
            name="",
            kind=AttestationKind.INSPECTION,
            register="hung-yen",
            unit="12004",
            predecessor="",
            criterion=Criterion.FIBRE,
            finding=Finding.SHOWN,
            date=dt.date(2026, 11, 20),
            by="Nguyễn Văn An, Sở KH&CN",
            exhibits=(),
        ),
        "Xã Như Quỳnh",
        "",
    )


def test_all_that_an_attestation_may_say(inventory: Inventory) -> None:
    text = unicodedata.normalize("NFD", "  cáp đồng ")
    more = {"contradicts": True, "predecessor": "12013", "documents": [B, A, B], "text": text}
    named = ordered_attestation(order(criterion="lan", **more), inventory, NOW)
    said = named.attestation
    assert (said.criterion, said.finding, said.predecessor) == (Criterion.LAN, Finding.CONTRADICTED, "12013")
    assert (said.exhibits, said.text, named.predecessor) == ((B, A), "cáp đồng", "Xã Trưng Trắc")


UNITS: dict[str, tuple[str, str, tuple[str, str, str]]] = {
    "its code": ("12004", "2026-11-20", ("12004", "Xã Như Quỳnh", "")),
    "its name": ("Xã Như Quỳnh", "2026-11-20", ("12004", "Xã Như Quỳnh", "")),
    "its name without marks": ("xa nhu quynh", "2026-11-20", ("12004", "Xã Như Quỳnh", "")),
    "its name without its kind": ("Phố Hiến", "2026-11-20", ("11953", "Phường Phố Hiến", "")),
    "an older unit in it": ("Xã Trưng Trắc", "2026-11-20", ("12004", "Xã Như Quỳnh", "12013")),
    "its code of then": ("12004", "2019-06-01", ("12004", "Xã Đình Dù", "")),
    "its name of then": ("phường hiến nam", "2019-06-01", ("11953", "Phường Hiến Nam", "")),
}


@pytest.mark.parametrize(("written", "date", "meant"), UNITS.values(), ids=UNITS)
def test_a_unit_is_meant_by(
    written: str, date: str, meant: tuple[str, str, str], inventory: Inventory
) -> None:
    named = ordered_attestation(order(unit=written, date=date), inventory, NOW)
    said = named.attestation
    assert (said.unit, named.unit, said.predecessor) == meant


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "no unit": ({"unit": ""}, "'unit' is missing: write a unit's code or name"),
    "a code that there is not": (
        {"unit": "120044"},
        "unit '120044' is not in register 'hung-yen'; did you mean 12004 (Xã Như Quỳnh)?",
    ),
    "a code of the past": (
        {"unit": "11986"},
        (
            "unit 11986 Thị trấn Như Quỳnh is in register 'hung-yen' only until 2025-06-30; "
            "it is now part of 12004 Xã Như Quỳnh: write that code"
        ),
    ),
    "a name that there is not": (
        {"unit": "Xã Nhu Quin"},
        (
            "unit 'Xã Nhu Quin': no unit has this name; did you mean one of these? 12004 Xã Như Quỳnh; "
            "11986 Thị trấn Như Quỳnh, Huyện Văn Lâm, until 2025-06-30"
        ),
    ),
    "a name like no other": (
        {"unit": "Zzzzzzzz"},
        "unit 'Zzzzzzzz': no unit has this name: 'netwatch register show' lists them",
    ),
    "a name of two": (
        {"unit": "Lạc Đạo"},
        (
            "unit 'Lạc Đạo': may be any of several units: 11992 Xã Lạc Đạo; 11995 Xã Đại Đồng; "
            "11989 Xã Lạc Đạo, Huyện Văn Lâm, until 2025-06-30"
        ),
    ),
    "colours": ({"unit": "\x1b[1m"}, "'unit' has an invisible character (U+001B): delete it"),
    "no register": (
        {"register": "hungyen"},
        "there is no register 'hungyen'; did you mean 'hung-yen'?",
    ),
    "another's predecessor": (
        {"predecessor": "11953"},
        (
            "'11953' is no predecessor of 12004 Xã Như Quỳnh: it was made of 11986 Thị trấn Như Quỳnh, "
            "12001 Xã Tân Quang, 12004 Xã Đình Dù, 12013 Xã Trưng Trắc, 12016 Xã Lạc Hồng"
        ),
    ),
    "a criterion that there is not": (
        {"criterion": "fiber"},
        (
            "'criterion': 'fiber' is not a criterion: write declared, reachable, identified, fibre, "
            "internet, lan or quality; did you mean 'fibre'?"
        ),
    ),
    "a criterion that is measured": (
        {"criterion": "quality"},
        (
            "criterion 'quality' is not shown by an inspection: "
            "that shows fibre, internet, lan, identified or declared"
        ),
    ),
    "a criterion of another kind of paper": (
        {"criterion": "lan", "kind": "acceptance"},
        "criterion 'lan' is not shown by an acceptance: that shows fibre or declared",
    ),
    "what was declared contradicted": (
        {"criterion": "declared", "contradicts": True},
        "that something was declared is contradicted by nothing",
    ),
    "no kind": ({"kind": ""}, "'kind' is missing: write a kind of attestation"),
    "an acceptance that contradicts": (
        {"kind": "acceptance", "contradicts": True},
        "a record of acceptance contradicts nothing: attest an inspection",
    ),
    "a day that there is not": (
        {"date": "2026-02-30"},
        "'date': '2026-02-30' is no day of the calendar",
    ),
    "tomorrow": (
        {"date": "2026-11-28"},
        "'date': 2026-11-28 lies in the future: write the day that the paper is of",
    ),
    "a day before the register": (
        {"date": "2016-01-01"},
        "unit 12004 Xã Đình Dù is in register 'hung-yen' only from 2017-10-01 on",
    ),
    "nobody": ({"by": " "}, "'by' is missing: write who says it: person and office"),
    "a long text": ({"text": "x" * 1001}, "'text': 1,001 characters are too many: at most 1000"),
    "two lines": ({"text": "a\nb"}, "'text' has an invisible character (U+000A): delete it"),
    "no list": ({"documents": A}, "'documents' is no list of at most 20 SHA-256"),
    "too many documents": ({"documents": [A] * 21}, "'documents' is no list of at most 20 SHA-256"),
    "no hash": (
        {"documents": ["scan.pdf"]},
        "'documents': 'scan.pdf' is not a SHA-256: write 64 hexadecimal digits",
    ),
    "a number": ({"by": 7}, "'by' is no text"),
}


@pytest.mark.parametrize(("more", "message"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_is_one_line(more: dict[str, object], message: str, inventory: Inventory) -> None:
    with pytest.raises(OrderRefused) as refused:
        ordered_attestation(order(**more), inventory, NOW)
    assert str(refused.value) == message


def test_today_is_the_configuration_s(inventory: Inventory) -> None:
    """At 03:00 in Hanoi it is yesterday in Greenwich."""
    early = at("2026-11-28 03:00:00")
    assert ordered_attestation(order(date="2026-11-28"), inventory, early).attestation.at == early


def objection(**more: object) -> dict[str, object]:
    return {"claim": "fibre-2017", "unit": "12004", "by": "UBND xã", "text": "đã có", **more}


def test_a_dispute(inventory: Inventory) -> None:
    dispute, unit = ordered_dispute(objection(), inventory, NOW)
    deadline = at("2026-12-11 10:30:15")
    assert dispute == Dispute(NOW, "", "fibre-2017", "hung-yen", "12004", "UBND xã", "đã có", deadline)
    assert unit.name == "Xã Đình Dù"  # the code's of 2017, as the claim counts


def test_a_dispute_with_papers_and_less_time(inventory: Inventory) -> None:
    dispute, _ = ordered_dispute(objection(days=1.5, documents=[A], unit="dinh du"), inventory, NOW)
    assert (dispute.unit, dispute.deadline - NOW, dispute.exhibits) == ("12004", 129_600.0, (A,))


NOT_DISPUTED: dict[str, tuple[dict[str, object], str]] = {
    "no such claim": (
        {"claim": "fibre-2071"},
        "there is no claim 'fibre-2071'; did you mean 'fibre-2017'?",
    ),
    "a unit of today": (
        {"unit": "Xã Như Quỳnh"},
        (
            "unit 'Xã Như Quỳnh': no unit has just this name: these have another kind or other marks: "
            "11986 Thị trấn Như Quỳnh, Huyện Văn Lâm, until 2025-06-30"
        ),
    ),
    "a unit of the past": (
        {"claim": "fibre-now", "unit": "11986"},
        (
            "unit 11986 Thị trấn Như Quỳnh is in register 'hung-yen' only until 2025-06-30; "
            "it is now part of 12004 Xã Như Quỳnh: write that code"
        ),
    ),
    "an older unit by its name": (
        {"claim": "fibre-now", "unit": "Xã Trưng Trắc"},
        "unit 'Xã Trưng Trắc': no unit has this name; did you mean one of these? 12427 Xã Tống Trân",
    ),
    "a kind that does not count": (
        {"unit": "11986"},
        "11986 Thị trấn Như Quỳnh is none of the units of claim 'fibre-2017': those are xã, phường",
    ),
    "no days": ({"days": 0}, "'days' is no number from 1 to 366"),
    "days without end": ({"days": float("inf")}, "'days' is no number from 1 to 366"),
    "days in words": ({"days": "14"}, "'days' is no number from 1 to 366"),
    "days that are true": ({"days": True}, "'days' is no number from 1 to 366"),
    "no reason": ({"text": ""}, "'text' is missing: write a line of text"),
}


@pytest.mark.parametrize(("more", "message"), NOT_DISPUTED.values(), ids=NOT_DISPUTED)
def test_what_cannot_be_disputed_is_told(more: dict[str, object], message: str, inventory: Inventory) -> None:
    with pytest.raises(OrderRefused) as refused:
        ordered_dispute(objection(**more), inventory, NOW)
    assert str(refused.value) == message


def test_an_exhibit() -> None:
    wanted = {"sha256": A, "name": "biên bản.pdf", "title": "Biên bản", "by": "An"}
    assert ordered_exhibit(wanted, 7, NOW) == Exhibit(NOW, A, "biên bản.pdf", 7, "Biên bản", "An")
    with pytest.raises(OrderRefused, match=r"^'title' is missing: write a document's title$"):
        ordered_exhibit({**wanted, "title": ""}, 7, NOW)


def test_no_documents_are_none() -> None:
    assert documents({}) == ()


def test_a_code_has_the_name_of_its_day(inventory: Inventory) -> None:
    names = UnitNames(inventory.registers.values())
    days = (dt.date(2017, 12, 22), dt.date(2026, 11, 20), dt.date(1999, 1, 1))
    assert [names.on("hung-yen", "12004", day) for day in days] == ["Xã Đình Dù", "Xã Như Quỳnh", ""]
    assert names.on("nowhere", "12004", days[0]) == ""
