"""SIGTERM: a parked function leaves quietly, a working one posts what it has."""

from __future__ import annotations

import json
import time

from fakes.run_command import Outcome
from harness import PATIENCE, Lab
from network import ROUTERS


def test_parked_it_leaves_quietly(lab: Lab) -> None:
    function = lab.start("phase1", AWS_LAMBDA_LOG_FORMAT="JSON")
    function.runtime.wait_parked()
    function.bootstrap.terminate()
    assert function.bootstrap.wait() == 0
    assert not [line for line in function.bootstrap.logs() if json.loads(line)["level"] in ("WARN", "ERROR", "FATAL")]


def test_after_an_event_it_leaves_quietly(lab: Lab) -> None:
    function = lab.start("phase3")
    function.invoke()
    function.runtime.wait_parked()
    function.bootstrap.terminate()
    assert function.bootstrap.wait() == 0


def test_in_the_middle_of_commands_the_finished_ones_are_posted(lab: Lab) -> None:
    for name in ("fra-sdwan", "fra-branch1"):
        lab.ssm.hosts[ROUTERS[name].instance_id].outcome = Outcome(never_ends=True)
    function = lab.start("phase1", SSM_TIMEOUT="300")
    invocation = function.runtime.invoke()
    lab.ssm.wait_for_commands(4)
    finished = [ROUTERS[name].instance_id for name in ("nv-sdwan", "nv-branch1")]
    until = time.monotonic() + PATIENCE
    while not all(lab.ssm.invocation(one).ended for one in finished) and time.monotonic() < until:
        time.sleep(0.05)
    function.bootstrap.terminate()
    results = invocation.wait().response["results"]
    assert {name: result["status"] for name, result in results.items()} == {
        "nv-sdwan": "Success", "nv-branch1": "Success", "fra-sdwan": "TimedOut", "fra-branch1": "TimedOut"}
    assert all(result["command_id"] for result in results.values())
    assert function.bootstrap.wait() == 0
