"""Orders are lines; each is obeyed at once and answered by `ok`, or refused with a reason."""

from __future__ import annotations

import asyncio
import stat
from typing import TYPE_CHECKING

import pytest

from netwatch.lab.control import obey, open_socket, serve, tell

if TYPE_CHECKING:
    from pathlib import Path

    from netwatch.lab.province import Province


@pytest.mark.parametrize(
    ("orders", "state"),
    [
        ([], "gw-nhu-quynh echo snmp"),
        (["silence gw-nhu-quynh"], "gw-nhu-quynh silent"),
        (["silence gw-nhu-quynh echo"], "gw-nhu-quynh snmp"),
        (["silence gw-nhu-quynh snmp"], "gw-nhu-quynh echo"),
        (["silence gw-nhu-quynh snmp", "  silence  gw-nhu-quynh  echo \n"], "gw-nhu-quynh silent"),
        (["silence gw-nhu-quynh", "restore gw-nhu-quynh"], "gw-nhu-quynh echo snmp"),
        (["silence sw-nhu-quynh"], "gw-nhu-quynh echo snmp"),
    ],
)
def test_an_order_is_obeyed(province: Province, orders: list[str], state: str) -> None:
    assert [obey(province, order) for order in orders] == ["ok"] * len(orders)
    told = obey(province, "list").splitlines()
    assert len(told) == 11
    assert state in told
    assert told[-1] == "ok"


USAGE = "error: say `silence DEVICE [echo|snmp]`, `restore DEVICE` or `list`"


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("", USAGE),
        ("silence", USAGE),
        ("restore", USAGE),
        ("list all", USAGE),
        ("silence gw-nhu-quynh loudly", USAGE),
        ("restore gw-nhu-quynh echo", USAGE),
        ("explode", USAGE),
        ("silence gw-nowhere", "error: no device 'gw-nowhere'"),
        ("restore gw-nowhere", "error: no device 'gw-nowhere'"),
    ],
)
def test_what_is_no_order_changes_nothing(province: Province, order: str, reason: str) -> None:
    before = obey(province, "list")
    assert obey(province, order) == reason
    assert obey(province, "list") == before


def test_orders_come_over_a_socket_of_this_user_only(province: Province, tmp_path: Path) -> None:
    path = tmp_path / "control"

    async def converse() -> list[str]:
        async with await serve(province, open_socket(path)):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            return [await tell(path, "silence core"), await tell(path, "x" * 5000), await tell(path, "list")]

    silenced, flooded, told = asyncio.run(converse())
    assert silenced == "ok"
    assert flooded == "", "who sends no line end is hung up on"
    assert "core silent" in told.splitlines()


def test_a_socket_that_a_dead_lab_left_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "control"
    open_socket(path).close()
    assert path.is_socket()
    open_socket(path).close()


def test_a_file_that_is_no_socket_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "control"
    path.write_text("precious")
    with pytest.raises(OSError, match="in use"):
        open_socket(path)
    assert path.read_text() == "precious"
