#!/bin/sh
# Pins every dependency with its hashes, for all supported Pythons at once. usage: lock.sh UV
set -eu
lock() { # FILE [OPTION…]
    file=$1; shift
    "$uv" pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
        --group build "$@" pyproject.toml -o "$file"
}
uv=$1
lock requirements/runtime.txt
lock requirements/dev.txt --extra dev
