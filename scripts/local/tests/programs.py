"""Programs that a test starts, and the emulators' addresses and keys in the environment of its own calls."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import boto3

from local.processes import Daemons


@contextmanager
def started() -> Iterator[Daemons]:
    """Afterwards they are stopped, and the environment and whom boto3 calls are what they were."""
    daemons, saved = Daemons(), dict(os.environ)
    try:
        yield daemons
    finally:
        daemons.stop()
        os.environ.clear()
        os.environ.update(saved)
        boto3.setup_default_session()


def enter(environment: dict[str, str]) -> None:
    """From now on boto3 calls these emulators; it would go on with the keys of those before."""
    os.environ.update(environment)
    boto3.setup_default_session()
