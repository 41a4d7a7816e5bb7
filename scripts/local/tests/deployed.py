"""The whole system in the emulators, over real daemons, each phase to be invoked by itself."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local.dataplane import start as dataplane
from local.deploy import Deployment
from local.emulators import start as emulators
from local.fleet import accidents, faults
from local.fleet.sandbox import Sandbox
from local.network_file import REPO
from local.processes import Daemons
from local.vyos.live import parse_raw

from .conftest import shell_of

VERSION = "1.3"
BRANCH, HUB = "fra-branch1", "fra-sdwan"
PATIENCE, CONFIRM_SECONDS = 60.0, 16
SHOW = "lxc exec router -- /opt/vyatta/bin/vyatta-op-cmd-wrapper show"
# Lines of an operator's own, beside ours and among them.
FOREIGN = ("interfaces loopback lo address 192.0.2.9/32", "protocols static route 192.0.2.128/25 blackhole",
           "policy prefix-list MINE rule 10 action permit", "policy prefix-list MINE rule 10 prefix 192.0.2.0/24")
BY_HAND = """cat >/tmp/t.vbash <<'END'
#!/bin/vbash
source /opt/vyatta/etc/functions/script-template
configure
{lines}
/opt/vyatta/sbin/my_commit && save
cli-shell-api teardownSession
END
lxc file push --mode=0700 /tmp/t.vbash router/tmp/t.vbash
lxc exec router -- sg vyattacfg -c "/bin/vbash /tmp/t.vbash" """


class Network:
    """The deployed functions and two of their four hosts: a hub, a branch and the tunnel between them."""

    def __init__(self, folder: Path, daemons: Daemons, environment: pytest.MonkeyPatch) -> None:
        self.folder = folder
        dataplane.start(daemons, folder)
        endpoints = emulators.start(daemons, folder)
        for name, value in endpoints.environment().items():
            environment.setenv(name, value)
        boto3.setup_default_session()
        deployment = Deployment(folder, REPO / "terraform", endpoints, daemons)
        deployment.put_image(VERSION)
        # The usual run has an Elastic IP for each host; this one has the other way out.
        deployment.apply(VERSION, REPO / "dist", {"management": "nat"})
        self._functions = boto3.client("lambda", config=Config(read_timeout=300, retries={"total_max_attempts": 1}))
        self._topology = self._variables("phase2")["SDWAN_TOPOLOGY"]
        for phase in ("phase1", "phase2"):
            self._set(phase, SDWAN_VERIFY_TIMEOUT=str(CONFIRM_SECONDS))

    def invoke(self, phase: str, **event: Any) -> dict[str, dict[str, Any]]:
        """A phase over the two routers; their results."""
        payload = json.dumps({"instances": [BRANCH, HUB], **event})
        answer = self._functions.invoke(FunctionName=f"sdwan-{phase}", Payload=payload)
        body = json.load(answer["Payload"])
        assert "FunctionError" not in answer and set(body["results"]) == set(event.get("instances", (BRANCH, HUB))), body
        return body["results"]

    def fresh(self) -> None:
        """New routers that know nothing yet but their interfaces and an operator's lines."""
        faults.write(self.folder, faults.Faults())
        self.use_topology(lambda _: None)
        for router, result in self.invoke("phase1", recreate="always").items():
            assert result["status"] == "Success", result
            answer = self.by_hand(router, *(f"my_set {line}" for line in FOREIGN))
            assert set(FOREIGN) <= self.committed(router), answer

    def by_hand(self, router: str, *lines: str) -> str:
        """An operator's own session."""
        return self.shell(router, BY_HAND.format(lines="\n".join(f"/opt/vyatta/sbin/{line}" for line in lines)))

    def use_topology(self, change: Callable[[dict[str, Any]], None]) -> None:
        topology = json.loads(self._topology)
        change(topology)
        self._set("phase2", SDWAN_TOPOLOGY=json.dumps(topology))

    def host(self, router: str) -> Sandbox:
        return Sandbox(router, self.folder / "hosts" / router, self.folder / "wire")

    def shell(self, router: str, text: str) -> str:
        done = shell_of(self.host(router))(text)
        return done.stdout + done.stderr

    def committed(self, router: str) -> set[str]:
        """The running configuration's lines, without `set` and quotes."""
        lines = self.shell(router, f"{SHOW} configuration commands").splitlines()
        return {line.removeprefix("set ").replace("'", "") for line in lines}

    def saved(self, router: str) -> str:
        return self.shell(router, "lxc exec router -- cat /config/config.boot")

    def associations(self, router: str) -> set[str]:
        """The SPIs of the installed child SAs."""
        listed = accidents.machine_of(self.host(router)).do(
            "sh", "-c", "for socket in $(ls /run | grep '^vti.*vici$'); do swanctl --list-sas --raw --uri unix:///run/$socket; done")
        return {child["spi-in"] for _, sa in parse_raw(listed) for child in sa["child-sas"].values()
                if child["state"] == "INSTALLED"}

    def wait_for_tunnel(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not all(self.associations(router) for router in (BRANCH, HUB)):
            assert time.monotonic() < deadline, "the tunnel does not come up"
            time.sleep(0.2)

    def configurations(self) -> dict[str, tuple[set[str], str]]:
        """What runs and what is saved, by router."""
        return {router: (self.committed(router), self.saved(router)) for router in (BRANCH, HUB)}

    def _variables(self, phase: str) -> dict[str, str]:
        return self._functions.get_function_configuration(FunctionName=f"sdwan-{phase}")["Environment"]["Variables"]

    def _set(self, phase: str, **variables: str) -> None:
        self._functions.update_function_configuration(
            FunctionName=f"sdwan-{phase}", Environment={"Variables": {**self._variables(phase), **variables}})
