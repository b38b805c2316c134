"""Reports are served by names that are known, with a policy of their own, and by no other."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from netwatch.publishing.report_pages import POLICY, build_reports, index

if TYPE_CHECKING:
    from pathlib import Path


def get(folder: Path, *paths: str) -> list[tuple[int, str, str]]:
    """Status, type and body of each answer; the reports are mounted as the site mounts them."""

    async def harden(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Content-Security-Policy"] = "default-src 'none'"

    async def ask() -> list[tuple[int, str, str]]:
        app = web.Application()
        app.on_response_prepare.append(harden)
        app.add_subapp("/report/", build_reports(folder, "vi"))
        async with TestClient(TestServer(app)) as client:
            found = []
            for path in paths:
                async with client.get(path) as answer:
                    if answer.status == 200:
                        assert answer.headers["Content-Security-Policy"] == POLICY
                    found.append((answer.status, answer.headers["Content-Type"], await answer.text()))
            return found

    return asyncio.run(ask())


@pytest.fixture(name="folder")
def make_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("2026-09.vi.html", "2026-10.vi.html", "2026-10.json", "2026-10.units.csv", "notes.txt"):
        (folder / name).write_text(f"this is {name}", "utf-8")
    (tmp_path / "secret.json").write_text("secret", "utf-8")
    (folder / "2026-08.json").symlink_to(tmp_path / "secret.json")
    return folder


def test_a_report_has_its_type(folder: Path) -> None:
    assert get(folder, "/report/2026-10.vi.html", "/report/2026-10.json", "/report/2026-10.units.csv") == [
        (200, "text/html; charset=utf-8", "this is 2026-10.vi.html"),
        (200, "application/json; charset=utf-8", "this is 2026-10.json"),
        (200, "text/csv; charset=utf-8", "this is 2026-10.units.csv"),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "/report/notes.txt",
        "/report/2026-11.json",
        "/report/2026-08.json",
        "/report/..%2Fsecret.json",
        "/report/%2e%2e/secret.json",
        "/report/2026-10.json%00",
        "/report/.2026-10.json.x",
    ],
)
def test_nothing_else_is_served(folder: Path, path: str) -> None:
    ((status, _, body),) = get(folder, path)
    assert status == 404
    assert "secret" not in body


def test_the_index_lists_months_newest_first_in_both_languages(folder: Path) -> None:
    ((status, _, body),) = get(folder, "/report/")
    assert status == 200
    assert body.index('lang="vi"') < body.index("Báo cáo tháng") < body.index("Monthly reports")
    assert body.index("10/2026") < body.index("09/2026")
    assert 'href="2026-10.units.csv"' in body
    assert "notes.txt" not in body


def test_an_index_of_nothing_says_so() -> None:
    assert "There is no report yet" in index([], "en")
