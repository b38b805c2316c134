"""The province as it is at any moment, and what is true of it: pure, in a time that the caller passes in.

`situation` is what there is and which faults are in force; `power`, `lines` and `ways` say what follows from
that for boxes, uplinks and the ways to them; `manner` how a device answers; `causes` why a unit is down;
`truth` keeps what was true from second to second. `world` moves all of it through a script and answers
echo and SNMP.
"""
