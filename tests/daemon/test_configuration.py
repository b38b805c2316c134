"""The daemon runs on the folder if it is good, else on the last good one; no reload makes it worse."""

from __future__ import annotations

import gc
import logging
from typing import TYPE_CHECKING

import pytest

from netwatch.daemon.configuration import Configuration, ReloadRefused, fixed_settings
from netwatch.inventory.load import InvalidInventory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Edit = Callable[[str, str], None]


@pytest.fixture
def configuration(folder: Path, tmp_path: Path) -> Configuration:
    return Configuration(folder, tmp_path / "state", {})


def names(inventory: object) -> list[str]:
    return [device.name for device in inventory.devices]  # type: ignore[attr-defined]


def test_a_good_folder_is_taken_as_it_is(configuration: Configuration) -> None:
    loaded = configuration.first()
    assert names(loaded.inventory) == ["gw", "sw"]
    assert loaded.problems == ()


def test_a_mistake_at_the_start_falls_back_to_what_was_kept(configuration: Configuration, edit: Edit) -> None:
    """The problems are told with their places, and the devices are those of before."""
    configuration.keep(configuration.first().inventory)
    edit("role: uplink", "role: uplnk")
    loaded = configuration.first()
    assert names(loaded.inventory) == ["gw", "sw"]
    (problem,) = loaded.problems
    assert str(problem).startswith(f"{problem.path}:5:")
    assert problem.path.endswith("site.yaml")


def test_a_mistake_at_the_start_with_nothing_kept_is_refused(
    configuration: Configuration, edit: Edit
) -> None:
    edit("role: uplink", "role: uplnk")
    with pytest.raises(InvalidInventory):
        configuration.first()


def test_a_kept_copy_that_cannot_be_used_either_is_told_and_refused(
    configuration: Configuration, edit: Edit, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The copy may have been made by a version that understood more."""
    configuration.keep(configuration.first().inventory)
    (tmp_path / "state" / "last-good" / "config" / "netwatch.yaml").write_text("listn: 1\n")
    edit("role: uplink", "role: uplnk")
    with pytest.raises(InvalidInventory, match="uplnk"):
        configuration.first()
    assert "cannot be used" in caplog.text


def test_a_reload_with_a_mistake_says_each_at_its_place(configuration: Configuration, edit: Edit) -> None:
    running = configuration.first().inventory
    edit("role: uplink", "role: uplnk")
    edit("role: switch", "role: swtch")
    with pytest.raises(ReloadRefused) as refused:
        configuration.again(running, force=True)
    lines = str(refused.value).splitlines()
    assert ["site.yaml:5:" in lines[0], "site.yaml:6:" in lines[1]] == [True, True]


def test_a_reload_that_drops_much_is_done_only_if_forced(configuration: Configuration, edit: Edit) -> None:
    running = configuration.first().inventory
    edit("      - {name: sw, address: 127.0.0.2, role: switch, snmp: lab}\n", "")
    with pytest.raises(ReloadRefused, match="forced"):
        configuration.again(running, force=False)
    assert names(configuration.again(running, force=True)) == ["gw"]


def test_a_secret_that_cannot_be_read_disables_its_devices_only(
    configuration: Configuration, folder: Path
) -> None:
    """The folder stays good; the credential says what is the matter, and a warning where."""
    (folder / "credentials.yaml").write_text("credentials:\n  lab: {version: 2c, community_env: GONE}\n")
    inventory = configuration.first().inventory
    assert names(inventory) == ["gw", "sw"]
    assert "GONE" in inventory.credentials["lab"].problem
    assert any("credentials.yaml:2:" in str(warning) for warning in inventory.warnings)


def test_a_state_folder_that_cannot_be_written_costs_a_warning_only(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    configuration = Configuration(folder, tmp_path / "file" / "state", {})
    with caplog.at_level(logging.WARNING):
        configuration.keep(configuration.first().inventory)
    assert "--state" in caplog.text


def test_garbage_is_collected_again_after_every_load(configuration: Configuration, edit: Edit) -> None:
    running = configuration.first().inventory
    assert gc.isenabled()
    edit("role: uplink", "role: uplnk")
    with pytest.raises(ReloadRefused):
        configuration.again(running, force=False)
    assert gc.isenabled()


@pytest.mark.parametrize(
    ("line", "differs"),
    [
        ("listen: 127.0.0.1:1", {"listen"}),
        ("states: {down_after: 9}", {"states"}),
        ("language: en", {"language"}),
        ("timezone: Europe/London", set()),
    ],
)
def test_settings_that_wait_for_the_next_start(
    configuration: Configuration, folder: Path, line: str, differs: set[str]
) -> None:
    before = fixed_settings(configuration.first().inventory)
    path = folder / "netwatch.yaml"
    path.write_text(f"{path.read_text()}{line}\n")
    after = fixed_settings(configuration.first().inventory)
    assert {key for key in before if before[key] != after[key]} == differs
