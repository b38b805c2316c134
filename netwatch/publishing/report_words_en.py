"""What the report says in English."""

from __future__ import annotations

from netwatch.model.attestation import AttestationKind
from netwatch.model.cause import Cause
from netwatch.model.claim import ClaimVerdict, Criterion, Finding, UnitVerdict, Withheld
from netwatch.publishing.report_definitions_en import ENGLISH as DEFINITIONS
from netwatch.publishing.report_words import Claims, Front, Overview, Populations, Record, ReportWords, Units

FRONT = Front(
    kinds={"month": "Monthly report", "day": "Report of a day", "range": "Report of a period"},
    title="What was declared, and what was measured",
    contents="Contents",
    period="Period",
    period_text="{first} to {last}, whole days by the clock of {zone} ({offset})",
    made="Made",
    made_text="{moment}, by netwatch {version}",
    registers="Registers",
    example="an example: yields no verdict",
    units="Units",
    units_text="{count} in the registers in force, {monitored} of them monitored",
    page="Page",
    running="netwatch: declared, and measured",
)

CLAIMS = Claims(
    heading="The claims",
    lead="Each claim as its document states it, and beside it what the period shows. What is measured "
    "lies between two bounds: below the lower one everything is shown; above the upper one everything "
    "is contradicted; what lies between is not known.",
    one="Claim {number}",
    document="Document",
    document_hash="SHA-256 of the document",
    no_hash="not archived",
    sentence="Declared {declared} as of {date}; as measured in {period}: {found}.",
    between="between {lower} and {upper}",
    valued="{value} on {date}, by {source}",
    unmeasured="no measurement",
    undeclared="without a figure",
    not_then="What was measured in {period} neither confirms nor refutes what was so on {date}.",
    verdicts={
        ClaimVerdict.HOLDS: "holds",
        ClaimVerdict.DOES_NOT_HOLD: "does not hold",
        ClaimVerdict.UNDETERMINED: "undetermined",
    },
    unit_verdicts={
        UnitVerdict.VERIFIED: "verified",
        UnitVerdict.REFUTED: "refuted",
        UnitVerdict.UNDETERMINED: "undetermined",
        UnitVerdict.UNMONITORED: "unmonitored",
    },
    no_verdict="no verdict",
    withheld={
        Withheld.EXAMPLE: "The register is marked as an example: how many units there really are is "
        "not known, and no verdict follows from it.",
        Withheld.NO_UNITS: "The register lists no such unit on the claim's day.",
        Withheld.NOT_MEASURED: "Declared, not measured: nothing that netwatch watches shows it or "
        "contradicts it.",
        Withheld.CEASED: "The population has ceased: none of its units lives on in a unit of today.",
        Withheld.READING: "The record was still being read when this was made; the bounds are those so far.",
        Withheld.NOT_OBSERVED: "Only {observed} of the period has passed and was observed, less than "
        "the minimum of {minimum}; the bounds are those so far.",
    },
    population="Population",
    population_text="{count} units of the register {register} as of {date}",
    no_population="none: the claim is a figure, not a share of units",
    lives_on="The {count} units of {date} live on in {heirs} of today's.",
    asked="Asked of each unit",
    observed="Observed",
    observed_text="{observed} of the period (a verdict needs {minimum})",
    limits="Limits of quality",
    limit_availability="availability at least",
    limit_loss="lost slots at most",
    limit_rtt="mean round trip at most",
    hours={"24x7": "all minutes, 24 \N{MULTIPLICATION SIGN} 7", "office": "minutes of office hours"},
    by_verdict="Units by verdict",
    all="All",
    bar="Shown {lower}, not contradicted {upper}, declared {declared}",
    key_shown="shown",
    key_unknown="not known",
    key_refuted="contradicted",
    key_declared="declared",
    none="The configuration states no claim.",
)

OVERVIEW = Overview(
    heading="Overview",
    lead="Every unit of the registers in force has a row, also one that has no device. A name leads to "
    "the unit.",
    caption="Units, their availability (all minutes, nothing left out) and the verdicts of the claims",
    unit="Unit",
    code="Code",
    area="Area",
    availability="Availability, lower\N{EN DASH}upper bound",
    outages="Outages",
    claim="C{number}",
    symbols="Symbols",
    no_part="not in its population",
    none="The registers list no unit.",
    unseen="What was not seen",
    unseen_lead="What nobody looked at proves nothing, in either direction. It counts as unknown: "
    "against the lower bound, and for the upper one.",
    unmonitored="Units without a device: {count} of {total}",
    all_monitored="Every unit has a device.",
    pauses="Pauses of netwatch",
    no_pauses="netwatch ran without a pause.",
    gaps="Entries that the record had no room for",
    no_gaps="No entry of the record was dropped.",
    gap_kind="Kind of entry",
    gap_number="Number",
    blind="Blind minutes",
    blind_text="An observation path was blind, in whole or in part, to {units} units, for {minutes} of "
    "their minutes.",
    no_blind="No observation path was blind.",
    began="From",
    ended="To",
    length="Length",
)

POPULATIONS = Populations(
    heading="The units of each claim",
    lead="A claim is measured at the units that its document counted. Those that are refuted come "
    "first, then those that are undetermined, unmonitored and verified.",
    caption="Claim {number}: the {count} units of its population",
    verdict="Verdict",
    lives_on="Lives on in",
    nowhere="none of today's",
    disputed="Open disputes",
    no_units="This claim has no units.",
)

UNITS = Units(
    heading="Every unit",
    lead="In the chart of a unit each column is a day, from midnight above to midnight below. What is "
    "left blank says that no outage was recorded, not that the line was up: unknown minutes are "
    "counted in the table.",
    key_outage="outage",
    key_unseen="not looked at",
    key_planned="announced work",
    code="Code",
    area="Area",
    register="register",
    unmonitored="This unit has no device: all of its minutes are unknown.",
    verdicts="Verdicts",
    figures="Availability, loss and delay",
    basis="Over",
    gross="all minutes, 24 \N{MULTIPLICATION SIGN} 7 (gross)",
    net="without announced work (net)",
    office="office hours (gross)",
    uplink="line",
    availability="Availability",
    loss="Slots lost",
    swift="Minutes ≤ 50 ms",
    rtt="Mean RTT",
    up="Up",
    down="Down",
    unknown="Unknown",
    counts="Outages: {outages}. Shorter losses (blips): {blips}. Blind minutes: {blind}.",
    strip="Days of {name}: {outages} outages; each stands in the table below",
    criteria="Criteria",
    criterion="Criterion",
    finding="Finding",
    findings={
        Finding.SHOWN: "shown",
        Finding.CONTRADICTED: "contradicted",
        Finding.NOT_SHOWN: "not shown",
    },
    graded={
        Finding.SHOWN: "pass",
        Finding.CONTRADICTED: "fail",
        Finding.NOT_SHOWN: "insufficient data",
    },
    criterion_names={
        Criterion.DECLARED: "declared",
        Criterion.REACHABLE: "reachable",
        Criterion.IDENTIFIED: "identified",
        Criterion.FIBRE: "fibre",
        Criterion.INTERNET: "internet",
        Criterion.LAN: "LAN",
        Criterion.QUALITY: "quality",
    },
    at="Newest evidence",
    source="Source, and what it told",
    sources={},
    attested="attested, not measured",
    outages="Outages",
    no_outages="No outage was recorded.",
    began="Began",
    ended="Ended",
    length="Length",
    cause="Cause",
    causes={
        Cause.UPSTREAM: "upstream",
        Cause.MAINTENANCE: "announced work",
        Cause.POWER: "power",
        Cause.RESTART: "restart",
        Cause.LINK: "link",
        Cause.ACCESS: "access network",
        Cause.UNDETERMINED: "undetermined",
    },
    known="What is known",
    goes_on="goes on",
    so_far="so far",
    settled="settled",
    root="failed above it:",
    partly_unknown="{length} of it unknown",
    ticket="ticket",
    excluded="Announced work",
    excluded_text="{name}: {start} to {end}, announced by {by} at {announced}",
    excluded_minutes="{minutes} minutes are left out of the net figures",
    too_late="announced after it had begun: nothing is left out",
    papers="Papers",
    attestation_kinds={
        AttestationKind.INSPECTION: "Inspection",
        AttestationKind.ACCEPTANCE: "Acceptance record",
    },
    attestation_text="{criterion}: {finding}, {date}, by {by}",
    signed="signature of {signer} checked",
    on_paper="signed on paper",
    predecessor="about the former unit {code}",
    exhibits="exhibits",
    disputes="Disputes",
    dispute_text="Of {claim}, by {by}, {at}",
    deadline="to be answered by {deadline}",
    open="open: the unit is undetermined",
    upheld="upheld",
    dismissed="not upheld",
    answer_text="answered by {by}, {at}",
    top="Back to the overview",
)

RECORD = Record(
    heading="The record, and how to check it",
    proves=(
        (
            "All figures follow from a ledger: a chain of entries, each sealed by the hash of the one "
            "before. Its heads are signed, stamped by an authority and sent to outsiders where that is "
            "set up; such a head is an anchor."
        ),
        (
            "This proves that what the ledger held when an anchor was made was not changed, removed or "
            "added to since. It does not prove that the entries were true, nor that they were "
            "complete; nor does it prove anything of what came after the last anchor."
        ),
    ),
    check="How to check",
    check_text="With a copy of the ledger and the anchors, anyone can work out every minute, outage "
    "and verdict once more. No configuration of the operator is needed:",
    heads="Ends of the chains that this report was made from",
    poller="Poller",
    entry="Entry",
    at="Time",
    hash="SHA-256",
    no_heads="There was no chain to read.",
    anchors="Anchors",
    no_anchors="There is no anchor: nothing outside of the ledger shows that it is unchanged.",
    date="Day",
    fits="The ledger",
    fits_yes="still has this entry",
    fits_no="does not have this entry any more",
    signed_by="Signature checked of",
    stamped="Time stamp",
    unsigned="none",
    unstamped="none",
    registers="Registers",
    register="Register",
    status="Status",
    in_use="in use",
    exhibits="Archived documents",
    no_exhibits="No document was archived.",
    file="File",
    title="Title",
    size="Size",
    by="Handed in by",
    bytes="{size} bytes",
)

ENGLISH = ReportWords(
    front=FRONT,
    claims=CLAIMS,
    overview=OVERVIEW,
    populations=POPULATIONS,
    units=UNITS,
    record=RECORD,
    definitions=DEFINITIONS,
)
