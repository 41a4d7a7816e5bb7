"""Every fault in every operation, over the real packages: the outcome, the calls, and no command sent twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from matrix import CELLS
from matrix.cell import Cell, Seen
from matrix.rules import expect

# Most of a cell's time is waiting: for a retry, a time-out, or a history that lags.
AT_ONCE = 12


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest, task_roots: dict[str, Path],
           tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Seen]]]:
    """The cells that are asked for, under way; the slow ones first."""
    wanted = [item.callspec.params["cell"] for item in request.session.items if "cell" in getattr(
        getattr(item, "callspec", None), "params", {})]
    wanted.sort(key=lambda cell: not cell.trouble.name.startswith("no answer"))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {str(cell): pool.submit(cell.play, task_roots, tmp_path_factory.mktemp("cell")) for cell in wanted}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_cell(played: dict[str, Future[Seen]], record_property, cell: Cell) -> None:
    expected = expect(cell.trouble, cell.operation, cell.times)
    seen = played[str(cell)].result()
    record_property("fault matrix", (cell.trouble.name, cell.operation, cell.times, cell.phase, seen.outcome,
                                     seen.calls, seen.commands))
    assert seen.outcome == expected.outcome, seen
    assert seen.calls in expected.calls, (seen, expected)
    assert seen.commands == expected.commands <= 1, (seen, expected)
    assert expected.says in seen.words, seen
    told, true = seen.command_ids
    assert told == (true if seen.commands else ""), seen
