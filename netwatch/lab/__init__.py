"""A simulated province: devices that answer echo and SNMP, fail on script, and whose truth is known.

Only the outermost files touch the machine. The inner rooms have no socket, clock or chance of their own:

- `plan/`    where everything is: addresses, names, which unit has which equipment, behind which routers
- `faults`   what can go wrong: the words of scripts and orders
- `script/`  scripts: YAML read strictly, and what their steps mean in a plan
- `scripts/` those that come with netwatch, one YAML file each
- `agents/`  what the devices tell by SNMP
- `world/`   the province in time: what is wrong now, who answers and how, what is true; `world.World` is the
  whole of it, for a harness that plays hours in seconds as for the wire

`packets` reads and writes IP, and `province` puts the world into real time: `wire` and `loopback` carry its
answers, `course` runs its script. `namespace`, `session`, `control` and `start` deal with the kernel, the
program that runs inside, and the person who wants to see something fail; `configuration` describes the
province to netwatch. The daemon imports nothing of it.
"""
