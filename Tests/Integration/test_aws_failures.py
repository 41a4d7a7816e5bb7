"""What Systems Manager can do to a caller: refuse, throttle, hang, answer nonsense.

Each fault in each operation, for one router, is in test_matrix.py; here is what comes of it for several of them.
"""

from __future__ import annotations

import pytest
from fakes import faults
from fakes.run_command import Outcome
from harness import ERROR_TYPE_HEADER, Function, Lab
from network import NAMES, ROUTERS

BYPATH = "GetParametersByPath"
REGIONS = ("us-east-1", "eu-central-1")


def test_every_call_is_signed_with_the_session_token(lab: Lab) -> None:
    lab.ssm.hosts[ROUTERS["nv-sdwan"].instance_id].outcome = Outcome(never_ends=True)
    for phase in ("phase1", "phase2", "phase3"):
        lab.start(phase, SSM_TIMEOUT="1").invoke()
    assert {call.operation for call in lab.ssm.calls} >= {
        BYPATH, "SendCommand", "GetCommandInvocation", "CancelCommand"}
    assert {call.region for call in lab.ssm.calls} == set(REGIONS)
    for call in lab.ssm.calls:
        signed = call.request.headers["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
        assert "x-amz-security-token" in signed


def test_connections_are_kept(lab: Lab) -> None:
    lab.outcome(Outcome(stages=("Pending",) * 20))
    lab.start("phase1").invoke()
    assert len({call.request.connection for call in lab.ssm.calls}) < len(lab.ssm.calls) / 4


def report(function: Function) -> tuple[str, str]:
    """(errorType, errorMessage) of an init error or of the first event's error, whichever comes."""
    invocation = function.runtime.invoke()
    function.runtime.wait_for(lambda: function.runtime.init_error or invocation.done.is_set(), 60, "no report")
    if function.runtime.init_error:
        invocation.result = function.runtime.init_error
        assert function.bootstrap.wait() != 0
    assert ERROR_TYPE_HEADER.fullmatch(invocation.error_type_header)
    return invocation.error["errorType"], invocation.error["errorMessage"]


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_missing_credentials_are_named(lab: Lab, missing: str) -> None:
    error_type, message = report(lab.start("phase1", without=(missing,)))
    assert missing in message and error_type.startswith(("Configuration.", "AWS."))
    assert not lab.ssm.calls


@pytest.mark.parametrize("code, status", [("ExpiredTokenException", 400), ("AccessDeniedException", 400)])
def test_refused_credentials(lab: Lab, code: str, status: int) -> None:
    lab.ssm.inject(faults.error(code, status, message="as the service says it", times=99))
    error = lab.start("phase1").invoke().error
    assert error["errorType"] == f"AWS.{code}"
    assert "as the service says it" in error["errorMessage"] and BYPATH in error["errorMessage"]
    for region in REGIONS:
        assert len(lab.ssm.made(BYPATH, region)) <= 1


def test_wrong_secret(lab: Lab) -> None:
    function = lab.start("phase1", AWS_SECRET_ACCESS_KEY="not-the-secret")
    assert function.invoke().error["errorType"] == "AWS.InvalidSignatureException"
    assert lab.ssm.violations
    lab.ssm.violations.clear()


def test_a_refusing_endpoint(lab: Lab) -> None:
    error = lab.start("phase1", AWS_ENDPOINT_URL="http://127.0.0.1:1").invoke().error
    assert error["errorType"] == "AWS.Unreachable" and "127.0.0.1" in error["errorMessage"]


def test_a_name_that_does_not_resolve(lab: Lab) -> None:
    error = lab.start("phase1", AWS_ENDPOINT_URL="http://nowhere.invalid").invoke().error
    assert error["errorType"] == "AWS.Unreachable" and "nowhere.invalid" in error["errorMessage"]


def test_a_hanging_endpoint_ends_before_the_deadline(lab: Lab) -> None:
    lab.ssm.inject(faults.hang(times=99))
    function = lab.start("phase1")
    invocation = function.invoke(seconds=6)
    assert invocation.error["errorType"] == "AWS.Unreachable"


@pytest.mark.parametrize("fault", [faults.html(200, times=99), faults.html(503, times=99), faults.truncate(times=99)],
                         ids=["html-200", "html-503", "truncated"])
def test_an_answer_that_is_no_json(lab: Lab, fault: faults.Fault) -> None:
    lab.ssm.inject(faults.Fault(**vars(fault)))
    error = lab.start("phase1").invoke().error
    assert error["errorType"].startswith("AWS.") and BYPATH in error["errorMessage"]
    assert len(error["errorMessage"]) < 1000


@pytest.mark.parametrize("attempts", [None, "1"])
def test_throttling_is_waited_for_however_few_attempts_there_are(lab: Lab, attempts: str | None) -> None:
    lab.ssm.inject(faults.throttle(operation=BYPATH, region=REGIONS[0], times=6))
    function = lab.start("phase1", **({"AWS_MAX_ATTEMPTS": attempts} if attempts else {}))
    assert function.invoke().response["success_count"] == 4


def test_throttling_until_the_time_is_over(lab: Lab) -> None:
    """The answer comes in time, says what the reason was, and the service was not asked more often for it."""
    lab.ssm.inject(faults.throttle(operation=BYPATH, times=1e9))
    assert lab.start("phase1").invoke(seconds=12).error["errorType"] == "AWS.ThrottlingException"
    assert all(4 <= len(lab.ssm.made(BYPATH, region)) <= 12 for region in REGIONS)


@pytest.mark.parametrize("attempts", [None, "1", "2", "4"])
def test_a_service_that_is_broken_for_longer_than_the_retries(lab: Lab, attempts: str | None) -> None:
    lab.ssm.inject(faults.error("InternalServerError", 500, operation=BYPATH, times=1e9))
    function = lab.start("phase1", **({"AWS_MAX_ATTEMPTS": attempts} if attempts else {}))
    assert function.invoke().error["errorType"] == "AWS.InternalServerError"
    assert max(len(lab.ssm.made(BYPATH, region)) for region in REGIONS) == int(attempts or 3)


@pytest.mark.parametrize("fault", [faults.html(502), faults.error("com.amazonaws.ssm#ThrottlingException")],
                         ids=["html", "throttled"])
@pytest.mark.parametrize("operation", [BYPATH, "GetCommandInvocation"])
def test_once_is_no_reason_to_fail(lab: Lab, operation: str, fault: faults.Fault) -> None:
    injected = lab.ssm.inject(faults.Fault(**(vars(fault) | {"operation": operation})))
    assert lab.start("phase1").invoke().response["success_count"] == 4
    assert injected.hits == 1


def test_throttled_polls_do_not_lose_the_command(lab: Lab) -> None:
    lab.ssm.inject(faults.throttle(operation="GetCommandInvocation", instance=ROUTERS["nv-sdwan"].instance_id, times=5))
    assert lab.start("phase1").invoke().response["success_count"] == 4


def test_polls_that_fail_for_ever_end_at_the_timeout(lab: Lab) -> None:
    """Nobody knows whether the command still runs: it is cancelled, and the reason is told."""
    instance = ROUTERS["nv-sdwan"].instance_id
    lab.ssm.inject(faults.error("InternalServerError", 500, operation="GetCommandInvocation", instance=instance, times=1e9))
    result = lab.start("phase1", SSM_TIMEOUT="3").invoke().response
    one = result["results"]["nv-sdwan"]
    assert result["failed"] == ["nv-sdwan"] and one["status"] in ("Failed", "TimedOut")
    assert "InternalServerError" in one["stderr"]
    assert one["command_id"] == lab.ssm.commands_for(instance)[0].command_id


def test_a_poll_that_hangs_does_not_hold_the_others(lab: Lab) -> None:
    instance = ROUTERS["nv-sdwan"].instance_id
    lab.ssm.inject(faults.hang(operation="GetCommandInvocation", instance=instance, times=1e9))
    results = lab.start("phase1", SSM_TIMEOUT="3").invoke(seconds=8).response["results"]
    assert {name: one["status"] for name, one in results.items()} == dict.fromkeys(NAMES, "Success") | {
        "nv-sdwan": "TimedOut"}


@pytest.mark.parametrize("offset", [600, -600])
def test_a_skewed_clock_is_recovered(lab: Lab, offset: int) -> None:
    lab.ssm.clock_offset = offset
    function = lab.start("phase1")
    assert function.invoke().response["success_count"] == 4
    refused = list(lab.ssm.violations)
    lab.ssm.violations.clear()
    assert refused and all(one.startswith(BYPATH) for one in refused)
    assert function.invoke().response["success_count"] == 4


def test_one_region_out_of_service_leaves_the_other(lab: Lab) -> None:
    """Its routers can't be done, and they say which region it was; the others are."""
    lab.ssm.inject(faults.error("InternalServerError", 500, region="eu-central-1", times=1e9))
    result = lab.start("phase1").invoke().response
    assert sorted(result["failed"]) == ["fra-branch1", "fra-sdwan"] and result["success_count"] == 2
    for name in result["failed"]:
        stderr = result["results"][name]["stderr"]
        assert "eu-central-1" in stderr and "InternalServerError" in stderr


def test_one_region_that_hangs_leaves_the_other(lab: Lab) -> None:
    """What can't be reached in time is given up early enough for the routers that can be done."""
    lab.ssm.inject(faults.hang(operation=BYPATH, region="eu-central-1", times=1e9))
    results = lab.start("phase1", AWS_MAX_ATTEMPTS="1").invoke(seconds=40).response["results"]
    assert [results[name]["status"] for name in ("nv-sdwan", "nv-branch1")] == ["Success"] * 2
    for name in ("fra-sdwan", "fra-branch1"):
        assert results[name]["status"] == "Failed" and "eu-central-1" in results[name]["stderr"]
