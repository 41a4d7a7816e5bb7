"""The lock of the configuration system: one commit at a time, and a router's boot is one.

It is held by an open file. So it ends with its process, however that ends.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCKED = "Configuration system temporarily locked due to another commit in progress\n"


@contextmanager
def commit_lock(root: Path, waits: bool = False) -> Iterator[bool]:
    """Whether the lock is held inside; without `waits` it is not where another process has it."""
    path = root / "opt/vyatta/config/.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
