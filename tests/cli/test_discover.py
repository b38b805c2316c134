"""`netwatch discover`: what can be wished for, and what is a mistake; tests/system plays it for real."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import pytest

from netwatch.cli import discover
from netwatch.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("networks", "expected"),
    [
        (["192.0.2.0/30"], ["192.0.2.1", "192.0.2.2"]),  # neither the network nor its broadcast
        (["192.0.2.9"], ["192.0.2.9"]),
        (["192.0.2.9/31"], ["192.0.2.8", "192.0.2.9"]),
        (["192.0.2.0/30", "192.0.2.1/32"], ["192.0.2.1", "192.0.2.2"]),  # each once
        (["2001:db8::/126"], ["2001:db8::1", "2001:db8::2", "2001:db8::3"]),
    ],
)
def test_networks_are_taken_apart(networks: list[str], expected: list[str]) -> None:
    parser = argparse.ArgumentParser()
    discover.configure(parser)
    arguments = parser.parse_args([*networks, "--snmp", "lab"])
    assert discover._addresses(arguments.networks) == expected


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["10.0.0.0/15"], "more than 65,536 addresses: sweep it in parts of /16"),
        (["2001:db8::/64"], "more than 65,536 addresses: sweep it in parts of /112"),
        (["10.0.0.0/33"], "is not a network"),
        (["nhu-quynh"], "is not a network"),
        (["224.0.0.0/24"], "no network of devices"),
        (["10.0.0.0/24", "--rate", "0"], "is not a rate"),
        (["10.0.0.0/24", "--rate", "1e9"], "is not a rate"),
        (["10.0.0.0/24", "--at-once", "0"], "is not a number"),
        (["10.0.0.0/24", "--port", "70000"], "is not a UDP port"),
        (["10.0.0.0/24", "--root", "core"], "is not an address"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wish_that_cannot_be_meant_is_status_2(
    argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["discover", *argv, "--snmp", "lab"])
    assert end.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (
            ["10.0.0.0/24", "--snmp", "lba"],
            "no credential is named lba in {folder}/credentials.yaml; did you",
        ),
        (["10.0.0.0/16", "10.1.0.0/16", "--snmp", "lab"], "more than 65,536 addresses together"),
        (["10.0.0.0/24", "--snmp", "lab", "--output", "{folder}/none/x.yaml"], "cannot write {folder}/none"),
        (["10.0.0.0/24", "--snmp", "lab", "--output", "{folder}"], "cannot write {folder}"),
        (["10.0.0.0/24", "--snmp", "lab", "--output", "{folder}/netwatch.yaml"], "is there already"),
        (["127.0.0.1", "--snmp", "gone"], "credential gone: "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_one_line_and_status_1(
    argv: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "credentials.yaml").write_text(
        "credentials:\n"
        "  lab: {version: 2c, community: geheim}\n"
        "  gone: {version: 2c, community_env: NOBODY_SET_THIS}\n"
    )
    argv = [word.format(folder=folder) for word in argv]
    assert main(["discover", *argv, "--all", "--config", str(folder)]) == 1
    error = capsys.readouterr().err
    assert said.format(folder=folder) in error
    assert error.count("\n") == 1


def test_a_broken_configuration_is_told_with_its_places(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "sites" / "site.yaml").write_text("sites: 7\n")
    assert main(["discover", "10.0.0.0/24", "--snmp", "lab", "--config", str(folder)]) == 1
    assert "site.yaml:1:" in capsys.readouterr().err
