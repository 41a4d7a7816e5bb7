"""One pair of emulators for all: MiniStack as strict as the local run's, and moto by itself. With keys enforced moto takes no
signature of REST, not even boto3's: for Lambda and Route 53 there is one that enforces none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from local.emulators import start as emulators  # noqa: E402
from local.emulators.credentials import ACCOUNT  # noqa: E402
from local.processes import Daemons, free_port, wait_for  # noqa: E402

PROGRAMS = ROOT / "examples/orchestration/.build/debug"
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]}}]}
MAY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["logs:*", "events:PutEvents"], "Resource": "*"}]}


@dataclass(frozen=True)
class Account:
    """An emulator, and the programs that talk to it."""

    name: str
    environment: dict[str, str]
    role: str

    def client(self, service: str):
        own = self.environment.get(f"AWS_ENDPOINT_URL_{service.upper()}")
        return boto3.client(service, region_name="us-east-1", endpoint_url=own or self.environment["AWS_ENDPOINT_URL"],
                            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
                            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"])

    def run(self, program: str, **more: str) -> list[str]:
        """What a program of examples/orchestration printed; a failed one fails the test."""
        path = PROGRAMS / program
        assert path.is_file(), f"{path} is missing: swift build --package-path examples/orchestration"
        ended = subprocess.run([str(path)], env={**self.environment, **more}, capture_output=True, text=True, timeout=120)
        assert ended.returncode == 0, f"{self.name}: {ended.stdout}{ended.stderr}"
        return ended.stdout.splitlines()


def make_role(url: str, environment: dict[str, str]) -> str:
    """What functions and machines act as."""
    iam = boto3.client("iam", region_name="us-east-1", endpoint_url=url, aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
                       aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"])
    role = iam.create_role(RoleName="example", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="example", PolicyName="example", PolicyDocument=json.dumps(MAY))
    return role


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Account]]:
    daemons, folder = Daemons(), tmp_path_factory.mktemp("a") / "b" / "c"
    folder.mkdir(parents=True)
    try:
        endpoints = emulators.start(daemons, folder)
        environment = endpoints.environment()
        plain = {name: value for name, value in environment.items() if not name.startswith("AWS_ENDPOINT_URL")}
        port = free_port()
        open_moto = f"http://127.0.0.1:{port}"
        log = folder / "open-moto.log"
        server = daemons.start([sys.executable, "-m", "moto.server", "-p", str(port)], {**plain, "MOTO_ACCOUNT_ID": ACCOUNT}, log)
        wait_for(open_moto, server, log)
        roles = [make_role(url, environment) for url in (endpoints.ec2, open_moto)]
        assert roles[0] == roles[1]
        yield {"ministack": Account("ministack", {**plain, "AWS_ENDPOINT_URL": endpoints.main}, roles[0]),
               "moto": Account("moto", {
                   **plain, "AWS_ENDPOINT_URL": endpoints.ec2, "AWS_ENDPOINT_URL_LAMBDA": open_moto,
                   "AWS_ENDPOINT_URL_ROUTE53": open_moto, "AWS_ENDPOINT_URL_ROUTE_53": open_moto}, roles[1])}
    finally:
        daemons.stop()
        os.environ.pop("AWS_PROFILE", None)


@pytest.fixture(params=["ministack", "moto"])
def account(request: pytest.FixtureRequest, pair: dict[str, Account]) -> Account:
    return pair[request.param]
