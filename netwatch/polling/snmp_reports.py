"""What an SNMPv3 agent reports instead of an answer, and what a sysadmin is told to look at.

An agent that does not let a message in answers with a counter's name (RFC 3414 section 3.2, RFC 3412
section 7.2, RFC 3413 section 3.2). The words are ours: nothing of a message that nobody signed is shown.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from netwatch.model.outcome import Outcome
from netwatch.protocols.ber import INTEGER, SEQUENCE, MalformedError, encode_oid, expect
from netwatch.protocols.snmp import varbind
from netwatch.protocols.usm_message import LEVELS

if TYPE_CHECKING:
    from netwatch.protocols.usm import User

_USM_STATS = (1, 3, 6, 1, 6, 3, 15, 1, 1)  # SNMP-USER-BASED-SM-MIB
_MPD_STATS = (1, 3, 6, 1, 6, 3, 11, 2, 1)  # SNMP-MPD-MIB
_TARGET = (1, 3, 6, 1, 6, 3, 12, 1)  # SNMP-TARGET-MIB


class Report(enum.Enum):
    """What is wrong: as an agent reports it, or as we find it."""

    UNSUPPORTED_LEVEL = enum.auto()
    NOT_IN_TIME = enum.auto()
    UNKNOWN_USER = enum.auto()
    UNKNOWN_ENGINE = enum.auto()
    WRONG_DIGEST = enum.auto()
    DECRYPTION = enum.auto()
    UNKNOWN_MODEL = enum.auto()
    UNKNOWN_CONTEXT = enum.auto()
    OTHER = enum.auto()
    BOOTS_LATCHED = enum.auto()
    OUR_DIGEST = enum.auto()
    OUR_DECRYPTION = enum.auto()
    SILENCE = enum.auto()

    @property
    def outcome(self) -> Outcome:
        """How a question ends that is answered by it."""
        return Outcome.AGENT_ERROR if self in _FAULTS else Outcome.REFUSED


_FAULTS = frozenset((Report.NOT_IN_TIME, Report.UNKNOWN_ENGINE, Report.OTHER, Report.BOOTS_LATCHED))

_NAMES = {
    encode_oid((*_USM_STATS, 1, 0)): Report.UNSUPPORTED_LEVEL,
    encode_oid((*_USM_STATS, 2, 0)): Report.NOT_IN_TIME,
    encode_oid((*_USM_STATS, 3, 0)): Report.UNKNOWN_USER,
    encode_oid((*_USM_STATS, 4, 0)): Report.UNKNOWN_ENGINE,
    encode_oid((*_USM_STATS, 5, 0)): Report.WRONG_DIGEST,
    encode_oid((*_USM_STATS, 6, 0)): Report.DECRYPTION,
    encode_oid((*_MPD_STATS, 1, 0)): Report.UNKNOWN_MODEL,
    encode_oid((*_TARGET, 4, 0)): Report.UNKNOWN_CONTEXT,
    encode_oid((*_TARGET, 5, 0)): Report.UNKNOWN_CONTEXT,
}

_WORDS = {
    Report.UNSUPPORTED_LEVEL: (
        "the agent does not take user {user} at level {level} (usmStatsUnsupportedSecLevels): "
        "compare auth and priv with what the agent has"
    ),
    Report.NOT_IN_TIME: (
        "the agent refuses its own clock (usmStatsNotInTimeWindows): its snmpEngineTime may stand still"
    ),
    Report.UNKNOWN_USER: (
        "the agent knows no user {user} (usmStatsUnknownUserNames): check user, or create it on the agent"
    ),
    Report.UNKNOWN_ENGINE: (
        "the agent does not know its own engineID (usmStatsUnknownEngineIDs): it may change with each message"
    ),
    Report.WRONG_DIGEST: (
        "the agent finds the signature wrong (usmStatsWrongDigests): check protocol and passphrase of auth"
    ),
    Report.DECRYPTION: (
        "the agent cannot decrypt (usmStatsDecryptionErrors): check protocol and passphrase of priv"
    ),
    Report.UNKNOWN_MODEL: "the agent takes no SNMPv3 users (snmpUnknownSecurityModels)",
    Report.UNKNOWN_CONTEXT: "the agent has no such context (snmpUnknownContexts): check context",
    Report.OTHER: "the agent answers with a report that is not known here",
    Report.BOOTS_LATCHED: (
        "the agent's snmpEngineBoots is at its end (2147483647): give it a new snmpEngineID"
    ),
    Report.OUR_DIGEST: "answers are signed with another key: check protocol and passphrase of auth",
    Report.OUR_DECRYPTION: "answers cannot be decrypted: check protocol and passphrase of priv",
    Report.SILENCE: (
        "the agent told its engineID, then nothing to user {user} at level {level}: check protocol and "
        "passphrase of {last}"
    ),
}


def words_of(credential: str, user: User, report: Report) -> str:
    """Say in one line what is wrong, and what to check under a credential of credentials.yaml."""
    level = next(name for name, bits in LEVELS.items() if bits == user.level)
    last = ("user", "auth", "", "priv")[user.level]
    words = _WORDS[report].format(user=user.name.decode("utf-8", "replace"), level=level, last=last)
    return f"credential {credential}: {words}"


def report_of(data: bytes, start: int, stop: int) -> Report:
    """Read the content of a Report-PDU; raise :class:`MalformedError` where it is none."""
    at = start
    for _ in range(3):  # request-id (0 where the agent could not read ours), error-status, error-index
        _, at = expect(data, at, stop, INTEGER)
    at, end = expect(data, at, stop, SEQUENCE)
    if end != stop:
        raise MalformedError("trailing octets")
    name, _, _, _ = varbind(data, at, end)
    return _NAMES.get(name, Report.OTHER)
