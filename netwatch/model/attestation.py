"""What people sign for, and what they object to: entries of the ledger that stand beside what is measured."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.claim import Criterion, Finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping


class AttestationKind(enum.StrEnum):
    """What sort of paper it is."""

    INSPECTION = "inspection"  # somebody went there and looked
    ACCEPTANCE = "acceptance"  # the carrier's record that a line was handed over


_SHOWN, _EITHER = (Finding.SHOWN,), (Finding.SHOWN, Finding.CONTRADICTED)

SAYS: Mapping[AttestationKind, Mapping[Criterion, tuple[Finding, ...]]] = {
    AttestationKind.INSPECTION: {
        Criterion.FIBRE: _EITHER,
        Criterion.INTERNET: _EITHER,
        Criterion.LAN: _EITHER,
        Criterion.IDENTIFIED: _EITHER,
        Criterion.DECLARED: _SHOWN,
    },
    AttestationKind.ACCEPTANCE: {Criterion.FIBRE: _SHOWN, Criterion.DECLARED: _SHOWN},
}
"""What each kind of paper can say; `reachable` and `quality` are figures of a period, and measured."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A document that was archived: its file is kept by its hash, the ledger has the hash. Kept once."""

    at: float  # Unix seconds
    sha256: str
    name: str  # of the file, without its folder
    size: int  # bytes
    title: str
    by: str  # who handed it in


@dataclass(frozen=True, slots=True)
class Attestation:
    """A signed paper says of one unit that a criterion is shown, or contradicted."""

    at: float  # Unix seconds: when it entered the ledger
    name: str  # unique: how it is referred to
    kind: AttestationKind
    register: str
    unit: str  # code in the register in force on `date`
    predecessor: str  # the older unit whose office it is about, or ""
    criterion: Criterion
    finding: Finding
    date: dt.date  # of what it says
    by: str  # who inspected or accepted: person and office
    exhibits: tuple[str, ...]  # SHA-256 of the archived documents
    signer: str = ""  # name in `attestors` of the key whose signature was checked; "": signed on paper
    signature: str = ""  # as it was given: SSHSIG, armored
    text: str = ""
    withdrawn: bool = False  # a later entry of the same name, which takes it back


@dataclass(frozen=True, slots=True)
class Dispute:
    """A unit's people do not agree with its verdict. While it is open the unit is undetermined."""

    at: float  # Unix seconds
    name: str  # unique
    claim: str
    register: str
    unit: str  # code in the claim's population
    by: str
    text: str
    deadline: float  # Unix seconds by which it is to be answered
    exhibits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a dispute, which closes it."""

    at: float  # Unix seconds
    dispute: str  # its name
    by: str
    upheld: bool  # the unit's people were right; what follows is an attestation or a mended configuration
    text: str
    exhibits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where an entry stands in its chain, and its hash: what whoever handed it in can prove it by."""

    poller: str
    seq: int
    at: float  # Unix seconds
    hash: str  # hexadecimal
