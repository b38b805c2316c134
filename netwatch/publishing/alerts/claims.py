"""Claims that held: those that are about to stop, and those that have."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import WHOLE, Alert, Group, Kind, Recording, Severity, Text
from netwatch.publishing.alerts.promql import kept, last
from netwatch.publishing.alerts.tell import number
from netwatch.publishing.alerts.words import HELD

LOWER = "netwatch:claim_ratio:lower"

_HOLDS = 'netwatch_claim_verdict{verdict="holds"}'
_DECLARED = "max by (claim) (netwatch_claim_declared_ratio)"

# Only of claims that are judged: while the ledger is read after a start, every bound is nought.
_LOWER = (
    'min by (claim) (netwatch_claim_ratio{bound="lower"}) '
    'unless on (claim) netwatch_claim_verdict{verdict="undetermined"} == 1'
)
# A fall on each of two days: what fell once, as in a storm, and stays there is no trend.
_FALLING = f"{LOWER} < {LOWER} offset 1d and {LOWER} offset 1d < {LOWER} offset 2d"
_ENDANGERED = (
    f"max by (claim) ({_HOLDS}) == 1\n"
    f"  and on (claim) ({_FALLING})\n"
    f"  and on (claim) predict_linear({LOWER}[3d], 7 * 86400) < {_DECLARED}"
)
_NO_LONGER = (
    f"max by (claim) ({last(_HOLDS)}) == 0 and on (claim) max by (claim) (max_over_time({_HOLDS}[1w])) == 1"
)


def _percent(query: str) -> Text:
    return number(f"100 * max({query})", "$labels.claim", digits=2)


_BELOW = _percent(last('netwatch_claim_ratio{claim=%q,bound="lower"}', HELD))
_ABOVE = _percent(last('netwatch_claim_ratio{claim=%q,bound="upper"}', HELD))
_SAID = _percent(last("netwatch_claim_declared_ratio{claim=%q}", HELD))
_BEFORE = _percent(f"{LOWER}{{claim=%q}} offset 3d")
_DOES_NOT_HOLD = last('netwatch_claim_verdict{claim=%q,verdict="does_not_hold"}', HELD)
_REFUTED = f"{{{{ with printf `{_DOES_NOT_HOLD} == 1` $labels.claim | query }}}}"
_DOCUMENT = (
    f'{{{{ with printf "{last("netwatch_claim_info{claim=%q}", HELD)}" $labels.claim | query }}}}'
    '{{ with . | first | label "document" }} ({{ . }}){{ end }}{{ end }}'
)

GROUP = Group(
    "claims",
    "Claims about to stop holding, and claims that have stopped.",
    (
        Recording(LOWER, _LOWER),
        Alert(
            name="NetwatchClaimEndangered",
            expr=kept("NetwatchClaimEndangered", _ENDANGERED, "claim"),
            patience="1h",
            severity=Severity.TICKET,
            kind=Kind.CLAIM,
            labels=(("area", WHOLE.vi),),
            summary=Text(
                vi="Công bố sắp không còn đạt: {{ $labels.claim }}",
                en="A claim is about to stop holding: {{ $labels.claim }}",
            ),
            description=Text(
                vi=(
                    f"Công bố {{{{ $labels.claim }}}}{_DOCUMENT} còn đạt: chứng minh được ít nhất "
                    f"{_BELOW.vi} %, công bố {_SAID.vi} %. Ba ngày trước là {_BEFORE.vi} %; đà giảm này thì "
                    "trong 7 ngày nữa sẽ không đạt."
                ),
                en=(
                    f"The claim {{{{ $labels.claim }}}}{_DOCUMENT} still holds: at least {_BELOW.en} % is "
                    f"shown, {_SAID.en} % declared. Three days ago it was {_BEFORE.en} %; falling on like "
                    "this it stops holding within 7 days."
                ),
            ),
        ),
        Alert(
            name="NetwatchClaimNoLongerHolds",
            expr=kept("NetwatchClaimNoLongerHolds", _NO_LONGER, "claim"),
            patience="1h",
            severity=Severity.WARNING,
            kind=Kind.CLAIM,
            labels=(("area", WHOLE.vi),),
            summary=Text(
                vi="Công bố không còn đạt: {{ $labels.claim }}",
                en="A claim no longer holds: {{ $labels.claim }}",
            ),
            description=Text(
                vi=(
                    f"Công bố {{{{ $labels.claim }}}}{_DOCUMENT} trong 7 ngày qua có lúc đạt, nay "
                    f"{_REFUTED}không đạt{{{{ else }}}}chưa đủ dữ liệu để nói là đạt{{{{ end }}}}: chứng "
                    f"minh được từ {_BELOW.vi} % đến {_ABOVE.vi} %, công bố {_SAID.vi} %."
                ),
                en=(
                    f"The claim {{{{ $labels.claim }}}}{_DOCUMENT} held within the last 7 days, and now "
                    f"{_REFUTED}does not{{{{ else }}}}cannot be shown to{{{{ end }}}}: between {_BELOW.en} % "
                    f"and {_ABOVE.en} % is shown, {_SAID.en} % declared."
                ),
            ),
        ),
    ),
    interval="1m",
)
