"""compose.yaml and the Dockerfile fit what is in this repository: paths, ports, options, versions.

No container is run: what each program would be told is told to the real one, or read by it.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from real import program, run_to_end

from netwatch.cli.main import command

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
PORTS = {"netwatch": 9990, "prometheus": 9090, "alertmanager": 9093, "grafana": 3000}
PROGRAMS = {"prometheus": "prometheus", "alertmanager": "prometheus-alertmanager"}


def mounts(service: str) -> dict[str, Path]:
    """Where in a container which folder of ours stands."""
    found = (each.split(":") for each in SERVICES[service].get("volumes", ()))
    return {inside: ROOT / ours for ours, inside, mode in found if mode == "ro"}


def ours(service: str, path: str) -> Path:
    """What of ours a container sees at a path."""
    for inside, folder in mounts(service).items():
        if path.startswith(inside):
            return folder / path.removeprefix(inside).lstrip("/")
    pytest.fail(f"{service} sees nothing of ours at {path}")


def option(service: str, name: str) -> str:
    words = SERVICES[service]["command"]
    return next(word.partition("=")[2] for word in words if word.startswith(f"{name}="))


def test_everything_that_is_mounted_is_there_and_read_only() -> None:
    for service, settings in SERVICES.items():
        assert len(mounts(service)) == len(settings.get("volumes", ()))
        assert all(folder.is_dir() for folder in mounts(service).values()), service


def test_images_are_pinned_and_what_is_built_is_ours() -> None:
    for service, settings in SERVICES.items():
        if "build" in settings:
            assert (ROOT / settings["build"] / "Dockerfile").is_file()
        else:
            assert re.fullmatch(r"\w+/\w+:v?\d+\.\d+\.\d+", settings["image"]), service


def test_all_share_one_network_whose_owner_publishes_their_ports_to_this_machine_alone() -> None:
    """So that 127.0.0.1 means the same to all of them, and no configuration has to be another."""
    (owner,) = (name for name, settings in SERVICES.items() if "network_mode" not in settings)
    assert {s["network_mode"] for s in SERVICES.values() if "network_mode" in s} == {f"service:{owner}"}
    assert sorted(SERVICES[owner]["ports"]) == sorted(f"127.0.0.1:{port}:{port}" for port in PORTS.values())
    assert not any("ports" in settings for name, settings in SERVICES.items() if name != owner)
    assert SERVICES.keys() == PORTS.keys()


def test_each_finds_the_others_at_their_ports() -> None:
    config = yaml.safe_load(ours("prometheus", option("prometheus", "--config.file")).read_text("utf-8"))
    scraped = {t for job in config["scrape_configs"] for c in job["static_configs"] for t in c["targets"]}
    told = {t for a in config["alerting"]["alertmanagers"] for c in a["static_configs"] for t in c["targets"]}
    assert scraped == {f"127.0.0.1:{PORTS['netwatch']}"}
    assert told == {f"127.0.0.1:{PORTS['alertmanager']}"}
    (folder,) = (path for path in mounts("grafana").values() if path.name == "datasources")
    sources = yaml.safe_load((folder / "netwatch.yml").read_text("utf-8"))["datasources"]
    assert {each["url"] for each in sources} == {f"http://127.0.0.1:{PORTS['prometheus']}"}
    assert str(PORTS["netwatch"]) in SERVICES["netwatch"]["healthcheck"]["test"][-1]


def test_the_boards_stand_where_grafana_is_told_to_look() -> None:
    (folder,) = (
        path for path in mounts("grafana").values() if path.parts[-2:] == ("provisioning", "dashboards")
    )
    for each in yaml.safe_load((folder / "netwatch.yml").read_text("utf-8"))["providers"]:
        assert list(ours("grafana", each["options"]["path"]).glob("*.json"))
    home = SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert json.loads(ours("grafana", home).read_text("utf-8"))["uid"] == "netwatch-province"


def test_netwatch_understands_what_it_is_told() -> None:
    lab = parsed(SERVICES["netwatch"]["command"])
    assert lab.listen == f"0.0.0.0:{PORTS['netwatch']}"
    assert (ROOT / lab.config / "registers").is_dir()
    assert lab.state in SERVICES["netwatch"]["tmpfs"], "nothing else can be written to"
    assert lab.program[0] == json.loads(found(r"^ENTRYPOINT (.*)$"))[0] == "netwatch"
    assert parsed(lab.program[1:]).config == "{config}"
    parsed(json.loads(found(r"^CMD (.*)$")))


def parsed(words: list[str]) -> argparse.Namespace:
    """A command of netwatch and what it is told, as it reads them."""
    parser = argparse.ArgumentParser()
    command(words[0]).configure(parser)
    return parser.parse_args(words[1:])


@pytest.mark.system
@pytest.mark.parametrize("service", PROGRAMS)
def test_the_programs_know_every_option(service: str) -> None:
    """Of the versions that are installed here; later ones have taken none of these away."""
    help_text = run_to_end([program(PROGRAMS[service], PROGRAMS[service]), "--help"])
    known = set(re.findall(r"--(?:\[no-\])?([a-z][\w.-]*)", help_text.stdout + help_text.stderr))
    used = {word.partition("=")[0].lstrip("-") for word in SERVICES[service]["command"]}
    assert used <= known
    (config,) = (word for word in SERVICES[service]["command"] if "config.file=" in word)
    path = str(ours(service, config.partition("=")[2]))
    check = {"prometheus": ["promtool", "check", "config"], "alertmanager": ["amtool", "check-config"]}[
        service
    ]
    checked = run_to_end([program(check[0], PROGRAMS[service]), *check[1:], path])
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_image_has_a_python_that_will_do_and_copies_what_is_there_and_no_more() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    version = found(r"^FROM python:(\d+\.\d+)-slim-\w+$")
    assert f"Programming Language :: Python :: {version}" in project["classifiers"]
    copied = {
        name for line in re.findall(r"^COPY (.*) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()
    }
    assert all((ROOT / name).exists() for name in copied)
    assert {project["readme"], *project["license-files"]} <= copied, "the build asks for them"
    sent = {
        line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")
    }
    assert sent == copied


def test_nothing_runs_with_more_than_it_needs() -> None:
    """The lab's container may make a namespace; the image itself runs as an ordinary user."""
    assert found(r"^USER (\w+)$") == "netwatch"
    lab = SERVICES["netwatch"]
    assert (lab["cap_drop"], lab["cap_add"]) == (["ALL"], ["SYS_ADMIN", "NET_ADMIN", "NET_RAW"])
    assert lab["read_only"]
    assert not any("privileged" in settings for settings in SERVICES.values())


def found(pattern: str) -> str:
    match = re.search(pattern, DOCKERFILE, re.MULTILINE)
    assert match, pattern
    return match[1]
