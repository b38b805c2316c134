"""The files that are kept in evidence hold no secret, however they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netwatch.inventory import archive

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.inventory.load import Inventory

ADDRESS = "postgresql+psycopg://noc:s3cr3t@db.example/netwatch"
ESCAPED = ADDRESS.replace("3", "\\x33")
REGISTER = "registers: {hung-yen: registers/hung-yen.csv}\n"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f"ledger: {ADDRESS}\n{REGISTER}", True),
        (f'"ledger": "{ADDRESS}"\n{REGISTER}', True),
        (f"ledger:\n  {ADDRESS}\n{REGISTER}", True),
        (f"{{ledger: '{ADDRESS}', registers: {{hung-yen: registers/hung-yen.csv}}}}\n", True),
        (f"# ledger: postgresql+psycopg://noc:s3cr3t@old.example/n\n{REGISTER}", True),
        # Written so that it cannot be found: the whole file is left out.
        (f'ledger: "{ESCAPED}"\n{REGISTER}', False),
    ],
)
def test_no_password_of_the_ledger_is_kept(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory], *, written: str, kept: bool
) -> None:
    write("netwatch.yaml", written)
    text = archive.text(loaded(), "netwatch.yaml")
    assert ("registers" in text) == kept
    assert "s3cr" not in text


def test_credentials_are_not_kept(loaded: Callable[..., Inventory]) -> None:
    assert "credentials.yaml" not in archive.names(loaded())
    assert "netwatch.yaml" in archive.names(loaded())


def test_a_file_that_changed_meanwhile_is_not_kept(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    inventory = loaded()
    write("netwatch.yaml", f"{REGISTER}timezone: UTC\n")
    assert archive.text(inventory, "netwatch.yaml") == ""
