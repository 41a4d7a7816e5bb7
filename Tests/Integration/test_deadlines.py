"""The answer comes before the invocation's deadline, with what is known, however many requests wait for a place."""

from __future__ import annotations

import time

import pytest
from fakes import faults
from fakes.run_command import Outcome
from harness import Lab
from network import ROUTERS, topology
from test_fleet import fleet, install


@pytest.mark.parametrize("operation", ["GetCommandInvocation", "SendCommand"])
def test_200_routers_whose_requests_hang(lab: Lab, operation: str) -> None:
    routers = install(lab, fleet(100))
    victim = routers["nv-sdwan0"].instance_id
    lab.outcome(Outcome(never_ends=True))
    lab.ssm.hosts[victim].outcome = Outcome(stdout="sdwan: configuration committed")
    hanging = lab.ssm.inject(faults.hang(operation=operation, times=1e9))
    # One router's requests are answered.
    hanging.matches = lambda asked, region, body: asked == operation and victim not in (
        body.get("InstanceIds") or [body.get("InstanceId")])
    function = lab.start("phase2", SDWAN_TOPOLOGY=topology(routers), SSM_TIMEOUT="300", SSM_POLL_INTERVAL="1")
    seconds = 16
    deadline = time.monotonic() + seconds
    result = function.invoke(seconds=seconds).response
    assert time.monotonic() < deadline
    assert result["success_count"] + result["fail_count"] == 200
    if operation == "GetCommandInvocation":
        assert result["success_count"] == 1
        assert {one["status"] for one in result["results"].values()} <= {"TimedOut", "Failed"}
    else:
        # Of what hangs, 64 are sent at once; those that are never sent say that the time was the reason.
        assert {one["status"] for one in result["results"].values()} == {"TimedOut"}
        assert any("the time was over before SendCommand" in line for line in function.bootstrap.logs())


def test_a_deadline_that_has_passed(lab: Lab) -> None:
    """Nothing is sent any more, and nobody but the time is blamed."""
    function = lab.start("phase1")
    error = function.invoke(seconds=-5).error
    assert error["errorType"] == "Deadline.Exceeded" and "the time was over" in error["errorMessage"]
    assert not lab.ssm.calls
    assert function.invoke().response["success_count"] == 4


def test_the_time_is_over_while_pages_are_read(lab: Lab) -> None:
    lab.ssm.page_size = 1
    lab.ssm.inject(faults.delay(0.3, operation="GetParametersByPath", times=1e9))
    function = lab.start("phase1", SDWAN_REGIONS="us-east-1")
    error = function.invoke(seconds=2).error
    assert error["errorType"] in ("Deadline.Exceeded", "AWS.Unreachable") and len(ROUTERS) == 4
    assert not lab.ssm.commands
