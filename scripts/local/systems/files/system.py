"""The shared files in the emulators: what terraform/files makes there."""

import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...deploy import HOME, Deployment
from ...emulators import file_systems
from ...emulators import start as emulators
from ...emulators.start import Endpoints
from ...network_file import REPO
from ...processes import Daemons

NAME = "shared-files"
# A test's answer comes at once or never.
PATIENCE = 60


class OneCloud(Endpoints):
    """The network is MiniStack's too, whose EFS knows no other's subnets; roles stay with moto."""

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "AWS_ENDPOINT_URL_EC2": self.main}


@dataclass(frozen=True)
class System:
    """A deployment that is up."""

    deployment: Deployment
    endpoints: Endpoints
    outputs: dict[str, Any]
    folder: Path

    @property
    def mount(self) -> Path:
        """What the functions see at /mnt/efs."""
        return self.folder / file_systems.FOLDER / self.outputs["file_system_id"] / "lambda"

    @property
    def bucket(self) -> str:
        return self.outputs["bucket"]

    @property
    def api(self) -> str:
        """Where the emulator has the API's stage."""
        return f"{self.endpoints.main}/restapis/{self.outputs['api_id']}/prod/_user_request_"

    def client(self, service: str) -> Any:
        return self.deployment.client(service, HOME)

    def post(self, path: str, body: bytes | dict[str, Any], **headers: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Status, JSON and headers (by lower-case names) of what the API answers."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", path, data, **headers)

    def ask(self, method: str, path: str, data: bytes | None = None, **headers: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        request = urllib.request.Request(self.api + path, data, {"Content-Type": "application/json", **headers}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            answer = opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            text = answer.read()
            return answer.status, json.loads(text or b"{}"), {name.lower(): value for name, value in answer.headers.items()}


def deploy(folder: Path, daemons: Daemons, **variables: Any) -> System:
    """Start the emulators and apply the root to them."""
    plain = emulators.start(daemons, folder)
    endpoints = OneCloud(plain.main, plain.ec2, plain.key)
    for name in [n for n in os.environ if n.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(endpoints.environment())
    deployment = Deployment(folder, REPO / "terraform/files", endpoints, daemons)
    outputs = deployment.apply_root({"name": NAME, "zip": str(REPO / "dist/files.zip"), **variables})
    return System(deployment, endpoints, outputs, folder)
