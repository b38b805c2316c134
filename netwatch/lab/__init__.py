"""A simulated province that answers ICMP and SNMP."""
