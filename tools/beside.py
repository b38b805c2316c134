"""Runs a command, and with what CPU it leaves another: `beside.py COMMAND… --idle COMMAND…`.

Long runs of real programs mostly wait. What only calculates may have the time that they do not use: it runs
at the lowest priority and gets next to nothing of a CPU that both want. Both are run to their end; what the
second one says is shown after the first one. The exit status is the first that is not 0.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

IDLE = "--idle"
NICE = ("chrt", "--idle", "0", "nice", "-n", "19")
"""Whatever wakes up has the CPU of such a process at once; of one that is only nice it need not."""


def main(words: Sequence[str]) -> int:
    """Run both commands; return an exit status."""
    place = words.index(IDLE) if IDLE in words else 0
    first, second = words[:place], words[place + 1 :]
    if not first or not second:
        print(f"usage: beside.py COMMAND… {IDLE} COMMAND…", file=sys.stderr)
        return 2
    with tempfile.TemporaryFile() as said:
        idle = subprocess.Popen([*NICE, *second], stdout=said, stderr=subprocess.STDOUT)  # noqa: S603 - ours
        try:
            status = subprocess.run(first, check=False).returncode  # noqa: S603 - ours
        finally:  # an interrupt from the keyboard reaches both
            idle_status = idle.wait()
            said.seek(0)
            sys.stdout.buffer.write(said.read())
            sys.stdout.flush()
    return status or idle_status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
