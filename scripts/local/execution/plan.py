"""A plan in a form for people: what each router would be changed in, phase by phase."""

from typing import Any

from .progress import Progress

PHASES = {"phase1_result": "phase 1, the router itself", "phase2_result": "phase 2, what is configured in it"}
NOTHING = "  nothing would change"


def shown(progress: Progress) -> str:
    """Empty where nothing was planned; of a rollout wave by wave."""
    found = [_of(f"wave {wave}, {name}" if wave else name, result) for wave, results in {"": progress.results, **progress.waves}.items()
             for key, name in PHASES.items() if (result := results.get(key))]
    return "\n\n".join(text for text in found if text)


def _of(phase: str, result: dict[str, Any]) -> str:
    planned = {router: outcome for router, outcome in sorted((result.get("results") or {}).items())
               if "diff" in (outcome.get("details") or {})}
    if not planned:
        return ""
    return "\n".join([f"{phase}: {result.get('summary', '')}",
                      *(line for router, outcome in planned.items() for line in (router, *_lines(outcome["details"])))])


def _lines(details: dict[str, Any]) -> list[str]:
    lines = [f"  {line}" for line in details["diff"]] or [NOTHING]
    return lines + [f"    {line} (not ours, stays)" for line in details.get("foreign") or []]
