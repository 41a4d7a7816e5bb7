"""Disaster recovery on this machine: scripts/run-local recovery."""
