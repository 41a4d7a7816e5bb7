"""The engine's definitions as Terraform renders them, each to be run by the second interpreter."""

from typing import Any

import pytest

from ..definitions import ROLLOUTS, rendered
from .deployment import Deployment


@pytest.fixture(scope="session")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return rendered(tmp_path_factory.mktemp("definitions"), ROLLOUTS)


@pytest.fixture(scope="session")
def network(definitions: dict[str, str]) -> Deployment:
    """Steps phase1 to phase3, undone by rollback."""
    return Deployment(definitions["network"])


@pytest.fixture(scope="session")
def servers(definitions: dict[str, str]) -> Deployment:
    """One step, launch, that can't be undone; keeps a history."""
    return Deployment(definitions["servers"])


@pytest.fixture(scope="session")
def clusters(definitions: dict[str, str]) -> Deployment:
    """Four functions and an undo of its own; reasoning is advice."""
    return Deployment(definitions["clusters"])


def wave(name: str, *routers: str, **more: Any) -> dict[str, Any]:
    """A wave of these routers, or of the rest."""
    return {"name": name, **({"routers": list(routers)} if routers else {"rest": True}), **more}
