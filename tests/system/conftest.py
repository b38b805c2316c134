"""What an end-to-end run starts from: a folder, real programs, and a way to wait for them."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
from typing import TYPE_CHECKING

import pytest
from real import ROOT, Agent, Programs, Prometheus, agent_answers, fetch, pick_port, program, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def programs(tmp_path: Path) -> Iterator[Programs]:
    with contextlib.ExitStack() as stack:
        yield Programs(tmp_path, stack)


@pytest.fixture
def free_port() -> Callable[[], int]:
    """A TCP port of 127.0.0.1 that nobody used a moment ago."""
    return lambda: pick_port(socket.SOCK_STREAM)


@pytest.fixture
def snmpd(programs: Programs) -> Agent:
    """Debian's snmpd in the foreground with a configuration of its own."""
    port = pick_port(socket.SOCK_DGRAM)
    config = programs.folder / "snmpd.conf"
    config.write_text(
        "rocommunity lab-secret 127.0.0.1\nsysName gw-nhu-quynh\nsysLocation Xã Như Quỳnh\n", "utf-8"
    )
    persistent = programs.folder / "snmpd-state"
    persistent.mkdir()
    programs.start(
        "snmpd",
        [program("snmpd", "snmpd"), "-f", "-Lo", "-C", "-c", str(config), f"udp:127.0.0.1:{port}"],
        env={**os.environ, "SNMP_PERSISTENT_DIR": str(persistent), "MIBS": ""},
    )
    agent = Agent(port, "lab-secret")
    until(lambda: bool(agent_answers(agent)), "snmpd answers")
    return agent


@pytest.fixture
def prometheus(programs: Programs, free_port: Callable[[], int]) -> Callable[..., Prometheus]:
    """Start Prometheus on the shipped scrape configuration, hurried to a scrape a second.

    `prepare` is given the copied folder, to change more in it; `alertmanager` is a port.
    """

    def start(
        netwatch_port: int, prepare: Callable[[Path], None] | None = None, alertmanager: int = 9093
    ) -> Prometheus:
        config = programs.folder / "prometheus"
        shutil.copytree(ROOT / "config" / "prometheus", config)
        main_file = config / "prometheus.yml"
        text = main_file.read_text("utf-8").replace("127.0.0.1:9990", f"127.0.0.1:{netwatch_port}")
        text = text.replace("127.0.0.1:9093", f"127.0.0.1:{alertmanager}")
        main_file.write_text(re.sub(r"_(interval|timeout): \w+", r"_\1: 1s", text), "utf-8")
        if prepare is not None:
            prepare(config)
        port = free_port()
        programs.start(
            "prometheus",
            [
                program("prometheus", "prometheus"),
                f"--config.file={main_file}",
                f"--storage.tsdb.path={programs.folder / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
        )
        server = Prometheus(f"http://127.0.0.1:{port}")
        until(lambda: "Ready" in fetch(f"{server.url}/-/ready"), "Prometheus is ready")
        return server

    return start
