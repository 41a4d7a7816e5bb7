"""What the history of a rollout in waves says of each wave: the results of its phases, batch by batch."""

import json
from typing import Any

# Of the objects that batches leave.
SHOWN_PLACES = 2

Waves = dict[str, dict[str, Any]]


def _step(waves: Waves, state: str) -> dict[str, Any]:
    """The result of a wave's phase, or of its rollback, to be filled; the state is named WAVE.STEP."""
    wave, _, step = state.partition(".")
    return waves.setdefault(wave, {}).setdefault(f"{step}_result", {})


def add_results(waves: Waves, state: str, text: str | None) -> None:
    """A function's answer inside a wave's phase: the last one of a batch has the routers' results."""
    answer = json.loads(text) if text else None
    if isinstance(answer, dict) and answer.get("done") and "results" in answer:
        _step(waves, state).setdefault("results", {}).update(answer["results"])


def add_counts(waves: Waves, state: str, text: str | None) -> None:
    """The end of a wave's phase: what its batches have come to, also those that ran as executions of their own."""
    output = json.loads(text) if text else None
    batches = output.get(state.partition(".")[2]) if isinstance(output, dict) else None
    if not isinstance(batches, list):
        return
    result = _step(waves, state)
    for count in ("success_count", "fail_count"):
        result[count] = sum(batch.get(count, 0) for batch in batches)
    result["failed"] = sorted(name for batch in batches for name in batch.get("failed", []))
    result["summary"] = "; ".join(batch.get("summary", "") for batch in batches)
    uris = [batch["results_uri"] for batch in batches if batch.get("results_uri")]
    if uris:
        result["results_uris"] = uris


def described(waves: Waves, cause: str) -> list[dict[str, Any]]:
    """Each wave with its status and reason, as far as the cause of the failure has them, and its results."""
    try:
        ended = json.loads(cause)["waves"]
    except (ValueError, KeyError, TypeError):
        ended = []
    names = list(dict.fromkeys([wave["name"] for wave in ended] + list(waves)))
    known = {wave["name"]: wave for wave in ended}
    return [{"name": name, **known.get(name, {}), **waves.get(name, {})} for name in names]


def elsewhere(result: dict[str, Any]) -> str:
    """How many routers succeeded and where their results are, if the history has not all; else empty."""
    succeeded = result.get("success_count", 0)
    total = succeeded + result.get("fail_count", 0)
    missing = total - len(result.get("results", {}))
    if missing <= 0:
        return ""
    one = result.get("results_uri")
    places = result.get("results_uris", [one] if one else [])
    shown = ", ".join(places[:SHOWN_PLACES]) or "the function's log"
    more = f" and {len(places) - SHOWN_PLACES} more objects" if len(places) > SHOWN_PLACES else ""
    return f"{succeeded} of {total} routers succeeded; the results of {missing} are in {shown}{more}"
