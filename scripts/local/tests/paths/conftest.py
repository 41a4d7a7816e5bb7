"""One network for all paths of the machines, and the table of the paths at the end."""

from collections.abc import Callable, Iterator

import pytest

from .. import programs
from ..tables import aligned
from .network import PaperNetwork

Tell = Callable[[str, str, str, str], None]
PROPERTY = "path"


@pytest.fixture(scope="package")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaperNetwork]:
    with programs.started() as daemons:
        yield PaperNetwork(tmp_path_factory.mktemp("paths"), daemons)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """A row of the table: path, orchestration, result, how."""
    return lambda *row: record_property(PROPERTY, row)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    rows = [[*value, outcome] for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])
            for name, value in getattr(report, "user_properties", []) if name == PROPERTY]
    if rows:
        terminalreporter.write_line("")
        terminalreporter.write_line(aligned([["path", "orchestration", "result", "how", "test"], *rows]))
