"""Checks of services: one bounded question to a configured address, and what came of it."""
