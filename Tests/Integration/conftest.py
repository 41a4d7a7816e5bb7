"""Fixtures: the zips unpacked once, and a lab for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tables
from harness import CONFORMANCE, Lab, unpack
from killing.fixtures import scripts, world  # noqa: F401
from network import ROUTERS, populate

PHASES = ("phase1", "phase2", "phase3")


@pytest.fixture(scope="session")
def task_roots(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("task-roots")
    roots = {phase: unpack(phase, folder) for phase in PHASES}
    return roots | {"conformance": unpack("ConformanceHandler", folder, CONFORMANCE)}


@pytest.fixture
def lab(task_roots: dict[str, Path], tmp_path: Path) -> Iterator[Lab]:
    """Four routers, all online, every command a success. Bad requests to the services fail the test."""
    lab = Lab(task_roots, tmp_path)
    populate(lab.ssm, ROUTERS)
    try:
        yield lab
        assert not lab.ssm.violations, lab.ssm.violations
        for runtime in lab.runtimes:
            refused = [(call.method, call.path, call.status) for call in runtime.refused()]
            assert runtime.provoked or not refused, refused
    finally:
        lab.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in tables.lines(terminalreporter):
        terminalreporter.write_line(line)
