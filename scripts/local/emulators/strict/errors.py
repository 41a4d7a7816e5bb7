"""States.ALL does not match everything.

"States.ALL can't catch States.DataLimitExceeded and States.Runtime"; States.Runtime "isn't retriable, and will always cause the
execution to fail" (Step Functions' developer guide, error handling).
"""

from types import ModuleType

from .paths import RUNTIME

DATA_LIMIT = "States.DataLimitExceeded"


def install(states: ModuleType) -> None:
    matches = states._error_matches

    def matched(names: list[str], error: str) -> bool:
        if error == RUNTIME:
            return False
        return error in names if error == DATA_LIMIT else matches(names, error)

    states._error_matches = matched
