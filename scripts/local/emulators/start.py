"""Starts the two emulators on loopback: moto for EC2 and IAM, MiniStack for everything else."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from ..processes import Daemons, free_port, wait_for
from .credentials import ACCOUNT, Key, operators_key

# Waits of the state machine are shortened by this factor, unless they are to take what they take.
SHORT_WAITS, REAL_WAITS = "0.02", "1"
# Nothing of the user's own AWS account may reach a local run.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TERM", "TMPDIR", "USER", "http_proxy", "https_proxy",
             "HTTP_PROXY", "HTTPS_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True)
class Endpoints:
    """Where the emulators listen, and the operator's key for both."""

    main: str
    ec2: str
    key: Key

    def environment(self) -> dict[str, str]:
        """For a program that shall talk to the emulators and to nothing else."""
        kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return {**kept, "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost",
                **self.key.environment(),
                "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "AWS_ENDPOINT_URL": self.main, "AWS_ENDPOINT_URL_EC2": self.ec2, "AWS_ENDPOINT_URL_IAM": self.ec2}


def start(daemons: Daemons, folder: Path, waits: str = SHORT_WAITS, aws_policies: bool = False) -> Endpoints:
    """Start both and wait until they answer. `aws_policies`: with the policies that AWS manages, which none of our roles has."""
    ports = free_port(), free_port()
    endpoints = Endpoints(*(f"http://127.0.0.1:{port}" for port in ports), operators_key())
    temporary = folder / "tmp"
    for name in (temporary, folder / "wire", folder / "hosts"):
        name.mkdir(parents=True, exist_ok=True)
    base = {**endpoints.environment(), "TMPDIR": str(temporary), "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    moto_log, main_log = folder / "moto.log", folder / "ministack.log"
    moto = daemons.start([sys.executable, "-m", "local.emulators.ec2", str(folder), "-H", "127.0.0.1", "-p", str(ports[1])],
                         {**base, "MOTO_ACCOUNT_ID": ACCOUNT, "INITIAL_NO_AUTH_ACTION_COUNT": "0",
                          "MOTO_IAM_LOAD_MANAGED_POLICIES": str(aws_policies).lower()}, moto_log)
    settings = {
        "folder": str(folder), "ec2_endpoint": endpoints.ec2,
        "agent_environment": {name: value for name, value in endpoints.environment().items()
                              if (name.startswith("AWS_") or name == "NO_PROXY") and name not in endpoints.key.environment()},
        "environment": {"GATEWAY_PORT": str(ports[0]), "BIND_HOST": "127.0.0.1", "SFN_WAIT_SCALE": waits,
                        "AUTH": "true", "MINISTACK_ACCOUNT_ID": ACCOUNT, "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.1",
                        "STATE_DIR": str(folder / "state"), "S3_DATA_DIR": str(folder / "s3"),
                        "MINISTACK_HOST": "127.0.0.1"},
    }
    (folder / "emulator.json").write_text(json.dumps(settings, indent=1))
    main = daemons.start([sys.executable, "-m", "local.emulators.ministack", str(folder / "emulator.json")], base, main_log)
    wait_for(endpoints.ec2 + "/", moto, moto_log)
    wait_for(endpoints.main + "/_ministack/health", main, main_log)
    return endpoints
