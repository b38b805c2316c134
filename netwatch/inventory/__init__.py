"""YAML and CSV text to a validated inventory, or to all errors at once with their places."""
