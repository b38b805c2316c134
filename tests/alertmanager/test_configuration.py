"""The shipped configuration is valid as it stands, and with every channel switched on; it keeps no secret."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml
from real_alertmanager import CONFIG, SHIPPED, TEMPLATES, amtool, running, shipped, switched_on

if TYPE_CHECKING:
    from pathlib import Path

TEXT = SHIPPED.read_text("utf-8")
DROP_IN = CONFIG.parents[1] / "systemd" / "prometheus-alertmanager.service.d" / "netwatch.conf"
OLD_KEYS = ("match", "match_re", "source_match", "source_match_re", "target_match", "target_match_re")


@pytest.mark.system
def test_it_is_valid_as_shipped() -> None:
    assert "6 receivers" in amtool("check-config", str(SHIPPED))


@pytest.mark.system
def test_it_is_valid_with_every_channel_switched_on(tmp_path: Path) -> None:
    shutil.copytree(CONFIG / "templates", tmp_path / "templates")
    file = tmp_path / "alertmanager.yml"
    file.write_text(switched_on(TEXT), "utf-8")
    assert "6 receivers" in amtool("check-config", str(file))


@pytest.mark.system
def test_a_fault_in_a_template_is_found(tmp_path: Path) -> None:
    shutil.copytree(CONFIG, tmp_path, dirs_exist_ok=True)
    (tmp_path / "templates" / "email.vi.tmpl").write_text('{{ define "x" }}{{ end', "utf-8")
    assert "FAILED" in amtool("check-config", str(tmp_path / "alertmanager.yml"), valid=False)


@pytest.mark.system
def test_it_runs_without_a_warning_as_systemd_starts_it(tmp_path: Path) -> None:
    """Among others, a repetition longer than what it remembers is one."""
    told = DROP_IN.read_text("utf-8")
    options = re.findall(r"--[\w.]+=\S+", told)
    assert options
    assert "\nEnvironment=TZ=Asia/Ho_Chi_Minh\n" in told
    with running(shipped() | {"templates": [TEMPLATES]}, tmp_path, options=options):
        pass
    log = (tmp_path / "log").read_text("utf-8")
    assert "Completed loading of configuration file" in log
    assert not [line for line in log.splitlines() if "level=warn" in line or "level=error" in line]


def test_switching_on_adds_channels_and_changes_nothing_else() -> None:
    before, after = yaml.safe_load(TEXT), shipped()
    channels = {receiver["name"]: sorted(set(receiver) - {"name"}) for receiver in after["receivers"]}
    assert channels == {
        "on-call": ["email_configs", "telegram_configs"],
        "operators": ["email_configs", "telegram_configs", "webhook_configs"],
        "tickets": ["email_configs"],
        "system": ["email_configs", "telegram_configs"],
        "team-van-lam": ["email_configs", "telegram_configs"],
        "outside": ["webhook_configs"],
    }
    for key in ("route", "inhibit_rules", "time_intervals", "templates"):
        assert before[key] == after[key]


def test_as_shipped_it_speaks_to_no_machine_but_ours() -> None:
    """Addresses end in `.invalid` (RFC 2606) or are this machine's: what is not filled in fails, visibly."""
    hosts = re.findall(r"[\w.-]+@([\w.-]+)|https?://([\w.-]+)|smarthost: ([\w.-]+)", switched_on(TEXT))
    assert len(hosts) > 8
    named = {host for found in hosts for host in found if host}
    assert {host for host in named if not host.endswith(".invalid")} == {"127.0.0.1"}


def test_what_is_filled_in_comes_first() -> None:
    assert re.findall(r"(?m)^(\w+):", TEXT)[:2] == ["global", "receivers"]
    rest = TEXT[TEXT.index("\nroute:") :]
    assert ".invalid" not in rest


def test_secrets_stand_in_files_but_for_the_one_that_cannot() -> None:
    """Telegram's `bot_token_file` came with 0.26."""
    secrets = re.findall(r"\w*(?:password|token|credentials|secret)\w*(?=: )", switched_on(TEXT))
    assert {secret for secret in secrets if not secret.endswith("_file")} == {"bot_token"}


def test_it_uses_nothing_that_newer_releases_refuse_or_call_old() -> None:
    told = switched_on(TEXT)
    assert not [key for key in OLD_KEYS if re.search(rf"\b{key}:", told)]
    assert not re.search(r"(?m)^mute_time_intervals:", told)  # the top-level key; that of a route is not old
    matchers = re.findall(r"'(\w+ =~? \"[^']*\")'", told)
    assert len(matchers) > 15
    assert all(
        re.fullmatch(r'[a-z]+ =~? "[^"\\]+"', matcher) for matcher in matchers
    )  # quoted: read the same by both parsers
