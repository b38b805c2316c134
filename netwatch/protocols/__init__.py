"""Bytes to values and back, with no socket, clock, asyncio or logging: any bytes parse or raise one error."""
