"""A real Alertmanager on loopback, with the shipped configuration made quick, and a test's own sinks."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from alert_sinks import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alert_sinks import Sinks

CONFIG = Path(__file__).parents[2] / "config" / "alertmanager"
SHIPPED = CONFIG / "alertmanager.yml"
TEMPLATES = str(CONFIG / "templates" / "*.tmpl")


def switched_on(text: str) -> str:
    """Return the shipped text with every setting on that stands behind a '#'."""
    return re.sub(r"(?m)^( +)#(?=\S|  )", r"\1", text)


def shipped() -> dict[str, Any]:
    """Return the configuration with every channel."""
    config: dict[str, Any] = yaml.safe_load(switched_on(SHIPPED.read_text("utf-8")))
    return config


def routes(route: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a route and all below it."""
    yield route
    for child in route.get("routes", ()):
        yield from routes(child)


def amtool(*words: str, valid: bool = True) -> str:
    """Run amtool, which must be there, and return what it printed."""
    program = shutil.which("amtool")
    if program is None:
        pytest.fail(
            "amtool is missing: 'make test' installs it, or 'apt-get install prometheus-alertmanager'"
        )
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False, timeout=60)
    told = done.stdout + done.stderr
    assert (done.returncode == 0) == valid, told
    return told


def quick(config: dict[str, Any], got: Sinks) -> dict[str, Any]:
    """Return a configuration with its structure kept, its waits short and its receivers on loopback.

    Office hours are left out, as a test runs at any hour.
    """
    copied: dict[str, Any] = json.loads(json.dumps(config))
    copied["templates"] = [TEMPLATES]
    copied["global"] = {
        "smtp_smarthost": got.smtp,
        "smtp_from": "netwatch@noc.invalid",
        "smtp_require_tls": False,
    }
    for route in routes(copied["route"]):
        waits = {"group_wait": "500ms", "group_interval": "500ms"}
        route.update({key: wait for key, wait in waits.items() if key in route})
        for key in ("active_time_intervals", "mute_time_intervals"):
            route.pop(key, None)
    for receiver in copied["receivers"]:
        for chat in receiver.get("telegram_configs", ()):
            chat.update(api_url=got.http, bot_token=receiver["name"])
        for hook in receiver.get("webhook_configs", ()):
            hook.update(url=f"{got.http}/{receiver['name']}")
            hook.pop("http_config", None)
    return copied


class Alertmanager:
    """One that runs; `post` gives it alerts as Prometheus does."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, alerts: Sequence[dict[str, Any]]) -> None:
        """Give it alerts, in the form of its API's second version."""
        self._ask("/api/v2/alerts", json.dumps(alerts).encode())

    def alerts(self) -> list[dict[str, Any]]:
        """Return what it knows: each alert with its receivers, and whether something inhibits it."""
        found: list[dict[str, Any]] = json.loads(self._ask("/api/v2/alerts"))
        return found

    def ready(self) -> bool:
        """Tell whether it answers."""
        try:
            self._ask("/-/ready")
        except OSError:
            return False
        return True

    def _ask(self, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 loopback
            content: bytes = answer.read()
            return content


@contextlib.contextmanager
def running(
    config: dict[str, Any], folder: Path, zone: str = "Asia/Ho_Chi_Minh", options: Sequence[str] = ()
) -> Iterator[Alertmanager]:
    """Run it with this configuration until the end, its log in `folder`; `zone` is the clock of its texts."""
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    if program is None:
        pytest.fail(
            "Alertmanager is missing: 'make test' installs it, or 'apt-get install prometheus-alertmanager'"
        )
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "alertmanager.yml"
    file.write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [
        program,
        f"--config.file={file}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
        *options,
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "TZ": zone})
    served = Alertmanager(f"http://127.0.0.1:{port}")
    try:
        until(lambda: served.ready() or process.poll() is not None)
        assert process.poll() is None, (folder / "log").read_text("utf-8")
        yield served
    finally:
        process.terminate()
        process.wait(10)
