"""Answers that get lost between the emulator and a program that asks it for thousands of things.

The AWS SDKs then ask again, and the repeat of a PutParameter finds the parameter made: an error, once in some
thousand calls. The repeat has the same invocation id, so it gets the answer of the first.
"""

from collections import OrderedDict
from typing import Any, Awaitable, Callable

INVOCATION = "amz-sdk-invocation-id"
NOT_REPEATABLE = ("AmazonSSM.PutParameter",)
REMEMBERED = 1000

Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Any]]


class Repeats:
    """A service's handler that gives the repeat of a call the answer of the call."""

    def __init__(self, handle: Handler) -> None:
        self._handle = handle
        self._answers: OrderedDict[str, Any] = OrderedDict()

    async def handle_request(self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Any:
        invocation = headers.get(INVOCATION)
        if not invocation or headers.get("x-amz-target") not in NOT_REPEATABLE:
            return await self._handle(method, path, headers, body, query)
        if invocation not in self._answers:
            self._answers[invocation] = await self._handle(method, path, headers, body, query)
            if len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return self._answers[invocation]
