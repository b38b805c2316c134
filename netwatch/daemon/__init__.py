"""Builds every part and wires them. The only room that knows them all; it decides nothing itself."""
