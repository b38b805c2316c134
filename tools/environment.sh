#!/bin/sh
# Makes the virtual environment and installs what is locked, then netwatch itself from this folder.
# usage: environment.sh PYTHON VENV REQUIREMENTS
set -eu
python=$1 venv=$2 requirements=$3

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "netwatch needs Python 3.11 or newer: $("$python" --version 2>&1 || true) found. Try: make PYTHON=python3.12 …" >&2
    exit 1
}
if [ ! -x "$venv/bin/pip" ]; then
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        "$(dirname "$0")/apt-install.sh" python3-venv || {
            echo "python3-venv is missing: run 'apt-get install python3-venv', then this again" >&2
            exit 1
        }
    fi
    "$python" -m venv "$venv"
fi
"$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$requirements"
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
