from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netwatch.protocols.icmp import (
    KEY_SIZE,
    REPLY,
    REQUEST,
    SIZE,
    EchoFormat,
    Quote,
    Rejection,
    Reply,
    checksum,
    error_kind,
    mark,
    sequence_of,
    without_ip_header,
)

COOKIE = bytes.fromhex("00112233445566ff")
RAW = EchoFormat(4, 0xBEEF, COOKIE, checked=False)
KERNEL_CHECKED = EchoFormat(6, 0xBEEF, COOKIE, checked=True)
LINE, SEQUENCE = 70_000, 41_000

sequences = st.integers(0, 2**16 - 1)
line_numbers = st.integers(0, 2**32 - 1)


def request(form: EchoFormat = RAW, line: int = LINE, sequence: int = SEQUENCE) -> bytes:
    return form.head(line) + mark(sequence) + form.body(line)


def reply(form: EchoFormat = RAW, line: int = LINE, sequence: int = SEQUENCE) -> bytes:
    """What an honest host makes of a request: another type, and the checksum that goes with it."""
    sent = request(form, line, sequence)
    blank = bytes((REPLY[form.version], 0, 0, 0)) + sent[4:]
    return blank[:2] + checksum(blank).to_bytes(2, "big") + blank[4:]


def changed(data: bytes, at: int, to: bytes) -> bytes:
    return data[:at] + to + data[at + len(to) :]


def mended(data: bytes) -> bytes:
    """The same with a right checksum."""
    blank = changed(data, 2, b"\0\0")
    return changed(blank, 2, checksum(blank).to_bytes(2, "big"))


def test_the_checksum_is_that_of_rfc_1071() -> None:
    """The worked example of RFC 1071 §3: the words sum up to ddf2."""
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0xFFFF - 0xDDF2


@given(st.binary(max_size=64))
def test_the_checksum_is_the_sum_of_words_with_carries_added_in(data: bytes) -> None:
    padded = data + b"\0" * (len(data) % 2)
    total = sum(int.from_bytes(padded[at : at + 2], "big") for at in range(0, len(padded), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    assert checksum(data) == 0xFFFF - total


@given(line_numbers, sequences, sequences)
def test_the_checksum_never_changes_when_the_sequence_moves(line: int, one: int, other: int) -> None:
    """A round rewrites four bytes of a packet, and it stays right."""
    assert checksum(request(line=line, sequence=one)) == 0
    assert checksum(request(line=line, sequence=other)) == 0
    assert request(line=line, sequence=one)[:6] == request(line=line, sequence=other)[:6]


def test_an_echo_is_laid_out_as_promised() -> None:
    sent = request()
    assert len(sent) == SIZE
    assert (sent[0], sent[1]) == (REQUEST[4], 0)
    assert sent[4:6] == b"\xbe\xef"
    assert sent[6:8] == SEQUENCE.to_bytes(2, "big")
    assert sent[8:10] == (0xFFFF - SEQUENCE).to_bytes(2, "big")
    assert sent[10:14] == LINE.to_bytes(4, "big")
    assert sent[14:] == COOKIE
    assert sequence_of(sent[-KEY_SIZE:]) == SEQUENCE


def test_the_checksum_of_icmpv6_is_left_to_the_kernel() -> None:
    """It covers the addresses (RFC 4443 §2.3), of which the kernel chooses one."""
    assert KERNEL_CHECKED.head(LINE) == bytes((REQUEST[6], 0, 0, 0)) + b"\xbe\xef"


@given(line_numbers, sequences)
def test_an_honest_reply_tells_line_and_sequence(line: int, sequence: int) -> None:
    assert RAW.reply(reply(RAW, line, sequence)) == Reply(line, sequence)
    assert KERNEL_CHECKED.reply(reply(KERNEL_CHECKED, line, sequence)) == Reply(line, sequence)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", Rejection.SHORT),
        (reply()[:7], Rejection.SHORT),
        (reply()[: SIZE - 1], Rejection.SHORT),
        (request(), Rejection.FOREIGN),
        (mended(changed(reply(), 0, b"\x0e")), Rejection.FOREIGN),
        (mended(changed(reply(), 1, b"\x01")), Rejection.FOREIGN),
        (mended(changed(reply(), 4, b"\xbe\xee")), Rejection.FOREIGN),
        (mended(changed(reply(), 14, b"\x01")), Rejection.FOREIGN),
        (mended(changed(reply(), 21, b"\xfe")), Rejection.FOREIGN),
        (changed(reply(), 2, b"\0\0"), Rejection.CORRUPT),
        (changed(reply(), 10, b"\x7f"), Rejection.CORRUPT),
        (mended(changed(reply(), 8, b"\x12\x34")), Rejection.CORRUPT),
        (mended(reply() + b"tail"), Rejection.CORRUPT),
    ],
    ids=[
        "nothing", "a head and a bit", "one byte short", "our own request", "another type", "another code",
        "another identifier", "cookie, first byte", "cookie, last byte", "wrong checksum", "another line",
        "complement does not fit", "too long",
    ],
)  # fmt: skip
def test_every_wrong_reply_is_named(message: bytes, reason: Rejection) -> None:
    assert RAW.reply(message) is reason


def test_a_checksum_that_the_kernel_looked_at_is_not_looked_at_again() -> None:
    harmed = changed(reply(KERNEL_CHECKED), 2, b"\x12\x34")
    assert KERNEL_CHECKED.reply(harmed) == Reply(LINE, SEQUENCE)


@given(st.binary(max_size=SIZE + 8), st.sampled_from((RAW, KERNEL_CHECKED)))
def test_any_bytes_are_a_reply_or_a_named_rejection(message: bytes, form: EchoFormat) -> None:
    assert isinstance(form.reply(message), (Reply, Rejection))
    assert isinstance(form.quoted(message), (Quote, Rejection))


@given(st.integers(0, SIZE - 1), st.integers(1, 255))
def test_no_single_byte_can_change_unnoticed(at: int, flip: int) -> None:
    harmed = changed(reply(), at, bytes([reply()[at] ^ flip]))
    assert isinstance(RAW.reply(harmed), Rejection)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        (request(), Quote(LINE, SEQUENCE)),
        (request() + b"\0\0", Quote(LINE, SEQUENCE)),
        (request()[: SIZE - 1], Quote(None, SEQUENCE)),
        (request()[:8], Quote(None, SEQUENCE)),
        (request()[:7], Rejection.SHORT),
        (b"", Rejection.SHORT),
        (reply(), Rejection.FOREIGN),
        (changed(request(), 5, b"\0"), Rejection.FOREIGN),
        (changed(request(), 17, b"\0"), Rejection.FOREIGN),
        (changed(request(), 9, b"\0"), Rejection.CORRUPT),
    ],
    ids=[
        "whole", "padded", "cut in the cookie", "RFC 792: eight bytes", "cut in the sequence", "nothing",
        "a reply", "another identifier", "another cookie", "complement does not fit",
    ],
)  # fmt: skip
def test_what_an_error_quotes_is_read_as_far_as_it_goes(quote: bytes, found: Quote | Rejection) -> None:
    assert RAW.quoted(quote) == found


@pytest.mark.parametrize(
    ("datagram", "message"),
    [
        (b"\x45" + bytes(19) + b"icmp", b"icmp"),
        (b"\x46" + bytes(23) + b"icmp", b"icmp"),
        (b"\x45" + bytes(10), b""),
        (b"\x44" + bytes(30), b""),
        (b"\x65" + bytes(30), b""),
        (b"", b""),
    ],
    ids=["plain", "with options", "cut", "a header that is too small", "not version 4", "nothing"],
)
def test_the_ip_header_is_taken_off(datagram: bytes, message: bytes) -> None:
    assert without_ip_header(datagram) == message


@pytest.mark.parametrize(
    ("error", "name"),
    [
        ((4, 3, 0), "network unreachable"),
        ((4, 3, 1), "host unreachable"),
        ((4, 3, 13), "communication administratively prohibited"),
        ((4, 11, 0), "time exceeded"),
        ((4, 12, 0), "parameter problem"),
        ((6, 1, 0), "network unreachable"),
        ((6, 1, 3), "host unreachable"),
        ((6, 2, 0), "packet too big"),
        ((6, 3, 0), "time exceeded"),
        ((6, 4, 1), "parameter problem: unrecognised next header"),
        ((4, 3, 77), "ICMP error 3/77"),
    ],
)
def test_errors_have_the_names_of_the_field(error: tuple[int, int, int], name: str) -> None:
    assert error_kind(*error) == name


def test_a_cookie_is_not_printed() -> None:
    assert "0011" not in repr(RAW)
    assert str(COOKIE) not in repr(RAW)
