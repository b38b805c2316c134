"""`/api/v1`: what each address answers, held against the schema that others write programs by."""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from jsonschema import Draft202012Validator
from province_site import NOW, Province, province

from netwatch.model.claim import Measurement
from netwatch.model.state import State
from netwatch.publishing.present import Notices, OutagesAsked
from netwatch.publishing.web import build_site

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "api.json").read_text("utf-8"))


class Answer:
    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(of: Province, *paths: str, keep: float = 0.0, **headers: str) -> list[Answer]:
    """Ask one site for each path, one after the other."""

    async def story() -> list[Answer]:
        found = []
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        async with TestClient(
            TestServer(build_site(of.sources(), keep=keep)), auto_decompress=False
        ) as client:
            for path in paths:
                answer = await client.get(path, headers=given, skip_auto_headers=["Accept-Encoding"])
                found.append(Answer(answer.status, answer.headers, await answer.read()))
        return found

    return asyncio.run(story())


def get(path: str, of: Province | None = None, **headers: str) -> Answer:
    (answer,) = ask(of or province(), path, **headers)
    return answer


def complaints(value: Any, of: str) -> list[str]:
    """What is wrong with an answer by the schema of its address."""
    validator = Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/answer-{of}"})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


PATHS = [
    ("/api/v1/units", "units"),
    ("/api/v1/units/hung-yen/12004", "unit"),
    ("/api/v1/units/hung-yen/12004?as_of=2017-12-22", "unit"),
    ("/api/v1/devices", "devices"),
    ("/api/v1/claims", "claims"),
    ("/api/v1/claims?units=0", "claims"),
    ("/api/v1/outages", "outages"),
]


def all_sorts() -> Province:
    """A province in which every key has a value somewhere."""
    of = province()
    of.notices = Notices(blind=(("vnpt", NOW - 60),), last_good=True, reading=True)
    of.units[5] = replace(of.units[5], unit=replace(of.units[5].unit, latitude=None, longitude=None))
    of.turn("12004", State.DOWN, root="core")
    first = of.claims[0]
    measured = Measurement(NOW, "figure", first.claim.source.date, 0.75, "sổ")
    of.claims = (*of.claims, replace(first, claim=replace(first.claim, population=None), measured=measured))
    return of


@pytest.mark.parametrize(("path", "shape"), PATHS)
@pytest.mark.parametrize("make", [province, all_sorts])
def test_answers_are_as_the_schema_says(path: str, shape: str, make: Any) -> None:
    answer = get(path, make())
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert complaints(answer.json, shape) == []


def test_the_schema_is_one_and_refuses_what_it_does_not_know() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    told = get("/api/v1/units").json
    told["units"][0]["address"] = "198.18.0.1"
    assert complaints(told, "units") != []
    del told["units"][0]["address"], told["units"][0]["since"]
    assert complaints(told, "units") != []


def test_every_unit_has_a_row() -> None:
    of = province()
    of.turn("12004", State.DOWN, since=NOW - 60, root="core")
    rows = {row["code"]: row for row in get("/api/v1/units", of).json["units"]}
    assert len(rows) == 104
    told = rows["12004"]
    assert (told["name"], told["state"], told["since"]) == ("Xã Như Quỳnh", "down", "2026-11-27T03:47:15Z")
    assert (told["cause"], told["root"]) == ("upstream", "core")
    assert {"claim": "communes-reachable-today", "unit": "12004", "verdict": "verified"} in told["verdicts"]
    assert {each["unit"] for each in told["verdicts"] if each["claim"] == "fibre-reaches-communes"} == {
        "11986",
        "12001",
        "12004",
        "12013",
        "12016",
    }
    idle = rows[of.units[20].unit.code]
    assert (idle["monitored"], idle["state"], idle["since"], idle["minutes"]) == (
        False,
        "unknown",
        None,
        None,
    )


def test_a_claim_tells_of_each_unit_what_was_found_when_and_by_what() -> None:
    claims = {claim["name"]: claim for claim in get("/api/v1/claims").json["claims"]}
    claim = claims["communes-reachable-today"]
    assert claim["units"] == {"verified": 100, "refuted": 0, "undetermined": 0, "unmonitored": 4}
    assert (claim["lower"], claim["upper"], claim["declared"]) == (100 / 104, 1.0, 1.0)
    assert claim["unit_verdicts"]["12004"] == "verified"
    (row,) = (row for row in claim["results"] if row["unit"] == "12004")
    assert row["heirs"] == ["12004"]
    assert row["criteria"]["reachable"] == {
        "finding": "shown",
        "at": "2026-11-27T03:46:15Z",
        "device": "gw-12004",
        "source": "settled minutes",
        "text": None,
        "attested": False,
    }
    old = claims["fibre-reaches-communes"]
    assert (len(old["results"]), old["heirs"], old["as_of"]) == (161, 39, "2017-12-22")


def test_claims_may_be_asked_for_without_their_units() -> None:
    (whole,), (short,) = (
        [claim for claim in get(path).json["claims"] if claim["name"] == "communes-reachable-today"]
        for path in ("/api/v1/claims", "/api/v1/claims?units=0")
    )
    assert short == {name: value for name, value in whole.items() if name not in {"results", "unit_verdicts"}}


def test_a_unit_of_an_older_list_has_no_present() -> None:
    then = get("/api/v1/units/hung-yen/12004?as_of=2017-12-22").json
    assert (then["name"], then["valid_to"], then["now"], then["devices"]) == (
        "Xã Đình Dù",
        "2025-07-01",
        None,
        [],
    )
    assert [(each["claim"], sorted(each["heirs"])) for each in then["verdicts"]] == [
        ("fibre-reaches-communes", ["11995", "12004"])
    ]
    today = get("/api/v1/units/hung-yen/12004").json
    assert (today["name"], today["now"]["state"]) == ("Xã Như Quỳnh", "up")
    assert [device["name"] for device in today["devices"]] == ["gw-12004", "sw-12004"]
    assert [paper["name"] for paper in today["attestations"]] == ["hyn-417"]
    assert [(each["name"], each["state"]) for each in today["disputes"]] == [
        ("d-1", "open"),
        ("d-0", "rejected"),
    ]


@pytest.mark.parametrize(
    ("path", "status", "line"),
    [
        ("/api/v1/units/hung-yen/99999", 404, "no register of that name lists a unit of that code"),
        ("/api/v1/units/nowhere/12004", 404, "no register of that name lists a unit of that code"),
        ("/api/v1/units/hung-yen/12004?as_of=yesterday", 400, "as_of is a day, such as 2017-12-22"),
        ("/api/v1/claims?units=yes", 400, "units is 0 or 1"),
        ("/api/v1/claims?unit=1", 400, "there is no such parameter; there is units"),
        ("/api/v1/outages?limit=0", 400, "limit is a number from 1 to 1000"),
        ("/api/v1/outages?limit=1001", 400, "limit is a number from 1 to 1000"),
        ("/api/v1/outages?limit=%D9%A3", 400, "limit is a number from 1 to 1000"),
        ("/api/v1/outages?limit=1&limit=2", 400, "limit is given twice"),
        (
            "/api/v1/outages?since=then",
            400,
            "since is a day or a time, such as 2026-10-07 or 2026-10-07T08:00:00Z",
        ),
        (
            "/api/v1/outages?until=2026-13-01",
            400,
            "until is a day or a time, such as 2026-10-07 or 2026-10-07T08:00:00Z",
        ),
        ("/api/v1/outages?since=2026-10-07&until=2026-10-07", 400, "until has to be later than since"),
        ("/api/v1/outages?unit=%00", 400, "unit is the code of a unit, such as 12004"),
        (
            "/api/v1/outages?address=198.18.0.1",
            400,
            "there is no such parameter; there is unit, since, until, limit",
        ),
    ],
)
def test_what_cannot_be_meant_is_one_clear_line(path: str, status: int, line: str) -> None:
    answer = get(path)
    assert (answer.status, answer.text) == (status, line + "\n")


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", OutagesAsked()),
        ("?unit=12004&limit=5", OutagesAsked("12004", limit=5)),
        ("?since=2026-11-27", OutagesAsked(since=1_795_712_400.0)),
        (
            "?since=2026-11-27T08:00:00&until=2026-11-27T03:00:00Z",
            OutagesAsked(None, 1_795_741_200.0, 1_795_748_400.0),
        ),
    ],
)
def test_outages_are_asked_for_as_the_query_says(query: str, asked: OutagesAsked) -> None:
    """A day begins at midnight in Hưng Yên, which is 17:00 UTC; a time without an offset is local."""
    of = province()
    assert get(f"/api/v1/outages{query}", of).status == 200
    assert of.asked == [asked]


def test_an_outage_has_its_cause_facts_and_notes() -> None:
    of = province()
    (first, *_, last) = get("/api/v1/outages", of).json["outages"]
    assert (first["cause"], first["seconds"], first["unknown_seconds"], first["settled"]) == (
        "link",
        3725.0,
        61.0,
        True,
    )
    assert first["facts"] == [
        {"at": first["start"], "device": f"gw-{first['unit']}", "text": "received light of sfp1 lost"}
    ]
    assert [(note["by"], note["ticket"]) for note in first["notes"]] == [("NOC", "VNPT-123")]
    assert (last["unit"], last["end"], last["seconds"], last["root"]) == ("12004", None, None, "area-van-lam")


def test_a_ledger_that_cannot_be_read_is_a_503_that_names_no_place() -> None:
    of = province()
    of.unreadable = True
    answer = get("/api/v1/outages", of)
    assert (answer.status, answer.text) == (
        503,
        "the ledger cannot be read now: ask again in a few minutes\n",
    )


# Polling


def test_what_has_not_changed_is_not_sent_again() -> None:
    of = province()
    path = "/api/v1/units"
    first = get(path, of)
    again = get(path, of, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    of.turn("12004", State.DOWN)
    changed = get(path, of, If_None_Match=first.headers["ETag"])
    assert changed.status == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    ("named", "status"), [("*", 304), ('"a", {}', 304), ("{strong}", 304), ('"other"', 200), ("", 200)]
)
def test_tags_are_compared_weakly(named: str, status: int) -> None:
    of = province()
    etag = get("/api/v1/devices", of).headers["ETag"]
    header = named.format(etag, strong=etag.removeprefix("W/"))
    assert get("/api/v1/devices", of, If_None_Match=header).status == status


@pytest.mark.parametrize("path", [path for path, _ in PATHS])
def test_answers_are_compressed_for_who_takes_it(path: str) -> None:
    of = province()
    plain, packed = get(path, of), get(path, of, Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


class Counted(Province):
    """Counts how often its units were gathered."""

    gathered = 0

    def sources(self) -> Any:
        def units() -> Sequence[Any]:
            self.gathered += 1
            return tuple(self.units)

        return replace(super().sources(), units=units)


def test_a_hundred_browsers_cost_as_much_as_one() -> None:
    of = Counted(**{name: getattr(province(), name) for name in Province.__dataclass_fields__})
    answers = ask(of, *["/api/v1/units"] * 20, *["/?lang=vi"] * 20, keep=1000.0)
    assert {answer.status for answer in answers} == {200}
    assert of.gathered == 2
