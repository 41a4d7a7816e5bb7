"""A service that throttles by rate: everybody gets what he is to get, once, and it takes as long as the service lets it."""

from __future__ import annotations

import pytest
from fakes.run_command import Outcome
from harness import Lab
from network import topology
from test_fleet import fleet, install


@pytest.mark.parametrize("operation, rate, burst", [
    ("SendCommand", 20, 20), ("SendCommand", 10, 1), ("GetCommandInvocation", 20, 10), ("GetParametersByPath", 10, 5)])
def test_nobody_is_given_up(lab: Lab, operation: str, rate: float, burst: int) -> None:
    """200 routers in two regions, each of which has its own rate."""
    routers = install(lab, fleet(100))
    lab.ssm.limits.set(operation, rate, burst)
    function = lab.start("phase2", SDWAN_TOPOLOGY=topology(routers), SSM_POLL_INTERVAL="2")
    result = function.invoke(patience=120).response
    assert (result["success_count"], result["fail_count"]) == (200, 0)
    assert len(lab.ssm.commands) == 200 and len(lab.ssm.made("SendCommand")) < 400
    assert not lab.ssm.violations


def test_a_region_that_is_throttled_holds_no_other_up(lab: Lab) -> None:
    """The time is over for those only who were throttled, and nothing of theirs is there."""
    routers = install(lab, fleet(100))
    lab.outcome(Outcome())
    lab.ssm.limits.set("SendCommand", 1, 1, "us-east-1")
    function = lab.start("phase2", SDWAN_TOPOLOGY=topology(routers), SSM_POLL_INTERVAL="1")
    result = function.invoke(seconds=14).response
    there = {name for name, router in routers.items() if router.region == "us-east-1"}
    assert result["success_count"] >= 100 and len(result["failed"]) > 20 and set(result["failed"]) <= there
    sent = {instance for command in lab.ssm.commands for instance in command.invocations}
    shown = [one for name, one in result["results"].items() if name in there and routers[name].instance_id not in sent]
    assert shown and {one["status"] for one in shown} == {"TimedOut"}
