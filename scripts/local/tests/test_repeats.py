"""A call whose answer was lost, and that is made again."""

import asyncio
from typing import Any

from local.repeats import REMEMBERED, Repeats

PUT, GET = "AmazonSSM.PutParameter", "AmazonSSM.GetParameter"


class Service:
    """Numbers its answers."""

    def __init__(self) -> None:
        self.asked = 0
        self.repeats = Repeats(self._handle)

    async def _handle(self, *_: Any) -> int:
        self.asked += 1
        return self.asked

    def call(self, target: str, **headers: str) -> int:
        return asyncio.run(self.repeats.handle_request("POST", "/", {"x-amz-target": target, **headers}, b"", {}))


def test_a_repeat_gets_the_first_answer() -> None:
    service = Service()
    assert [service.call(PUT, **{"amz-sdk-invocation-id": name}) for name in "aba"] == [1, 2, 1]


def test_another_call_is_another_call() -> None:
    service = Service()
    assert [service.call(PUT) for _ in range(2)] == [1, 2]
    assert [service.call(GET, **{"amz-sdk-invocation-id": "a"}) for _ in range(2)] == [3, 4]


def test_old_answers_are_forgotten() -> None:
    service = Service()
    for number in range(REMEMBERED + 1):
        service.call(PUT, **{"amz-sdk-invocation-id": str(number)})
    assert service.call(PUT, **{"amz-sdk-invocation-id": str(REMEMBERED)}) == REMEMBERED + 1
    assert service.call(PUT, **{"amz-sdk-invocation-id": "0"}) == REMEMBERED + 2
