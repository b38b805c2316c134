#!/bin/sh
# Installs Debian packages where this user may; starts none of their services.
# usage: apt-install.sh PACKAGE…
set -eu
command -v apt-get >/dev/null || { echo "not a Debian or Ubuntu: install yourself: $*" >&2; exit 1; }
if [ "$(id -u)" = 0 ]; then as_root=""
elif sudo -n true 2>/dev/null; then as_root="sudo -n"
else echo "run as root: apt-get install $*" >&2; exit 1
fi
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    # invoke-rc.d asks this file; 101 means that nothing is to be started.
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
    trap '$as_root rm -f "$policy"' EXIT
fi
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
