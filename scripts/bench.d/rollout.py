"""A rollout's three phases as the state machine drives them: `start`, then `check` with the state until a step is done."""

from __future__ import annotations

import json

import cases
from runs import Function, Lab, SystemsManager, calls

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:sdwan:bench"


def calls_per_router(lab: Lab, functions: dict[str, Function], routers: int) -> float:
    """Systems Manager's calls of all three steps in one wave, where commands end at once. Every action is a new process, which
    knows nothing of the one before."""
    network, _ = cases.network_of(routers)
    names = [one.name for pair in network for one in pair]
    return sum(_step(lab, functions[phase], phase, names) for phase in cases.PHASES) / routers


def _step(lab: Lab, function: Function, phase: str, names: list[str]) -> int:
    fleet_file, environment = cases.prepared(lab, phase, len(names))
    event = {"execution": EXECUTION, "wave": "all", "step": phase, "timeout": 600, "maxConcurrency": len(names), "retry_count": 0,
             "instances": names, "action": "start"}
    with SystemsManager(lab, fleet_file, 0) as ssm:
        while True:
            values = lab.run(function, json.dumps(event).encode(), 1, **cases.phase_environment(ssm), **environment)
            answer = json.loads(lab.result())
            if values["errors"] or "done" not in answer:
                raise RuntimeError(f"the step {phase} of a rollout: {json.dumps(answer)[:1000]}")
            if answer["done"]:
                break
            event |= {"action": "check", "state": answer["state"]}
        if answer["success_count"] != len(names):
            raise RuntimeError(f"the step {phase} of a rollout: {json.dumps(answer)[:1000]}")
        return calls(ssm.stats())
