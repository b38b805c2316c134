"""Keys, ciphers and messages of SNMPv3: the vectors of the RFCs, and pysnmp's functions as oracle."""

from __future__ import annotations

import functools
from typing import Any

import pysnmp.proto.secmod.rfc3414.service  # noqa: F401 - its modules import one another: this one first
import pytest
from hypothesis import given, settings, strategies as st
from pyasn1.type import univ
from pysnmp.proto.secmod.eso.priv import aes192, aes256
from pysnmp.proto.secmod.rfc3414.auth import hmacmd5, hmacsha
from pysnmp.proto.secmod.rfc3414.priv import des
from pysnmp.proto.secmod.rfc3826.priv import aes
from pysnmp.proto.secmod.rfc7860.auth import hmacsha2

from netwatch.protocols import usm, usm_message
from netwatch.protocols.ber import OCTET_STRING, SEQUENCE, MalformedError, encode, encode_integer
from netwatch.protocols.usm_ciphers import privacy
from netwatch.protocols.usm_keys import DIGESTS, PRIVACY, Key, localised_key, master_key

ENGINE = bytes.fromhex("000000000000000000000002")
PASSPHRASE = b"maplesyrup"
ORACLE_AUTH: dict[str, Any] = {
    "MD5": hmacmd5.HmacMd5(),
    "SHA-1": hmacsha.HmacSha(),
    "SHA-224": hmacsha2.HmacSha2(hmacsha2.HmacSha2.SHA224_SERVICE_ID),
    "SHA-256": hmacsha2.HmacSha2(hmacsha2.HmacSha2.SHA256_SERVICE_ID),
    "SHA-384": hmacsha2.HmacSha2(hmacsha2.HmacSha2.SAH384_SERVICE_ID),
    "SHA-512": hmacsha2.HmacSha2(hmacsha2.HmacSha2.SHA512_SERVICE_ID),
}
SERVICE: dict[str, Any] = {
    "MD5": hmacmd5.HmacMd5.SERVICE_ID,
    "SHA-1": hmacsha.HmacSha.SERVICE_ID,
    "SHA-224": hmacsha2.HmacSha2.SHA224_SERVICE_ID,
    "SHA-256": hmacsha2.HmacSha2.SHA256_SERVICE_ID,
    "SHA-384": hmacsha2.HmacSha2.SAH384_SERVICE_ID,
    "SHA-512": hmacsha2.HmacSha2.SHA512_SERVICE_ID,
}
ORACLE_PRIV: dict[str, Any] = {
    "DES": des.Des(),
    "AES-128": aes.Aes(),
    "AES-192": aes192.AesBlumenthal192(),
    "AES-256": aes256.AesBlumenthal256(),
    "AES-192-C": aes192.Aes192(),
    "AES-256-C": aes256.Aes256(),
}
PAIRS = [(auth, priv) for auth in DIGESTS for priv in PRIVACY]

made = functools.cache(usm.user)
"""A user is a value, and dear: a mebibyte is hashed for each passphrase, so each is made once."""


@pytest.mark.parametrize(
    ("protocol", "master", "localised"),
    [
        ("MD5", "9faf3283884e92834ebc9847d8edd963", "526f5eed9fcce26f8964c2930787d82b"),  # RFC 3414, A.3.1
        (
            "SHA-1",  # RFC 3414, A.3.2
            "9fb5cc0381497b3793528939ff788d5d79145211",
            "6695febc9288e36282235fc7151f128497b38f3f",
        ),
    ],
)
def test_keys_are_those_of_the_rfc(protocol: str, master: str, localised: str) -> None:
    digest = DIGESTS[protocol]
    key = master_key(PASSPHRASE, digest)
    assert key.reveal().hex() == master
    assert localised_key(key, ENGINE, digest).reveal().hex() == localised


@pytest.mark.parametrize(
    ("protocol", "octets"),
    [("MD5", 12), ("SHA-1", 12), ("SHA-224", 16), ("SHA-256", 24), ("SHA-384", 32), ("SHA-512", 48)],
)
def test_digests_are_cut_as_the_rfcs_say(protocol: str, octets: int) -> None:
    assert len(made("noc", (protocol, PASSPHRASE)).at(ENGINE).sign(b"")) == octets


HI_THERE = {
    "MD5": "9294727a3638bb1c13f48ef8158bfc9d",  # RFC 2202, test case 1
    "SHA-1": "b617318655057264e28bc0b6fb378c8ef146be00",  # RFC 2202, test case 1
    # RFC 4231, test case 1: the HMACs that RFC 7860 cuts
    "SHA-224": "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22",
    "SHA-256": "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    "SHA-384": "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
    "faea9ea9076ede7f4af152e8b2fa9cb6",
    "SHA-512": "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
    "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
}


@pytest.mark.parametrize("protocol", DIGESTS)
def test_messages_are_signed_as_the_rfcs_sign(protocol: str) -> None:
    key = Key(b"\x0b" * (16 if protocol == "MD5" else 20))
    user = usm.User(b"noc", 1, DIGESTS[protocol], key)
    signed = usm.Keys(user, key, None).sign(b"Hi There")
    assert signed == bytes.fromhex(HI_THERE[protocol])[: DIGESTS[protocol].octets]


CFB = {  # NIST SP 800-38A, F.3.13 to F.3.17, which RFC 3826 section 3.1 refers to
    "AES-128": (
        "2b7e151628aed2a6abf7158809cf4f3c",
        "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b",
    ),
    "AES-192": (
        "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
        "cdc80d6fddf18cab34c25909c99a417467ce7f7f81173621961a2b70171d3d7a",
    ),
    "AES-256": (
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
        "dc7e84bfda79164b7ecd8486985d386039ffed143b28b1c832113c6331e5407b",
    ),
}


@pytest.mark.parametrize("protocol", CFB)
def test_aes_is_that_of_nist(protocol: str) -> None:
    plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
    key, sealed = (bytes.fromhex(text) for text in CFB[protocol])
    aes_of = privacy(PRIVACY[protocol], Key(key))
    vector = (0x00010203, 0x04050607, bytes(range(8, 16)))
    for _ in range(2):
        assert aes_of.encrypt(plain, *vector) == sealed
        assert aes_of.decrypt(sealed, *vector) == plain


def test_des_is_that_of_nist() -> None:
    """FIPS 81, table C1."""
    key = bytes.fromhex("0123456789abcdef1234567890abcdef")  # the vector, as the salt is zero
    des_of = privacy(PRIVACY["DES"], Key(key))
    sealed = bytes.fromhex("e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6")
    for _ in range(2):
        assert des_of.encrypt(b"Now is the time for all ", 0, 0, bytes(8)) == sealed
        assert des_of.decrypt(sealed, 0, 0, bytes(8)) == b"Now is the time for all "


@pytest.mark.parametrize(("auth", "priv"), PAIRS)
def test_keys_are_those_of_pysnmp(auth: str, priv: str) -> None:
    digest = DIGESTS[auth]
    master = master_key(PASSPHRASE, digest)
    assert master.reveal() == ORACLE_AUTH[auth].hash_passphrase(PASSPHRASE).asOctets()
    engine = univ.OctetString(ENGINE)
    theirs = ORACLE_AUTH[auth].localize_key(univ.OctetString(master.reveal()), engine)
    assert localised_key(master, ENGINE, digest).reveal() == theirs.asOctets()
    theirs = ORACLE_PRIV[priv].localize_key(SERVICE[auth], univ.OctetString(master.reveal()), engine)
    assert PRIVACY[priv].key(master, ENGINE, digest).reveal() == theirs.asOctets()


def test_no_key_is_shown() -> None:
    user = made("noc", ("SHA-1", PASSPHRASE), ("AES-128", PASSPHRASE))
    assert user.auth is not None
    shown = f"{user!r} {user.at(ENGINE)!r} {user.auth}"
    assert user.auth.reveal().hex() not in shown
    assert repr(user.auth.reveal()) not in shown
    assert "Key(…)" in shown


words = st.integers(0, 2**31 - 1)


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(PRIVACY)), st.lists(st.tuples(st.binary(max_size=200), words, words), max_size=6)
)
def test_ciphers_are_those_of_pysnmp(name: str, messages: list[tuple[bytes, int, int]]) -> None:
    """One object of ours after the other message, whichever direction: what was before must not matter."""
    protocol = PRIVACY[name]
    octets = bytes(range(protocol.octets))
    ours, theirs, key = privacy(protocol, Key(octets)), ORACLE_PRIV[name], univ.OctetString(octets)
    for number, (plain, boots, time) in enumerate(messages):
        salt = ours.salt(boots, number)
        data = ours.encrypt(plain, boots, time, salt)
        told = (boots, time, univ.OctetString(salt))
        padded = theirs.decrypt_data(key, told, univ.OctetString(data))
        assert padded[: len(plain)] == plain
        found, their_salt = theirs.encrypt_data(key, (boots, time, None), plain)
        read = ours.decrypt(found.asOctets(), boots, time, their_salt.asOctets())
        assert read[: len(plain)] == plain
        assert ours.decrypt(data, boots, time, salt)[: len(plain)] == plain


def test_des_of_half_a_block_is_malformed() -> None:
    with pytest.raises(MalformedError, match="decryption"):
        privacy(PRIVACY["DES"], Key(bytes(16))).decrypt(bytes(12), 1, 1, bytes(8))


def sealed(keys: usm.Keys, plain: bytes, *, number: int = 0) -> bytes:
    envelope = usm.Envelope(keys, ENGINE, 5, 70000, reportable=True)
    return keys.seal(envelope, 0x0080_0001, plain, number)


def plain_of(content: bytes) -> bytes:
    return usm.encode_scoped(ENGINE, b"ctx", encode(0xA2, content))


@pytest.mark.parametrize(("auth", "priv"), PAIRS)
@pytest.mark.parametrize("size", [0, 1, 7, 8, 100, 126, 300])
def test_what_is_sealed_is_opened(auth: str, priv: str, size: int) -> None:
    user = made("noc", (auth, PASSPHRASE), (priv, b"another one"))
    data = sealed(user.at(ENGINE), plain_of(bytes(size)))
    message = usm_message.split(data)
    assert message == usm_message.split_plainly(data)
    assert message[:6] == (0x0080_0001, 7, ENGINE, 5, 70000, b"noc")
    opened = user.at(ENGINE).open(message)
    assert (opened.context_engine_id, opened.context_name, opened.pdu) == (ENGINE, b"ctx", 0xA2)
    assert opened.data[opened.start : opened.stop] == bytes(size)


@pytest.mark.parametrize("msg_id", [0, 1, 127, 128, 255, 256, 32767, 32768, 2**23 - 1, 2**23, 2**31 - 1])
def test_a_msg_id_takes_no_more_octets_than_it_needs(msg_id: int) -> None:
    """X.690 section 8.3.2. Who answers has to write the asker's, however short."""
    keys = made("noc", ("SHA-1", PASSPHRASE), ("AES-128", PASSPHRASE)).at(ENGINE)
    data = keys.seal(usm.Envelope(keys, ENGINE, 5, 70000, reportable=False), msg_id, plain_of(b"x" * 200), 0)
    assert encode_integer(msg_id) + encode_integer(usm_message.MAX_SIZE) in data
    message = usm_message.split(data)
    assert (message.msg_id, usm_message.message_id(data)) == (msg_id, msg_id)
    assert message == usm_message.split_plainly(data)
    assert keys.open(message).context_name == b"ctx"


@pytest.mark.parametrize("auth", DIGESTS)
def test_the_digest_is_that_of_pysnmp(auth: str) -> None:
    user = made("noc", (auth, PASSPHRASE))
    data = sealed(user.at(ENGINE), plain_of(b"content"))
    message = usm_message.split(data)
    at, size = message.auth_at, len(message.auth)
    blank = data[:at] + bytes(size) + data[at + size :]
    assert user.auth is not None
    key = ORACLE_AUTH[auth].localize_key(univ.OctetString(user.auth.reveal()), univ.OctetString(ENGINE))
    assert ORACLE_AUTH[auth].authenticate_outgoing_message(key, blank) == data


@pytest.mark.parametrize("level", ["noAuthNoPriv", "authNoPriv", "authPriv"])
def test_a_message_of_another_level_is_not_opened(level: str) -> None:
    users = {
        "noAuthNoPriv": made("noc"),
        "authNoPriv": made("noc", ("SHA-1", PASSPHRASE)),
        "authPriv": made("noc", ("SHA-1", PASSPHRASE), ("AES-128", PASSPHRASE)),
    }
    message = usm_message.split(sealed(users[level].at(ENGINE), plain_of(b"")))
    for other, user in users.items():
        if other == level:
            assert user.at(ENGINE).open(message).context_name == b"ctx"
        else:
            with pytest.raises(usm.NotGenuineError, match="level"):
                user.at(ENGINE).open(message)


def test_wrong_keys_are_told_apart() -> None:
    ours = made("noc", ("SHA-256", PASSPHRASE), ("AES-128", PASSPHRASE))
    message = usm_message.split(sealed(ours.at(ENGINE), plain_of(bytes(50))))
    other = made("noc", ("SHA-256", b"other words"), ("AES-128", PASSPHRASE))
    with pytest.raises(usm.NotGenuineError, match="digest"):
        other.at(ENGINE).open(message)
    with pytest.raises(usm.NotGenuineError, match="digest"):
        ours.at(ENGINE + b"1").open(message)
    other = made("noc", ("SHA-256", PASSPHRASE), ("AES-128", b"other words"))
    with pytest.raises(MalformedError, match="decryption"):
        other.at(ENGINE).open(message)


@settings(max_examples=300)
@given(st.sampled_from(["SHA-1", "SHA-512"]), st.data())
def test_no_octet_of_a_signed_message_can_be_changed(auth: str, draw: st.DataObject) -> None:
    keys = made("noc", (auth, PASSPHRASE), ("AES-128", PASSPHRASE)).at(ENGINE)
    data = bytearray(sealed(keys, plain_of(bytes(40))))
    place = draw.draw(st.integers(0, len(data) - 1))
    data[place] ^= draw.draw(st.integers(1, 255))
    with pytest.raises(MalformedError):
        keys.open(usm_message.split(bytes(data)))


@given(st.integers(0, 170))
def test_no_message_can_be_cut(size: int) -> None:
    data = sealed(made("noc", ("SHA-1", PASSPHRASE)).at(ENGINE), plain_of(bytes(100)))
    assert size < len(data)
    with pytest.raises(MalformedError):
        usm_message.split(data[:size])


@settings(max_examples=500)
@given(st.data())
def test_the_pattern_and_the_plain_reader_agree_on_whatever_comes(draw: st.DataObject) -> None:
    privacy_protocol = draw.draw(st.sampled_from([None, ("AES-128", PASSPHRASE), ("DES", PASSPHRASE)]))
    keys = made("noc", ("SHA-1", PASSPHRASE), privacy_protocol).at(ENGINE)
    data = bytearray(sealed(keys, plain_of(bytes(200))))
    for _ in range(draw.draw(st.integers(0, 3))):
        data[draw.draw(st.integers(0, 110))] = draw.draw(st.integers(0, 255))
    assert read(usm_message.split, bytes(data)) == read(usm_message.split_plainly, bytes(data))
    body = bytes(data[50:])
    assert read(usm_message.scoped, body, 0, len(body)) == read(
        usm_message.scoped_plainly, body, 0, len(body)
    )


@settings(max_examples=500)
@given(st.data())
def test_a_message_like_the_last_one_is_read_as_any_other(draw: st.DataObject) -> None:
    privacy_protocol = draw.draw(st.sampled_from([None, ("AES-128", PASSPHRASE)]))
    keys = made("noc", ("SHA-1", PASSPHRASE), privacy_protocol).at(ENGINE)
    known = usm_message.Known(usm_message.split(sealed(keys, plain_of(bytes(200)))))
    data = bytearray(sealed(keys, plain_of(bytes(draw.draw(st.integers(0, 400)))), number=1))
    for _ in range(draw.draw(st.integers(0, 3))):
        data[draw.draw(st.integers(0, min(110, len(data) - 1)))] = draw.draw(st.integers(0, 255))
    whole = bytes(data[: len(data) - draw.draw(st.sampled_from([0, 0, 0, 1]))])
    assert read(known.split, whole) == read(usm_message.split_plainly, whole)
    message = read(usm_message.split_plainly, whole)
    if message is not None and usm_message.is_version_3(whole):
        assert usm_message.message_id(whole) == message.msg_id


@settings(max_examples=300)
@given(st.data())
def test_both_readers_agree_on_scoped_pdus(draw: st.DataObject) -> None:
    data = bytearray(usm.encode_scoped(ENGINE, b"ctx", encode(0xA2, bytes(300))) + bytes(7))
    for _ in range(draw.draw(st.integers(0, 3))):
        data[draw.draw(st.integers(0, 40))] = draw.draw(st.integers(0, 255))
    whole = bytes(data)
    assert read(usm_message.scoped, whole, 0, len(whole)) == read(
        usm_message.scoped_plainly, whole, 0, len(whole)
    )


def read(reader: Any, *given_to_it: Any) -> Any:
    """What a reader returns; that it refuses counts as a result, why does not."""
    try:
        return reader(*given_to_it)
    except MalformedError:
        return None


def test_another_version_is_told() -> None:
    other = encode(SEQUENCE, encode_integer(1) + encode(OCTET_STRING, b"public"))
    with pytest.raises(MalformedError, match="version"):
        usm_message.split(other)


def test_reports_about_time_are_signed_and_not_encrypted() -> None:
    keys = made("noc", ("SHA-1", PASSPHRASE), ("AES-128", PASSPHRASE)).at(ENGINE)
    signed = keys.unencrypted()
    message = usm_message.split(sealed(signed, plain_of(b"report")))
    assert message.level == usm_message.LEVELS["authNoPriv"]
    assert signed.open(message).context_engine_id == ENGINE
    with pytest.raises(usm.NotGenuineError, match="level"):
        keys.open(message)
