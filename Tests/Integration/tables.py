"""The tables at the end of a run: a row for each test that recorded one, with its verdict."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

HEADS = {
    "conformance": ("scenario", "the server", "AWS's server sees", "process"),
    "kill loop": ("script", "start", "steps", "kills", "good ends", "router away, seconds"),
    "fault matrix": ("fault", "operation", "how often", "phase", "outcome", "calls", "commands"),
}
UNITS = {"conformance": "scenarios", "fault matrix": "cells", "kill loop": "loops"}


def lines(reporter: pytest.TerminalReporter) -> Iterator[str]:
    for title, head in HEADS.items():
        rows = _rows(reporter, title)
        if not rows:
            continue
        yield ""
        yield from _table([(*head, "verdict"), *rows])
        passed = sum(row[-1] == "passed" for row in rows)
        yield f"{title}: {len(rows)} {UNITS[title]}, {passed} passed"


def _rows(reporter: pytest.TerminalReporter, title: str) -> list[tuple[str, ...]]:
    """A test has passed when its call and its tear-down have."""
    rows: dict[str, tuple[str, ...]] = {}
    verdicts: dict[str, str] = {}
    for outcome in ("passed", "failed", "error"):
        for report in reporter.stats.get(outcome, []):
            rows.update((report.nodeid, tuple(map(str, row))) for name, row in report.user_properties if name == title)
            verdicts[report.nodeid] = "passed" if outcome == "passed" and report.nodeid not in verdicts else "FAILED"
    return [(*row, verdicts[test]) for test, row in rows.items()]


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
