"""A deployment made by the root before the engine, really applied with each orchestration it had, and then this root over it:
nothing is destroyed but what docs/migration.md lists, and a second apply has nothing to do.

The old root is in the history. test_migration.py plans states of it where the history is not.
"""

import json
import os
import subprocess
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import boto3
import pytest

from local.deploy import CANONICAL
from local.emulators import start as emulators
from local.network_file import REPO, invent

from . import programs
from .machines import STUB, bootstrap
from .test_migration import ENGINE_RULE, ENGINE_TARGET, MACHINE, MOVED_MACHINE, changed, destroyed, moved

BEFORE = "e893f45"
VARIABLES = {"vyos_s3_bucket": "images", "vyos_s3_key": "vyos.tar.gz", "notify_email": "network@example.com", "monitoring_enabled": True}
NEW = {"synchronous": "synchronous", "polling": "rollout"}
LISTED = {"synchronous": {f'aws_iam_role_policy_attachment.host_ssm_core["{region}"]' for region in ("us-east-1", "eu-central-1")},
          "polling": {"aws_cloudwatch_event_target.cancel[0]", ENGINE_RULE, ENGINE_TARGET}}
# What an earlier issue has moved: the machine's own, and the routes of a site.
MOVED = ("state_machine", "aws_route_table_association.public")
# What the emulator tells wrongly of what it was given: alarms without most of their fields, and an event's age that nobody
# has set.
MISTOLD = ("aws_cloudwatch_metric_alarm.", "aws_lambda_function_event_invoke_config.")
KEPT = ("aws_iam_role.", "aws_lambda_function.", "aws_ssm_parameter.", "aws_cloudwatch_log_group.", "module.virginia", "module.frankfurt")


def old_root(folder: Path) -> Path:
    packed = subprocess.run(["git", "archive", BEFORE, "terraform"], cwd=REPO, capture_output=True, check=False)
    if packed.returncode != 0:
        pytest.skip(f"this copy of the repository has no history: {packed.stderr.decode().strip()}")
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "terraform"


class Deployment:
    """One state, and the roots that are put over it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._state, self._plan, self._zips = folder / "deployment.tfstate", folder / "plan", folder / "zips"
        self._zips.mkdir()
        for phase in ("phase1", "phase2", "phase3"):
            with ZipFile(self._zips / f"{phase}.zip", "w") as archive:
                bootstrap(archive, STUB.read_text())
        self._environment = {**environment, "TF_IN_AUTOMATION": "1", "TF_VAR_vpn_psk": "a long shared key",
                             "TF_VAR_ubuntu_password": "a long password",
                             **{name: value for name, value in os.environ.items() if name.startswith("TF_CLI")}}
        self._variables = folder / "variables.tfvars.json"

    def use(self, root: Path, variables: dict[str, Any]) -> None:
        self._root = root
        self._variables.write_text(json.dumps({**VARIABLES, "zip_directory": str(self._zips), **variables}))
        self._environment["TF_DATA_DIR"] = str(self._state.parent / f"data-{root.parent.name}")
        self._terraform("init", "-input=false", "-backend=false")

    def plan(self) -> list[dict[str, Any]]:
        """What this root would do."""
        self._terraform("plan", "-input=false", f"-var-file={self._variables}", f"-state={self._state}", f"-out={self._plan}")
        return json.loads(self._terraform("show", "-json", str(self._plan)))["resource_changes"]

    def apply(self) -> None:
        """What was planned."""
        self._terraform("apply", "-input=false", f"-state={self._state}", str(self._plan))

    def _terraform(self, *arguments: str) -> str:
        done = subprocess.run(["terraform", *arguments, "-no-color"] if arguments[0] != "show" else ["terraform", *arguments],
                              cwd=self._root, env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout


@pytest.fixture(params=["synchronous", "polling"])
def deployment(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, dict[str, Any], Deployment]]:
    """The old root, applied: with hosts that it made, and with hosts that existed."""
    root, before = old_root(tmp_path / "old"), request.param
    with programs.started() as daemons:
        hosts: dict[str, Any] = {}
        if before == "polling":
            routers = json.loads((REPO / "examples/four.json").read_text())["topology"]["routers"]
            hosts = {"existing_hosts": invent(tmp_path, routers, "1.3", {})}
        environment = emulators.start(daemons, tmp_path, aws_policies=True).environment()
        programs.enter(environment)
        images = {region: {"ami_id": boto3.client("ec2", region_name=region).describe_images(Owners=[CANONICAL])["Images"][0]["ImageId"]}
                  for region in ("us-east-1", "eu-central-1")}
        deployed = Deployment(tmp_path, environment)
        deployed.use(root, {"orchestration": before, "sites": images, **hosts})
        deployed.plan()
        deployed.apply()
        yield before, {"sites": images, "elastic_ip_quota": 20, **hosts}, deployed


def test_the_new_root_over_an_old_deployment(deployment: tuple[str, dict[str, Any], Deployment]) -> None:
    before, variables, deployed = deployment
    deployed.use(REPO / "terraform", {"orchestration": NEW[before], **variables})
    changes = deployed.plan()
    assert destroyed(changes) == LISTED[before]
    assert moved(changes)[MACHINE] == MOVED_MACHINE
    assert [address for address in moved(changes) if address.startswith(KEPT) and not any(word in address for word in MOVED)] == []
    deployed.apply()
    assert changed(changes)
    first = {change["address"]: change["change"]["after"] for change in changes}
    for address, left in differences(deployed.plan()).items():
        # Wanted is what was wanted before; the emulator says that it has something else.
        assert any(kind in address for kind in MISTOLD), (address, left)
        assert {field: after for field, (_, after) in left.items()} == {field: first[address].get(field) for field in left}, address


def differences(changes: list[dict[str, Any]]) -> dict[str, Any]:
    """What would be changed of what, from what to what."""
    found = {}
    for change in (each for each in changes if each["change"]["actions"] not in (["no-op"], ["read"])):
        before, after = (change["change"][when] or {} for when in ("before", "after"))
        found[change["address"]] = {field: (before.get(field), after.get(field)) for field in before.keys() | after.keys()
                                    if before.get(field) != after.get(field)}
    return found
