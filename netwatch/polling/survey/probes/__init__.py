"""Probes that devices run themselves: one file a MIB that tells their results."""
