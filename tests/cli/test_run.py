"""`netwatch run` serves where it is told to until it is told to end, or says in one line why it cannot."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from real import Programs, fetch, until

from netwatch.cli.run import _listener
from netwatch.inventory.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def command(folder: Path, *more: str) -> list[str]:
    state = str(folder.parent / "state")
    return [sys.executable, "-m", "netwatch", "run", "--config", str(folder), "--state", state, *more]


def refused(folder: Path, *more: str) -> str:
    """What a run says that cannot start."""
    answer = subprocess.run(command(folder, *more), capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    return answer.stderr


def test_a_port_that_is_taken_is_named_with_the_way_out(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = refused(folder, "--listen", f"127.0.0.1:{port}")
    assert said.startswith(f"cannot listen: 127.0.0.1 port {port}: ")
    assert "--listen" in said


@pytest.mark.parametrize("where", ["9990", "127.0.0.1:99999", "::1:9990", "nobody here:1"])
def test_where_nobody_can_listen_is_refused(folder: Path, where: str) -> None:
    assert refused(folder, "--listen", where).startswith("cannot listen: ")


def test_a_folder_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    assert str(tmp_path / "gone") in refused(tmp_path / "gone")


@pytest.mark.parametrize(
    ("where", "family", "host"),
    [
        ("127.0.0.1:0", socket.AF_INET, "127.0.0.1"),
        ("localhost:0", socket.AF_INET, "127.0.0.1"),
        ("[::1]:0", socket.AF_INET6, "::1"),
        (":0", socket.AF_INET6, "::"),
    ],
)
def test_it_listens_on_the_family_that_the_address_is_of(
    folder: Path, where: str, family: socket.AddressFamily, host: str
) -> None:
    with _listener(where, load(folder, {})) as listener:
        assert listener.family == family
        assert listener.getsockname()[0] == host


def test_no_address_means_every_one_of_both_families(folder: Path) -> None:
    with _listener(":0", load(folder, {})) as listener:
        for address in ("127.0.0.1", "::1"):
            socket.create_connection((address, listener.getsockname()[1]), timeout=10).close()


def test_the_configuration_says_where_unless_the_command_does(folder: Path) -> None:
    with (folder / "netwatch.yaml").open("a") as file:
        file.write("listen: 127.0.0.7:0\n")
    with _listener(None, load(folder, {})) as listener:
        assert listener.getsockname()[0] == "127.0.0.7"


@pytest.fixture
def programs(tmp_path: Path, stack: contextlib.ExitStack) -> Programs:
    return Programs(tmp_path, stack)


@pytest.fixture
def stack() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.mark.system
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_status_0_within_five_seconds(
    folder: Path, programs: Programs, number: signal.Signals
) -> None:
    """Served over IPv6 until then; the log holds no secret, no traceback and no noise of libraries."""
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as free:
        port = free.getsockname()[1]
    daemon = programs.start("run", command(folder, "--listen", f"[::1]:{port}"))
    until(lambda: fetch(f"http://[::1]:{port}/-/ready"), "netwatch is ready")
    daemon.send_signal(number)
    assert daemon.wait(5) == 0
    log = programs.log("run")
    assert "asking 2 devices" in log
    assert not [word for word in ("Traceback", "geheim", "cheduler") if word in log], log


@pytest.mark.system
def test_a_name_that_does_not_resolve_costs_neither_start_nor_end(folder: Path, programs: Programs) -> None:
    site = folder / "sites" / "site.yaml"
    site.write_text(site.read_text().replace("127.0.0.2", "sw.invalid"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    daemon = programs.start("run", command(folder, "--listen", f"127.0.0.1:{port}"))
    up = 'netwatch_device_state{device="gw",unit="12004",area="Văn Lâm",role="uplink",state="up"} 1\n'
    until(lambda: up in fetch(f"http://127.0.0.1:{port}/metrics"), "the other device is up")
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(5) == 0
