"""Puts one order to the running daemon, over the control socket in its state folder."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

PATIENCE = 30.0
"""Seconds that an answer is waited for: the daemon answers once its ledger has kept what was ordered."""

LONGEST = 16 * 2**20
"""Bytes of an answer."""


class OrderFailed(Exception):  # noqa: N818 - it says what happened
    """The order was not carried out; the message is one line for people."""


class OrderRefused(OrderFailed):
    """The daemon has refused it: nothing was done."""


def add_state(parser: argparse.ArgumentParser) -> None:
    """Declare where the daemon's state is."""
    parser.add_argument(
        "--state",
        metavar="DIR",
        help="of the running netwatch; default: $STATE_DIRECTORY or /var/lib/netwatch",
    )


def ask(state: str | None, order: dict[str, object]) -> dict[str, Any]:
    """Return the daemon's answer. Raises OrderFailed."""
    from netwatch.daemon.orders import NAME

    folder = state_folder(state)
    try:
        answer = json.loads(_exchange(folder / NAME, json.dumps(order).encode()))
    except TimeoutError:
        raise OrderFailed(
            f"netwatch on {folder} does not answer: it may still do what was ordered, so look first"
        ) from None
    except (FileNotFoundError, ConnectionRefusedError):
        raise OrderFailed(
            f"no netwatch runs on {folder}: --state DIR names the folder of the one that does"
        ) from None
    except OSError as error:
        raise OrderFailed(f"{folder / NAME}: {error.strerror or error}") from None
    except ValueError:
        raise OrderFailed(f"netwatch on {folder} broke off: its log says why") from None
    if "error" in answer:
        raise OrderRefused(str(answer["error"]))
    return dict(answer)


def state_folder(state: str | None) -> Path:
    """Return the folder of the daemon's state."""
    from netwatch.inventory import settings

    return Path(state) if state else settings.state_folder(os.environ)


def _exchange(path: Path, order: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(os.fspath(path))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the answer says why
            connection.sendall(order + b"\n")
        with connection.makefile("rb") as answer:
            return answer.readline(LONGEST)


def by_the_clock(moment: str) -> str:
    """Return a moment of an answer as people read it: `2026-12-05 22:00:00 +07:00`."""
    return f"{moment[:10]} {moment[11:19]} {moment[19:]}"
