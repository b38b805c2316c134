"""A simulated province: devices that answer echo and SNMP, and whose behaviour changes while they run.

Only the outermost files touch the machine. `plan` says which devices there are and where, `equipment` and
`mib` what they have to tell, `agent` turns a datagram into a reply, `packets` reads and writes IP, and
`province` knows how each device behaves at this moment: none of these has a socket or a clock. `wire` and
`loopback` carry the answers; `namespace`, `session`, `control` and `start` deal with the kernel, with the
program that runs inside, and with the person who wants to see something fail; `configuration` describes the
province to netwatch. The daemon imports nothing of it.
"""
