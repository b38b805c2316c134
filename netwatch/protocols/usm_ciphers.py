"""The ciphers of SNMPv3: AES in CFB mode (RFC 3826) and DES in CBC mode (RFC 3414 section 8).

Making a cipher object costs more than what it then does with a datagram, so each key keeps two, one a
direction, and never ends them. Both modes chain: what follows depends on the ciphertext block before it and
on nothing older. An object is therefore brought to any vector by making that the last ciphertext block:

- decrypting, the vector is fed in front of the ciphertext, and what comes out for it is thrown away;
- encrypting in CFB, what encrypts to the vector is fed first: vector xor E(last ciphertext block);
- encrypting in CBC, the first block is xored with vector xor last ciphertext block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from netwatch.protocols.ber import MalformedError
from netwatch.protocols.usm_message import SALT

if TYPE_CHECKING:
    from netwatch.protocols.usm_keys import Key, PrivacyProtocol

_BLOCK = 16  # octets of AES
_DES_BLOCK = 8


class Privacy(Protocol):
    """Encrypts and decrypts under one key. `boots` and `time` are the message's; its salt has SALT octets."""

    def salt(self, boots: int, number: int) -> bytes:
        """Return the salt of a message, from a number that is never given twice."""
        ...

    def encrypt(self, plain: bytes, boots: int, time: int, salt: bytes) -> bytes:
        """Encrypt a scoped PDU."""
        ...

    def decrypt(self, data: bytes, boots: int, time: int, salt: bytes) -> bytes:
        """Decrypt one; raise :class:`MalformedError` where its length cannot be right."""
        ...


def privacy(protocol: PrivacyProtocol, key: Key) -> Privacy:
    """Return what encrypts by a protocol under a localised key."""
    return Aes(key) if protocol.cipher == "AES" else Des(key)


class Aes:
    """AES in CFB mode with whole blocks fed back (RFC 3826 section 3.1). The vector is boots, time, salt."""

    __slots__ = ("_block", "_decryptor", "_encryptor", "_last")

    def __init__(self, key: Key) -> None:
        algorithm = algorithms.AES(key.reveal())
        cfb = Cipher(algorithm, CFB(bytes(_BLOCK)))
        self._encryptor = cfb.encryptor()
        self._decryptor = cfb.decryptor()
        self._block = Cipher(algorithm, modes.ECB()).encryptor()  # noqa: S305 - the E(…) of the mode's definition
        self._last = bytes(_BLOCK)

    def salt(self, boots: int, number: int) -> bytes:  # noqa: ARG002 - a part of the protocol
        """Return 64 bits that never come again under a key (RFC 3826 section 3.1.2.1)."""
        return (number & 0xFFFF_FFFF_FFFF_FFFF).to_bytes(SALT)

    def encrypt(self, plain: bytes, boots: int, time: int, salt: bytes) -> bytes:
        """Encrypt: as many octets come out as went in."""
        size = len(plain)
        vector = boots << 96 | time << 64 | int.from_bytes(salt)
        turn = vector ^ int.from_bytes(self._block.update(self._last))
        found = self._encryptor.update(turn.to_bytes(_BLOCK) + plain + bytes(-size % _BLOCK))
        self._last = found[-_BLOCK:]
        return found[_BLOCK : _BLOCK + size]

    def decrypt(self, data: bytes, boots: int, time: int, salt: bytes) -> bytes:
        """Decrypt; no length is wrong."""
        size = len(data)
        vector = (boots << 32 | time).to_bytes(8) + salt
        return self._decryptor.update(vector + data + bytes(-size % _BLOCK))[_BLOCK : _BLOCK + size]


class Des:
    """DES in CBC mode (RFC 3414 section 8.1.1): eight octets of key, eight that the vector is made with."""

    __slots__ = ("_decryptor", "_encryptor", "_last", "_pre_vector")

    def __init__(self, key: Key) -> None:
        octets = key.reveal()
        # Three times the same key is DES: encrypted, decrypted, encrypted.
        cbc = Cipher(TripleDES(octets[:8] * 3), modes.CBC(bytes(_DES_BLOCK)))
        self._encryptor = cbc.encryptor()
        self._decryptor = cbc.decryptor()
        self._pre_vector = int.from_bytes(octets[8:16])
        self._last = 0

    def salt(self, boots: int, number: int) -> bytes:
        """Return engineBoots and 32 bits that do not come again soon (RFC 3414 section 8.1.1.1)."""
        return (boots << 32 | number & 0xFFFF_FFFF).to_bytes(SALT)

    def encrypt(self, plain: bytes, boots: int, time: int, salt: bytes) -> bytes:  # noqa: ARG002 - a protocol
        """Encrypt, padded to whole blocks."""
        padded = plain + bytes(-len(plain) % _DES_BLOCK)
        if not padded:
            return b""
        turn = self._pre_vector ^ int.from_bytes(salt) ^ self._last
        first = int.from_bytes(padded[:_DES_BLOCK]) ^ turn
        found = self._encryptor.update(first.to_bytes(_DES_BLOCK) + padded[_DES_BLOCK:])
        self._last = int.from_bytes(found[-_DES_BLOCK:])
        return found

    def decrypt(self, data: bytes, boots: int, time: int, salt: bytes) -> bytes:  # noqa: ARG002 - a protocol
        """Decrypt; the padding is left for the reader of the BER, who knows where it begins."""
        if len(data) % _DES_BLOCK:
            raise MalformedError("decryption")
        vector = self._pre_vector ^ int.from_bytes(salt)
        return self._decryptor.update(vector.to_bytes(_DES_BLOCK) + data)[_DES_BLOCK:]
