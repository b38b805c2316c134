"""What a type number says a port runs over: closed tables, taken from the registries of IANA.

What a number leaves open (1000BASE-X without a PMD is fibre or a short copper cable; Ethernet is anything) is
`other`, and proves nothing.
"""

from __future__ import annotations

FIBRE, COPPER, RADIO, OTHER = "fibre", "copper", "radio", "other"


def _numbers(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


MAU_FIBRE = _numbers(
    "3 6-8 12 13 17 18"  # FOIRL, 10BASE-FP, -FB, -FL, 100BASE-FX
    " 23-26"  # 1000BASE-LX, -SX
    " 32 34-36 38-40 55"  # 10GBASE-LX4, -ER, -LR, -SR, -EW, -LW, -SW, -LRM
    " 44-53"  # 100BASE-BX10, -LX10, 1000BASE-BX10, -LX10, -PX10, -PX20
    " 59-69"  # 10G-EPON: 10/1GBASE-PRX, 10GBASE-PR
    " 72-74 76-78"  # 40GBASE-SR4, -FR, -LR4, 100GBASE-SR10, -LR4, -ER4
    " 80-87 93 95 102"  # 1000BASE-PX30, -PX40, PRX40, PR40, 25GBASE-SR, 40GBASE-ER4, 100GBASE-SR4
)
MAU_COPPER = _numbers(
    "2 4 5 9-11 14-16 19 20"  # coax, 10BASE-T, 10BROAD36, 100BASE-T4, -TX, -T2
    " 27-30 41-43 54"  # 1000BASE-CX, -T, 10GBASE-CX4, 2BASE-TL, 10PASS-TS, 10GBASE-T
    " 71 75 79 88 89"  # 40GBASE-CR4, 100GBASE-CR10, 1000BASE-T1, 25GBASE-CR
    " 94 97 98"  # 25GBASE-T, 40GBASE-T, 100GBASE-CR4
)
"""Of dot3MauType (IANA-MAU-MIB of 2016; RFC 4836). AUI, backplanes and types without a PMD are `other`."""

IF_FIBRE = _numbers(
    "15"  # fddi
    " 39"  # sonet
    " 56"  # fibreChannel
    " 69"  # fastEtherFX
    " 171"  # pos: packets over SONET or SDH
    " 195 196 219"  # opticalChannel, opticalTransport, opticalChannelGroup
    " 207 208 250"  # pon155, pon622, gpon
)
IF_COPPER = _numbers(
    "18-21 30 48"  # ds1, e1, basicISDN, primaryISDN, ds3, modem
    " 94-97 143 168 169"  # adsl, radsl, sdsl, vdsl, msdsl, hdsl2, shdsl
    " 192 230 238 251"  # reachDSL, adsl2, adsl2plus, vdsl2
    " 127-129 205 229"  # docsCable…
)
IF_RADIO = _numbers(
    "71"  # ieee80211
    " 157 181 182 183 184"  # propWirelessP2P, propDocsWireless…, hiperlan2, propBWAp2Mp
    " 188 189 237"  # radioMAC, atmRadio, ieee80216WMAN
    " 239-241"  # dvbRcsMacLayer, dvbTdm, dvbRcsTdma: satellite
    " 243 244"  # wwanPP, wwanPP2: mobile networks
    " 252-254 259"  # capwap…, ieee802154
)
"""Of IANAifType (IANAifType-MIB of 2022). fastEther(62) and gigabitEthernet(117) leave it open."""


def of_mau(number: int) -> str:
    """Return what a dot3MauType runs over."""
    return _of(number, (FIBRE, MAU_FIBRE), (COPPER, MAU_COPPER))


def of_if_type(number: int) -> str:
    """Return what an ifType runs over."""
    return _of(number, (FIBRE, IF_FIBRE), (COPPER, IF_COPPER), (RADIO, IF_RADIO))


def _of(number: int, *tables: tuple[str, frozenset[int]]) -> str:
    return next((medium for medium, numbers in tables if number in numbers), OTHER)
