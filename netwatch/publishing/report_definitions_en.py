"""What the figures of a report mean, in English (docs/architecture.md: *definitions*)."""

from __future__ import annotations

from netwatch.model.cause import Cause
from netwatch.model.claim import Criterion
from netwatch.publishing.report_words import Definitions

TERMS = (
    (
        "Slot",
        (
            "One question to one line, as a rule one echo a second. An answer within the timeout makes "
            "it good; one that comes later, but before its minute is settled, makes it late: the line "
            "is alive, and the slot counts as lost. Without an answer it is lost. A slot that could "
            "not be sent, or whose observation path was blind, is invalid: it says nothing. A slot of "
            "a unit is good if that of one of its lines is."
        ),
    ),
    (
        "Minute",
        (
            "Each minute is judged once, some time after its end (see the parameters). It is up where "
            "at least 80 % of its expected slots are valid and fewer than half of those are lost; down "
            "where at least 80 % are valid and half or more are lost; else unknown. A verdict that was "
            "published is never taken back."
        ),
    ),
    (
        "Outage",
        (
            "A line is down once so many slots in a row are lost, and up once so many in a row are "
            "good (see the parameters), each dated back to the first of them. On a line that loses "
            "much by chance it takes more lost ones, at most 30. A stretch of down that lasts as long "
            "as the parameters say is an outage; a shorter one is a blip, and is counted apart."
        ),
    ),
    (
        "Availability",
        (
            "Of a period with U minutes up, D down and X unknown, the lower bound is U ÷ (U + D + X), "
            "and the upper bound (U + X) ÷ (U + D + X). Quality passes where the lower bound reaches "
            "the limit, fails where the upper bound misses it, and lacks data else. Bounds are rounded "
            "outwards."
        ),
    ),
    (
        "Slots lost",
        (
            "Lost and late slots, divided by all that were expected in minutes that were judged; what "
            "is invalid counts for the upper bound only."
        ),
    ),
    (
        "Minutes ≤ 50 ms, mean RTT",
        (
            "Minutes whose mean round-trip time is 50 ms or less, divided by all minutes; those of "
            "which no time is known count for the upper bound only. Lost packets have no round-trip "
            "time (RFC 2681)."
        ),
    ),
    (
        "Announced work",
        (
            "It never removes a minute from the gross figures. The net figures leave out only windows "
            "that entered the record before they began, and name who announced them."
        ),
    ),
    (
        "Observation path, blind",
        (
            "The way from the poller to the units. When references at its near end do not answer, "
            "everything behind it is unknown, never down: what failed may be ours."
        ),
    ),
    (
        "Verdict of a unit",
        (
            "Verified: all criteria that the claim asks for are shown. Refuted: one of them is "
            "contradicted. Unmonitored: the unit has no device. Undetermined: everything else, and "
            "every unit with an open dispute."
        ),
    ),
    (
        "Verdict of a claim",
        (
            "Of N units, the lower bound is the share of those verified, and the upper bound the share "
            "of those not refuted. The claim holds where the lower bound reaches what was declared, "
            "and does not hold where the upper bound is below it; else it is undetermined. There is no "
            "verdict before a minimum of its period has passed and was observed. It is a verdict on "
            "the period that was measured, never on the day of the declaration."
        ),
    ),
    (
        "Population",
        (
            "The units of the register on the claim's day. Where units were merged since, each former "
            "unit is counted by itself: an office speaks for the former unit that it lies in, and a "
            "former unit without an office that has a device is unmonitored."
        ),
    ),
    (
        "Limits that are borrowed",
        (
            "Availability of 99.5 % and a delay of 50 ms are taken from QCVN 34:2019/BTTTT. That "
            "regulation binds providers of fixed broadband and is younger than the declarations of "
            "2017: the limits grade quality, they say nothing of whether a line exists."
        ),
    ),
)

ENGLISH = Definitions(
    heading="Definitions and parameters",
    lead="The definitions are netwatch's own. They stand here so that every figure above can be "
    "understood and worked out again.",
    terms=TERMS,
    criteria="Criteria",
    criteria_rows={
        Criterion.DECLARED: ("a document that is hashed and kept", "nothing"),
        Criterion.REACHABLE: (
            "minutes that were up within the period",
            "nothing: silence contradicts nothing",
        ),
        Criterion.IDENTIFIED: (
            "serial number, name or type of the device as expected",
            "another identity that answers",
        ),
        Criterion.FIBRE: (
            (
                "received light in range, or an optical port, at the interface of the default route; "
                "what the carrier's terminal reads of the unit's; or a signed acceptance record (then "
                "attested)"
            ),
            "the only active line is proven to be something else (4G, copper); a signed inspection",
        ),
        Criterion.INTERNET: (
            "probes from inside: by the unit's own router, or from a vantage point at the unit",
            "probes from inside that fail while the device is reachable",
        ),
        Criterion.LAN: (
            (
                "end stations at two ports or more that are no uplinks, or as many hosts known to the "
                "gateway, on at least 10 working days of the month; only counts are kept"
            ),
            "a signed inspection",
        ),
        Criterion.QUALITY: (
            "availability, loss and delay within the claim's limits over the period",
            "a bound that misses its limit",
        ),
    },
    shown_by="Shown by",
    contradicted_by="Contradicted by",
    causes="Causes of outages; the first that applies",
    cause="Cause",
    sign="Sign",
    cause_rows={
        Cause.UPSTREAM: "all devices that the unit's line passes through were down from the same moment on",
        Cause.MAINTENANCE: "a window that was announced before it began, and in which the outage began",
        Cause.POWER: "a UPS on battery or a device's last word that it loses power, as the outage began",
        Cause.RESTART: "the device began to run within 20 seconds, and nothing above explains why",
        Cause.LINK: "the line's port went down, or its light was lost or fading, while the device ran on",
        Cause.ACCESS: "the device ran on, and its port, which could be seen, showed nothing",
        Cause.UNDETERMINED: "none of these; a cause is never guessed",
    },
    parameters="Parameters in force in the period, in their order",
    parameter="Parameter",
    value="Value {number}",
    down_after="Lost slots in a row that make a line down",
    up_after="Good slots in a row that make it up again",
    outage_after="Shortest outage",
    settle_after="From a minute's end until it is judged",
    slots="{count} slots",
    no_parameters="No process wrote to the record in the period: no parameters were in force.",
    office="Office hours",
    office_text="{hours}, by the clock of {zone}.",
    weekdays={},
    holidays="Days within the period on which offices are closed: {days}.",
    no_holidays="No public holiday falls on a working day of the period.",
)
