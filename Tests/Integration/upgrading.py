"""The real upgrade.zip beside the fakes, asked as the state machine asks it."""

from __future__ import annotations

import json
from pathlib import Path

from fakes.runtime_api import RuntimeAPI
from fakes.signature import Identity
from fakes.upgrade import FakeUpgradeServices
from harness import Bootstrap, Function

from local.systems.upgrade.cluster import Cluster, NodeGroup

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:upgrade:one"
TRAFFIC = {"green": "dev-green", "zone": "Z1", "record": "api.example.com.", "blue_identifier": "blue", "blue_value": "blue.example.com",
           "green_identifier": "green", "green_value": "green.example.com"}


def cluster(name: str = "dev", version: str = "1.32", **more: object) -> Cluster:
    """One with two node groups and three add-ons, all as they should be at 1.32."""
    return Cluster(name, version, groups={"a": NodeGroup(version), "b": NodeGroup(version)},
                   addons={"vpc-cni": "v1.18.0-eksbuild.1", "kube-proxy": "v1.32.0-eksbuild.2", "coredns": "v1.11.4-eksbuild.2"},
                   profiles=["fp1", "fp2", "fp3"], **more)


class UpgradeLab:
    """An account with clusters, and the five functions that upgrade them, each a process."""

    def __init__(self, task_root: Path, folder: Path, identity: Identity | None = None, **environment: str) -> None:
        self._task_root = task_root
        self._folder = folder
        self._environment = environment
        self.services = FakeUpgradeServices(identity or Identity())
        self.eks = self.services.eks
        self.deployment: dict[str, dict] = {"dev": {}}
        self._functions: dict[str, Function] = {}
        self._count = 0

    @property
    def health_url(self) -> str:
        return f"{self.services.url}/healthz"

    def function(self, name: str, **environment: str) -> Function:
        """A new process; the next calls go to it."""
        runtime = RuntimeAPI()
        self._count += 1
        bootstrap = Bootstrap(self._task_root, self._folder / f"{name}-{self._count}", {
            "PATH": "/usr/bin:/bin", "LAMBDA_TASK_ROOT": str(self._task_root), "_HANDLER": name,
            "AWS_LAMBDA_RUNTIME_API": runtime.address, "AWS_LAMBDA_FUNCTION_NAME": f"upgrade-{name}",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/upgrade-{name}", "AWS_LAMBDA_LOG_STREAM_NAME": "test",
            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": self.services.url, "AWS_MAX_ATTEMPTS": "1",
            "UPGRADE_CLUSTERS": json.dumps(self.deployment), **self.services.identity.environment(), **self._environment, **environment})
        former = self._functions.get(name)
        if former:
            former.bootstrap.kill()
            former.runtime.stop()
        self._functions[name] = Function(bootstrap, runtime)
        self.services.kill = bootstrap.kill
        return self._functions[name]

    def invocation(self, name: str, event: dict):
        function = self._functions.get(name) or self.function(name)
        return function.invoke({key: value for key, value in event.items() if value is not None})

    def event(self, **fields: object) -> dict:
        """What the state machine says of a wave's step."""
        return {"clusters": ["dev"], "target": "1.33", "bake_seconds": 60, "validation_seconds": 0, "execution": EXECUTION, "wave": "one",
                "step": "a-step", "timeout": 14400, "maxConcurrency": 200, "retry_count": 0, **fields}

    def admit(self, **event: object) -> dict:
        return {"action": "admit", "execution": EXECUTION, "event": event, "waves": None,
                "steps": [{"name": "execution", "timeout": 14400}]}

    def error(self, name: str, event: dict) -> tuple[str, str]:
        """The type and the text of a failed invocation."""
        told = self.invocation(name, event).error
        return told["errorType"], told["errorMessage"]

    def run(self, name: str, most: int = 200, **fields: object) -> dict:
        """A step from its beginning to its end; only the services' time passes."""
        answer = self.invocation(name, self.event(action="start", **fields)).response
        while not answer["done"]:
            assert (most := most - 1) > 0, answer
            answer = self.check(name, answer, **fields)
        return answer

    def check(self, name: str, answer: dict, **fields: object) -> dict:
        """A look after the pause. The function's clock is the machine's: what it remembers goes back by the pause instead."""
        self.services.ahead += answer["wait_seconds"]
        state = answer["state"]
        state["started"] -= answer["wait_seconds"]
        for known in (state.get("own") or {}).get("clusters", {}).values():
            if known.get("t"):
                known["t"] -= answer["wait_seconds"]
        return self.invocation(name, self.event(action="check", state=state, **fields)).response

    def stop(self) -> None:
        for function in self._functions.values():
            function.bootstrap.kill()
            function.runtime.stop()
        self.services.stop()

    def check_manners(self) -> None:
        """What no correct caller does was not done."""
        wrong = self.services.violations + self.eks.violations
        assert not wrong, json.dumps(wrong, indent=1)
