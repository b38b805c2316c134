"""Pages over HTTP: which language they have, what they load, and what is no page."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from province_site import Province, province

from netwatch.publishing.present import OutagesAsked
from netwatch.publishing.web import build_site


class Answer:
    def __init__(self, status: int, headers: Any, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def language(self) -> str:
        return re.findall(r'<html lang="(\w+)">', self.text)[0]


def get(path: str, of: Province | None = None, **headers: str) -> Answer:
    async def story() -> Answer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        site = build_site((of or province()).sources(), keep=0.0)
        async with TestClient(TestServer(site), auto_decompress=False) as client:
            answer = await client.get(path, headers=given, skip_auto_headers=["Accept-Encoding"])
            return Answer(answer.status, answer.headers, await answer.read())

    return asyncio.run(story())


@pytest.mark.parametrize(
    ("query", "accept", "default", "language"),
    [
        ("", "", "vi", "vi"),
        ("", "", "en", "en"),
        ("", "en-GB,en;q=0.9,vi;q=0.5", "vi", "en"),
        ("", "fr, vi;q=0.2, en;q=0.1", "en", "vi"),
        ("", "fr", "vi", "vi"),
        ("", "en;q=0", "vi", "vi"),
        ("", "en;q=nonsense, ;;;", "vi", "vi"),
        ("?lang=vi", "en", "en", "vi"),
        ("?lang=en", "vi", "vi", "en"),
        ("?lang=fr", "en", "vi", "en"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/units/hung-yen/12004", "/units/hung-yen/99999"])
def test_the_query_decides_the_language_then_the_browser_then_the_settings(
    path: str, query: str, accept: str, default: str, language: str
) -> None:
    of = province()
    of.language = default
    answer = get(path + query, of, **({"Accept_Language": accept} if accept else {}))
    assert answer.language == language
    assert "Accept-Language" in answer.headers["Vary"]


def test_what_a_page_loads_is_kept_for_ever_under_a_name_of_its_content() -> None:
    page = get("/").text
    names = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert [name.rpartition(".")[2] for name in names] == ["svg", "css", "js"]
    for name in names:
        answer = get(name)
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert hashlib.sha256(answer.body).hexdigest()[:12] in name
        again = get(name, If_None_Match=answer.headers["ETag"])
        assert (again.status, again.body) == (304, b"")
        assert get(name, Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("name", ["status.css", "status.000000000000.css", "..%2fpage.py", "nothing"])
def test_nothing_else_is_served_as_a_file(name: str) -> None:
    answer = get(f"/static/{name}")
    assert answer.status == 404
    assert len(answer.text.splitlines()) == 1


@pytest.mark.parametrize(
    "path",
    ["/units/hung-yen/99999", "/units/nowhere/12004", "/units/hung-yen/%3Cscript%3E", "/units/a%2Fb/1"],
)
def test_a_unit_that_there_is_not_is_a_page_in_both_languages(path: str) -> None:
    answer = get(path)
    assert answer.status == 404
    assert "Danh mục không có đơn vị nào mang mã này." in answer.text
    assert "The register lists no unit of this code." in answer.text
    assert "<script" not in answer.text


def test_a_day_that_is_none_is_a_400() -> None:
    answer = get("/units/hung-yen/12004?as_of=2017")
    assert (answer.status, answer.text) == (400, "as_of is a day, such as 2017-12-22\n")


def test_a_unit_asks_for_its_own_outages_since_it_is_in_force() -> None:
    """A unit of an older list bore the same code."""
    of = province()
    assert get("/units/hung-yen/12004", of).status == 200
    assert of.asked == [OutagesAsked("12004", 1_751_328_000.0, limit=200)]
    for path in ("/units/hung-yen/12004?as_of=2017-12-22", f"/units/hung-yen/{of.units[20].unit.code}"):
        assert get(path, of).status == 200
    assert len(of.asked) == 1, "nobody is asked for what is no more, or what was never watched"


def test_a_ledger_that_cannot_be_read_costs_no_page_and_names_no_place() -> None:
    of = province()
    of.unreadable = True
    answer = get("/units/hung-yen/12004?lang=en", of)
    assert answer.status == 200
    assert "The ledger cannot be read just now" in answer.text
    assert "secret" not in answer.text


def test_a_page_that_has_not_changed_is_not_sent_again() -> None:
    of = province()
    first = get("/", of)
    assert get("/", of, If_None_Match=first.headers["ETag"]).status == 304
    assert get("/?lang=en", of, If_None_Match=first.headers["ETag"]).status == 200


@pytest.mark.parametrize(
    "query", ["?q=nhu+quynh", "?q=Nh%C6%B0+Qu%E1%BB%B3nh&state=up", "?verdict=verified&q=12004"]
)
def test_a_form_that_was_sent_finds_units(query: str) -> None:
    text = get(f"/{query}&lang=en").text
    assert "Showing 1 of 104 units." in text


@pytest.mark.parametrize("query", ["?state=nonsense", "?verdict=1", "?q=", "?q=%00", "?unknown=1"])
def test_a_query_that_means_nothing_costs_no_page(query: str) -> None:
    assert get(f"/{query}").status == 200
