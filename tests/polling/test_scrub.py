"""What a recording may not give away is not in it; what a profile needs is."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings, strategies as st

from netwatch.polling.scrub import scrub
from netwatch.polling.scrub_tables import LEFT_OUT, NAMES
from netwatch.protocols import ber, snmp
from netwatch.protocols.snmp_dump import IP_ADDRESS, OPAQUE, Row
from netwatch.protocols.snmprec import line

MIB_2 = (1, 3, 6, 1, 2, 1)
ENTERPRISES = (1, 3, 6, 1, 4, 1)
SYS_DESCR = (*MIB_2, 1, 1, 0)
SYS_NAME = (*MIB_2, 1, 5, 0)
FDB_ADDRESS = (*MIB_2, 17, 4, 3, 1, 1)
FDB_PORT = (*MIB_2, 17, 4, 3, 1, 2)
Q_FDB_PORT = (*MIB_2, 17, 7, 1, 2, 2, 1, 2)
ARP_MAC = (*MIB_2, 4, 22, 1, 2)
ARP_IP = (*MIB_2, 4, 22, 1, 3)
PHYSICAL_MAC = (*MIB_2, 4, 35, 1, 4)
LLDP_REMOTE = (1, 0, 8802, 1, 1, 2, 1, 4, 1, 1)
LAPTOP = (0x3C, 0x52, 0x82, 0x11, 0x22, 0x33)
PHONE = (0xA4, 0x5E, 0x60, 0x44, 0x55, 0x66)


def text(name: tuple[int, ...], value: str | bytes) -> Row:
    return Row(name, ber.OCTET_STRING, value.encode() if isinstance(value, str) else value)


def number(name: tuple[int, ...], value: int, tag: int = ber.INTEGER) -> Row:
    return Row(name, tag, ber.encode_integer(value)[2:])


def ip(name: tuple[int, ...], *value: int) -> Row:
    return Row(name, IP_ADDRESS, bytes(value))


def written(rows: list[Row], *secrets: str, anonymous: bool = False, **own: str) -> list[str]:
    clean = scrub(sorted(rows), secrets, anonymous=anonymous, own=own)
    assert clean.rows == sorted(clean.rows)
    return [line(row) for row in clean.rows]


@pytest.mark.parametrize(
    "row",
    [
        text(SYS_DESCR, "geheim"),
        text(SYS_DESCR, "xxgeheimxx"),
        text(SYS_DESCR, "GEHEIM"),
        text(SYS_DESCR, b"\x00geheim\xff"),
        text(SYS_DESCR, "67656865696d"),
        text(SYS_DESCR, "geheim".encode("utf-16-le")),
        Row(SYS_DESCR, OPAQUE, b"geheim"),
        number((*ENTERPRISES, 9999, 1, *b"geheim"), 1),
        number((*ENTERPRISES, 9999, 1, 6, *b"geheim", 7), 1),
        Row(SYS_DESCR, ber.OBJECT_IDENTIFIER, ber.encode_oid((*ENTERPRISES, *b"geheim"))),
    ],
)
def test_a_row_that_holds_a_secret_in_use_is_left_out(row: Row) -> None:
    """Whole or in part, in letters or in digits, in the value or in the index."""
    clean = scrub([row, number((*ENTERPRISES, 9999, 2), 7)], ["geheim"])
    assert [line(kept) for kept in clean.rows] == ["1.3.6.1.4.1.9999.2|2|7"]
    assert clean.removed == {"values that hold a secret in use": 1}


def test_a_secret_of_digits_is_no_number_either() -> None:
    rows = [number((*ENTERPRISES, 1), 20262026), number((*ENTERPRISES, 2), 20262027)]
    assert written(rows, "20262026") == ["1.3.6.1.4.1.2|2|20262027"]


def test_a_column_with_a_usual_community_holds_communities() -> None:
    """As vendors' tables of trap receivers do, of which no list is complete."""
    rows = [
        text((*ENTERPRISES, 935, 1, 3, 1), "noc-tram-2019"),
        text((*ENTERPRISES, 935, 1, 3, 2), "Public\0"),
        text((*ENTERPRISES, 935, 1, 4, 1), "left alone, though public"),
        number((*ENTERPRISES, 935, 1, 3, 3), 7),
    ]
    clean = scrub(sorted(rows), [])
    assert [row.oid[-2:] for row in clean.rows] == [(3, 3), (4, 1)]
    assert clean.removed == {"columns in which a usual community stands": 2}


@pytest.mark.parametrize("root", LEFT_OUT)
def test_tables_of_secrets_and_of_people_are_left_out(root: tuple[int, ...]) -> None:
    clean = scrub([text((*root, 1, 1), "x"), text((*root[:-1], root[-1] + 1000), "y")], [])
    assert [row.content for row in clean.rows] == [b"y"]
    assert clean.removed == {LEFT_OUT[root]: 1}


def test_stations_get_other_addresses_and_their_number_stays() -> None:
    """The same one wherever it stands: in the forwarding table, with VLANs, in ARP, in a vendor's table."""
    rows = [
        text((*FDB_ADDRESS, *LAPTOP), bytes(LAPTOP)),
        text((*FDB_ADDRESS, *PHONE), bytes(PHONE)),
        number((*FDB_PORT, *LAPTOP), 3),
        number((*FDB_PORT, *PHONE), 4),
        number((*Q_FDB_PORT, 10, *LAPTOP), 3),
        text((*ARP_MAC, 7, 10, 0, 0, 5), bytes(LAPTOP)),
        ip((*ARP_IP, 7, 10, 0, 0, 5), 10, 0, 0, 5),
        text((*PHYSICAL_MAC, 7, 1, 4, 10, 0, 0, 5), bytes(LAPTOP)),
        text((*PHYSICAL_MAC, 7, 2, 16, *range(0x20, 0x30)), bytes(PHONE)),
        number((*ENTERPRISES, 2011, 5, 1, *LAPTOP, 10), 3),
        text((*ENTERPRISES, 2011, 5, 2, 1), "10.0.0.5 is at 3c52-8211-2233"),
        ip((*ENTERPRISES, 2011, 5, 3, 1), 10, 0, 0, 5),
    ]
    assert written(rows) == [
        "1.3.6.1.2.1.4.22.1.2.7.198.18.0.1|4x|020000000001",
        "1.3.6.1.2.1.4.22.1.3.7.198.18.0.1|64x|c6120001",
        "1.3.6.1.2.1.4.35.1.4.7.1.4.198.18.0.1|4x|020000000001",
        "1.3.6.1.2.1.4.35.1.4.7.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1|4x|020000000002",
        "1.3.6.1.2.1.17.4.3.1.1.2.0.0.0.0.1|4x|020000000001",
        "1.3.6.1.2.1.17.4.3.1.1.2.0.0.0.0.2|4x|020000000002",
        "1.3.6.1.2.1.17.4.3.1.2.2.0.0.0.0.1|2|3",
        "1.3.6.1.2.1.17.4.3.1.2.2.0.0.0.0.2|2|4",
        "1.3.6.1.2.1.17.7.1.2.2.1.2.10.2.0.0.0.0.1|2|3",
        "1.3.6.1.4.1.2011.5.1.2.0.0.0.0.1.10|2|3",
        "1.3.6.1.4.1.2011.5.2.1|4|198.18.0.1 is at 0200-0000-0001",
        "1.3.6.1.4.1.2011.5.3.1|64x|c6120001",
    ]


@pytest.mark.parametrize(
    "name",
    [
        (*FDB_PORT, 1, 2, 3),
        (*FDB_PORT, 1, 2, 3, 4, 5, 256),
        (*ARP_IP, 7, 10, 0, 0),
        (*PHYSICAL_MAC, 7, 1, 5, 10, 0, 0, 5, 6),
    ],
)
def test_a_row_of_people_whose_address_cannot_be_found_is_left_out(name: tuple[int, ...]) -> None:
    clean = scrub([number(name, 1)], [])
    assert clean.rows == []
    assert clean.removed == {"rows of tables of addresses that could not be read": 1}


def test_what_a_profile_needs_is_left_alone() -> None:
    """Without `anonymous`, also names and the device's own addresses: whoever asks for a profile decides."""
    rows = [
        text(SYS_DESCR, "Huawei VRP 5.170 (S5720 V200R019C10)"),
        text(SYS_NAME, "gw-van-lam"),
        Row((*MIB_2, 1, 2, 0), ber.OBJECT_IDENTIFIER, ber.encode_oid((*ENTERPRISES, 2011, 2, 23, 414))),
        text((*MIB_2, 2, 2, 1, 6, 1), bytes(LAPTOP)),
        ip((*MIB_2, 4, 20, 1, 1, 192, 0, 2, 1), 192, 0, 2, 1),
        number((*ENTERPRISES, 2011, 5, 25, 31, 1, 1, 3, 1, 8, 67), -712),
        number((*MIB_2, 31, 1, 1, 1, 6, 1), 2**63, snmp.COUNTER64),
    ]
    clean = scrub(rows, ["geheim"])
    assert clean.rows == sorted(rows)
    assert not clean.removed
    assert not clean.replaced


def test_anonymous_replaces_names_alike_everywhere() -> None:
    rows = [
        text(SYS_DESCR, "Linux gw-van-lam 6.1.0 #1 SMP, S/N ABC12345"),
        text((*MIB_2, 1, 4, 0), "Nguyễn Văn A <a@example.vn>"),
        text(SYS_NAME, "gw-van-lam"),
        text((*MIB_2, 1, 6, 0), "UBND xã Như Quỳnh"),
        text((*MIB_2, 31, 1, 1, 1, 18, 1), "to UBND"),
        text((*MIB_2, 31, 1, 1, 1, 18, 2), "ether2"),
        text((*MIB_2, 31, 1, 1, 1, 1, 2), "ether2"),
        text((*MIB_2, 47, 1, 1, 1, 1, 11, 1), "ABC12345"),
        text((*LLDP_REMOTE, 9, 0, 1, 1), "core.example.vn"),
        text((*ENTERPRISES, 9, 9, 23, 1, 2, 1, 1, 6, 1, 1), "core.example.vn"),
        text((*ENTERPRISES, 9999, 1, 0), "GW-VAN-LAM: uplink to CORE"),
    ]
    assert written(rows, anonymous=True) == [
        "1.0.8802.1.1.2.1.4.1.1.9.0.1.1|4|name-1",
        "1.3.6.1.2.1.1.1.0|4|Linux name-2 6.1.0 #1 SMP, S/N serial-1",
        "1.3.6.1.2.1.1.4.0|4|contact-1",
        "1.3.6.1.2.1.1.5.0|4|name-2",
        "1.3.6.1.2.1.1.6.0|4|place-1",
        "1.3.6.1.2.1.31.1.1.1.1.2|4|ether2",
        "1.3.6.1.2.1.31.1.1.1.18.1|4|alias-1",
        "1.3.6.1.2.1.31.1.1.1.18.2|4|ether2",
        "1.3.6.1.2.1.47.1.1.1.1.11.1|4|serial-1",
        "1.3.6.1.4.1.9.9.23.1.2.1.1.6.1.1|4|name-1",
        "1.3.6.1.4.1.9999.1.0|4|name-2: uplink to name-1",
    ]


def test_anonymous_replaces_the_addresses_of_the_network_and_keeps_vendors() -> None:
    bridge = (0x48, 0x8F, 0x5A, 1, 2, 3)
    rows = [
        text((1, 0, 8802, 1, 1, 2, 1, 3, 2, 0), bytes(bridge)),
        number((1, 0, 8802, 1, 1, 2, 1, 4, 2, 1, 3, 0, 1, 1, 1, 4, 10, 20, 30, 40), 2),
        text((*MIB_2, 2, 2, 1, 6, 1), bytes(bridge)),
        ip((*MIB_2, 4, 20, 1, 1, 10, 20, 30, 40), 10, 20, 30, 40),
        ip((*MIB_2, 4, 20, 1, 3, 10, 20, 30, 40), 255, 255, 255, 0),
        ip((*MIB_2, 4, 21, 1, 7, 0, 0, 0, 0), 10, 20, 30, 1),
        number((*MIB_2, 4, 24, 7, 1, 7, 1, 4, 0, 0, 0, 0, 0, 2, 0, 0, 1, 4, 10, 20, 30, 1), 3),
        text((*MIB_2, 17, 2, 5, 0), bytes((0x80, 0, *bridge))),
        text((*MIB_2, 80, 1, 2, 1, 4, 1, 97, 1, 98), bytes((10, 9, 9, 9))),
        text((*ENTERPRISES, 9999, 1, 0), "48:8F:5A:01:02:03 at 10.20.30.40, version 7.12.1"),
    ]
    assert written(rows, anonymous=True) == [
        "1.0.8802.1.1.2.1.3.2.0|4x|488f5a000001",
        "1.0.8802.1.1.2.1.4.2.1.3.0.1.1.1.4.198.18.0.1|2|2",
        "1.3.6.1.2.1.2.2.1.6.1|4x|488f5a000001",
        "1.3.6.1.2.1.4.20.1.1.198.18.0.1|64x|c6120001",
        "1.3.6.1.2.1.4.20.1.3.198.18.0.1|64x|ffffff00",
        "1.3.6.1.2.1.4.21.1.7.0.0.0.0|64x|c6120002",
        "1.3.6.1.2.1.4.24.7.1.7.1.4.0.0.0.0.0.2.0.0.1.4.198.18.0.2|2|3",
        "1.3.6.1.2.1.17.2.5.0|4x|8000488f5a000001",
        "1.3.6.1.2.1.80.1.2.1.4.1.97.1.98|4x|c6120003",
        "1.3.6.1.4.1.9999.1.0|4|48:8f:5a:00:00:01 at 198.18.0.1, version 7.12.1",
    ]


def test_a_name_that_devices_come_with_names_nobody() -> None:
    rows = [text(SYS_DESCR, "MikroTik RouterOS"), text(SYS_NAME, "MikroTik")]
    assert written(rows, anonymous=True) == [
        "1.3.6.1.2.1.1.1.0|4|MikroTik RouterOS",
        "1.3.6.1.2.1.1.5.0|4|MikroTik",
    ]


def test_what_is_put_for_a_name_spells_no_secret_either() -> None:
    clean = scrub([text(SYS_NAME, "gw-van-lam")], ["name-1"], anonymous=True)
    assert clean.rows == []
    assert clean.removed == {"values that hold a secret in use": 1}


def test_what_is_known_of_the_device_besides_is_replaced_as_well() -> None:
    rows = [text((*ENTERPRISES, 9999, 1, 0), "unit GW VAN LAM, serial XY99")]
    assert written(rows, anonymous=True, name="gw van lam", serial="XY99") == [
        "1.3.6.1.4.1.9999.1.0|4|unit name-1, serial serial-1"
    ]


@pytest.mark.parametrize(("name", "written_as"), [("\u0130zmir-gw", "izmir-gw"), ("gi-lab", "g\u0131-lab")])
def test_a_name_is_found_in_letters_of_any_case(name: str, written_as: str) -> None:
    """Where a letter has two small ones, what is found is not what was looked for."""
    rows = [text(SYS_DESCR, f"a switch {written_as} here"), text(SYS_NAME, name)]
    assert written(rows, anonymous=True)[0] == "1.3.6.1.2.1.1.1.0|4|a switch name-1 here"


@pytest.mark.parametrize("between", ["", " ", ":", "-", "."])
def test_a_secret_in_hexadecimal_is_one_however_its_octets_are_parted(between: str) -> None:
    spelt = b"s3cret".hex(between) if between else b"s3cret".hex()
    clean = scrub([text(SYS_DESCR, f"key {spelt.upper()} set")], ["s3cret"])
    assert clean.rows == []


def test_an_object_that_a_profile_knows_for_a_serial_number_is_one() -> None:
    rows = [text((*ENTERPRISES, 9999, 1, 0), "XY-99"), text((*ENTERPRISES, 9999, 2, 0), "S/N XY-99 rev 2")]
    clean = scrub(rows, [], anonymous=True, serials=[(*ENTERPRISES, 9999, 1)])
    assert [row.content for row in clean.rows] == [b"serial-1", b"S/N serial-1 rev 2"]
    assert scrub(rows, [], anonymous=False, serials=[(*ENTERPRISES, 9999, 1)]).rows == rows


def test_the_counts_tell_what_was_done() -> None:
    rows = [
        number((*FDB_PORT, *LAPTOP), 3),
        text(SYS_NAME, "gw-van-lam"),
        text((*MIB_2, 25, 4, 2, 1, 5, 1), "--password x"),
    ]
    clean = scrub(rows, [], anonymous=True)
    assert clean.removed == {"tables of processes and commands": 1}
    assert clean.replaced == {"addresses": 1, "names": 1}


NAMES_OF_OBJECTS = st.sampled_from(
    [
        (*root, number)
        for root in (*list(NAMES)[:6], SYS_DESCR, ENTERPRISES, FDB_PORT, ARP_IP)
        for number in (0, 1)
    ]
)
SECRETS = st.text(string.ascii_letters, min_size=4, max_size=12).filter(
    lambda secret: (
        not set(secret.lower()) <= set("abcdefx") and secret.lower() not in "name-contact-place-alias"
    )
)


@st.composite
def recordings(draw: st.DrawFn) -> tuple[str, list[Row]]:
    """A secret, and rows into which it was put in all sorts of places."""
    secret = draw(SECRETS)
    found = {}
    for _ in range(draw(st.integers(0, 8))):
        name = (
            *draw(NAMES_OF_OBJECTS),
            *draw(st.sampled_from([(), tuple(secret.encode()), (1, 2, 3, 4, 5, 6)])),
        )
        before, after = draw(st.binary(max_size=9)), draw(st.binary(max_size=9))
        middle = draw(
            st.sampled_from([b"", secret.encode(), secret.upper().encode(), secret.encode().hex().encode()])
        )
        found[name] = text(name, before + middle + after)
    return secret, sorted(found.values())


@given(recordings(), st.booleans())
@settings(max_examples=300)
def test_no_secret_leaves(recording: tuple[str, list[Row]], anonymous: bool) -> None:
    """Not in the octets of a value, not in its hexadecimal digits, not spelt by the arcs of a name."""
    secret, rows = recording
    clean = scrub(rows, [secret], anonymous=anonymous)
    lines = "\n".join(line(row) for row in clean.rows).lower()
    assert secret.lower() not in lines
    assert secret.encode().hex() not in lines
    assert f".{'.'.join(map(str, secret.encode()))}." not in lines.replace("|", ".")
    assert not any(secret.lower().encode() in row.content.lower() for row in clean.rows)
    assert sum(clean.removed.values()) + len(clean.rows) <= len(rows)
