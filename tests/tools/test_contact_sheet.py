"""What makes a contact sheet fail, which pictures are taken, what is installed; nothing is drawn here."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tools.contact_sheet import boards, province, server
from tools.contact_sheet.checks import Panel, problems

HERE = Path(__file__).parents[2] / "tools" / "contact_sheet"
PANEL = {"title": "Loss", "type": "timeseries", "text": "0% 20%", "nothing": "", "links": [], "marks": 0}
PANEL |= {"canvases": [{"ink": 900}]}


def seen(**told: Any) -> list[Panel]:
    return [Panel.of({**PANEL, **told})]


@pytest.mark.parametrize(
    ("told", "told_wrong"),
    [
        ({}, []),
        ({"text": "mất kết nối / down, 3 Errors and discards"}, []),
        ({"text": "No data"}, ["Loss: shows 'No data'"]),
        ({"text": "không có dữ liệu", "nothing": "không có dữ liệu"}, ["Loss: says 'không có dữ liệu'"]),
        ({"links": ["http://a/d/unit?var-unit=1"]}, []),
        (
            {"links": ["http://a/d/unit?var-unit=${unit}"]},
            ["Loss: links to http://a/d/unit?var-unit=${unit}"],
        ),
        ({"text": "a NaN and a NaN"}, ["Loss: shows 'NaN'"]),
        ({"text": "undefined"}, ["Loss: shows 'undefined'"]),
        (
            {"text": "Invalid date to Invalid Date"},
            ["Loss: shows 'Invalid date'", "Loss: shows 'Invalid Date'"],
        ),
        ({"text": "Panel plugin not found: x"}, ["Loss: shows 'Panel plugin not found'"]),
        ({"text": "An unexpected error happened"}, ["Loss: shows 'An unexpected error'"]),
        ({"text": "Error: bad_data"}, ["Loss: shows 'Error'"]),
        ({"text": "$__range of ${__field.name}"}, ["Loss: shows '$__range'", "Loss: shows '${__field'"]),
        ({"text": "$area"}, ["Loss: shows '$area'"]),
        ({"text": "[object Object]"}, ["Loss: shows '[object Object]'"]),
        ({"canvases": [{"ink": 900}, {"ink": 0}]}, ["Loss: has a blank canvas"]),
        ({"text": " \n", "canvases": []}, ["Loss: shows nothing"]),
        ({"text": "", "canvases": [{"ink": 900}]}, []),
        ({"text": "", "canvases": [], "marks": 104}, []),
    ],
)
def test_what_is_wrong_with_a_panel(told: dict[str, Any], told_wrong: list[str]) -> None:
    assert list(problems(seen(**told), [], [])) == told_wrong


def test_a_panel_that_may_be_empty_may_only_be_empty() -> None:
    empty = seen(text="no data", nothing="no data", canvases=[])
    assert list(problems(empty, [], ["Loss"])) == []
    assert list(problems(empty, [], ["Delay"])) == ["Loss: says 'no data'"]
    assert list(problems(seen(canvases=[{"ink": 1}]), [], ["Loss"])) == []
    assert list(problems(seen(text="NaN"), [], ["Loss"])) == ["Loss: shows 'NaN'"]


def test_the_console_and_a_board_without_panels_count_too() -> None:
    assert list(problems([], ["404"], [])) == ["404", "no panel was drawn"]


def test_each_board_has_a_picture_for_the_wall_and_for_the_phone_where_asked(tmp_path: Path) -> None:
    for path, uid, start in (("vi/unit.json", "unit", "now-30m"), ("wall.json", "wall", "now-6h")):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(json.dumps({"uid": uid, "time": {"from": start}}), "utf-8")
    settings = {
        "unit": {
            "phone": True,
            "variables": {"unit": {"query": "down == 1", "label": "unit"}},
            "empty": {"Outages": "there may be none"},
        },
        "wall": {"theme": "light"},
    }
    unit, phone, wall = boards.pictures(tmp_path, settings)
    assert (unit.path, unit.name, unit.width, unit.theme) == ("vi/unit.json", "vi-unit", 1920, "dark")
    assert (phone.path, phone.name, phone.width) == ("vi/unit.json", "vi-unit-phone", 390)
    assert (wall.name, wall.theme, wall.own_range) == ("wall", "light", 21600)
    for picture in (unit, phone):
        assert picture.own_range == 1800
        assert picture.choices == {"unit": boards.Choice("down == 1", "unit")}
        assert picture.empty == {"Outages"}


@pytest.mark.parametrize("start", ["now/d", "2026-01-01", "now-6", "now-6h/h"])
def test_another_kind_of_range_is_told(start: str) -> None:
    with pytest.raises(ValueError, match="only now-"):
        boards.range_of(start)


def test_the_settings_name_boards_and_panels_that_are_there() -> None:
    folder = HERE.parents[1] / "grafana" / "dashboards"
    found = {
        board["uid"]: board
        for board in (json.loads(each.read_text("utf-8")) for each in folder.rglob("*.json"))
    }
    settings = boards.settings_of(HERE / "boards.yaml")
    for uid, own in settings.items():
        assert own.keys() <= {"phone", "theme", "variables", "empty"}
        assert uid in found
        panels = re.findall(r'"title": "([^"]*)"', json.dumps(found[uid], ensure_ascii=False))
        assert set(own.get("empty") or {}) <= set(panels)
        variables = {each["name"] for each in found[uid]["templating"]["list"]}
        assert set(own.get("variables") or {}) <= variables


def test_what_is_judged_is_scraped_more_often_and_what_is_polled_each_minute_is_not(tmp_path: Path) -> None:
    path = tmp_path / "prometheus.yml"
    path.write_text(
        (HERE.parents[1] / "config" / "prometheus" / "prometheus.yml").read_text("utf-8"), "utf-8"
    )
    province.hurry(path)
    assert re.findall(r"scrape_interval: (\w+)", path.read_text("utf-8")) == ["5s", "5s", "60s"]


def test_the_lock_file_is_exact_and_names_no_place() -> None:
    lock = (HERE / "package-lock.json").read_text("utf-8")
    assert "resolved" not in lock
    assert not re.search(r"registry|\.tgz", lock)
    wanted = json.loads((HERE / "package.json").read_text("utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    packages = json.loads(lock)["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all("integrity" in each for path, each in packages.items() if path)


def test_the_server_gives_files_of_its_folders_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "boards").mkdir()
    (tmp_path / "boards" / "a.json").write_text('{"a": 1}', "utf-8")
    (tmp_path / "secret").write_text("secret", "utf-8")
    with server.serving({"/boards/": tmp_path / "boards"}, "http://127.0.0.1:1") as url:
        assert b"/main.js" in read(url)
        assert read(f"{url}/boards/a.json?x=1") == b'{"a": 1}'
        for path in ("/boards/b.json", "/boards/../secret", "/boards/%2e%2e/secret", "/boards/", "/other"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                read(url + path)


def test_a_prometheus_that_does_not_answer_is_told_in_its_own_way() -> None:
    status, _, body = server.asked("http://127.0.0.1:1/api/v1/query?query=up")
    told = json.loads(body)
    assert (status, told["status"], told["errorType"]) == (502, "error", "unavailable")
    assert "127.0.0.1:1/api/v1/query?query=up does not answer" in told["error"]


def read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - the test's own server
        body: bytes = answer.read()
    return body
