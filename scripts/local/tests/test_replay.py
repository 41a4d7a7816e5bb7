"""Calls that a client makes again."""

import asyncio
from typing import Any

import pytest

from local.replay import CALL_ID, Replay


class Server:
    """Counts what it does, and answers with the number."""

    def __init__(self, status: int = 200) -> None:
        self.done, self.status = 0, status

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        self.done += 1
        number = self.done
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"%d" % number})


async def ask(app: Replay, call: bytes | None, method: str = "POST") -> bytes:
    bodies: list[bytes] = []

    async def send(message: dict[str, Any]) -> None:
        bodies.append(message.get("body", b""))

    headers = [] if call is None else [(CALL_ID, call)]
    await app({"type": "http", "method": method, "path": "/", "headers": headers}, None, send)  # type: ignore[arg-type]
    return b"".join(bodies)


async def answers(server: Server, *calls: bytes | None, method: str = "POST") -> list[bytes]:
    app = Replay(server)
    return [await ask(app, call, method) for call in calls]


def test_a_call_that_succeeded_is_not_done_again() -> None:
    assert asyncio.run(answers(Server(), b"one", b"one", b"two", b"one")) == [b"1", b"1", b"2", b"1"]


def test_a_second_attempt_waits_for_the_first() -> None:
    async def together() -> list[bytes]:
        app = Replay(Server())
        return await asyncio.gather(ask(app, b"one"), ask(app, b"one"))

    assert asyncio.run(together()) == [b"1", b"1"]


@pytest.mark.parametrize("status", [400, 409, 500, 503])
def test_a_call_that_failed_is_done_again(status: int) -> None:
    assert asyncio.run(answers(Server(status), b"one", b"one")) == [b"1", b"2"]


def test_without_an_id_and_for_questions_nothing_is_kept() -> None:
    assert asyncio.run(answers(Server(), None, None)) == [b"1", b"2"]
    assert asyncio.run(answers(Server(), b"one", b"one", method="GET")) == [b"1", b"2"]
