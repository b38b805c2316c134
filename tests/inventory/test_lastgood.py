"""The last good configuration: kept exactly, for the owner alone, and found again with its secrets."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.lastgood import keep, load_last_good, restore
from netwatch.inventory.load import InvalidInventory
from netwatch.model.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netwatch.inventory.load import Inventory

TODAY = dt.date(2026, 10, 15)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state" / "netwatch"


def test_nothing_was_kept(state: Path) -> None:
    assert restore(state) is None
    assert load_last_good(state, {}) is None


def test_a_bad_file_does_not_touch_what_was_kept(
    folder: Path, state: Path, write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """After a mistake the daemon starts with what was good before it."""
    good = loaded()
    assert keep(good, state)
    write("sites/noc.yaml", "sites: [oops\n")
    with pytest.raises(InvalidInventory):
        loaded()
    again = load_last_good(state, {}, today=TODAY)
    assert again is not None
    assert (again.devices, again.settings, again.credentials) == (
        good.devices,
        good.settings,
        good.credentials,
    )
    assert again.folder == restore(state) != folder


def test_a_secret_in_a_file_is_not_copied_but_found(
    folder: Path, state: Path, write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """A relative path means the folder that was copied; a secret changed since then is the new one."""
    write("credentials.yaml", "credentials: {lab-v2c: {version: 2c, community_file: noc.community}}\n")
    write("noc.community", "s3cret")
    assert keep(loaded(), state)
    assert not list(state.rglob("noc.community"))
    write("noc.community", "n3w-s3cret")
    again = load_last_good(state, {}, today=TODAY)
    assert again is not None
    assert again.credentials["lab-v2c"].community == Secret("n3w-s3cret")
    shutil.rmtree(folder)
    without = load_last_good(state, {}, today=TODAY)
    assert without is not None
    assert without.credentials["lab-v2c"].problem


def test_a_register_outside_the_folder_is_found(
    folder: Path, state: Path, write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    (folder / "registers" / "hung-yen.csv").rename(folder.parent / "elsewhere.csv")
    write("netwatch.yaml", "registers: {hung-yen: ../elsewhere.csv}\n")
    assert keep(loaded(), state)
    again = load_last_good(state, {}, today=TODAY)
    assert again is not None
    assert len(again.units(TODAY)) == 3


def test_all_of_it_is_for_the_owner_alone(state: Path, loaded: Callable[..., Inventory]) -> None:
    """Secrets may stand inline."""
    keep(loaded(), state)
    copies = [path for path in state.rglob("*") if not path.is_symlink()]
    assert len(copies) > 5
    assert all(path.stat().st_mode & 0o077 == 0 for path in [state, *copies])


def test_a_file_that_changed_since_it_was_checked_is_not_kept(
    state: Path, write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """An editor may save while a reload runs: what is kept is what was checked, or what was kept before."""
    first = loaded()
    keep(first, state)
    write("credentials.yaml", "credentials: {lab-v2c: {version: 2c, community: other}}\n")
    second = loaded()
    write("credentials.yaml", "oops: [\n")
    assert not keep(second, state)
    again = load_last_good(state, {}, today=TODAY)
    assert again is not None
    assert again.credentials == first.credentials


def test_one_copy_is_kept_and_leftovers_of_a_crash_are_cleared(
    state: Path, write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    for community in ("one", "two", "two"):
        write("credentials.yaml", f"credentials: {{lab-v2c: {{version: 2c, community: {community}}}}}\n")
        state.mkdir(parents=True, exist_ok=True)
        (state / f"last-good.new-{community}").mkdir(exist_ok=True)
        (state / "ledger.db").touch()
        assert keep(loaded(), state)
    names = {path.name for path in state.iterdir()}
    assert names >= {"last-good", "ledger.db"}
    assert len([name for name in names if name.startswith("last-good.") and ".new" not in name]) == 1
    assert "last-good.new-one" not in names


def test_a_state_folder_that_cannot_be_written_is_an_oserror(
    tmp_path: Path, loaded: Callable[..., Inventory]
) -> None:
    """The daemon tells it and goes on."""
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        keep(loaded(), tmp_path / "file" / "state")
