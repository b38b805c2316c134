"""What the devices tell by SNMP: datagrams in, replies out, no socket and no clock.

`machine` is one device as it is at this moment, `mib` what a model of device has to tell of it (with
`ups_mib` for the UPS), `equipment` the models of the province, and `agent` reads requests and writes replies.
"""
