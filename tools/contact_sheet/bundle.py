"""Installs what the page is made of, from npm by the lock file, and bundles it; in folders of their own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
ICONS = PACKAGES / "@grafana" / "ui" / "dist" / "public"
FONTS = PACKAGES / "inter-ui" / "web"

ESBUILD = (
    "--bundle",
    "--format=esm",
    "--jsx=automatic",
    "--minify",
    "--keep-names",
    "--log-level=error",
    "--loader:.woff2=file",
    "--loader:.ttf=file",
    "--loader:.svg=dataurl",
    '--define:process.env.NODE_ENV="production"',
    "--alias:react-router-dom-v5-compat=react-router-dom",  # the same functions, in one package by now
)


def install() -> None:
    """Run npm, unless what the lock file asks for is there. Raises FileNotFoundError, CalledProcessError."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is missing: apt-get install npm, or Node.js 20 or newer with its npm")
    lock, done = HERE / "package-lock.json", PACKAGES / ".installed"
    if not done.exists() or done.read_bytes() != lock.read_bytes():
        print("installing Grafana's components from npm: about 450 MB, a minute or two", flush=True)
        subprocess.run([npm, "ci", "--no-fund", "--no-audit", "--loglevel=error"], cwd=HERE, check=True)  # noqa: S603 our own list
        done.write_bytes(lock.read_bytes())


def bundle(output: Path) -> None:
    """Check the types of the page's source, and write its script and style. Raises CalledProcessError."""
    programs = PACKAGES / ".bin"
    subprocess.run([programs / "tsc", "--noEmit"], cwd=HERE, check=True)  # noqa: S603 our own list
    command: list[str | Path] = [programs / "esbuild", "src/main.tsx", f"--outdir={output}", *ESBUILD]
    subprocess.run(command, cwd=HERE, check=True)  # noqa: S603 our own list
