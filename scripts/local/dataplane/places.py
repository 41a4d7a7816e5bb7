"""Where a run's data plane listens."""

from pathlib import Path


def sockets(folder: Path) -> Path:
    """The folder of the operator's socket, which no host sees."""
    return folder / "plane"


def host_folder(folder: Path, host: str) -> Path:
    """The folder of a host's own socket, which that host sees and nothing beside it."""
    return sockets(folder) / "hosts" / host
