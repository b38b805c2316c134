"""`make contact-sheet`: Grafana's npm components draw every panel of every dashboard."""
