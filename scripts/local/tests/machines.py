"""The root's state machine in the emulators, with stubs for its functions: what only the machine does is tried fast."""

import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import boto3

from local.emulators import start as emulators
from local.processes import Daemons

from . import programs

ROOT = Path(__file__).resolve().parents[3] / "terraform"
STUB = Path(__file__).with_name("stub_function.py")
ROUTERS = {f"r{n}": {"region": "us-east-1", "role": "branch", "loopback": f"10.255.0.{n}/32", "asn": 65002}
           for n in range(1, 5)}
VARIABLES = {
    "vyos_s3_bucket": "images", "vyos_s3_key": "vyos.tar.gz", "phase1_wait_seconds": 0, "phase2_wait_seconds": 0,
    "topology": {"routers": ROUTERS, "tunnels": []},
    "existing_hosts": {name: {"instance_id": f"i-0000000{n}", "outside_eip": f"198.51.100.{n}",
                              "outside_private_ip": f"10.1.0.{n}"} for n, name in enumerate(ROUTERS, 1)},
}
ENDED_WITHIN = 60


def only(*names: str) -> dict[str, Any]:
    """The variables of a network of these routers."""
    return {"topology": {"routers": {name: ROUTERS[name] for name in names}, "tunnels": []},
            "existing_hosts": {name: VARIABLES["existing_hosts"][name] for name in names}}


def bootstrap(archive: zipfile.ZipFile, program: str) -> None:
    """Makes a Python program a function's."""
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    archive.writestr(entry, f"#!{sys.executable}\n{program}")


class Machines:
    """Applies the root with changing variables, and runs executions."""

    # Few at once: a request that the emulator answers too late is made again, and finds its work done.
    parallelism = 3

    def __init__(self, folder: Path, daemons: Daemons, function: Path = STUB) -> None:
        self.folder, self._function = folder, function
        self._endpoints = emulators.start(daemons, folder)
        programs.enter(self._endpoints.environment())
        self._environment = {**self._endpoints.environment(), "TF_DATA_DIR": str(folder / "data"), "TF_IN_AUTOMATION": "1",
                             "TF_VAR_vpn_psk": "a long shared key", "TF_VAR_ubuntu_password": "a long password",
                             **{name: value for name, value in os.environ.items() if name.startswith("TF_CLI")}}
        self._cancellations = folder / "cancellations.jsonl"
        self._write_zips()
        self._terraform("init", "-input=false", "-backend=false")
        self.functions = boto3.client("lambda", region_name="us-east-1")
        self.client = boto3.client("stepfunctions", region_name="us-east-1")
        self.arn = ""

    def apply(self, **variables: Any) -> None:
        file = self.folder / "stub.tfvars.json"
        file.write_text(json.dumps({**VARIABLES, "zip_directory": str(self.folder / "zips"), **variables}))
        self._terraform("apply", "-input=false", "-auto-approve", "-no-color", f"-parallelism={self.parallelism}", f"-var-file={file}",
                        f"-state={self.folder / 'stub.tfstate'}")
        self.arn = self.client.list_state_machines()["stateMachines"][0]["stateMachineArn"]

    def _write_zips(self) -> None:
        (self.folder / "zips").mkdir()
        for phase in ("phase1", "phase2", "phase3"):
            with zipfile.ZipFile(self.folder / f"zips/{phase}.zip", "w") as archive:
                bootstrap(archive, self._function.read_text())
                archive.writestr("cancellations", str(self._cancellations))

    def _terraform(self, *arguments: str) -> None:
        done = subprocess.run(["terraform", *arguments], cwd=ROOT, env=self._environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


class Run:
    """An execution of the machine with its journal."""

    patience = ENDED_WITHIN

    def __init__(self, machines: Machines, journal: Path, answers: dict[str, Any], text: str = "", **event: Any) -> None:
        """`text` is an input that is not made of the event, and knows of no journal."""
        journal.mkdir(parents=True, exist_ok=True)
        (journal / "answers.json").write_text(json.dumps(answers))
        self._journal, self._client = journal, machines.client
        self.arn = machines.client.start_execution(
            stateMachineArn=machines.arn, input=text or json.dumps({"journal": str(journal), **event}))["executionArn"]

    def ended(self) -> dict[str, Any]:
        return self.until(lambda: self.described if self.described["status"] != "RUNNING" else None)

    def until(self, found: Any) -> Any:
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            if (value := found()) is not None:
                return value
            time.sleep(0.1)
        raise AssertionError(f"nothing came of it in {self.patience} s: {self.described}")

    @property
    def described(self) -> dict[str, Any]:
        return self._client.describe_execution(executionArn=self.arn)

    @property
    def output(self) -> dict[str, Any]:
        return json.loads(self.ended()["output"])

    @property
    def events(self) -> list[dict[str, Any]]:
        """What the functions were asked, in order."""
        file = self._journal / "events.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def asked(self, *fields: str) -> list[tuple[Any, ...]]:
        return [tuple(event.get(field) for field in fields) for event in self.events]

    @property
    def states(self) -> list[str]:
        pages = self._client.get_paginator("get_execution_history").paginate(executionArn=self.arn)
        return [event["stateEnteredEventDetails"]["name"] for page in pages for event in page["events"]
                if "stateEnteredEventDetails" in event]
