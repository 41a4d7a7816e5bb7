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
    lab.outcome(Outcome(never_ends=True))
    lab.ssm.inject(faults.hang(operation=operation, times=1e9))
    function = lab.start("phase2", SDWAN_TOPOLOGY=topology(routers), SSM_TIMEOUT="300", SSM_POLL_INTERVAL="1")
    seconds = 16
    deadline = time.monotonic() + seconds
    result = function.invoke(seconds=seconds).response
    assert time.monotonic() < deadline
    assert (result["success_count"], result["fail_count"]) == (0, 200)
    shown = result["results"].values()
    assert {one["status"] for one in shown} == {"TimedOut"}
    if operation == "GetCommandInvocation":
        assert {one["command_id"] for one in shown} <= {command.command_id for command in lab.ssm.commands}
    else:
        # Of what hangs, 64 are sent at once; those that are never sent say that the time was the reason.
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
