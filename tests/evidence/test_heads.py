"""A daily head is the same bytes whoever writes it; other bytes are none."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from netwatch.evidence.heads import LARGEST, ChainEnd, DailyHead, HeadError, decode, digest, encode

DATE = dt.date(2026, 11, 27)
HASH = hashlib.sha256(b"an entry").hexdigest()
BEFORE = hashlib.sha256(b"a head").hexdigest()
GOOD = encode([ChainEnd("noc", 7, HASH)], DATE, 1_795_712_460_000_000, BEFORE)


def test_the_bytes_are_these() -> None:
    """Another program writes and reads them by this."""
    ends = [ChainEnd("phú-thọ", 2, HASH), ChainEnd("noc", 7, HASH)]
    assert (
        encode(ends, DATE, 1_795_712_460_000_000, "")
        == (
            f'{{"chains":[{{"hash":"{HASH}","poller":"noc","seq":7}},'
            f'{{"hash":"{HASH}","poller":"phú-thọ","seq":2}}],'
            '"date":"2026-11-27","format":1,"made":1795712460000000,"previous":""}'
        ).encode()
    )


@given(
    st.lists(
        st.builds(ChainEnd, st.text(max_size=64), st.integers(1, 2**63 - 1), st.just(HASH)),
        unique_by=lambda chain: chain.poller,
        max_size=5,
    ),
    st.dates(),
    st.integers(0, 2**53 - 1),
    st.sampled_from(["", BEFORE]),
)
def test_what_is_written_is_read(chains: list[ChainEnd], date: dt.date, made: int, previous: str) -> None:
    ordered = tuple(sorted(chains, key=lambda chain: chain.poller))
    assert decode(encode(chains, date, made, previous)) == DailyHead(ordered, date, made, previous)


def changed(**fields: Any) -> bytes:
    plain = {**json.loads(GOOD), **fields}
    present = {key: value for key, value in plain.items() if value is not ...}
    return json.dumps(present, sort_keys=True, separators=(",", ":")).encode()


def chain(**fields: Any) -> bytes:
    return changed(chains=[{"hash": HASH, "poller": "noc", "seq": 7, **fields}])


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not the JSON"),
        (b"[]", "not the JSON"),
        (b"\xff", "not the JSON"),
        (b"[" * 100_000, "not the JSON"),
        (GOOD + b"\n", "not canonical"),
        (GOOD.replace(b":", b": "), "not canonical"),
        (json.dumps(dict(reversed(json.loads(GOOD).items()))).encode(), "not canonical"),
        (GOOD.replace(b'"seq":7', b'"seq":7,"seq":7'), "not canonical"),
        (GOOD.replace(b"noc", b"n\\u006fc"), "not canonical"),
        (bytes(LARGEST + 1), "more than"),
        (changed(format=2), "its format is another than 1"),
        (changed(format=True), "not canonical"),
        (changed(more=1), "its keys"),
        (changed(previous=...), "its keys"),
        (changed(previous=HASH.upper()), "'previous' is no SHA-256"),
        (changed(previous=None), "not the JSON"),
        (changed(made=1.0), "'made' is no time"),
        (changed(made=-1), "'made' is no time"),
        (changed(made=2**53), "'made' is no time"),
        (changed(made=True), "'made' is no time"),
        (changed(date="2026-11-31"), "not the JSON"),
        (changed(date="20261127"), "its date is none"),
        (changed(date=5), "not the JSON"),
        (changed(chains={}), "not canonical"),
        (changed(chains=[5]), "not the JSON"),
        (changed(chains=[json.loads(GOOD)["chains"][0]] * 2), "a chain stands twice"),
        (chain(more=1), "other keys"),
        (chain(hash="0"), "a hash in it"),
        (chain(seq=0), "a sequence number"),
        (chain(seq=2**63), "a sequence number"),
        (chain(seq="7"), "a sequence number"),
        (chain(poller=5), "a poller"),
        (chain(poller="\ud800"), "not the JSON"),
    ],
)
def test_what_is_no_head(data: bytes, problem: str) -> None:
    with pytest.raises(HeadError, match=problem) as raised:
        decode(data)
    assert "\n" not in str(raised.value)


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_another_byte_is_another_head_or_none(place: int, flip: int) -> None:
    other = bytearray(GOOD)
    other[place] ^= flip
    assert digest(bytes(other)) != digest(GOOD)
    try:
        head = decode(bytes(other))
    except HeadError:
        return
    assert head != decode(GOOD)
