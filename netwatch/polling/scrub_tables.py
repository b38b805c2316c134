"""Which objects hold secrets, addresses of people's computers, and names: what no recording may give away.

Each entry bears the name of its MIB. A layout says what the index of a table consists of, so that another
address can be put for one in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Oid = tuple[int, ...]

MIB_2: Oid = (1, 3, 6, 1, 2, 1)
ENTERPRISES: Oid = (1, 3, 6, 1, 4, 1)
LLDP: Oid = (1, 0, 8802, 1, 1, 2, 1)
CDP: Oid = (*ENTERPRISES, 9, 9, 23, 1)

SECRETS = "tables of communities, users and keys"
CONNECTIONS = "tables of connections, leases and hosts"
SUSPECTS = "columns in which a usual community stands"
PROCESSES = "tables of processes and commands"

LEFT_OUT: Mapping[Oid, str] = {
    (
        1,
        3,
        6,
        1,
        6,
        3,
    ): SECRETS,  # snmpModules: SNMP-COMMUNITY-MIB, -USER-BASED-SM-, -VIEW-BASED-ACM-, -TARGET-
    (1, 3, 6, 1, 3, 101): SECRETS,  # SNMP-USM-DH-OBJECTS-MIB
    (*MIB_2, 10, 23, 2, 3): SECRETS,  # PPP-SEC-MIB pppSecuritySecretsTable
    (*MIB_2, 14, 2, 1, 5): SECRETS,  # OSPF-MIB ospfAuthType, beside the key below
    (*MIB_2, 14, 7, 1, 16): SECRETS,  # OSPF-MIB ospfIfAuthKey
    (*MIB_2, 14, 9, 1, 11): SECRETS,  # OSPF-MIB ospfVirtIfAuthKey
    (*MIB_2, 16, 19, 13): SECRETS,  # RMON2-MIB trapDestTable: a community
    (*MIB_2, 23, 3, 1, 3): SECRETS,  # RIPv2-MIB rip2IfConfAuthKey
    (*MIB_2, 68, 1, 3, 1, 10): SECRETS,  # VRRP-MIB vrrpOperAuthKey
    (*ENTERPRISES, 9, 2, 1, 15): SECRETS,  # OLD-CISCO-SYS-MIB authAddr
    (*ENTERPRISES, 9, 9, 96, 1, 1): SECRETS,  # CISCO-CONFIG-COPY-MIB ccCopyTable: user, password
    (*ENTERPRISES, 9, 10, 56): SECRETS,  # CISCO-AAA-SERVER-MIB: casKey
    (*ENTERPRISES, 8072, 1, 9): SECRETS,  # NET-SNMP-VACM-MIB
    (1, 0, 8802, 1, 1, 1, 1, 2, 4): CONNECTIONS,  # IEEE8021-PAE-MIB dot1xAuthSessionStatsTable: user names
    (*MIB_2, 4, 19): CONNECTIONS,  # forwarding caches of old agents
    (*MIB_2, 6, 13): CONNECTIONS,  # TCP-MIB tcpConnTable
    (*MIB_2, 6, 19): CONNECTIONS,  # TCP-MIB tcpConnectionTable
    (*MIB_2, 6, 20): CONNECTIONS,  # TCP-MIB tcpListenerTable
    (*MIB_2, 7, 5): CONNECTIONS,  # UDP-MIB udpTable
    (*MIB_2, 7, 7): CONNECTIONS,  # UDP-MIB udpEndpointTable
    (*MIB_2, 16, 4): CONNECTIONS,  # RMON-MIB hosts
    (*MIB_2, 16, 5): CONNECTIONS,  # RMON-MIB hostTopN
    (*MIB_2, 16, 6): CONNECTIONS,  # RMON-MIB matrix
    (*MIB_2, 16, 8): CONNECTIONS,  # RMON-MIB capture: packets
    (*MIB_2, 16, 13): CONNECTIONS,  # RMON2-MIB addressMap
    (*MIB_2, 16, 14): CONNECTIONS,  # RMON2-MIB nlHost
    (*MIB_2, 16, 15): CONNECTIONS,  # RMON2-MIB nlMatrix
    (*MIB_2, 16, 16): CONNECTIONS,  # RMON2-MIB alHost
    (*MIB_2, 16, 17): CONNECTIONS,  # RMON2-MIB alMatrix
    (*MIB_2, 85): CONNECTIONS,  # IGMP-STD-MIB: who listens to what
    (*MIB_2, 185): CONNECTIONS,  # MGMD-STD-MIB
    (*ENTERPRISES, 9, 9, 380): CONNECTIONS,  # CISCO-DHCP-SNOOPING-MIB: bindings
    (*ENTERPRISES, 14988, 1, 1, 1, 2): CONNECTIONS,  # MIKROTIK-MIB mtxrWlRtabTable: who is on the radio
    (*MIB_2, 25, 4): PROCESSES,  # HOST-RESOURCES-MIB hrSWRun: command lines, which may hold passwords
    (*ENTERPRISES, 2021, 8): PROCESSES,  # UCD-SNMP-MIB extTable
    (*ENTERPRISES, 2021, 50): PROCESSES,  # UCD-SNMP-MIB, what `exec` gives in the usual examples
    (*ENTERPRISES, 8072, 1, 3): PROCESSES,  # NET-SNMP-EXTEND-MIB, NET-SNMP-PASS-MIB
}
"""Left out always, with why."""

USUAL_COMMUNITIES = frozenset((b"public", b"private"))
"""Where one of these is the whole of a value, the others in its column are communities as well."""

ARC, MAC, IPV4, SIZED = "arc", "mac", "ipv4", "sized"
"""Parts of an index: one arc; six octets; four; an arc, a length, and an address of that length."""

PEOPLE: Mapping[Oid, tuple[str, ...]] = {
    (*MIB_2, 3, 1, 1): (ARC, ARC, IPV4),  # RFC1213-MIB atTable
    (*MIB_2, 4, 22, 1): (ARC, IPV4),  # IP-MIB ipNetToMediaTable
    (*MIB_2, 4, 35, 1): (ARC, SIZED),  # IP-MIB ipNetToPhysicalTable
    (*MIB_2, 17, 4, 3, 1): (MAC,),  # BRIDGE-MIB dot1dTpFdbTable
    (*MIB_2, 17, 5, 1, 1): (MAC,),  # BRIDGE-MIB dot1dStaticTable
    (*MIB_2, 17, 7, 1, 2, 2, 1): (ARC, MAC),  # Q-BRIDGE-MIB dot1qTpFdbTable
    (*MIB_2, 17, 7, 1, 3, 1, 1): (ARC, MAC),  # Q-BRIDGE-MIB dot1qStaticUnicastTable
}
"""Entries of tables that hold addresses of people's computers; their rows stay, the addresses do not."""

OWN: Mapping[Oid, tuple[str, ...]] = {
    (*MIB_2, 4, 20, 1): (IPV4,),  # IP-MIB ipAddrTable
    (*MIB_2, 4, 21, 1): (IPV4,),  # RFC1213-MIB ipRouteTable
    (*MIB_2, 4, 24, 4, 1): (IPV4, IPV4, ARC, IPV4),  # IP-FORWARD-MIB ipCidrRouteTable
    (*MIB_2, 4, 32, 1): (ARC, SIZED),  # IP-MIB ipAddressPrefixTable
    (*MIB_2, 4, 34, 1): (SIZED,),  # IP-MIB ipAddressTable
    (*MIB_2, 4, 37, 1): (SIZED,),  # IP-MIB ipDefaultRouterTable
    (*MIB_2, 14, 7, 1): (IPV4, ARC),  # OSPF-MIB ospfIfTable
    (*MIB_2, 14, 10, 1): (IPV4, ARC),  # OSPF-MIB ospfNbrTable
    (*MIB_2, 15, 3, 1): (IPV4,),  # BGP4-MIB bgpPeerTable
    (*LLDP, 3, 8, 1): (SIZED,),  # LLDP-MIB lldpLocManAddrTable
    (*LLDP, 4, 2, 1): (ARC, ARC, ARC, SIZED),  # LLDP-MIB lldpRemManAddrTable
}
"""Entries of tables that hold addresses of the network's own devices: replaced where names are as well."""

INET_ROUTES: Oid = (*MIB_2, 4, 24, 7, 1)
"""IP-FORWARD-MIB inetCidrRouteTable: destination, length of the prefix, a policy of any length, next hop."""

STATION: tuple[Oid, ...] = (
    (*MIB_2, 2, 2, 1, 6),  # IF-MIB ifPhysAddress
    (*MIB_2, 17, 1, 1),  # BRIDGE-MIB dot1dBaseBridgeAddress
    (*MIB_2, 17, 2, 5),  # BRIDGE-MIB dot1dStpDesignatedRoot: a priority and a MAC address, as the next two
    (*MIB_2, 17, 2, 15, 1, 6),  # BRIDGE-MIB dot1dStpPortDesignatedRoot
    (*MIB_2, 17, 2, 15, 1, 8),  # BRIDGE-MIB dot1dStpPortDesignatedBridge
    (*LLDP, 3, 2),  # LLDP-MIB lldpLocChassisId
    (*LLDP, 3, 7, 1, 3),  # LLDP-MIB lldpLocPortId
    (*LLDP, 4, 1, 1, 5),  # LLDP-MIB lldpRemChassisId
    (*LLDP, 4, 1, 1, 7),  # LLDP-MIB lldpRemPortId
)
"""Objects whose value is a MAC address of a network device, or may be one."""

NAME, CONTACT, PLACE, ALIAS, SERIAL = "name", "contact", "place", "alias", "serial"

NAMES: Mapping[Oid, str] = {
    (*MIB_2, 1, 4): CONTACT,  # SNMPv2-MIB sysContact
    (*MIB_2, 1, 5): NAME,  # SNMPv2-MIB sysName
    (*MIB_2, 1, 6): PLACE,  # SNMPv2-MIB sysLocation
    (*MIB_2, 17, 7, 1, 4, 3, 1, 1): ALIAS,  # Q-BRIDGE-MIB dot1qVlanStaticName
    (*MIB_2, 31, 1, 1, 1, 18): ALIAS,  # IF-MIB ifAlias
    (*MIB_2, 33, 1, 1, 5): NAME,  # UPS-MIB upsIdentName
    (*MIB_2, 33, 1, 1, 6): ALIAS,  # UPS-MIB upsIdentAttachedDevices
    (*MIB_2, 47, 1, 1, 1, 1, 11): SERIAL,  # ENTITY-MIB entPhysicalSerialNum
    (*MIB_2, 47, 1, 1, 1, 1, 14): ALIAS,  # ENTITY-MIB entPhysicalAlias
    (*MIB_2, 47, 1, 1, 1, 1, 15): SERIAL,  # ENTITY-MIB entPhysicalAssetID
    (*LLDP, 3, 3): NAME,  # LLDP-MIB lldpLocSysName
    (*LLDP, 4, 1, 1, 8): ALIAS,  # LLDP-MIB lldpRemPortDesc
    (*LLDP, 4, 1, 1, 9): NAME,  # LLDP-MIB lldpRemSysName
    (*CDP, 2, 1, 1, 6): NAME,  # CISCO-CDP-MIB cdpCacheDeviceId
    (*CDP, 2, 1, 1, 10): ALIAS,  # CISCO-CDP-MIB cdpCacheVTPMgmtDomain
    (*CDP, 2, 1, 1, 17): NAME,  # CISCO-CDP-MIB cdpCacheSysName
    (*CDP, 2, 1, 1, 23): PLACE,  # CISCO-CDP-MIB cdpCachePhysLocation
    (*CDP, 3, 4): NAME,  # CISCO-CDP-MIB cdpGlobalDeviceId
    (*ENTERPRISES, 9, 3, 6, 3): SERIAL,  # OLD-CISCO-CHASSIS-MIB chassisId
    (*ENTERPRISES, 318, 1, 1, 1, 1, 1, 2): NAME,  # PowerNet-MIB upsBasicIdentName
    (*ENTERPRISES, 318, 1, 1, 1, 1, 2, 3): SERIAL,  # PowerNet-MIB upsAdvIdentSerialNumber
    (*ENTERPRISES, 2636, 3, 1, 3): SERIAL,  # JUNIPER-MIB jnxBoxSerialNo
    (*ENTERPRISES, 2636, 3, 1, 8, 1, 7): SERIAL,  # JUNIPER-MIB jnxContentsSerialNo
    (*ENTERPRISES, 14988, 1, 1, 7, 3): SERIAL,  # MIKROTIK-MIB mtxrSerialNumber
    (*ENTERPRISES, 14988, 1, 1, 11, 1, 1, 4): NAME,  # MIKROTIK-MIB mtxrNeighborIdentity
}
"""Objects whose text names a person, a place, a customer or one certain box."""

ADDRESS_OCTETS: tuple[Oid, ...] = (
    (*CDP, 2, 1, 1, 4),  # CISCO-CDP-MIB cdpCacheAddress
    (*MIB_2, 80, 1, 2, 1, 4),  # DISMAN-PING-MIB pingCtlTargetAddress
    (*MIB_2, 80, 1, 3, 1, 3),  # DISMAN-PING-MIB pingResultsIpTargetAddress
)
"""Objects whose octets are an IPv4 address though their type is another."""

FACTORY_NAMES = frozenset(
    (
        *(
            "apc",
            "aruba",
            "bdcom",
            "cisco",
            "dlink",
            "draytek",
            "eaton",
            "h3c",
            "hp",
            "hpe",
            "huawei",
            "juniper",
        ),
        *("localhost", "mikrotik", "planet", "quidway", "router", "ruijie", "server", "switch", "tp-link"),
        *("tplink", "ups", "zte", "zxr10"),
    )
)
"""Names that devices come with. They tell nobody apart, and stand in descriptions that a profile needs."""


STRUCTURE: tuple[Oid, ...] = (
    (*MIB_2, 2, 2, 1, 2),  # IF-MIB ifDescr
    (*MIB_2, 31, 1, 1, 1, 1),  # IF-MIB ifName
    (*MIB_2, 47, 1, 1, 1, 1, 2),  # ENTITY-MIB entPhysicalDescr
    (*MIB_2, 47, 1, 1, 1, 1, 7),  # ENTITY-MIB entPhysicalName
    (*MIB_2, 47, 1, 1, 1, 1, 13),  # ENTITY-MIB entPhysicalModelName
)
"""Objects whose text the box itself made up: a description that says the same, as some do at first, stays."""


def found(table: Mapping[Oid, str], name: Oid) -> str:
    """Return what a table of subtrees says of an object, or ""."""
    for length in range(2, len(name) + 1):
        said = table.get(name[:length])
        if said is not None:
            return said
    return ""
