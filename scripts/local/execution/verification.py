"""The verdict in a form for people: phase 3's table, and why a run failed."""

from typing import Any

from . import rollout
from .progress import Progress

CHECKS = ("ipsec", "bgp", "interfaces")
STDERR_LINES = 3
# Addresses in a row of the table.
MOST_PINGS = 8


def table(results: dict[str, Any]) -> str:
    """One row a router of phase 3's result."""
    rows = [["router", *CHECKS, "ping", "verdict"]]
    for router, result in sorted(results.items()):
        details = result.get("details") or {}
        rows.append([router, *(details.get(check, "-") for check in CHECKS), _pings(details.get("ping") or {}), result["status"]])
    return aligned(rows)


def _pings(verdicts: dict[str, str]) -> str:
    """A cell: each address with its verdict; of a hub's many those that are not well, and how many others are."""
    shown, healthy = dict(sorted(verdicts.items())), 0
    if len(verdicts) > MOST_PINGS:
        ill = [target for target, verdict in shown.items() if verdict != "ok"]
        healthy = len(verdicts) - len(ill)
        more = len(ill) - MOST_PINGS
        shown = {target: shown[target] for target in ill[:MOST_PINGS]} | ({f"{more} more": "not ok"} if more > 0 else {})
    cells = [f"{target} {verdict}" for target, verdict in shown.items()] + ([f"{healthy} others ok"] if healthy else [])
    return ", ".join(cells) or "-"


def aligned(rows: list[list[str]]) -> str:
    """A table, its first row being the heads."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def verified(progress: Progress) -> str:
    """What phase 3 found; in a rollout wave by wave."""
    if not progress.waves:
        return _found(progress.results.get("phase3_result", {}))
    return "\n\n".join(f"wave {wave}\n{_found(results.get('phase3_result', {}))}" for wave, results in progress.waves.items())


def _found(result: dict[str, Any]) -> str:
    results, more = result.get("results"), rollout.elsewhere(result)
    if not results and not more:
        return "phase 3 was not reached: there is nothing to verify"
    return "\n".join([*([table(results)] if results else []), *([more] if more else [])])


def failure(progress: Progress) -> str:
    """What the Fail state says, then each failed router's reasons, or its last words where it gives none."""
    lines = [f"error: {progress.error or '-'}", *(rollout.told(progress.cause) or [f"cause: {progress.cause or '-'}"])]
    for wave, phases in {"": progress.results, **progress.waves}.items():
        for phase, result in phases.items() if wave else sorted(phases.items()):
            name = f"{wave} {phase.removesuffix('_result')}".strip()
            lines += [line for router, outcome in sorted((result.get("results") or {}).items())
                      if outcome.get("status") != "Success" for line in _last_words(f"{name} {router}", outcome)]
    return "\n".join(lines)


def _last_words(what: str, outcome: dict[str, Any]) -> list[str]:
    reasons = (outcome.get("details") or {}).get("reasons") or []
    tail = (outcome.get("stderr") or "").strip().splitlines()[-STDERR_LINES:]
    return [f"{what}: {outcome.get('status')}", *(f"    {line}" for line in reasons or tail)]
