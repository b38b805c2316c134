"""Each device answers as it behaves at that moment, and behaviours change while the province runs."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from netwatch.lab.plan import Behaviour
from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from netwatch.lab.province import Province

GATEWAY = ipaddress.ip_address("198.18.16.1").packed
SWITCH_BY_IPV6 = ipaddress.ip_address("2001:2::1002").packed
REFERENCE = ipaddress.ip_address("198.18.0.2").packed
NOBODY = ipaddress.ip_address("198.18.200.1").packed
SYS_NAME = snmp.encode_request(
    b"public", snmp.GET, snmp.REQUEST_IDS[0], snmp.encode_varbind(ber.encode_oid((1, 3, 6, 1, 2, 1, 1, 5, 0)))
)


def test_devices_answer_echo_and_snmp_by_their_addresses(province: Province) -> None:
    for address, name in ((GATEWAY, b"gw-nhu-quynh"), (SWITCH_BY_IPV6, b"sw-nhu-quynh")):
        assert province.echo(address) is not None
        answer = province.snmp(address, SYS_NAME)
        assert answer is not None
        assert name in answer[1]


def test_what_is_not_there_answers_nothing(province: Province) -> None:
    assert province.echo(NOBODY) is None
    assert province.snmp(NOBODY, SYS_NAME) is None
    assert province.echo(REFERENCE) is not None
    assert province.snmp(REFERENCE, SYS_NAME) is None, "the reference has no agent"


@pytest.mark.parametrize(
    ("behaviour", "echo", "snmp_"),
    [
        (Behaviour(), True, True),
        (Behaviour(echo=False), False, True),
        (Behaviour(snmp=False), True, False),
        (Behaviour(loss=1.0), False, False),
    ],
)
def test_a_changed_behaviour_is_in_force_at_once_and_until_it_is_restored(
    province: Province, behaviour: Behaviour, *, echo: bool, snmp_: bool
) -> None:
    planned = province.behaviour("gw-nhu-quynh")
    province.change("gw-nhu-quynh", behaviour)
    assert (province.echo(GATEWAY) is not None, province.snmp(GATEWAY, SYS_NAME) is not None) == (echo, snmp_)
    assert province.echo(SWITCH_BY_IPV6) is not None, "nobody else is concerned"
    province.restore("gw-nhu-quynh")
    assert province.behaviour("gw-nhu-quynh") == planned
    assert province.echo(GATEWAY) is not None


def test_answers_take_the_delay_and_at_most_the_jitter_more(province: Province) -> None:
    province.change("gw-nhu-quynh", Behaviour(delay=0.030, jitter=0.010))
    delays = [province.echo(GATEWAY) for _ in range(200)]
    assert all(delay is not None and 0.030 <= delay <= 0.040 for delay in delays)
    assert len(set(delays)) > 100


def test_losses_come_in_their_share(province: Province) -> None:
    province.change("gw-nhu-quynh", replace(province.behaviour("gw-nhu-quynh"), loss=0.25))
    lost = [province.echo(GATEWAY) for _ in range(2000)].count(None)
    assert 400 < lost < 600


def test_a_name_that_nobody_has_is_an_error(province: Province) -> None:
    with pytest.raises(KeyError):
        province.change("gw-nowhere", Behaviour())
