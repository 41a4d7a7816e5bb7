"""The invocation loop against the Runtime API."""

from __future__ import annotations

import pytest
from fakes.runtime_api import RuntimeAPI
from harness import Function, Lab
from network import NAMES

BAD_EVENT = b'{"instances": ['
UNREACHABLE_PROXY = "http://127.0.0.1:1"


def assert_goes_on(function: Function) -> None:
    assert function.invoke(b"{}").response["success_count"] == 4


def test_two_events_in_a_row_on_one_connection(lab: Lab) -> None:
    function = lab.start("phase1")
    first, second = function.invoke(), function.invoke()
    assert first.response["success_count"] == second.response["success_count"] == 4
    assert first.result.path.split("/")[-2] == first.request_id != second.request_id
    function.runtime.wait_parked()
    assert len(function.runtime.connections()) == 1
    assert [call.method for call in function.runtime.calls] == ["GET", "POST", "GET", "POST", "GET"]


def test_headers_of_a_response(lab: Lab) -> None:
    result = lab.start("phase1").invoke().result
    assert result.headers["Content-Type"].startswith("application/json")
    assert int(result.headers["Content-Length"]) == len(result.body)


@pytest.mark.parametrize("payload", [BAD_EVENT, b"", b"null", b"[]", b'"text"', b"17", b"\xff\xfe", b"{} trailing"])
def test_an_event_that_is_no_json_object_is_reported_and_the_loop_goes_on(lab: Lab, payload: bytes) -> None:
    function = lab.start("phase1")
    report = function.invoke(payload)
    assert report.error["errorType"] == "Event.Invalid"
    assert report.error_type_header.startswith("Function.") or report.error_type_header.startswith("Runtime.")
    assert not lab.ssm.commands
    assert_goes_on(function)


def test_proxy_variables_do_not_catch_the_runtime_api(lab: Lab) -> None:
    names = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
    function = lab.start("phase1", **dict.fromkeys(names, UNREACHABLE_PROXY))
    assert function.invoke(BAD_EVENT).error["errorType"] == "Event.Invalid"


def test_slow_answers_of_the_runtime_api_are_waited_for(lab: Lab) -> None:
    runtime = RuntimeAPI()
    runtime.delay = 1.5
    assert_goes_on(lab.start("phase1", runtime))


def test_a_response_too_large_is_reported(lab: Lab) -> None:
    function = lab.start("phase1", RuntimeAPI(largest_response=400))
    invocation = function.invoke()
    assert invocation.too_large is not None and len(invocation.too_large.body) > 400
    assert invocation.error["errorType"] == "Response.TooLarge"
    assert invocation.error_type_header == "Function.ResponseSizeTooLarge"
    function.runtime.largest_response = 100_000
    assert_goes_on(function)


def test_a_service_that_takes_no_report_after_a_413(lab: Lab) -> None:
    runtime = RuntimeAPI(largest_response=400, error_after_413=False)
    runtime.provoked = True
    function = lab.start("phase1", runtime)
    runtime.invoke().wait()
    runtime.largest_response = 100_000
    assert_goes_on(function)


def test_a_large_event_is_read_whole(lab: Lab) -> None:
    event = {"instances": NAMES[:1], "phase1_result": {"results": {"x": {"stdout": "é" * 100_000}}}}
    assert list(lab.start("phase2").invoke(event).response["results"]) == NAMES[:1]
