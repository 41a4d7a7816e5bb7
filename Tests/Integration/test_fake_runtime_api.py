"""The fake Runtime API keeps the rules of the real one."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator

import pytest
from fakes.runtime_api import RuntimeAPI

NEXT = "/2018-06-01/runtime/invocation/next"


@pytest.fixture
def api() -> Iterator[RuntimeAPI]:
    api = RuntimeAPI(largest_response=1000)
    yield api
    api.stop()


class Client:
    def __init__(self, api: RuntimeAPI) -> None:
        self.connection = http.client.HTTPConnection(api.address, timeout=20)

    def call(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes, dict]:
        self.connection.request(method, path, body, {"Lambda-Runtime-Function-Error-Type": "Function.Error"})
        answer = self.connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())

    def result(self, request_id: str, kind: str = "response", body: bytes = b"{}") -> int:
        return self.call("POST", f"/2018-06-01/runtime/invocation/{request_id}/{kind}", body)[0]


def test_two_events_on_one_connection(api: RuntimeAPI) -> None:
    client = Client(api)
    for payload in (b'{"n": 1}', b"not json \xff"):
        invocation = api.invoke(payload, trace_id="Root=1-a")
        status, body, headers = client.call("GET", NEXT)
        assert (status, body) == (200, payload)
        assert headers["Lambda-Runtime-Aws-Request-Id"] == invocation.request_id
        assert headers["Lambda-Runtime-Trace-Id"] == "Root=1-a"
        assert int(headers["Lambda-Runtime-Deadline-Ms"]) == invocation.deadline_ms
        assert client.result(invocation.request_id, body=b'{"ok": true}') == 202
        assert invocation.wait().response == {"ok": True}
    assert len(api.connections()) == 1 and not api.refused()


def test_next_waits_and_a_second_one_is_refused(api: RuntimeAPI) -> None:
    answers: list[tuple] = []
    waiting = threading.Thread(target=lambda: answers.append(Client(api).call("GET", NEXT)))
    waiting.start()
    api.wait_parked()
    assert Client(api).call("GET", NEXT)[0] == 403
    api.invoke(b"{}")
    waiting.join(20)
    assert answers[0][0] == 200


def test_results_out_of_turn_are_refused(api: RuntimeAPI) -> None:
    client = Client(api)
    assert client.result("nobody") == 403
    invocation = api.invoke()
    client.call("GET", NEXT)
    assert client.call("GET", NEXT)[0] == 403
    assert client.result("another-id") == 400
    assert client.result(invocation.request_id, "error", json.dumps({"errorType": "E"}).encode()) == 202
    assert client.result(invocation.request_id) == 403
    assert invocation.failed and invocation.error_type_header == "Function.Error"
    assert client.call("POST", "/2018-06-01/runtime/init/error", b"{}")[0] == 403


def test_a_large_response_is_refused_and_an_error_may_follow(api: RuntimeAPI) -> None:
    client = Client(api)
    invocation = api.invoke()
    client.call("GET", NEXT)
    assert client.result(invocation.request_id, body=b"x" * 1001) == 413
    assert not invocation.done.is_set()
    assert client.result(invocation.request_id, "error") == 202
    assert invocation.failed and invocation.too_large


def test_a_reused_connection_can_be_cut(api: RuntimeAPI) -> None:
    client = Client(api)
    invocation = api.invoke()
    client.call("GET", NEXT)
    api.reset_reused = 1
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        client.result(invocation.request_id)
    assert not invocation.done.is_set()
    assert Client(api).result(invocation.request_id) == 202


def test_a_client_that_left_frees_next(api: RuntimeAPI) -> None:
    first = Client(api)
    first.connection.request("GET", NEXT)
    api.wait_parked()
    first.connection.close()
    with api.lock:
        assert api.lock.wait_for(lambda: not api._parked, 20)
    api.invoke(b"{}")
    assert Client(api).call("GET", NEXT)[0] == 200


def test_init_error_is_kept(api: RuntimeAPI) -> None:
    assert Client(api).call("POST", "/2018-06-01/runtime/init/error", b'{"errorType": "X"}')[0] == 202
    assert api.wait_init_error().headers["Lambda-Runtime-Function-Error-Type"] == "Function.Error"
