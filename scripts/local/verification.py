"""The verdict in a form for people: phase 3's table, and why a run failed."""

from typing import Any

from .execution import Progress

CHECKS = ("ipsec", "bgp", "interfaces")
STDERR_LINES = 3


def table(results: dict[str, Any]) -> str:
    """One row a router of phase 3's result."""
    rows = [["router", *CHECKS, "ping", "verdict"]]
    for router, result in sorted(results.items()):
        details = result.get("details") or {}
        pings = ", ".join(f"{target} {verdict}" for target, verdict in sorted((details.get("ping") or {}).items()))
        rows.append([router, *(details.get(check, "-") for check in CHECKS), pings or "-", result["status"]])
    return aligned(rows)


def aligned(rows: list[list[str]]) -> str:
    """A table, its first row being the heads."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def failure(progress: Progress) -> str:
    """What the Fail state says, then each failed router's reasons, or its last words where it gives none."""
    lines = [f"error: {progress.error or '-'}", f"cause: {progress.cause or '-'}"]
    for phase, result in sorted(progress.results.items()):
        for router, outcome in sorted((result.get("results") or {}).items()):
            if outcome.get("status") != "Success":
                lines.append(f"{phase.removesuffix('_result')} {router}: {outcome.get('status')}")
                reasons = (outcome.get("details") or {}).get("reasons") or []
                tail = (outcome.get("stderr") or "").strip().splitlines()[-STDERR_LINES:]
                lines += [f"    {line}" for line in reasons or tail]
    return "\n".join(lines)
