"""What the tests of the operator's tool have in common."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from labs import Lab, Labs


@pytest.fixture(scope="session")
def labs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Labs]:
    all_of_them = Labs(tmp_path_factory.mktemp("labs"))
    yield all_of_them
    all_of_them.down()


@pytest.fixture
def rollout(labs: Labs) -> Lab:
    """A network that is rolled out in two waves."""
    return labs.want("rollout")


@pytest.fixture
def synchronous(labs: Labs) -> Lab:
    """A network whose phases follow each other."""
    return labs.want("synchronous")
