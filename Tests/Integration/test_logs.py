"""Log lines: one line each, with the request id, filtered by level, without payloads or secrets."""

from __future__ import annotations

import json

import pytest
from fakes import faults
from fakes.run_command import Outcome
from harness import Function, Lab


def settled_logs(function: Function) -> list[str]:
    function.runtime.wait_parked()
    return function.bootstrap.logs()


def test_json_lines_carry_the_request_id(lab: Lab) -> None:
    function = lab.start("phase1", AWS_LAMBDA_LOG_FORMAT="JSON", AWS_LAMBDA_LOG_LEVEL="DEBUG")
    ids = [function.invoke().request_id, function.invoke(b"[").request_id]
    lines = [json.loads(line) for line in settled_logs(function)]
    assert all({"level", "message", "timestamp"} <= set(line) for line in lines), lines
    for request_id in ids:
        assert [line for line in lines if line.get("requestId") == request_id]
    assert not [line for line in lines if line.get("requestId") not in (None, *ids)]


def test_text_lines_carry_the_request_id(lab: Lab) -> None:
    function = lab.start("phase1", AWS_LAMBDA_LOG_FORMAT="Text")
    request_id = function.invoke(b"[").request_id
    assert [line for line in settled_logs(function) if request_id in line and "Event.Invalid" in line]


def test_a_level_hides_what_is_below(lab: Lab) -> None:
    counts = {}
    for level in ("DEBUG", "ERROR"):
        function = lab.start("phase1", AWS_LAMBDA_LOG_FORMAT="JSON", AWS_LAMBDA_LOG_LEVEL=level)
        function.invoke()
        function.invoke(b"[")
        lines = [json.loads(line) for line in settled_logs(function)]
        levels = [line["level"] for line in lines if "_aws" not in line]
        counts[level] = len(levels)
        assert level != "ERROR" or set(levels) <= {"ERROR", "FATAL"} and levels
    assert counts["DEBUG"] > counts["ERROR"]


@pytest.mark.parametrize("log_format", ["Text", "JSON"])
@pytest.mark.parametrize("level", ["WARN", "FATAL"])
def test_no_level_hides_the_metrics(lab: Lab, level: str, log_format: str) -> None:
    function = lab.start("phase1", AWS_LAMBDA_LOG_FORMAT=log_format, AWS_LAMBDA_LOG_LEVEL=level)
    function.invoke()
    [metrics] = [json.loads(line) for line in settled_logs(function)]
    assert (metrics["RoutersSucceeded"], metrics["RoutersFailed"]) == (4, 0) and "_aws" in metrics


def test_a_line_stays_one_line(lab: Lab) -> None:
    lab.ssm.inject(faults.error("AccessDeniedException", message="first\nSECOND\r\nTHIRD\x1b[31m", times=99))
    lab.outcome(Outcome("Failed", stderr="x"))
    for log_format in ("Text", "JSON"):
        function = lab.start("phase1", AWS_LAMBDA_LOG_FORMAT=log_format)
        assert function.invoke().failed
        lines = settled_logs(function)
        assert any("AccessDenied" in line for line in lines)
        assert not [line for line in lines if line.startswith(("SECOND", "THIRD"))]
        assert not [line for line in lines if any(ord(character) < 32 for character in line)]


def test_payloads_and_secrets_stay_out(lab: Lab) -> None:
    function = lab.start("phase2", AWS_LAMBDA_LOG_LEVEL="TRACE")
    function.invoke({"note": "only-in-the-payload"})
    function.invoke(b'{"note": "only-in-the-payload", ')
    text = "\n".join(settled_logs(function))
    for private in ("only-in-the-payload", lab.ssm.identity.secret_key, lab.ssm.identity.token):
        assert private not in text
