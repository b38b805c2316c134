"""What templates make of units and times, as Prometheus itself fills them in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from promtool import promtool

from netwatch.model.cause import Cause
from netwatch.publishing.alerts.unit_words import CAUSES, LISTED, listed, outage

if TYPE_CHECKING:
    from pathlib import Path


def fill_in(folder: Path, template: str, series: dict[str, str], **labels: str) -> str:
    """Return what a template comes to in an annotation of an alert whose series has these labels."""
    rule = {"alert": "X", "expr": "x", "annotations": {"told": template}}
    (folder / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "x", "rules": [rule]}]}), "utf-8")
    about = ",".join(f'{name}="{value}"' for name, value in labels.items())
    told = [
        {"series": name, "values": values} for name, values in {f"x{{{about}}}": "1x100", **series}.items()
    ]
    case = {"eval_time": "10m", "alertname": "X", "exp_alerts": []}
    test = {"interval": "1m", "input_series": told, "alert_rule_test": [case]}
    content = {"rule_files": ["rules.yml"], "evaluation_interval": "10m", "tests": [test]}
    (folder / "tests.yml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    with pytest.raises(AssertionError) as failed:
        promtool("test", "rules", str(folder / "tests.yml"))
    (found,) = re.findall(r'Annotations:\{told="((?:[^"\\]|\\.)*)"\}', str(failed.value))
    return str(found).replace("\\n", "\n").replace('\\"', '"')


def units(count: int) -> dict[str, str]:
    return {
        f'{name}{{unit="{number:05}"{named}}}': "1x100"
        for number in range(1, count + 1)
        for name, named in (("netwatch:unit_name:info", f',name="Xã {number:03}"'), ("down", ""))
    }


@pytest.mark.system
@pytest.mark.parametrize(
    ("count", "lines", "last"),
    [
        (1, 1, "Xã 001 (00001)"),
        (LISTED, LISTED, "Xã 040 (00040)"),
        (LISTED + 1, LISTED + 1, "… và 1 đơn vị khác / … and 1 more"),
        (104, LISTED + 1, "… và 64 đơn vị khác / … and 64 more"),
    ],
)
def test_a_list_of_units_is_in_order_and_has_an_end(
    tmp_path: Path, count: int, lines: int, last: str
) -> None:
    told = fill_in(tmp_path, listed("`down`"), units(count)).split("\n")
    assert told[0] == "Xã 001 (00001)"
    assert (len(told), told[-1]) == (lines, last)


def ended(cause: str, end: int = 570) -> dict[str, str]:
    """A unit that is up, and its last outage, which began the day before."""
    last = "netwatch_unit_last_outage"
    return {
        'netwatch_unit_state{unit="1",state="up"}': "1x100",
        f'{last}_info{{unit="1",cause="{cause}"}}': "1x100",
        f'{last}_start_timestamp_seconds{{unit="1"}}': "-86140x100",
        f'{last}_end_timestamp_seconds{{unit="1"}}': f"{end}x100",
    }


@pytest.mark.system
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_cause_has_its_words(tmp_path: Path, language: str) -> None:
    for cause in Cause:
        told = fill_in(tmp_path, outage(language), ended(cause), unit="1")
        assert told.endswith(f": {CAUSES[language][cause]}.")
    assert fill_in(tmp_path, outage(language), ended("new"), unit="1").endswith(": new.")


@pytest.mark.system
def test_an_outage_is_told_with_local_dates_and_its_length(tmp_path: Path) -> None:
    assert fill_in(tmp_path, outage("vi"), ended("power"), unit="1") == (
        "Đơn vị đã có lại kết nối. Mất từ 07:04 31/12/1969 đến 07:09 01/01/1970, "
        "kéo dài 1 ngày 0 giờ 5 phút 10 giây. Nguyên nhân: mất điện."
    )


@pytest.mark.system
def test_the_last_outage_of_another_day_is_not_told(tmp_path: Path) -> None:
    """Late replies may undo a run of down: then the last outage is an older one."""
    told = fill_in(tmp_path, outage("en"), ended("power", end=-3300), unit="1")
    assert told == "The unit is connected again."


@pytest.mark.system
@pytest.mark.parametrize(
    ("name", "state", "told"),
    [
        ("NetwatchOnBattery", "firing", " Its UPS had lost the mains."),
        ("NetwatchLightLow", "firing", " Its received light had fallen below the alarm."),
        ("NetwatchOnBattery", "pending", ""),  # it may be a self-test
    ],
)
def test_what_the_units_devices_told_before_is_in_its_text(
    tmp_path: Path, name: str, state: str, told: str
) -> None:
    """Their alerts are muted while the unit is down."""
    series = {
        'netwatch_unit_state{unit="1",state="down"}': "1x100",
        'netwatch_unit_down_since_timestamp_seconds{unit="1"}': "300x100",
        f'ALERTS{{alertname="{name}",alertstate="{state}",unit="1",device="x"}}': "1x100",
    }
    text = fill_in(tmp_path, outage("en"), series, unit="1")
    assert text.endswith("The cause is determined when it is back." + told)
