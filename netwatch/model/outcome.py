"""How asking a device ended: a local failure must never look like the device's fault."""

from __future__ import annotations

import enum


class Outcome(enum.StrEnum):
    """The end of one poll; the values are the `outcome` label of `netwatch_snmp_polls_total`."""

    ANSWERED = "answered"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"  # an ICMP error came back
    REFUSED = "refused"  # the agent or its host refused us (port closed, credentials)
    AGENT_ERROR = "agent_error"  # a well-formed answer that reports an error
    MALFORMED = "malformed"
    LOCAL_ERROR = "local_error"  # never asked: no route, no buffer, no name


class SlotResult(enum.IntEnum):
    """What one echo slot showed (architecture: *slot*). Stored one byte each."""

    GOOD = 0
    LOST = 1
    UNREACHABLE = 2  # lost, and an ICMP error told so
    INVALID = 3  # could not be sent: says nothing about the device
