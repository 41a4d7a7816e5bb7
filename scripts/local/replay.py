"""A call that a client makes again, because its answer got lost, gets that answer and is not done twice.

An AWS SDK gives all attempts of one call the same id. AWS itself knows many calls again by a token; the emulator
would answer that what the first attempt has made is already there.
"""

import asyncio
import logging
from collections import OrderedDict
from typing import Any, Awaitable, Callable, Optional

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

CALL_ID = b"amz-sdk-invocation-id"
# A client gives up long before as many other calls are answered.
KEPT_CALLS = 2000
log = logging.getLogger("replay")


class Replay:
    """An ASGI application in front of another one."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._answers: OrderedDict[bytes, asyncio.Future[Optional[list[Message]]]] = OrderedDict()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        call = _call(scope)
        if call is None:
            await self._app(scope, receive, send)
            return
        answer = await asyncio.shield(self._answers[call]) if call in self._answers else None
        if answer is None:
            await self._do(call, scope, receive, send)
            return
        log.warning("answered again: %s", _description(scope))
        for message in answer:
            await send(message)

    async def _do(self, call: bytes, scope: Message, receive: Receive, send: Send) -> None:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)
            await send(message)

        self._answers[call] = asyncio.get_running_loop().create_future()
        if len(self._answers) > KEPT_CALLS:
            self._answers.popitem(last=False)
        ended = self._answers[call]
        try:
            await self._app(scope, receive, keep)
        finally:
            ended.set_result(answer if _succeeded(answer) else None)


def _call(scope: Message) -> Optional[bytes]:
    """The id of a call that may change something."""
    if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
        return None
    return dict(scope["headers"]).get(CALL_ID)


def _description(scope: Message) -> str:
    headers = dict(scope["headers"])
    operation = headers.get(b"x-amz-target", scope["path"].encode())
    return b" ".join([scope["method"].encode(), operation, headers.get(b"amz-sdk-request", b"")]).decode()


def _succeeded(answer: list[Message]) -> bool:
    return bool(answer) and answer[0].get("status", 500) < 400 and not answer[-1].get("more_body", False)
