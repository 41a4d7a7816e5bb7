"""Pages of parameters are read once, until a parameter changes."""

import asyncio
from typing import Any

import pytest

from local.emulators.pages import READ, Pages


class Service:
    """Numbers its answers; `region` is whose request comes next."""

    def __init__(self) -> None:
        self.asked, self.region = 0, "us-east-1"
        self.pages = Pages(self._handle, lambda: self.region)

    async def _handle(self, *_: Any) -> tuple[int, dict[str, str], int]:
        self.asked += 1
        return 200, {}, self.asked

    def call(self, target: str = READ, body: bytes = b"{}") -> Any:
        status, headers, answer = asyncio.run(self.pages.handle_request("POST", "/", {"x-amz-target": target}, body, {}))
        assert (status, headers) == (200, {})
        headers["changed"] = "by whom it was given to"
        return answer


def test_a_page_is_made_once() -> None:
    service = Service()
    assert [service.call(body=body) for body in (b"1", b"2", b"1")] == [1, 2, 1]


def test_a_region_has_pages_of_its_own() -> None:
    service = Service()
    service.call()
    service.region = "eu-central-1"
    assert service.call() == 2


@pytest.mark.parametrize("operation", ["PutParameter", "DeleteParameter", "DeleteParameters", "LabelParameterVersion"])
def test_a_change_makes_all_pages_anew(operation: str) -> None:
    service = Service()
    assert [service.call(), service.call(f"AmazonSSM.{operation}"), service.call()] == [1, 2, 3]


def test_nothing_else_is_kept() -> None:
    service = Service()
    assert [service.call("AmazonSSM.GetParameter") for _ in range(2)] == [1, 2]
