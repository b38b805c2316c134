"""Prometheus rules, written in Python, committed as YAML under config/prometheus/rules/.

Each alert is one row of a table, so that a metric that is renamed fails the build and every alert has what
people and Alertmanager need. `netwatch rules` writes them, `netwatch rules --check` compares.
"""
