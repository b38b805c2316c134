#!/bin/sh
# The real programs that the end-to-end tests and the benchmarks meet: installed where missing.
set -eu
missing=""
need() { # COMMAND PACKAGE
    PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null || missing="$missing $2"
}
need snmpd snmpd
need snmpbulkwalk snmp
need prometheus prometheus
need promtool prometheus
need prometheus-alertmanager prometheus-alertmanager
need amtool prometheus-alertmanager
need fping fping
need ping iputils-ping
need ip iproute2
need ps procps
need nsenter util-linux
need chromium chromium
need openssl openssl
need ssh-keygen openssh-client
need cc gcc
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
[ -e /usr/bin/prometheus-snmp-exporter ] || missing="$missing prometheus-snmp-exporter"
[ -e /usr/bin/prometheus-blackbox-exporter ] || missing="$missing prometheus-blackbox-exporter"
install="$(dirname "$0")/apt-install.sh"
if [ -n "$missing" ]; then
    echo "installing for the tests:$missing"
    # shellcheck disable=SC2086 # a list of words
    "$install" $(printf '%s\n' $missing | sort -u)
fi
# Not every release has it: without it the boards are asked of Prometheus alone.
[ -e /usr/bin/victoria-metrics ] || "$install" victoria-metrics 2>/dev/null || echo "no package victoria-metrics here"
