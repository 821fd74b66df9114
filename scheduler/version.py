"""The version of giliran, read by the build and printed by `--version`."""

__version__ = "0.1.0"
