"""Whose a notification is, whether it is let in, and what is answered."""

from __future__ import annotations

from typing import Any

import notifications as sent
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from netwatch.model.device import Credential
from netwatch.model.secret import Secret
from netwatch.protocols.snmp import decode_response

GW = "198.18.4.1"
OLD_GW = bytes((198, 18, 4, 1))
COLD_START = (1, 3, 6, 1, 6, 3, 1, 1, 5, 1)


def test_a_device_is_known_by_the_address_that_it_sends_from(post: Any) -> None:
    assert post.bring(sent.v2c(trap=COLD_START)) is None, "a trap is not answered"
    assert post.told == [("gw", "cold_start", "coldStart")]
    (notice,) = post.notices
    assert (notice.at, notice.authentic) == (1_800_001_000.0, False)


@pytest.mark.parametrize(
    ("datagram", "host", "reason"),
    [
        (sent.v2c(), "203.0.113.9", "unknown sender"),
        (sent.v2c("private"), GW, "wrong community"),
        (sent.v2c("lan"), GW, "wrong community"),  # that of another device
        (sent.v2c("publi"), GW, "wrong community"),
        (sent.v1(community="private"), GW, "wrong community"),
        (sent.v1(agent=bytes((203, 0, 113, 9))), "203.0.113.8", "unknown sender"),
        (sent.v1(agent=OLD_GW, community="no"), "203.0.113.8", "wrong community"),
        (sent.message(2, "public", sent.pdu()), GW, "version"),
        (b"\x30\x03\x02\x01", GW, "malformed"),
        (b"", GW, "malformed"),
    ],
)
def test_what_is_not_taken_is_counted_by_reason(post: Any, datagram: bytes, host: str, reason: str) -> None:
    assert post.bring(datagram, host) is None
    assert (post.notices, dict(post.intake.rejected)) == ([], {reason: 1})


def test_the_agent_address_counts_only_where_the_sender_is_nobody(post: Any) -> None:
    """A proxy, or a translation on the way, leaves it; a device that is known speaks for itself."""
    post.bring(sent.v1(agent=OLD_GW, generic=0), "203.0.113.9")
    assert post.told == [("gw", "cold_start", "coldStart, by way of 203.0.113.9")]
    post.notices.clear()
    post.bring(sent.v1(community="lan", agent=OLD_GW, generic=0), "198.18.4.2")
    assert post.told == [("sw", "cold_start", "coldStart")]


def test_a_device_without_a_community_is_let_in_by_none(post: Any) -> None:
    post.watch((GW, "gw", None), ("198.18.4.2", "sw", Credential("v3", "3", user="noc")))
    assert post.bring(sent.v2c(inform=True)) is None
    assert post.bring(sent.v2c(), "198.18.4.2") is None
    assert (post.notices, dict(post.intake.rejected)) == ([], {"no community": 2})


def test_behind_one_address_the_community_tells_devices_apart(post: Any) -> None:
    lan = Credential("lan", "2c", Secret("lan"))
    same = Credential("lan", "2c", Secret("lan"))
    post.watch((GW, "gw", Credential("a", "2c", Secret("public"))), (GW, "sw-1", lan), (GW, "sw-2", same))
    post.bring(sent.v2c("public"))
    assert [notice.device for notice in post.notices] == ["gw"]
    post.bring(sent.v2c("lan"))
    assert (len(post.notices), dict(post.intake.rejected)) == (1, {"several senders": 1})


def test_an_inform_is_answered_each_time_and_told_once(post: Any) -> None:
    inform = sent.v2c(inform=True, request_id=5)
    for _ in range(3):
        answer = decode_response(post.bring(inform))
        assert (answer.request_id, answer.error_status, answer.community) == (5, 0, b"public")
    assert len(post.notices) == 1
    post.bring(sent.v2c(inform=True, request_id=6))
    assert len(post.notices) == 2
    post.clock.now += 61
    post.bring(inform)
    assert len(post.notices) == 3, "a request-id that comes round again"


def test_no_secret_is_told(post: Any) -> None:
    post.bring(sent.v2c("hunter2"))
    assert "hunter2" not in repr((post.notices, post.intake.rejected, vars(post.intake)))
    assert "public" not in repr(vars(post.intake))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.binary(max_size=300))
def test_arbitrary_octets_raise_nothing(post: Any, datagram: bytes) -> None:
    before = len(post.notices) + sum(post.intake.rejected.values())
    post.bring(datagram)
    assert len(post.notices) + sum(post.intake.rejected.values()) == before + 1
