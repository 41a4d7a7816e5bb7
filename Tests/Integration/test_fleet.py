"""A hundred routers, and other topologies than the built-in one."""

from __future__ import annotations

import json

import pytest
from fakes.run_command import Outcome
from harness import Lab
from network import NAMES, ROUTERS, Router, populate, topology


def fleet(pairs: int) -> dict[str, Router]:
    """Pairs of hub and branch, half of them in each region."""
    routers = {}
    for number in range(pairs):
        short, region = (("nv", "us-east-1"), ("fra", "eu-central-1"))[number % 2]
        names = (f"{short}-sdwan{number}", f"{short}-branch{number}")
        for side, (name, role, asn) in enumerate(((names[0], "sdwan", 65001), (names[1], "branch", 65002))):
            routers[name] = Router(
                name, region, role, f"10.255.{number}.{side + 1}", asn, f"169.254.{number}.{side + 1}", names[1 - side],
                f"i-0a1b2c3d4e{number:05x}{side:02x}", f"198.51.{number}.{side + 1}", f"10.{number}.{side}.10")
    return routers


def install(lab: Lab, routers: dict[str, Router]) -> dict[str, Router]:
    lab.ssm.parameters.clear()
    lab.ssm.hosts.clear()
    populate(lab.ssm, routers)
    return routers


@pytest.fixture
def large(lab: Lab) -> dict[str, Router]:
    return install(lab, fleet(50))


def test_a_hundred_routers_run_at_the_same_time(lab: Lab, large: dict[str, Router]) -> None:
    lab.outcome(Outcome(ends_when=lambda: len(lab.ssm.commands) == len(large)))
    result = lab.start("phase2", SDWAN_TOPOLOGY=topology(large), SSM_POLL_INTERVAL="0.5").invoke().response
    assert result["success_count"] == len(large) and set(result["results"]) == set(large)
    assert len(lab.ssm.made("SendCommand")) == len(large)
    assert len(lab.ssm.made("GetParametersByPath")) == 2 * 15


@pytest.mark.parametrize("phase", ["phase1", "phase3"])
@pytest.mark.parametrize("status", ["Success", "Failed"])
def test_their_result_stays_under_64_kb(lab: Lab, large: dict[str, Router], phase: str, status: str) -> None:
    lab.outcome(Outcome(status, stdout="\x01\"é" * 8_000, stderr="\x1b\\\n" * 2_600))
    function = lab.start(phase, SDWAN_TOPOLOGY=topology(large), SSM_POLL_INTERVAL="0.5")
    invocation = function.invoke()
    assert len(invocation.result.body) < 64 * 1024
    result = json.loads(invocation.result.body)
    assert len(result["results"]) == len(large) and len(result["summary"]) <= 2000
    expected = 100 if (phase, status) == ("phase1", "Success") else 0
    assert (result["success_count"], result["fail_count"]) == (expected, 100 - expected)
    assert all(one["stdout"] and one["command_id"] and one["instance_id"] for one in result["results"].values())


def test_above_a_hundred_the_failed_ones_remain(lab: Lab) -> None:
    routers = install(lab, fleet(60))
    lab.outcome(Outcome(stdout="x" * 24_000))
    victim = routers["fra-branch1"]
    lab.ssm.hosts[victim.instance_id].outcome = Outcome("Failed", stderr="the disk is full")
    invocation = lab.start("phase1", SDWAN_TOPOLOGY=topology(routers), SSM_POLL_INTERVAL="0.5").invoke()
    result = invocation.response
    assert (result["success_count"], result["fail_count"], result["failed"]) == (119, 1, [victim.name])
    assert list(result["results"]) == [victim.name] and "the disk is full" in result["results"][victim.name]["stderr"]
    assert len(invocation.result.body) < 64 * 1024 and "/aws/lambda/sdwan-phase1" in invocation.result.body.decode()


def test_another_topology_is_another_network(lab: Lab) -> None:
    """Two of the four routers, and a name that is not among them is unknown."""
    virginia = {name: ROUTERS[name] for name in NAMES if name.startswith("nv-")}
    function = lab.start("phase2", SDWAN_TOPOLOGY=topology(virginia), SDWAN_REGIONS="us-east-1")
    assert sorted(function.invoke().response["results"]) == sorted(virginia)
    assert function.invoke({"instances": ["fra-sdwan"]}).error["errorType"] == "Event.Invalid"
    assert {call.region for call in lab.ssm.calls} == {"us-east-1"}
