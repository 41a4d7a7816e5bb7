"""Fixtures: files.zip unpacked, a fake S3, functions with a mount; and the whole system over the emulators."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# The Runtime API and the server below the fake S3 are those of the integration tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Integration"))

from fake_s3 import FakeS3  # noqa: E402
from harness import unpack  # noqa: E402
from mounted import Mounted, bound  # noqa: E402

from local.processes import Daemons  # noqa: E402
from local.systems.files.system import System, deploy  # noqa: E402

Start = Callable[..., Mounted]


@pytest.fixture(scope="session")
def task_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack("files", tmp_path_factory.mktemp("task-root"))


@pytest.fixture
def s3() -> Iterator[FakeS3]:
    fake = FakeS3()
    yield fake
    fake.stop()
    assert not fake.violations, fake.violations


@pytest.fixture
def efs(tmp_path: Path) -> Path:
    """What is mounted."""
    folder = tmp_path / "efs"
    folder.mkdir()
    return folder


@pytest.fixture
def start(task_root: Path, s3: FakeS3, efs: Path) -> Iterator[Start]:
    """Starts a function; its mount is the folder unless another one is given."""
    started: list[Mounted] = []

    def begin(role: str, mount: list[str] | None = None, **environment: str) -> Mounted:
        started.append(Mounted(role, task_root, efs, s3, bound(efs) if mount is None else mount, **environment))
        return started[-1]

    yield begin
    for function in started:
        function.stop()


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """terraform/files over the emulators."""
    daemons = Daemons()
    folder = tmp_path_factory.mktemp("run") / "files"
    folder.mkdir()
    try:
        yield deploy(folder, daemons, s3_archive_enabled=True)
    finally:
        daemons.stop()
