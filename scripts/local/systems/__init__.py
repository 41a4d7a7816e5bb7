"""The local runs of the other systems: scripts/run-local NAME."""
