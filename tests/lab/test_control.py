"""Orders are lines; each is obeyed at once and answered by `ok`, or refused with a reason."""

from __future__ import annotations

import asyncio
import datetime as dt
import stat
from typing import TYPE_CHECKING

import pytest

from netwatch.lab.control import obey, open_socket, serve, tell
from netwatch.lab.faults import FaultKind
from netwatch.lab.province import Province
from netwatch.lab.services.server import ServiceFault
from netwatch.lab.services.services import OFFERS, Services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


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
        (["fault power-cut gw-nhu-quynh"], "gw-nhu-quynh echo snmp (power-cut)"),
        (["fault power-cut gw-nhu-quynh"], "sw-nhu-quynh echo snmp (power-cut)"),
        (["fault loss core share=40%"], "core echo snmp (loss)"),
        (["fault way-out-cut carrier=vnpt", "fault cannot-send", "restore poller"], "core echo snmp"),
        (["fault loss core share=1", "silence core snmp", "restore core loss"], "core echo"),
    ],
)
def test_an_order_is_obeyed(province: Province, orders: list[str], state: str) -> None:
    assert [obey(province, order) for order in orders] == ["ok"] * len(orders)
    told = obey(province, "list").splitlines()
    assert len(told) == 20
    assert state in told
    assert told[-1] == "ok"


USAGE = (
    "error: say `silence DEVICE [echo|snmp]`, `fault KIND [DEVICE] [NAME=VALUE …]`, `restore DEVICE [KIND]`, "
    "`list` or `faults`"
)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("", USAGE),
        ("silence", USAGE),
        ("restore", USAGE),
        ("list all", USAGE),
        ("silence gw-nhu-quynh loudly", USAGE),
        ("fault", USAGE),
        ("restore gw-nhu-quynh echo", "error: no fault 'echo': `faults` lists them"),
        ("fault flood core", "error: no fault 'flood': `faults` lists them"),
        ("fault loss core", "error: loss needs 'share'"),
        ("fault loss core share=2", "error: '2' is not a share: write 0.4 or 40%"),
        ("fault loss core much=1", "error: 'much' says nothing about loss: it takes share"),
        ("fault loss share=1", "error: loss strikes a device"),
        ("fault way-out-cut core", "error: way-out-cut strikes the poller"),
        ("fault fibre-cut core", "error: fibre-cut strikes a unit, and core is of none"),
        ("explode", USAGE),
        ("silence gw-nowhere", "error: no device 'gw-nowhere'"),
        ("restore gw-nowhere", "error: no device 'gw-nowhere'"),
    ],
)
def test_what_is_no_order_changes_nothing(province: Province, order: str, reason: str) -> None:
    before = obey(province, "list")
    assert obey(province, order) == reason
    assert obey(province, "list") == before


def test_every_kind_of_fault_is_explained(province: Province) -> None:
    told = obey(province, "faults").splitlines()
    assert len(told) == len(FaultKind) + len(ServiceFault) + 1
    assert "power-cut battery=…" in told[0]


@pytest.fixture
def served(province: Province) -> Iterator[Province]:
    """The province with its services."""
    services = Services.offer(OFFERS, dt.datetime.now(dt.UTC))
    yield Province(province.world, province.clock, services)
    services.close()


@pytest.mark.parametrize(
    ("orders", "state"),
    [
        ([], "mot-cua answers"),
        (["fault service-down mot-cua"], "mot-cua refuses"),
        (["fault service-error mot-cua"], "mot-cua answers (service-error)"),
        (["fault service-down mot-cua", "fault service-error mot-cua"], "mot-cua refuses (service-error)"),
        (["fault certificate-expires thu-dien-tu"], "thu-dien-tu answers (certificate-expires)"),
        (["fault service-down mot-cua"], "cong-thong-tin answers"),
        (["fault service-down mot-cua", "restore mot-cua"], "mot-cua answers"),
        (
            ["fault service-down mot-cua", "fault service-error mot-cua", "restore mot-cua service-down"],
            "mot-cua answers (service-error)",
        ),
    ],
)
def test_services_take_orders_of_their_own(served: Province, orders: list[str], state: str) -> None:
    devices = obey(Province(served.world, served.clock), "list").splitlines()[:-1]
    assert [obey(served, order) for order in orders] == ["ok"] * len(orders)
    told = obey(served, "list").splitlines()
    assert told[: len(devices)] == devices, "no device is struck"
    assert len(told) == len(devices) + len(OFFERS) + 1
    assert state in told


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("fault service-down", "service-down strikes a service: cong-thong-tin, mot-cua, thu-dien-tu"),
        ("fault service-down core", "service-down strikes a service: cong-thong-tin, mot-cua, thu-dien-tu"),
        (
            "fault service-down mot-cua cong-thong-tin",
            "service-down strikes a service: cong-thong-tin, mot-cua, thu-dien-tu",
        ),
        ("fault service-error thu-dien-tu", "thu-dien-tu has no service-error: it does not speak HTTP"),
        ("fault hang mot-cua", "no device 'mot-cua'"),
        ("restore mot-cua hang", "no fault 'hang' of a service: `faults` lists them"),
    ],
)
def test_what_is_no_order_for_a_service_changes_nothing(served: Province, order: str, reason: str) -> None:
    before = obey(served, "list")
    assert obey(served, order) == f"error: {reason}"
    assert obey(served, "list") == before


def test_where_there_are_no_services_none_is_struck(province: Province) -> None:
    order = "fault service-down mot-cua"
    assert obey(province, order) == "error: service-down strikes a service: there is none"


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
