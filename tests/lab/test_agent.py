"""The agent answers as RFC 3416 says, and whatever else arrives it leaves unanswered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from netwatch.lab.agents.agent import LARGEST, Agent
from netwatch.lab.agents.equipment import COMMUNITY, machine, mib
from netwatch.lab.plan.layout import SimulatedDevice
from netwatch.model.device import Role
from netwatch.protocols import ber, snmp

NOW = 5_000_000.0
DEVICE = SimulatedDevice(
    name="sw-nhu-quynh", address="198.18.16.2", role=Role.SWITCH, ports=26, area="Văn Lâm", unit="12004"
)
AGENT = Agent(mib(DEVICE.role, DEVICE.ports), machine(DEVICE, started=NOW - 60), COMMUNITY)

SYS_DESCR, SYS_OBJECT_ID, SYS_UPTIME = (
    (1, 3, 6, 1, 2, 1, 1, 1),
    (1, 3, 6, 1, 2, 1, 1, 2),
    (1, 3, 6, 1, 2, 1, 1, 3),
)
SYS_NAME, SYS_LOCATION = (1, 3, 6, 1, 2, 1, 1, 5), (1, 3, 6, 1, 2, 1, 1, 6)
IF_NUMBER, IF_INDEX = (1, 3, 6, 1, 2, 1, 2, 1), (1, 3, 6, 1, 2, 1, 2, 2, 1, 1)
IF_SPEED, IF_OPER_STATUS, IF_IN_OCTETS = (*IF_INDEX[:-1], 5), (*IF_INDEX[:-1], 8), (*IF_INDEX[:-1], 10)
IF_NAME, IF_HC_IN_OCTETS = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1), (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6)
IF_HIGH_SPEED, IF_TABLE_LAST_CHANGE = (*IF_NAME[:-1], 15), (1, 3, 6, 1, 2, 1, 31, 1, 5)
IF_LAST_CHANGE, SERIAL = (*IF_INDEX[:-1], 9), (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11)
MODEL, POE_CONSUMED = (*SERIAL[:-1], 13), (1, 3, 6, 1, 2, 1, 105, 1, 3, 1, 1, 4)
SENSOR_VALUE, CPU = (1, 3, 6, 1, 2, 1, 99, 1, 1, 1, 4), (1, 3, 6, 1, 2, 1, 25, 3, 3, 1, 2)
MEMORY_SIZE, MEMORY_USED = (1, 3, 6, 1, 2, 1, 25, 2, 3, 1, 5), (1, 3, 6, 1, 2, 1, 25, 2, 3, 1, 6)

Name = tuple[int, ...]
Found = list[tuple[Name, int, bytes]]


def request(pdu: int, *names: Name, community: bytes = COMMUNITY, second: int = 0, third: int = 0) -> bytes:
    varbinds = b"".join(snmp.encode_varbind(ber.encode_oid(name)) for name in names)
    identifier = snmp.REQUEST_IDS[4711]
    return snmp.encode_request(community, pdu, identifier, varbinds, non_repeaters=second, repetitions=third)


def answer(datagram: bytes, now: float = NOW) -> tuple[int, Found]:
    """Return error-status and varbinds, having checked that the reply is one to our request."""
    reply = AGENT.answer(datagram, now)
    assert reply is not None
    assert len(reply) <= LARGEST
    response = snmp.decode_response_plainly(reply)
    assert (response.request_id, response.community) == (snmp.REQUEST_IDS[4711], COMMUNITY)
    found = []
    at = response.start
    while at < response.stop:
        name, tag, content, at = snmp.varbind(reply, at, response.stop)
        found.append((ber.oid(name), tag, content))
    return response.error_status, found


@pytest.mark.parametrize(
    ("name", "tag", "content"),
    [
        pytest.param((*SYS_DESCR, 0), ber.OCTET_STRING, b"netwatch lab switch with 26 ports", id="sysDescr"),
        pytest.param((*SYS_NAME, 0), ber.OCTET_STRING, b"sw-nhu-quynh", id="sysName"),
        pytest.param((*SYS_LOCATION, 0), ber.OCTET_STRING, "Văn Lâm".encode(), id="sysLocation"),
        pytest.param(
            (*SYS_OBJECT_ID, 0),
            ber.OBJECT_IDENTIFIER,
            ber.encode_oid((1, 3, 6, 1, 4, 1, 32473, 1, 3)),
            id="sysObjectID",
        ),
        pytest.param((*IF_NUMBER, 0), ber.INTEGER, b"\x1a", id="ifNumber"),
        pytest.param((*IF_INDEX, 26), ber.INTEGER, b"\x1a", id="ifIndex"),
        pytest.param((*IF_NAME, 3), ber.OCTET_STRING, b"gi3", id="ifName"),
        pytest.param((*IF_OPER_STATUS, 1), ber.INTEGER, b"\x01", id="a port in use is up"),
        pytest.param((*IF_OPER_STATUS, 6), ber.INTEGER, b"\x02", id="an empty one is down"),
        pytest.param(
            (*IF_SPEED, 25), snmp.GAUGE32, b"\x00\xff\xff\xff\xff", id="10G is more than ifSpeed can say"
        ),
        pytest.param((*IF_HIGH_SPEED, 25), snmp.GAUGE32, b"\x27\x10", id="ifHighSpeed says it"),
        pytest.param((*IF_HC_IN_OCTETS, 6), snmp.COUNTER64, b"\x00", id="no octets on an empty port"),
        pytest.param((*IF_TABLE_LAST_CHANGE, 0), snmp.TIMETICKS, b"\x00", id="ifTableLastChange"),
        pytest.param((*IF_LAST_CHANGE, 1), snmp.TIMETICKS, b"\x03\xe8", id="ports come up as the boot ends"),
        pytest.param((*IF_LAST_CHANGE, 6), snmp.TIMETICKS, b"\x00", id="and an empty one never did"),
        pytest.param((*SERIAL, 1), ber.OCTET_STRING, b"LAB2886874986", id="entPhysicalSerialNum"),
        pytest.param((*MODEL, 1), ber.OCTET_STRING, b"LAB-26", id="entPhysicalModelName"),
        pytest.param((*SENSOR_VALUE, 11), ber.INTEGER, b"\x01", id="a fan is well"),
        pytest.param((*IF_INDEX, 27), snmp.NO_SUCH_INSTANCE, b"", id="no such port"),
        pytest.param(SYS_NAME, snmp.NO_SUCH_INSTANCE, b"", id="a scalar without its zero"),
        pytest.param((1, 3, 6, 1, 4, 1, 9), snmp.NO_SUCH_OBJECT, b"", id="another vendor's object"),
    ],
)
def test_get(name: Name, tag: int, content: bytes) -> None:
    assert answer(request(snmp.GET, name)) == (0, [(name, tag, content)])


@pytest.mark.parametrize(
    ("name", "following"),
    [
        ((1, 3), (*SYS_DESCR, 0)),
        ((0, 0), (*SYS_DESCR, 0)),
        (SYS_NAME, (*SYS_NAME, 0)),
        ((*SYS_NAME, 0), (*SYS_LOCATION, 0)),
        ((*SYS_NAME, 0, 5), (*SYS_LOCATION, 0)),
        (IF_INDEX, (*IF_INDEX, 1)),
        ((*IF_INDEX, 26), (*IF_INDEX[:-1], 2, 1)),
    ],
)
def test_getnext(name: Name, following: Name) -> None:
    status, [(found, _, _)] = answer(request(snmp.GETNEXT, name))
    assert (status, found) == (0, following)


@pytest.mark.parametrize("pdu", [snmp.GETNEXT, snmp.GETBULK])
def test_behind_the_last_object_the_mib_ends(pdu: int) -> None:
    behind = (1, 3, 6, 1, 6)
    assert answer(request(pdu, behind, third=10)) == (0, [(behind, snmp.END_OF_MIB_VIEW, b"")])


def test_getbulk_repeats_its_last_name_beside_the_end_of_the_mib() -> None:
    """RFC 3416 section 4.2.3, the case of a walk that runs out within one response."""
    last = (*POE_CONSUMED, 1)
    _, found = answer(request(snmp.GETBULK, POE_CONSUMED, third=10))
    assert [(name, tag) for name, tag, _ in found] == [(last, snmp.GAUGE32), (last, snmp.END_OF_MIB_VIEW)]


def walk() -> Found:
    """Walk the whole MIB by GETNEXT."""
    found: Found = []
    name: Name = (1, 3)
    while True:
        _, [varbind] = answer(request(snmp.GETNEXT, name))
        if varbind[1] == snmp.END_OF_MIB_VIEW:
            return found
        found.append(varbind)
        name = varbind[0]


def test_a_walk_meets_every_object_in_order_and_get_reads_the_same() -> None:
    found = walk()
    names = [name for name, _, _ in found]
    assert names == sorted(names)
    stations = 20 + 4 + 1  # desks, telephones, and the gateway
    sensors = 4 * (2 + 5)  # name and place of the part, and its row of sensors
    box = 2 + 1 + 3 + 2  # model and firmware, processor, memory, PoE
    assert len(names) == 7 + 1 + 1 + 1 + 26 * (18 + 19) + 26 + 2 * stations + sensors + box
    assert all(answer(request(snmp.GET, varbind[0])) == (0, [varbind]) for varbind in found[::37])


NAMES = st.lists(
    st.sampled_from(
        [SYS_NAME, (*SYS_NAME, 0), IF_INDEX, (*IF_NAME, 20), IF_HC_IN_OCTETS, SERIAL, (1, 3, 6, 1, 6)]
    ),
    max_size=6,
)


@given(NAMES, st.integers(0, 8), st.integers(0, 127))
def test_getbulk_is_getnext_repeated_until_the_frame_is_full(
    names: list[Name], once: int, repetitions: int
) -> None:
    _, found = answer(request(snmp.GETBULK, *names, second=once, third=repetitions))
    expected = [varbind for name in names[:once] for varbind in answer(request(snmp.GETNEXT, name))[1]]
    row = names[once:]
    for _ in range(repetitions if row else 0):
        step = [varbind for name in row for varbind in answer(request(snmp.GETNEXT, name))[1]]
        expected += step
        row = [name for name, _, _ in step]
        if len(expected) > len(found) or all(tag == snmp.END_OF_MIB_VIEW for _, tag, _ in step):
            break
    assert found == expected[: len(found)]
    if len(found) < len(expected):
        assert len(found) > 30, "only a full frame ends before it should"


def test_a_get_that_does_not_fit_into_a_frame_is_too_big() -> None:
    assert answer(request(snmp.GET, *[(*SYS_DESCR, 0)] * 40)) == (snmp.TOO_BIG, [])


def varied(position: int, octet: int) -> bytes:
    datagram = bytearray(request(snmp.GETBULK, IF_INDEX, (*SYS_NAME, 0), third=3))
    datagram[position % len(datagram)] = octet
    return bytes(datagram)


@pytest.mark.parametrize(
    "datagram",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(request(snmp.GET, SYS_NAME)[:-1], id="cut short"),
        pytest.param(request(snmp.GET, SYS_NAME, community=b"private"), id="wrong community"),
        pytest.param(request(snmp.GET, SYS_NAME, community=b""), id="no community"),
        pytest.param(request(0xA3, SYS_NAME), id="SET"),
        pytest.param(request(snmp.RESPONSE, SYS_NAME), id="a response"),
        pytest.param(
            request(snmp.GET, SYS_NAME).replace(b"\x02\x01\x01\x04", b"\x02\x01\x00\x04", 1), id="version 1"
        ),
        pytest.param(request(snmp.GET, *[SYS_NAME] * 129), id="more names than a frame has room for"),
        pytest.param(request(snmp.GET, SYS_NAME).replace(b"\x05\x00", b"\x05\x01"), id="damaged varbind"),
    ],
)
def test_what_is_no_request_to_this_agent_gets_no_answer(datagram: bytes) -> None:
    assert AGENT.answer(datagram, NOW) is None


@given(st.one_of(st.binary(max_size=120), st.builds(varied, st.integers(0, 200), st.integers(0, 255))))
def test_any_datagram_gets_a_sound_answer_or_none(datagram: bytes) -> None:
    reply = AGENT.answer(datagram, NOW)
    if reply is not None:
        assert len(reply) <= LARGEST
        snmp.decode_response_plainly(reply)


def read(name: Name, now: float) -> int:
    return int.from_bytes(answer(request(snmp.GET, name), now)[1][0][2], "big")


@given(st.floats(0, 1e7), st.floats(0, 600))
def test_time_and_counters_never_step_back(start: float, later: float) -> None:
    """The load has a wave of ten minutes on it; the counters are its integral."""
    for name in ((*IF_HC_IN_OCTETS, 1), (*SYS_UPTIME, 0)):
        assert read(name, NOW + start) <= read(name, NOW + start + later)


def test_uptime_counts_hundredths_of_a_second() -> None:
    assert read((*SYS_UPTIME, 0), NOW + 12.5) - read((*SYS_UPTIME, 0), NOW) == 1250


def test_no_uptime_of_the_lab_wraps_within_half_a_year() -> None:
    """TimeTicks wrap after 497 days; a steady lab should not surprise anybody with that."""
    named = [replace(DEVICE, name=f"gw-{number}") for number in range(1000)]
    booted = [machine(device, started=0).booted for device in named]
    assert min(booted) > -310 * 86400
    assert max(booted) < 0
    assert len(set(booted)) > 200


@given(st.floats(0, 1e7), st.sampled_from(["sw-a", "sw-b", "sw-c"]))
def test_what_a_switch_tells_of_its_box_is_what_one_could_tell(later: float, name: str) -> None:
    agent = replace(AGENT, machine=machine(replace(DEVICE, name=name), started=NOW - 60))

    def told(name: Name) -> int:
        reply = agent.answer(request(snmp.GET, name), NOW + later)
        assert reply is not None
        _, _, content, _ = snmp.varbind(reply, (at := snmp.decode_response_plainly(reply)).start, at.stop)
        return int.from_bytes(content, "big")

    assert 0 < told((*CPU, 1)) < 100
    assert 0 < told((*MEMORY_USED, 1)) < told((*MEMORY_SIZE, 1))
    assert 200 < told((*SENSOR_VALUE, 10)) < 600, "tenths of a degree"
    assert 0 < told((*POE_CONSUMED, 1)) < 370


def test_errors_and_discards_are_counted_at_some_ports() -> None:
    for column, port in ((14, 1), (19, 5)):
        name = (*IF_INDEX[:-1], column, port)
        assert read(name, NOW + 3600) > read(name, NOW)


def test_a_counter_of_32_bits_is_the_low_half_of_the_one_of_64() -> None:
    octets = read((*IF_HC_IN_OCTETS, 1), NOW)
    assert octets > 2**32
    assert read((*IF_IN_OCTETS, 1), NOW) == octets % 2**32
