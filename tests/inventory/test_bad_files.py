"""Every mistake is told at its place, with what to do: `bad/CASE/` laid over `base/` gives `expected.txt`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.claims import ClaimsFile
from netwatch.inventory.folder import parse
from netwatch.inventory.load import InvalidInventory
from netwatch.inventory.problem import LIMIT, Remarks
from netwatch.inventory.source import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable

from netwatch.inventory.load import Inventory

CASES = sorted((Path(__file__).parent / "bad").iterdir())
SECRET = "s3cret"


def errors(folder: Path, loaded: Callable[[], Inventory]) -> list[str]:
    """What a load says, with paths relative to the folder."""
    with pytest.raises(InvalidInventory) as raised:
        loaded()
    return [str(problem).replace(f"{folder}/", "") for problem in raised.value.problems]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_file_is_told_exactly(case: Path, folder: Path, loaded: Callable[[], Inventory]) -> None:
    """All errors of all files at once, and no others."""
    shutil.copytree(case, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("expected.txt"))
    expected = (case / "expected.txt").read_text("utf-8").splitlines()
    assert errors(folder, loaded) == expected


def test_there_are_many_cases() -> None:
    """The issue asks for 60."""
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_message_shows_a_secret(case: Path) -> None:
    """A message says what is wrong with a secret without repeating it."""
    assert SECRET not in (case / "expected.txt").read_text("utf-8")


def test_the_good_configuration_is_good(loaded: Callable[[], Inventory]) -> None:
    """What the cases are laid over has no mistake of its own."""
    assert [device.name for device in loaded().devices] == ["noc-gateway", "core"]
    assert loaded().warnings == ()


def test_a_folder_that_does_not_exist(folder: Path, loaded: Callable[[], Inventory]) -> None:
    shutil.rmtree(folder)
    assert errors(folder, loaded) == [
        f"{folder}: there is no such folder: give the one that holds netwatch.yaml and sites/"
    ]


def test_an_empty_folder(folder: Path, loaded: Callable[[], Inventory]) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    assert errors(folder, loaded) == [
        f"{folder}: the folder is empty: put netwatch.yaml and sites/*.yaml into it"
    ]


def test_a_file_instead_of_a_folder(folder: Path, loaded: Callable[[], Inventory]) -> None:
    shutil.rmtree(folder)
    folder.write_text("", "utf-8")
    assert errors(folder, loaded) == [
        f"{folder}: is not a folder: give the one that holds netwatch.yaml and sites/"
    ]


def test_no_devices_at_all(
    folder: Path, write: Callable[[str, str], None], loaded: Callable[[], Inventory]
) -> None:
    shutil.rmtree(folder / "sites")
    write("netwatch.yaml", "language: en\n")
    assert errors(folder, loaded) == [
        f"{folder}: no device is configured: write them into files sites/*.yaml"
    ]


def test_a_named_pipe_does_not_hang(folder: Path, loaded: Callable[[], Inventory]) -> None:
    os.mkfifo(folder / "sites" / "pipe.yaml")
    assert errors(folder, loaded) == ["sites/pipe.yaml: cannot be read: not a regular file"]


def test_a_link_to_nowhere(folder: Path, loaded: Callable[[], Inventory]) -> None:
    (folder / "sites" / "gone.yaml").symlink_to(folder / "nowhere")
    assert errors(folder, loaded) == ["sites/gone.yaml: cannot be read: No such file or directory"]


def test_a_file_too_large(
    folder: Path, write: Callable[[str, str], None], loaded: Callable[[], Inventory]
) -> None:
    write("sites/huge.yaml", "#" * (LARGEST + 1))
    assert errors(folder, loaded) == [
        "sites/huge.yaml: exceeds 8 MiB: split it, or remove what does not belong here"
    ]


def test_errors_of_one_file_are_bounded(
    folder: Path, write: Callable[[str, str], None], loaded: Callable[[], Inventory]
) -> None:
    """A file of another program is not answered with a million lines."""
    write("claims.yaml", "".join(f"key{number}: 1\n" for number in range(20_000)))
    told = errors(folder, loaded)
    assert len(told) == LIMIT + 1
    assert f"claims.yaml:{LIMIT}:1: these are {LIMIT} errors: the rest of the file is not judged" in told


def test_a_file_of_too_many_errors_is_not_read_on() -> None:
    """Each unknown key is compared with all known ones, which a hostile file would make expensive."""
    content = "".join(f"key{number}: 1\n" for number in range(LIMIT + 1)).encode()
    assert parse(content, ClaimsFile, Remarks("claims.yaml")) is None


def test_windows_are_bounded(
    folder: Path, write: Callable[[str, str], None], loaded: Callable[[], Inventory]
) -> None:
    """All of them are looked at on the loop."""
    windows = "".join(
        f"  - {{name: w{n}, what: x, by: NOC, start: 2026-12-05 22:00, duration: 4h, devices: [core]}}\n"
        for n in range(1001)
    )
    write("maintenance.yaml", "windows:\n" + windows)
    assert errors(folder, loaded) == [
        "maintenance.yaml:1002:5: more than 1,000 windows: delete those that are over"
    ]


def test_many_dangling_references_cost_little(
    folder: Path, write: Callable[[str, str], None], loaded: Callable[[], Inventory]
) -> None:
    """Only the first of them are compared with every name there is."""
    devices = "".join(
        f"      - {{name: dev-{n}, address: d{n}.example, role: core, parents: [dev-{n}x]}}\n"
        for n in range(300)
    )
    write("sites/many.yaml", "sites:\n  - area: x\n    devices:\n" + devices)
    told = errors(folder, loaded)
    assert len(told) == 300
    assert sum("did you mean" in line for line in told) == 50
