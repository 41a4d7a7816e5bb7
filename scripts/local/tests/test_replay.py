"""Calls that a client makes again."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from local.emulators import replay
from local.emulators.replay import CALL_ID, AsyncReplay, Replay

Ask = Callable[..., list[bytes]]


class AsyncServer:
    """Counts what it does, and answers with the number."""

    def __init__(self, status: int = 200) -> None:
        self.done, self.status = 0, status

    async def __call__(self, _scope: Any, receive: Any, send: Any) -> None:
        self.done += 1
        while (await receive())["more_body"]:
            pass
        number = self.done
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"%d" % number})


class Server:
    """The same, for one thread each."""

    def __init__(self, status: int = 200) -> None:
        self.done, self.status = 0, status
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __call__(self, _environment: Any, start: Any) -> list[bytes]:
        self.done += 1
        number = self.done
        self.may_answer.wait()
        start(f"{self.status} of the server", [])
        return [b"%d" % number]


async def ask(app: AsyncReplay, call: bytes | None, method: str = "POST") -> bytes:
    bodies: list[bytes] = []
    pieces = [True, True, False]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"-", "more_body": pieces.pop(0)}

    async def send(message: dict[str, Any]) -> None:
        bodies.append(message.get("body", b""))

    headers = [] if call is None else [(CALL_ID, call)]
    await app({"type": "http", "method": method, "path": "/", "headers": headers}, receive, send)
    assert not pieces, "answered before the whole request was there"
    return b"".join(bodies)


def ask_in_thread(app: Replay, call: bytes | None, method: str = "POST") -> bytes:
    environment = {"REQUEST_METHOD": method, "PATH_INFO": "/"}
    if call is not None:
        environment["HTTP_AMZ_SDK_INVOCATION_ID"] = call.decode()
    started: list[str] = []
    body = b"".join(app(environment, lambda status, _headers: started.append(status)))
    assert len(started) == 1
    return body


def ask_async(status: int, *calls: bytes | None, method: str = "POST") -> list[bytes]:
    async def one_after_the_other() -> list[bytes]:
        app = AsyncReplay(AsyncServer(status))
        return [await ask(app, call, method) for call in calls]

    return asyncio.run(one_after_the_other())


def ask_threaded(status: int, *calls: bytes | None, method: str = "POST") -> list[bytes]:
    app = Replay(Server(status))
    return [ask_in_thread(app, call, method) for call in calls]


both = pytest.mark.parametrize("answers", [ask_async, ask_threaded], ids=["ASGI", "WSGI"])


@both
def test_a_call_that_succeeded_is_not_done_again(answers: Ask) -> None:
    assert answers(200, b"one", b"one", b"two", b"one") == [b"1", b"1", b"2", b"1"]


@both
@pytest.mark.parametrize("status", [400, 409, 500, 503])
def test_a_call_that_failed_is_done_again(answers: Ask, status: int) -> None:
    assert answers(status, b"one", b"one") == [b"1", b"2"]


@both
def test_without_an_id_and_for_questions_nothing_is_kept(answers: Ask) -> None:
    assert answers(200, None, None) == [b"1", b"2"]
    assert answers(200, b"one", b"one", method="GET") == [b"1", b"2"]


@both
def test_only_the_newest_calls_are_kept(answers: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "KEPT_CALLS", 2)
    assert answers(200, b"one", b"two", b"three", b"two", b"one") == [b"1", b"2", b"3", b"2", b"4"]


def test_a_second_attempt_waits_for_the_first() -> None:
    async def together() -> list[bytes]:
        app = AsyncReplay(AsyncServer())
        return await asyncio.gather(ask(app, b"one"), ask(app, b"one"))

    assert asyncio.run(together()) == [b"1", b"1"]


def in_threads(server: Server, attempts: int) -> list[bytes]:
    """The same call at once; the server answers when all wait."""
    app, answers = Replay(server), []
    threads = [threading.Thread(target=lambda: answers.append(ask_in_thread(app, b"one"))) for _ in range(attempts)]
    server.may_answer.clear()
    for thread in threads:
        thread.start()
    server.may_answer.set()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_threads_wait_for_the_first() -> None:
    assert in_threads(Server(), 3) == [b"1", b"1", b"1"]


def test_a_thread_that_waited_for_a_failure_does_the_call_itself() -> None:
    assert in_threads(Server(500), 3) == [b"1", b"2", b"3"]


def test_who_waited_for_a_failure_does_the_call_itself() -> None:
    async def together() -> list[bytes]:
        app = AsyncReplay(AsyncServer(500))
        return sorted(await asyncio.gather(*(ask(app, b"one") for _ in range(3))))

    assert asyncio.run(together()) == [b"1", b"2", b"3"]
