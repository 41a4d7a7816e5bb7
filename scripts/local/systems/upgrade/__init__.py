"""Cluster upgrades on this machine."""
