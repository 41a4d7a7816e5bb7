"""Each VTI has a strongSwan of its own, which its router talks to by its data plane."""

from .machine import Answer, Machine


def swanctl(machine: Machine, vti: str, *words: str) -> Answer:
    """strongSwan's control program, with the strongSwan of a VTI: what lists, initiates and terminates."""
    return machine.swanctl(vti, *words)
