"""A pure reducer from observations to states, outages and settled minutes. Replaying equals living.

`reducer` takes the events and calls the rest: `slots` keeps what each line showed, `track` tells its live
state, `line` and `snmp` keep totals, `composite` makes devices of lines and units of devices, `run` tells
outages from blips, `minute` judges settled minutes, `roster` says who is made of whom and since when.
"""
