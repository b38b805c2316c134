"""Grafana dashboards, written in Python, committed as JSON under grafana/.

`panels` and the boards import grafana-foundation-sdk, which only development installs; nothing that the
daemon imports may import them. `queries` reads the JSON and needs no SDK.
"""
