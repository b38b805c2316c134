"""The committed dashboards are what the generator makes, in both languages, and Grafana can be given them."""

from __future__ import annotations

import argparse
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from vietnamese import LETTER

from netwatch.cli import dashboards
from netwatch.model.cause import Cause
from netwatch.model.claim import Criterion, UnitVerdict
from netwatch.model.notification import NoticeKind
from netwatch.model.outcome import Outcome
from netwatch.publishing.alerts.names import NAMES
from netwatch.publishing.dashboards.queries import queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import StrEnum

# The SDK warns, when it is imported, of a schema that no stable Grafana asks for yet.
pytestmark = pytest.mark.filterwarnings("ignore:Prefer using dashboardv2:DeprecationWarning")

GRAFANA = Path(__file__).parents[2] / "grafana"
PATHS = sorted(GRAFANA.glob("dashboards/*/*.json"))
BOARDS: dict[str, Any] = {
    f"{path.parent.name}/{path.stem}": json.loads(path.read_text("utf-8")) for path in PATHS
}


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    dashboards.configure(parser)
    return dashboards.run(parser.parse_args(words))


def generated() -> dict[str, str]:
    from netwatch.publishing.dashboards.generate import files

    return files()


def test_the_committed_files_are_what_is_generated() -> None:
    assert run("--check", "--output", str(GRAFANA)) == 0
    committed = {str(path.relative_to(GRAFANA)) for path in GRAFANA.glob("dashboards/**/*.json")}
    assert committed == generated().keys()


def test_an_edited_or_missing_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--output", str(tmp_path)) == 0
    path = tmp_path / "dashboards" / "vi" / "claims.json"
    assert path.read_text("utf-8") == generated()["dashboards/vi/claims.json"]
    for spoil in (lambda: path.write_text(path.read_text("utf-8") + " ", "utf-8"), path.unlink):
        spoil()
        capsys.readouterr()
        assert run("--check", "--output", str(tmp_path)) == 1
        assert capsys.readouterr().err == f"{path} differs from what is generated: run netwatch dashboards\n"


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dashboards").write_text("in the way", "utf-8")
    assert run("--output", str(tmp_path)) == 1
    first = tmp_path / next(iter(generated()))
    assert capsys.readouterr().err == f"{first} cannot be written: Not a directory\n"


def test_without_the_sdk_one_line_says_what_to_install() -> None:
    program = (
        "import sys, argparse; sys.modules['grafana_foundation_sdk'] = None\n"
        "from netwatch.cli import dashboards\n"
        "sys.exit(dashboards.run(argparse.Namespace(check=True, output='grafana')))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (
        1,
        "grafana-foundation-sdk is missing: pip install 'netwatch[dev]'\n",
    )


@pytest.mark.parametrize("name", BOARDS)
def test_the_sdk_reads_a_board_and_writes_it_again_unchanged(name: str) -> None:
    """A misspelt or unknown field would be lost on the way."""
    from grafana_foundation_sdk.cog.plugins import register_default_plugins
    from grafana_foundation_sdk.models.dashboard import Dashboard

    from netwatch.publishing.dashboards.generate import encoded

    register_default_plugins()
    board = BOARDS[name]
    assert json.loads(encoded(Dashboard.from_json(json.loads(json.dumps(board))))) == board


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_can_be_provisioned(name: str) -> None:
    language, stem = name.split("/")
    board = BOARDS[name]
    assert board["uid"] == f"netwatch-{stem}" + ("-en" if language == "en" else "")
    assert board["schemaVersion"] == 42
    assert board["description"]
    assert not any("libraryPanel" in panel for panel in board["panels"])
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)


def test_every_board_is_there_in_both_languages() -> None:
    names = {
        language: {name[3:] for name in BOARDS if name.startswith(language)} for language in ("vi", "en")
    }
    assert names["vi"] == names["en"]
    assert names["vi"] >= {"province", "area", "unit", "switch", "port", "optics", "claims", "netwatch"}


def strings(found: Any) -> Iterator[str]:
    """What a board says and asks; not the keys, which may be what a label says."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict | list):
        for each in found.values() if isinstance(found, dict) else found:
            yield from strings(each)


@pytest.mark.parametrize("name", [name for name in BOARDS if name.startswith("en/")])
def test_an_english_board_has_no_word_of_vietnamese(name: str) -> None:
    """But for the link to the other language."""
    assert [each for each in strings(BOARDS[name]) if LETTER.search(each)] == ["Tiếng Việt"]


@pytest.mark.parametrize(
    ("values", "module", "name"),
    [
        (Cause, "words", "CAUSES"),
        (Criterion, "words", "CRITERIA"),
        (UnitVerdict, "words", "UNIT_VERDICTS"),
        (Outcome, "device_words", "OUTCOMES"),
        (NoticeKind, "itself_words", "NOTICES"),
    ],
)
def test_boards_have_words_for_every_value(values: type[StrEnum], module: str, name: str) -> None:
    words = importlib.import_module(f"netwatch.publishing.dashboards.{module}")
    assert getattr(words, name).keys() == {str(each) for each in values}


def test_the_documentation_names_every_board() -> None:
    told = (GRAFANA.parent / "docs" / "dashboards.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \|", told, re.MULTILINE) == [
        path.removeprefix("dashboards/vi/").removesuffix(".json") for path in generated() if "/vi/" in path
    ]


def test_variables_are_filled_in_and_one_without_a_value_is_an_error() -> None:
    board = {
        "panels": [
            {"type": "row", "title": "r", "panels": [panel("inner", 'a{b="$claim"}')]},
            panel("outer", "rate(c[$__rate_interval]) * ${area}"),
            panel("slow", "rate(c[$__rate_interval])", interval="1m"),
        ]
    }
    found = [(query.panel, query.expr) for query in queries(board, {"claim": "x y", "area": "2"})]
    assert found == [("inner", 'a{b="x y"}'), ("outer", "rate(c[60s]) * 2"), ("slow", "rate(c[4m])")]
    with pytest.raises(KeyError):
        queries(board, {"claim": "x"})


def panel(title: str, expr: str, **more: str) -> dict[str, Any]:
    return {"type": "stat", "title": title, "targets": [{"refId": "A", "expr": expr, **more}]}


def test_provisioning_finds_the_datasource_and_the_boards_of_each_language() -> None:
    source = yaml.safe_load((GRAFANA / "provisioning/datasources/netwatch.yml").read_text("utf-8"))
    assert source["datasources"][0]["jsonData"]["timeInterval"] == "15s"
    assert source["datasources"][0]["type"] == "prometheus"
    provided = yaml.safe_load((GRAFANA / "provisioning/dashboards/netwatch.yml").read_text("utf-8"))[
        "providers"
    ]
    assert {Path(each["options"]["path"]).name: each["folder"] for each in provided} == {
        "vi": "netwatch – Tiếng Việt",  # noqa: RUF001  # it is meant
        "en": "netwatch – English",  # noqa: RUF001
    }
    assert not any(each["allowUiUpdates"] for each in provided)


def test_what_a_label_says_is_never_taken_for_a_number() -> None:
    """Of the unit "none" the version 1.0 is shown as 1, and a serial number of digits is rounded."""
    tables = [each for board in BOARDS.values() for each in board["panels"] if each["type"] == "table"]
    units = {
        (table["title"], name): given(table, heading, "unit")
        for table in tables
        for name, heading in organised(table).items()
        if not name.startswith("Value")
    }
    assert len(units) > 50
    times = {
        (table["title"], name)
        for table in tables
        for name, heading in organised(table).items()
        if heading in converted(table)
    }
    assert {place for place, unit in units.items() if unit != "string"} == times


@pytest.mark.parametrize("name", BOARDS)
def test_what_claims_say_is_asked_for_in_the_language_of_the_board(name: str) -> None:
    asked = set(re.findall(r'language=\\"(\w+)\\"', json.dumps(BOARDS[name])))
    speaks_of_claims = name.endswith(("province", "claims"))
    assert asked == ({name[:2]} if speaks_of_claims else set())


@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_alert_is_called_by_its_short_name(language: str) -> None:
    wall = BOARDS[f"{language}/province"]["panels"]
    (table,) = (each for each in wall if "alertname" in json.dumps(each.get("targets", [])))
    (mapping,) = given(table, organised(table)["alertname"], "mappings")
    assert mapping["type"] == "value"
    assert {alert: shown["text"] for alert, shown in mapping["options"].items()} == {
        alert: getattr(name, language) for alert, name in NAMES.items()
    }


def test_the_board_of_claims_says_which_one_it_shows() -> None:
    for language in ("vi", "en"):
        board = BOARDS[f"{language}/claims"]
        first = board["panels"][0]
        assert (first["type"], first["gridPos"]["w"]) == ("text", 24)
        assert "${claim:text}" in first["options"]["content"]
        (variable,) = (each for each in board["templating"]["list"] if each["name"] == "claim")
        told = '{claim="fibre", statement="Cáp quang "đến" xã} 100%"} 1 1764288000000'
        pattern = variable["regex"].strip("/").replace("(?<", "(?P<")
        found = re.search(pattern, told.replace(", ", ","))
        assert found
        assert found.groupdict() == {"value": "fibre", "text": 'Cáp quang "đến" xã} 100%'}


def test_no_color_speaks_alone() -> None:
    """Stripes have the state's text in them, the wall's numbers their name, marks on the map a size."""
    stripes = [
        panel for board in BOARDS.values() for panel in board["panels"] if panel["type"] == "state-timeline"
    ]
    assert stripes
    assert {panel["options"]["showValue"] for panel in stripes} == {"auto"}
    wall = BOARDS["vi/province"]["panels"]
    named = {each["title"]: each for each in wall if each["options"].get("textMode") == "value_and_name"}
    assert {"Mất kết nối", "Không rõ", "Có kết nối", "Chưa giám sát"} <= named.keys()
    assert all(each["fieldConfig"]["defaults"]["displayName"] == title for title, each in named.items())
    (style,) = (each["options"]["layers"][0]["config"]["style"] for each in wall if each["type"] == "geomap")
    assert style["size"]["field"] == style["color"]["field"]


def organised(table: dict[str, Any]) -> dict[str, str]:
    found = next(each for each in table["transformations"] if each["id"] == "organize")
    names: dict[str, str] = found["options"]["renameByName"]
    return names


def converted(table: dict[str, Any]) -> set[str]:
    """The columns whose labels say times: Grafana shows them in the board's zone, and not as they come."""
    return {
        each["targetField"]
        for transformation in table["transformations"]
        if transformation["id"] == "convertFieldType"
        for each in transformation["options"]["conversions"]
    }


def given(table: dict[str, Any], heading: str, prop: str) -> Any:
    properties = [
        each
        for override in table["fieldConfig"]["overrides"]
        if override["matcher"]["options"] == heading
        for each in override["properties"]
    ]
    return next((each["value"] for each in properties if each["id"] == prop), None)
