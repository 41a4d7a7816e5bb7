"""A call that a client makes again, because its answer got lost, gets that answer and is not done twice.

Answers do get lost: Terraform's provider sends some requests in two pieces, head and body, and of these it closes
about every hundredth while the answer is on its way, if a server on the same, busy machine answers within a
millisecond. Then it makes the call again. An AWS SDK gives all attempts of one call the same id. AWS itself knows many
calls again by a token; an emulator would answer that what the first attempt has made is already there.
"""

import asyncio
import logging
import threading
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsyncApp = Callable[[Message, Receive, Send], Awaitable[None]]
Environment = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environment, Start], Iterable[bytes]]

CALL_ID, ATTEMPT, TARGET = b"amz-sdk-invocation-id", b"amz-sdk-request", b"x-amz-target"
# A client gives up long before as many other calls are answered.
KEPT_CALLS = 2000
QUESTIONS = ("GET", "HEAD")
log = logging.getLogger("replay")
Answer = TypeVar("Answer")


class Calls(Generic[Answer]):
    """The newest calls, each with its answer as soon as there is one; None is the answer of one that failed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, Future[Answer | None]] = OrderedDict()

    def attempt(self, call: str) -> tuple[Future[Answer | None], bool]:
        """What the call is answered, and whether it is for the caller to find out and to set."""
        with self._lock:
            known = self._answers.get(call)
            if known is not None and not (known.done() and known.result() is None):
                return known, False
            mine: Future[Answer | None] = Future()
            self._answers[call] = mine
            if len(self._answers) > KEPT_CALLS:
                self._answers.popitem(last=False)
            return mine, True


class AsyncReplay:
    """An ASGI application in front of another one."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app
        self._calls: Calls[list[Message]] = Calls()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", []))
        if scope["type"] != "http" or scope["method"] in QUESTIONS or CALL_ID not in headers:
            await self._app(scope, receive, send)
            return
        answer: list[Message] | None = None
        while answer is None:
            found, is_mine = self._calls.attempt(headers[CALL_ID].decode())
            if is_mine:
                await self._do(found, scope, receive, send)
                return
            answer = await asyncio.shield(asyncio.wrap_future(found))
        # A server that answers before it has the whole request has to close the connection.
        while (await receive()).get("more_body"):
            pass
        operation = headers.get(TARGET, scope["path"].encode()).decode()
        _say_again(scope["method"], operation, headers.get(ATTEMPT, b"").decode())
        for message in answer:
            await send(message)

    async def _do(self, ended: Future[list[Message] | None], scope: Message, receive: Receive, send: Send) -> None:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)
            await send(message)

        try:
            await self._app(scope, receive, keep)
        finally:
            is_whole = bool(answer) and not answer[-1].get("more_body", False)
            ended.set_result(answer if is_whole and _succeeded(answer[0].get("status", 500)) else None)


class Replay:
    """A WSGI application in front of another one."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._calls: Calls[tuple[str, list[tuple[str, str]], bytes]] = Calls()

    def __call__(self, environment: Environment, start: Start) -> Iterable[bytes]:
        call = environment.get(_variable(CALL_ID))
        if call is None or environment["REQUEST_METHOD"] in QUESTIONS:
            return self._app(environment, start)
        while True:
            found, is_mine = self._calls.attempt(call)
            answer = self._do(found, environment) if is_mine else found.result()
            if answer is not None:
                break
        if not is_mine:
            operation = environment.get(_variable(TARGET), environment["PATH_INFO"])
            _say_again(environment["REQUEST_METHOD"], operation, environment.get(_variable(ATTEMPT), ""))
        status, headers, body = answer
        start(status, headers)
        return [body]

    def _do(self, ended: Any, environment: Environment) -> tuple[str, list[tuple[str, str]], bytes]:
        begun: list[Any] = []
        kept = None
        try:
            body = b"".join(self._app(environment, lambda *head: begun.extend(head)))
            answer = begun[0], begun[1], body
            kept = answer if _succeeded(int(begun[0].split()[0])) else None
            return answer
        finally:
            ended.set_result(kept)


def _succeeded(status: int) -> bool:
    return status < 400


def _variable(header: bytes) -> str:
    """A header's name in WSGI."""
    return "HTTP_" + header.decode().upper().replace("-", "_")


def _say_again(method: str, operation: str, attempt: str) -> None:
    log.warning("answered again: %s %s %s", method, operation, attempt)
