"""A control: it sleeps 20 ms again and again, and prints when and how much longer that took than it should.

It does nothing else, so that a stall which it sees was the machine's, and no fault of what ran beside it.
"""

from __future__ import annotations

import time

NAP = 0.02  # seconds
STALL = 0.2
"""Seconds beyond a nap from which on a run beside it tells nothing."""


def main() -> None:
    """Watch until ended; a line a stall: Unix seconds, and for how long."""
    before = time.monotonic()
    while True:
        time.sleep(NAP)
        now = time.monotonic()
        if now - before - NAP > STALL:
            print(f"{time.time():.3f} {now - before - NAP:.3f}", flush=True)
        before = now


if __name__ == "__main__":
    main()
