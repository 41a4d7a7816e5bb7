"""SIGTERM: a parked function leaves quietly, a working one posts what it has."""

from __future__ import annotations

import time

import pytest
from fakes import faults
from fakes.host import Sandbox, router_host
from fakes.router import SHOW_BGP, Texts, captured
from fakes.run_command import Outcome
from harness import PATIENCE, Lab
from network import ROUTERS


def test_in_the_middle_of_commands_the_finished_ones_are_posted(lab: Lab) -> None:
    for name in ("fra-sdwan", "fra-branch1"):
        lab.ssm.hosts[ROUTERS[name].instance_id].outcome = Outcome(never_ends=True)
    function = lab.start("phase1", SSM_TIMEOUT="300")
    invocation = function.runtime.invoke()
    finished = [ROUTERS[name].instance_id for name in ("nv-sdwan", "nv-branch1")]
    _wait_until_ended(lab, finished)
    function.bootstrap.terminate()
    results = invocation.wait().response["results"]
    assert {name: result["status"] for name, result in results.items()} == {
        "nv-sdwan": "Success", "nv-branch1": "Success", "fra-sdwan": "TimedOut", "fra-branch1": "TimedOut"}
    assert all(result["command_id"] for result in results.values())
    assert function.bootstrap.wait() == 0


@pytest.mark.parametrize("operation", ["GetParametersByPath", "SendCommand", "GetCommandInvocation"])
def test_while_a_service_hangs_a_result_is_posted(lab: Lab, operation: str) -> None:
    lab.ssm.inject(faults.hang(operation=operation, times=1e9, executed=operation == "SendCommand"))
    function = lab.start("phase1", SSM_TIMEOUT="300")
    invocation = function.runtime.invoke(seconds=600)
    lab.ssm.wait_for_calls(operation, 2)
    function.bootstrap.terminate()
    invocation.wait()
    assert invocation.failed or invocation.response["fail_count"] == 4
    assert function.bootstrap.wait() == 0
    # One attempt lasts 10 s: nothing of it was sat out and begun again.
    assert len(lab.ssm.made(operation)) <= 4


def test_while_a_network_is_given_time_to_come_up(lab: Lab) -> None:
    addresses = {address for router in ROUTERS.values() for address in (router.vti, router.loopback)}
    for host in lab.ssm.hosts.values():
        host.executor = Sandbox(lab.folder / "hosts", router_host(addresses, _session_down))
    function = lab.start("phase3", SDWAN_VERIFY_TIMEOUT="600")
    invocation = function.runtime.invoke(seconds=900)
    _wait_until_ended(lab, list(lab.ssm.hosts))
    assert not invocation.done.wait(0.5)
    function.bootstrap.terminate()
    result = invocation.wait().response
    assert result["fail_count"] == 4 and "Active" in result["summary"]
    assert function.bootstrap.wait() == 0


def _session_down(instance_id: str) -> Texts:
    """Everything is healthy but the BGP session, which may still come up."""
    [router] = [router for router in ROUTERS.values() if router.instance_id == instance_id]
    texts = Texts("1.3", router, ROUTERS[router.peer])
    texts.say(SHOW_BGP, texts.rename(captured("1.3", SHOW_BGP, "bgp-active-sa-up")))
    return texts


def _wait_until_ended(lab: Lab, instances: list[str]) -> None:
    until = time.monotonic() + PATIENCE
    lab.ssm.wait_for_commands(len(lab.ssm.hosts))
    while not all(lab.ssm.invocation(one).ended for one in instances) and time.monotonic() < until:
        time.sleep(0.05)
