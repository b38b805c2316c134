"""A trace through two real routers, each run in network namespaces of its own (see inside.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from netwatch.lab.namespace import AS_ROOT, AS_USER, SYSTEM_PATH, has_ipv6

INSIDE = Path(__file__).with_name("inside.py")

pytestmark = [
    pytest.mark.system,
    pytest.mark.parametrize(
        "version", [4, pytest.param(6, marks=pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here"))]
    ),
]

FIRST, SECOND, HOST = (
    {4: f"198.18.{link}.2", 6: f"2001:db8:{link}::2" if link else "2001:db8::2"} for link in range(3)
)


def inside(version: int, scenario: str) -> Any:
    way = AS_ROOT if os.geteuid() == 0 else AS_USER
    if subprocess.run([*way, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespace can be had here")
    command = [*way, sys.executable, "-W", "error", str(INSIDE), str(version), scenario]
    path = {**os.environ, "PATH": os.environ.get("PATH", os.defpath) + SYSTEM_PATH}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=path)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_router_on_the_way_is_told_and_the_host(version: int) -> None:
    found = inside(version, "whole")
    assert [(ttl, address) for ttl, address, _ in found] == [
        (1, FIRST[version]), (2, SECOND[version]), (3, HOST[version]),
    ]  # fmt: skip
    assert all(0 < rtt < 0.5 for _, _, rtt in found)


def test_the_last_that_answers_is_the_router_before_the_break(version: int) -> None:
    assert [hop[:2] for hop in inside(version, "cut")] == [[1, FIRST[version]], [2, SECOND[version]]]
    assert [hop[:2] for hop in inside(version, "silent")] == [[1, FIRST[version]]]


def test_the_echo_engine_does_not_notice(version: int) -> None:
    assert inside(version, "beside") == {"ended": ["GOOD"], "failures": {}}
