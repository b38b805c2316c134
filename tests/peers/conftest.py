"""The scripts of bench/peers import one another by their plain names, as they do when they run."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "bench" / "peers"))
