"""What a reload changes, and when it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.diff import Changes, diff, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.inventory.load import Inventory


def sites(*devices: str) -> str:
    return "sites:\n  - area: x\n    devices:\n" + "".join(f"      - {{{device}}}\n" for device in devices)


@pytest.fixture
def changed(write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> Callable[..., Changes]:
    """Loads two versions of a configuration, and tells the difference."""

    def changed(before: dict[str, str], after: dict[str, str]) -> Changes:
        inventories = []
        for files in (before, after):
            for name, text in files.items():
                write(name, text)
            inventories.append(loaded())
        return diff(*inventories)

    return changed


A, B = "name: a, address: 198.18.4.1, role: core", "name: b, address: 198.18.4.2, role: core"
SITE = "sites/a.yaml"


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (sites(A, B), sites(A, B), Changes((), (), ())),
        (sites(A, B), sites(B, A), Changes((), (), ())),
        (sites(A), sites(A, B), Changes(("b",), (), ())),
        (sites(A, B), sites(A), Changes((), ("b",), ())),
        (sites(A, B), sites(A, B + ", parents: [a]"), Changes((), (), ("b",))),
        (sites(A), sites(A.replace("name: a", "name: z")), Changes(("z",), ("a",), ())),
    ],
)
def test_devices_are_compared_by_name(
    before: str, after: str, changes: Changes, changed: Callable[..., Changes]
) -> None:
    assert changed({SITE: before}, {SITE: after}) == changes


def test_another_secret_changes_the_devices_that_use_it(changed: Callable[..., Changes]) -> None:
    """They have to be asked anew, though nothing in their own lines is different."""
    before = "credentials: {lab-v2c: {version: 2c, community: public}}\n"
    after = before.replace("public", "private")
    assert changed({"credentials.yaml": before}, {"credentials.yaml": after}) == Changes((), (), ("core",))


@pytest.mark.parametrize(
    ("total", "kept", "refused"), [(18, 18, False), (18, 16, False), (18, 15, True), (18, 0, True)]
)
def test_a_reload_that_drops_more_than_a_tenth_is_refused(
    total: int,
    kept: int,
    refused: bool,
    write: Callable[[str, str], None],
    loaded: Callable[..., Inventory],
) -> None:
    """Of 20 devices (two stand elsewhere), two may go; three may not."""
    devices = [f"name: d{number}, address: 198.18.4.{number + 1}, role: core" for number in range(total)]
    write(SITE, sites(*devices))
    old = loaded()
    write(SITE, sites(*devices[:kept], "name: new, address: 198.18.5.1, role: core"))
    reason = refusal(old, diff(old, loaded()))
    assert bool(reason) is refused
    if kept == 15:
        assert reason == (
            "it would drop 3 of 20 devices (15%): d15, d16, d17; "
            "more than 10% are dropped only if the reload is forced"
        )
