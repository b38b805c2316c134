"""Where everything in the simulated province is: pure functions of the units that it is to have.

`addresses` lays out the address space, `names` makes names that a configuration can bear, `sites` says which
units get devices and in which area, and `layout` gives each of them its equipment.
"""
