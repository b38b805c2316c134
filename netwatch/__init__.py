"""netwatch: asks a province's network every second whether what was claimed of it is so."""

__version__ = "0.1.0"
