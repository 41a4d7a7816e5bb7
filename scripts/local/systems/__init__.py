"""The other systems on the same engine, each on this machine: scripts/run-local NAME."""
