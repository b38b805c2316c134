"""Version 3 (RFC 3414): nothing is believed that a device's key, engine and time do not vouch for."""

from __future__ import annotations

import dataclasses
import json
import random
from typing import TYPE_CHECKING, Any

import notifications as sent
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from netwatch.model.device import Credential
from netwatch.model.secret import Secret
from netwatch.polling.snmp_peer import Proof
from netwatch.polling.trap_engine import FILE, start_again
from netwatch.polling.trap_intake import Rejected, Watched
from netwatch.polling.trap_v3 import SignedIntake
from netwatch.protocols.ber import MalformedError
from netwatch.protocols.snmp import RESPONSE
from netwatch.protocols.usm import Envelope, Keys, User, encode_scoped, user
from netwatch.protocols.usm_keys import Digest, PrivacyProtocol
from netwatch.protocols.usm_message import split

if TYPE_CHECKING:
    from pathlib import Path

GW = "198.18.4.1"
ELSEWHERE = "203.0.113.9"
AGENT = b"\x80agent of gw"
PASSPHRASE = "authentication"
NOC = user("noc", ("SHA-1", PASSPHRASE.encode()), ("AES-128", b"for privacy"))
REPORT = 0xA8


def credential(name: str = "v3", passphrase: str = PASSPHRASE) -> Credential:
    return Credential(
        name,
        "3",
        user="noc",
        level="authPriv",
        auth_protocol="SHA-1",
        auth_passphrase=Secret(passphrase),
        priv_protocol="AES-128",
        priv_passphrase=Secret("for privacy"),
    )


def made(
    engine: bytes = AGENT,
    boots: int = 7,
    time: int = 5000,
    *,
    by: User = NOC,
    inform: bool = False,
    waits: bool | None = None,
    number: int = 1,
) -> bytes:
    """A notification as the engine of a device makes it."""
    keys = by.at(engine)
    pdu = sent.pdu(inform=inform, request_id=number)
    envelope = Envelope(keys, engine, boots, time, reportable=inform if waits is None else waits)
    return keys.seal(envelope, number, encode_scoped(engine, b"", pdu), number)


def discovery() -> bytes:
    """How a sender asks for our engineID (RFC 3414 section 4): nothing known, and a report wanted."""
    keys = Keys(User(b"", 0), None, None)
    envelope = Envelope(keys, b"", 0, 0, reportable=True)
    return keys.seal(envelope, 99, encode_scoped(b"", b"", sent.pdu(inform=True, request_id=4)), 1)


@pytest.fixture
def station(post: Any) -> Any:
    post.watch((GW, "gw", credential()))
    return post


def test_a_signed_trap_is_authentic(station: Any) -> None:
    assert station.bring(made()) is None
    (notice,) = station.notices
    assert (notice.device, notice.kind.value, notice.authentic) == ("gw", "link_down", True)


def test_a_device_that_is_known_by_its_engine_is_heard_from_another_address(station: Any) -> None:
    assert station.bring(made(), ELSEWHERE) is None
    assert dict(station.intake.rejected) == {"unknown sender": 1}
    station.bring(made(number=2))
    station.bring(made(number=3), ELSEWHERE)
    assert [notice.device for notice in station.notices] == ["gw", "gw"]


@pytest.mark.parametrize(
    ("boots", "time", "after", "taken"),
    [
        (7, 5000, 0, True),
        (7, 5100, 100, True),
        (7, 4851, 0, True),  # overtaken by others, within 150 s
        (7, 4849, 0, False),
        (7, 5000, 151, False),  # what was recorded, and is sent again
        (6, 9000, 0, False),  # from before the last restart
        (8, 10, 0, True),  # restarted
        (7, 90_000, 0, True),  # a clock that runs ahead
    ],
)
def test_a_trap_is_taken_where_its_senders_time_does_not_run_backwards(
    station: Any, boots: int, time: int, after: float, taken: bool
) -> None:
    station.bring(made(boots=7, time=5000))
    station.clock.now += after
    station.bring(made(boots=boots, time=time, number=2))
    assert len(station.notices) == 1 + taken
    assert dict(station.intake.rejected) == ({} if taken else {"not in time window": 1})


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        (user("noc", ("SHA-1", b"another one"), ("AES-128", b"for privacy")), "wrong digest"),
        (user("noc", ("SHA-1", PASSPHRASE.encode()), ("AES-128", b"another one")), "decryption"),
        (user("noc", ("SHA-1", PASSPHRASE.encode())), "wrong level"),
        (user("noc"), "wrong level"),
        (user("nobody", ("SHA-1", PASSPHRASE.encode()), ("AES-128", b"for privacy")), "unknown user"),
    ],
)
def test_what_other_keys_have_made_is_not_taken(station: Any, by: User, reason: str) -> None:
    station.bring(made(by=by))
    assert (station.notices, dict(station.intake.rejected)) == ([], {reason: 1})


def test_a_forged_octet_is_noticed_wherever_it_is(station: Any) -> None:
    whole = made()
    for place in range(len(whole)):
        station.bring(whole[:place] + bytes((whole[place] ^ 0x01,)) + whole[place + 1 :])
    # msgMaxSize is signed too, msgID as well: no octet may differ.
    assert station.notices == []


def test_who_asks_is_told_our_engine_and_nobody_else_is(station: Any) -> None:
    answer = split(station.bring(discovery()))
    assert (answer.msg_id, answer.engine_id, answer.boots) == (99, station.engine.engine_id, 3)
    assert (answer.level, answer.data[answer.body : answer.stop].count(bytes((REPORT,)))) == (0, 1)
    assert station.bring(discovery(), ELSEWHERE) is None
    assert dict(station.intake.rejected) == {"unknown sender": 1}


def test_an_inform_is_answered_under_the_same_keys(station: Any) -> None:
    station.clock.now += 500
    ours = station.engine.engine_id
    answer = split(station.bring(made(ours, 3, 490, inform=True, number=12)))
    inside = NOC.at(ours).open(answer)
    assert (answer.msg_id, answer.boots, answer.time, inside.pdu) == (12, 3, 500, RESPONSE)
    (notice,) = station.notices
    assert notice.authentic
    assert station.bring(made(ours, 3, 490, inform=True, number=12)) is not None
    assert len(station.notices) == 1, "the same one, sent again"


@pytest.mark.parametrize(("boots", "time"), [(3, 300), (3, 700), (2, 500), (4, 500)])
def test_an_inform_of_another_time_is_told_ours_by_a_signed_report(
    station: Any, boots: int, time: int
) -> None:
    station.clock.now += 500
    ours = station.engine.engine_id
    report = split(station.bring(made(ours, boots, time, inform=True)))
    signing = NOC.at(ours).unencrypted()
    assert signing.open(report).pdu == REPORT
    assert (report.boots, report.time) == (3, 500)
    assert (station.notices, dict(station.intake.rejected)) == ([], {"not in time window": 1})


def test_a_trap_that_names_us_as_its_engine_is_none(station: Any) -> None:
    station.bring(made(station.engine.engine_id, 3, 0))
    assert station.notices == []


def test_an_inform_made_for_another_engine_is_not_taken(station: Any) -> None:
    """Who waits for an answer is told who we are; who does not is mistaken."""
    report = split(station.bring(made(inform=True)))
    assert (report.engine_id, report.level) == (station.engine.engine_id, 0)
    assert station.bring(made(inform=True, waits=False)) is None
    assert (station.notices, dict(station.intake.rejected)) == ([], {"unknown engine": 1})


def test_devices_behind_one_address_are_told_apart_by_their_keys(post: Any) -> None:
    other = user("noc", ("SHA-1", b"of the switch"), ("AES-128", b"for privacy"))
    post.watch((GW, "gw", credential()), (GW, "sw", credential("sw", "of the switch")))
    post.bring(made(by=other))
    post.bring(made(b"\x80another", number=2))
    assert [notice.device for notice in post.notices] == ["sw", "gw"]
    post.watch((GW, "gw", credential()), (GW, "sw", credential()))
    post.bring(made(b"\x80a third", number=3))
    assert dict(post.intake.rejected) == {"several senders": 1}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_octets_changed_raise_nothing(station: Any, data: st.DataObject) -> None:
    octets = bytearray(
        data.draw(st.sampled_from([made(), discovery(), made(station.engine.engine_id, 3, 0)]))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    station.bring(bytes(octets))
    station.bring(bytes(octets[: data.draw(st.integers(0, len(octets)))]))


# What polling has proven


@pytest.mark.parametrize(
    ("boots", "time", "taken"),
    [
        (7, 5000, True),
        (7, 5059, True),
        (7, 4911, True),  # overtaken by others, within 150 s
        (7, 4909, False),  # the poll was a minute ago
        (6, 9000, False),
        (8, 10, True),  # restarted since the poll
    ],
)
def test_the_first_trap_is_held_to_the_time_that_polling_has_proven(
    station: Any, boots: int, time: int, taken: bool
) -> None:
    """Else a recorded one would pass once after each of our starts."""
    station.signed.trust({"gw": Proof(AGENT, 7, 5000, station.clock.now - 60)}.get)
    station.bring(made(boots=boots, time=time))
    assert len(station.notices) == taken
    assert dict(station.intake.rejected) == ({} if taken else {"not in time window": 1})


def test_what_a_trap_showed_after_the_poll_counts_until_the_next_one(station: Any) -> None:
    station.signed.trust({"gw": Proof(AGENT, 7, 5000, station.clock.now - 60)}.get)
    station.bring(made(boots=8, time=3))
    station.bring(made(boots=7, time=5060, number=2))
    assert dict(station.intake.rejected) == {"not in time window": 1}


def test_an_agent_that_lost_its_boots_is_heard_again_once_it_was_polled(station: Any) -> None:
    station.bring(made(boots=7, time=5000))
    station.clock.now += 60
    station.bring(made(boots=1, time=20, number=2))
    assert dict(station.intake.rejected) == {"not in time window": 1}
    station.signed.trust({"gw": Proof(AGENT, 1, 30, station.clock.now)}.get)
    station.clock.now += 5
    station.bring(made(boots=1, time=35, number=3))
    assert len(station.notices) == 2


def test_what_one_device_signed_is_not_taken_for_another_of_the_same_credential(post: Any) -> None:
    """One credential serves a whole network, and an address is easily forged: engines tell them apart."""
    post.watch((GW, "gw", credential()), ("198.18.4.2", "sw", credential()))
    post.signed.trust({"sw": Proof(b"\x80agent of sw", 2, 40, post.clock.now)}.get)
    post.bring(made(), "198.18.4.2")
    assert (post.notices, dict(post.intake.rejected)) == ([], {"unknown engine": 1})


def test_two_engines_of_one_id_each_have_their_own_time(post: Any) -> None:
    post.watch((GW, "gw", credential()), ("198.18.4.2", "sw", credential()))
    post.bring(made(boots=7, time=5000))
    post.bring(made(boots=2, time=40), "198.18.4.2")
    assert [notice.device for notice in post.notices] == ["gw", "sw"]


def test_nobody_else_is_told_our_engine_for_naming_that_of_a_device(station: Any) -> None:
    station.bring(made())
    assert station.bring(made(waits=True, number=2), ELSEWHERE) is None
    assert dict(station.intake.rejected) == {"unknown sender": 1}


def test_forgers_cost_no_privacy_keys(post: Any) -> None:
    """Some take milliseconds to make, and a forger names a new engine in each message."""
    stretched = []

    def stretch(key: bytes, _engine: bytes, digest: Digest) -> bytes:
        stretched.append(1)
        return digest.hash(key)

    wide = PrivacyProtocol("AES", 32, stretch)
    genuine = dataclasses.replace(NOC, protocol=wide)
    signed = SignedIntake(post.engine, lambda _: genuine)
    watched = (Watched("gw", credential()),)
    signed.use(watched)
    forger = dataclasses.replace(user("noc", ("SHA-1", b"another one"), ("AES-128", b"x")), protocol=wide)
    forged = [made(b"\x80engine %d" % each, by=forger) for each in range(20)]
    forged += [made(b"\x80engine %d" % each, by=user("noc")) for each in range(20)]
    true = made(by=genuine)
    stretched.clear()
    for each in forged:
        with pytest.raises((MalformedError, Rejected)):
            signed.take(each, watched, 0.0)
    assert not stretched
    assert signed.take(true, watched, 0.0).authentic
    assert len(stretched) == 1


# Who we are


def test_an_engine_starts_once_more_each_time(tmp_path: Path) -> None:
    """The same engineID and other boots: else an inform of before a restart could be sent again after it."""
    first = start_again(tmp_path, random.Random(1))
    second = start_again(tmp_path, random.Random(2))
    assert (second.engine_id, first.boots, second.boots) == (first.engine_id, 1, 2)
    assert first.engine_id[0] & 0x80, "RFC 3411: of the form with an enterprise number"
    assert 5 <= len(first.engine_id) <= 32


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "[]",
        "{}",
        json.dumps({"engine_id": "80", "boots": 4}),
        json.dumps({"engine_id": "zz", "boots": 4}),
        json.dumps({"engine_id": "80" * 40, "boots": 4}),
        json.dumps({"engine_id": "80" * 8, "boots": "many"}),
        json.dumps({"engine_id": "80" * 8, "boots": 2**31 - 1}),
        json.dumps({"engine_id": "80" * 8, "boots": 0}),
        json.dumps({"engine_id": "80" * 8, "boots": float("inf")}),
        json.dumps({"engine_id": "80" * 8, "boots": float("nan")}),
        '{"engine_id": "8080808080808080", "boots": ' + "9" * 5000 + "}",
        "[" * 100_000,
    ],
)
def test_an_engine_that_cannot_go_on_is_another_one(tmp_path: Path, kept: str) -> None:
    (tmp_path / FILE).write_text(kept)
    identity = start_again(tmp_path, random.Random(1))
    assert (identity.boots, identity.engine_id == b"\x80" * 8) == (1, False)
    assert start_again(tmp_path, random.Random(2)).engine_id == identity.engine_id


def test_where_nothing_can_be_kept_each_start_is_another_engine(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "state"
    first, second = start_again(folder, random.Random(1)), start_again(folder, random.Random(2))
    assert first.engine_id != second.engine_id
    assert (first.boots, second.boots) == (1, 1)
