"""What is private stands beside the chain: put back it is what was; without its salt it cannot be guessed."""

from __future__ import annotations

import dataclasses
import hashlib
import ipaddress
import json
import random
from typing import Any

import pytest
from hypothesis import given, strategies as st

from netwatch.evidence import codec, withholding
from netwatch.evidence.chain import Details, Entry
from netwatch.evidence.codec import BrokenBodyError
from netwatch.evidence.kinds import KIND_OF, KINDS, Configured, Document, Facts
from netwatch.evidence.reading import content, public, withholds
from netwatch.model.device import Device, Line, Role, Uplink
from netwatch.model.fact import FactKind
from netwatch.model.sign import Sign, SignKind
from netwatch.model.trace import Hop, Trace

texts = st.text(max_size=20)
addresses = st.ip_addresses().map(str) | texts
uplinks = st.builds(Uplink, texts, texts, texts, texts, st.none(), st.none() | addresses)
devices = st.builds(
    Device,
    name=texts,
    address=addresses,
    role=st.sampled_from(Role),
    expect=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
    uplinks=st.lists(uplinks, max_size=2).map(tuple),
)
rows = st.tuples(st.sampled_from(FactKind), texts | addresses, st.none(), texts | addresses, texts)
said: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        Configured,
        st.just(1.0),
        st.lists(
            st.builds(Line, st.integers(0, 9), texts, st.none(), addresses, st.just(1.0)), max_size=2
        ).map(tuple),
        st.lists(devices, max_size=3).map(tuple),
        st.just(()),
        st.just(()),
        st.lists(st.tuples(st.sampled_from(["a.csv", "sites/a.yaml"]), texts), max_size=2).map(tuple),
    ),
    st.builds(Document, st.sampled_from(["claims.yaml", "netwatch.yaml", "r/x.csv"]), texts, texts),
    st.builds(Facts, st.just(1.0), texts, st.lists(rows, max_size=3).map(tuple)),
    st.builds(Sign, st.just(1.0), texts, st.sampled_from(SignKind), st.just(1.0), texts),
    st.builds(
        Trace,
        st.just(1.0),
        texts,
        addresses,
        st.lists(st.builds(Hop, st.integers(1, 9), addresses, st.just(0.5)), max_size=2).map(tuple),
        texts,
    ),
)


def stored(what: object, seed: int = 1) -> Entry:
    kind = KIND_OF[type(what)]
    body = withholding.body(kind, what, random.Random(seed).randbytes)
    return Entry("noc", 1, 0, kind, body.public, b"", body.details)


@given(said)
def test_what_is_put_back_is_what_was_said(what: object) -> None:
    entry = stored(what)
    assert codec.dump(content(entry)) == codec.dump(what)
    assert withholds(entry) == (entry.details is not None)


@given(said)
def test_without_details_an_entry_can_be_read_and_tells_none_of_them(what: object) -> None:
    entry = stored(what)._replace(details=None)
    shown = public(entry)
    assert type(shown) is type(what)
    assert withholding.open_path(entry.kind, codec.plain(shown)) == ""
    assert codec.dump(content(entry)) == codec.dump(shown)


OPEN = [
    (Sign(1.0, "gw", SignKind.IDENTITY, 1.0, "SN-1 instead of SN-2"), "detail"),
    (Document("netwatch.yaml", "00", "web: …"), "text"),
    (Document("sites/van-lam.yaml", "00", ""), "sha256"),
    (Facts(1.0, "gw", ((FactKind.IDENTITY, "serial", 1.0, "SN-1", "x"),)), "facts.0.3"),
    (Facts(1.0, "gw", ((FactKind.LIGHT, "to-10.1.2.3", 1.0, "", "x"),)), "facts.0.1"),
    (Facts(1.0, "gw", ((FactKind.HOSTS, "fe80::1", 1.0, "", "x"),)), "facts.0.1"),
    (Facts(1.0, "gw", ((FactKind.HOSTS, "00-1a-2b-3c-4d-5e", 1.0, "", "x"),)), "facts.0.1"),
    (Trace(1.0, "gw", "10.1.2.3"), "address"),
    (Trace(1.0, "gw", "", (Hop(1, "10.1.2.3", 0.1),)), "hops"),
]
KEPT = [
    Sign(1.0, "gw", SignKind.PORT_DOWN, 1.0, "ether1"),
    Document("claims.yaml", "00", "claims: …"),
    Document("registers/hung-yen.csv", "00", "code"),
    Facts(1.0, "gw", ((FactKind.MEDIUM, "GigabitEthernet0/0/1", 26.0, "fibre", "ifMauType"),)),
    Facts(1.0, "gw", ((FactKind.DEFAULT_ROUTE, "4", None, "1:2", "inetCidrRouteIfIndex"),)),
]


@pytest.mark.parametrize(("what", "path"), OPEN, ids=lambda each: str(each)[:40])
def test_what_stands_openly_is_found(what: object, path: str) -> None:
    """As an older netwatch wrote it."""
    assert withholding.open_path(KIND_OF[type(what)], codec.plain(what)) == path


@pytest.mark.parametrize("what", KEPT, ids=lambda each: str(each)[:40])
def test_what_anybody_may_know_stays_in_the_chain(what: object) -> None:
    assert stored(what) == Entry("noc", 1, 0, KIND_OF[type(what)], codec.dump(what), b"")


def test_equal_details_have_commitments_that_differ() -> None:
    first, second = (json.loads(stored(KEPT_ADDRESS, seed).body)["withheld"] for seed in (1, 2))
    assert first != second


KEPT_ADDRESS = Trace(1.0, "gw", "198.18.1.77")


def test_an_address_cannot_be_guessed_without_the_salt() -> None:
    """Whoever has the salt finds it among 65,536 at once: it is secret because salts are kept apart."""
    entry = stored(KEPT_ADDRESS)
    assert entry.details is not None
    told = json.loads(entry.body)["withheld"]
    guesses = [codec.text([[["address"], str(each)]]) for each in ipaddress.ip_network("198.18.0.0/16")]
    salts = (b"", bytes(32), entry.body[:32], hashlib.sha256(entry.body).digest())
    assert not any(hashlib.sha256(salt + guess).hexdigest() == told for salt in salts for guess in guesses)
    assert sum(hashlib.sha256(entry.details.salt + guess).hexdigest() == told for guess in guesses) == 1


def test_each_salt_is_drawn_anew_and_whole() -> None:
    drawn: list[int] = []

    def chance(count: int) -> bytes:
        drawn.append(count)
        return bytes((len(drawn),)) * count

    salts = [withholding.body("trace", KEPT_ADDRESS, chance).details for _ in range(2)]
    assert [each.salt for each in salts if each] == [b"\x01" * 32, b"\x02" * 32]
    assert drawn == [32, 32]


@given(st.data())
def test_details_that_were_changed_are_refused(data: st.DataObject) -> None:
    entry = stored(KEPT_ADDRESS)
    assert entry.details is not None
    part = data.draw(st.sampled_from(["salt", "body"]))
    value = data.draw(st.binary(max_size=80).filter(lambda value: value != getattr(entry.details, part)))
    with pytest.raises(BrokenBodyError, match=r"entry 1 of poller noc \(trace\).* not what was written"):
        content(entry._replace(details=entry.details._replace(**{part: value})))


def test_a_byte_does_not_pass_from_the_salt_to_the_details() -> None:
    """JSON may begin with a space: the lengths of both are part of what was written."""
    salt, text = bytes(31) + b" ", codec.text([[["address"], "10.1.2.3"]])
    committed = withholding.commitment(Details(salt, text))
    body = codec.dump({"at": 1.0, "device": "gw", "address": "", "hops": [], "withheld": committed})
    entry = Entry("noc", 1, 0, "trace", body, b"", Details(salt, text))
    assert content(entry).address == "10.1.2.3"
    with pytest.raises(BrokenBodyError):
        content(entry._replace(details=Details(salt[:31], salt[31:] + text)))


@pytest.mark.parametrize("kind", ["trace", "hour", "stopped"])
def test_details_beside_an_entry_that_has_none_are_refused(kind: str) -> None:
    entry = Entry("noc", 7, 0, kind, b"{}", b"", Details(bytes(32), b"[]"))
    with pytest.raises(BrokenBodyError, match="entry 7 of poller noc"):
        content(entry)


ASTRAY = [
    [[["at"], 5.0]],  # what is there is not empty
    [[["device"], "other"]],
    [[["hops", 0, "address"], "10.1.2.3"]],
    [[["nothing", "here"], "10.1.2.3"]],
    [[[], "10.1.2.3"]],
    [["address"]],
    {"address": "10.1.2.3"},
    5,
]


@pytest.mark.parametrize("details", ASTRAY, ids=str)
def test_details_fill_what_is_empty_and_change_nothing_else(details: object) -> None:
    """Also where whoever wrote the chain committed to it."""
    beside = Details(bytes(32), codec.dump(details))
    body = {"at": 1.0, "device": "gw", "address": "", "hops": [], "withheld": withholding.commitment(beside)}
    entry = Entry("noc", 1, 0, "trace", codec.dump(body), b"", beside)
    with pytest.raises(BrokenBodyError, match="lead nowhere"):
        content(entry)


def test_every_rule_leads_somewhere_and_no_kind_has_a_field_of_the_commitment_s_name() -> None:
    assert set(withholding.RULES) <= set(KINDS)
    for kind, shape in KINDS.items():
        fields = {field.name for field in dataclasses.fields(shape)}
        assert withholding.KEY not in fields
        assert all(rule.path[0] in fields for rule in withholding.RULES.get(kind, ()))
