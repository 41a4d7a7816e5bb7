"""Programs that a test starts."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from local.processes import Daemons


@contextmanager
def started() -> Iterator[Daemons]:
    """Afterwards they are stopped, and the environment is what it was."""
    daemons, saved = Daemons(), dict(os.environ)
    try:
        yield daemons
    finally:
        daemons.stop()
        os.environ.clear()
        os.environ.update(saved)
