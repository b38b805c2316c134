"""The same engine on real sockets, each run in a network namespace of its own (see inside.py)."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from netwatch.lab.namespace import AS_ROOT, AS_USER, SYSTEM_PATH, has_ipv6

INSIDE = Path(__file__).with_name("inside.py")

pytestmark = [pytest.mark.system, pytest.mark.alone]

VERSIONS = [4, pytest.param(6, marks=pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here"))]
every_family = pytest.mark.parametrize("version", VERSIONS)
every_method = pytest.mark.parametrize("method", ["raw", "datagram"])


def inside(scenario: str, method: str, version: int) -> Any:
    """Run a scenario to its end in a new namespace and return what it found."""
    way = AS_ROOT if os.geteuid() == 0 else AS_USER
    if subprocess.run([*way, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespace can be had here")
    command = [*way, sys.executable, "-W", "error", str(INSIDE), scenario, method, str(version)]
    path = {**os.environ, "PATH": os.environ.get("PATH", os.defpath) + SYSTEM_PATH}
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, env=path)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@every_family
@every_method
def test_this_host_answers_itself(method: str, version: int) -> None:
    found = inside("loopback", method, version)
    assert found["method"] == {str(version): method}
    ((address, results),) = found["results"].items()
    assert address == ("127.0.0.1" if version == 4 else "::1")
    assert set(results) == {"GOOD"}
    assert results["GOOD"] >= 4
    assert all(0 <= rtt < 0.3 for rtt in found["rtts"] if not math.isnan(rtt))
    assert not found["rejected"]
    assert not found["failures"]


@every_family
@every_method
def test_a_late_reply_tells_which_slot_it_came_too_late_for(method: str, version: int) -> None:
    found = inside("late", method, version)
    ((_, results),) = found["results"].items()
    assert set(results) == {"LOST"}
    assert len(found["strays"]) >= 4
    assert found["strays"] == [[True, due] for due in found["dues"]]


@every_family
@every_method
def test_a_route_that_refuses_is_invalid_never_lost(method: str, version: int) -> None:
    found = inside("routes", method, version)
    assert set(found["results"].pop("127.0.0.1" if version == 4 else "::1")) == {"GOOD"}
    assert len(found["results"]) == 4
    assert {result for counts in found["results"].values() for result in counts} == {"INVALID"}
    assert set(found["failures"]) == {"EHOSTUNREACH", "EINVAL", "EACCES", "ENETUNREACH"}


@every_family
@every_method
def test_echoes_of_other_programs_do_not_reach_the_process(method: str, version: int) -> None:
    assert inside("foreign", method, version) == {"ours": 7, "theirs": 50, "drops": 0}


@every_family
@every_method
def test_what_the_receive_buffer_has_no_room_for_is_counted(method: str, version: int) -> None:
    found = inside("overflow", method, version)
    assert 0 < found["received"] < 51
    assert found["drops"] >= 51 - found["received"]


@pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here")
def test_a_stranger_cannot_make_it_seem_that_the_receive_buffer_was_full() -> None:
    """The kernel counts damaged ICMPv6 among the drops; whoever sends some must not turn loss into doubt."""
    assert inside("corrupt", "raw", 6) == {"received": 1, "drops": 0}


@every_family
@every_method
def test_a_routers_word_is_told_with_its_sender_and_harms_no_other_line(method: str, version: int) -> None:
    found = inside("router", method, version)
    lost, good, far = (
        ("198.51.100.", "192.0.2.", "198.18.0.2")
        if version == 4
        else ("2001:db8:1::", "2001:db8:2::", "2001:db8::2")
    )
    results: dict[str, set[str]] = {
        address: {result for result, count in counts.items() if count}
        for address, counts in found["results"].items()
    }
    assert {result for address in results if address.startswith(good) for result in results[address]} == {
        "GOOD"
    }
    assert results[f"{lost}200"] == {"LOST"}, "a router that says nothing"
    refused = set.union(*(results[f"{lost}{number}"] for number in range(1, 51)))
    assert refused == ({"UNREACHABLE"} if version == 6 else {"UNREACHABLE", "LOST"}), (
        "Linux limits those of ICMPv4"
    )
    told = {sender for errors in found["errors"].values() for sender, _ in errors}
    assert told == {far}
    kinds = {kind for errors in found["errors"].values() for _, kind in errors}
    assert kinds & {"host unreachable", "network unreachable"}
    assert not found["failures"]
    assert not found["rejected"]


@every_family
@every_method
def test_a_full_send_buffer_is_invalid_for_those_it_kept_back(method: str, version: int) -> None:
    found = inside("full", method, version)
    home = found["results"].pop("127.0.0.1" if version == 4 else "::1")
    assert set(home) <= {"GOOD", "INVALID"}, "a line that would answer is never lost"
    assert set(found["failures"]) <= {"EAGAIN", "ENOBUFS"}
    invalid = sum(results.get("INVALID", 0) for results in found["results"].values())
    assert invalid + home.get("INVALID", 0) == sum(found["failures"].values()) > 50


@every_method
def test_one_probe_of_one_address(method: str) -> None:
    found = inside("single", method, 4)
    assert found["sent"] == len(found["rtts"]) == 3
    assert found["errors"] == []
    assert found["problem"] == ""
