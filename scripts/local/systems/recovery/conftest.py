"""One deployment for all tests that need one."""

from collections.abc import Iterator

import pytest

from ...tests import programs
from .account import Account


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    with programs.started() as daemons:
        yield Account(tmp_path_factory.mktemp("recovery"), daemons)
