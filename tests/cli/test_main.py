"""The way into every command: help with an example, a status, and no traceback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from netwatch import __version__
from netwatch.cli.main import COMMANDS, INTERRUPTED, main


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"netwatch {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert f"example:\n  netwatch {command}" in capsys.readouterr().out


@pytest.mark.parametrize("argv", [[], ["rnu"], ["check", "--confg", "x"]], ids=" ".join)
def test_a_mistyped_command_ends_with_status_2_and_the_usage(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(argv)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("usage: netwatch")


def test_a_reader_that_has_gone_is_no_error() -> None:
    """As with `| head`: the pipe is closed before anything is written."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        answer = subprocess.run(
            [sys.executable, "-m", "netwatch", "schema"],
            stdout=pipe,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (answer.returncode, answer.stderr) == (0, b"")


INTERRUPT = """
import signal, sys
from netwatch.cli import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it

class Endless:
    HELP = EXAMPLE = ""
    def configure(self, parser): ...
    def run(self, arguments): signal.raise_signal(signal.SIGINT)

main.COMMANDS += ("endless",)
sys.modules["netwatch.cli.endless"] = Endless()
sys.exit(main.main(["endless"]))
"""


def test_an_interrupt_ends_with_the_shells_status_and_no_traceback() -> None:
    answer = subprocess.run([sys.executable, "-c", INTERRUPT], capture_output=True, timeout=60, check=False)
    assert (answer.returncode, answer.stderr) == (INTERRUPTED, b"")


READ = """
import sys
from netwatch.cli.main import main

try:
    main(["lab", "--help"])
finally:
    print(*sys.modules, file=sys.stderr)
"""


def test_a_command_does_not_wait_for_what_others_need() -> None:
    """Nor does its help for what it needs itself."""
    answer = subprocess.run(
        [sys.executable, "-c", READ], capture_output=True, text=True, timeout=60, check=True
    )
    read = set(answer.stderr.split())
    assert "netwatch.cli.lab" in read
    assert not read & {
        "netwatch.cli.run",
        "netwatch.inventory.load",
        "netwatch.lab.start",
        "sqlalchemy",
        "yaml",
    }
