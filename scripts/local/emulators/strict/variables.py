"""Variables: an Assign counts wherever it stands, it sees the values from before it, and there are limits.

256 KiB for all that one Assign sets, 10 MiB for all variables of an execution (developer guide, variables).
"""

from types import ModuleType
from typing import Any

from ..footprint import STATE_LIMIT
from .errors import DATA_LIMIT
from .size import size

ALL_TOGETHER = 10 * 1024 * 1024


def install(states: ModuleType) -> None:
    def assigned(state: dict[str, Any], raw_input: Any, ctx: Any, result: Any = None, error_output: Any = None) -> None:
        assign = state.get("Assign")
        # Called for JSONata only. A choice's rule and a catcher have no language of their own: MiniStack asks them for it.
        if ctx is None or not isinstance(assign, dict):
            return
        given = {name: states._apply_jsonata_template(value, raw_input, ctx, result=result, error_output=error_output)
                 for name, value in assign.items()}
        known = ctx.setdefault("variables", {})
        _check(states, "the variables of one Assign", size(given), STATE_LIMIT)
        _check(states, "all variables of the execution", size({**known, **given}), ALL_TOGETHER)
        known.update(given)

    states._apply_state_assign = assigned


def _check(states: ModuleType, what: str, found: int, limit: int) -> None:
    if found > limit:
        raise states._ExecutionError(DATA_LIMIT, f"{what} are {found} bytes, {limit} are allowed")
