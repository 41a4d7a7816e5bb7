"""Applies the Terraform root to the emulators, on a copy of it with a state of its own."""

import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import Any

import boto3

from . import image
from .apply_progress import Announce, follow
from .emulators.start import Endpoints
from .network_file import LARGEST_SANDBOXED, REPO
from .processes import Daemons

# That of the functions, and those that the root has by itself.
HOME, REGIONS = "us-east-1", ("us-east-1", "eu-central-1")
IMAGE_BUCKET, IMAGE_KEY = "sdwan-local-images", "vyos/vyos-lxd.tar.gz"
CANONICAL = "099720109477"
# A thousand routers have three thousand parameters, so more are made at once than Terraform's usual ten, and
# their state is kept where a team keeps it, in a bucket: a local file is written anew, whole, after each of three
# thousand parameters, which takes longer than all the rest. The root names no place for the state; a user's own
# override file does that in this way too.
USUAL_PARALLELISM, LARGE_PARALLELISM = 10, 30
STATE_BUCKET = "sdwan-local-state"
STATE_OVERRIDE = {"terraform": {"backend": {"s3": {
    "bucket": STATE_BUCKET, "key": "terraform.tfstate", "region": "us-east-1", "use_path_style": True,
    "skip_credentials_validation": True, "skip_requesting_account_id": True}}}}
# The emulator knows no quota of Elastic IPs: the account of a local run is one whose quota has been raised.
ELASTIC_IP_QUOTA = 1000
# Of the user's own settings for Terraform, those of another deployment.
USERS_OWN = ("TF_VAR_", "TF_DATA_DIR", "TF_WORKSPACE")
SECRET_VARIABLES = ("TF_VAR_vpn_psk", "TF_VAR_ubuntu_password")
# Short, because a network on one machine is up at once or never.
SHORT_TIMES = {"ssm_poll_interval": 0.5, "verify_timeout": 30, "online_timeout": 15}


class DeployFailed(Exception):
    """Terraform refused; the text says where to read on."""


class Deployment:
    """The system in the emulators."""

    def __init__(self, folder: Path, root: Path, endpoints: Endpoints, daemons: Daemons) -> None:
        self.folder = folder
        self._root = root
        self._working = folder / "terraform"
        self._log = folder / "terraform.log"
        self._endpoints = endpoints
        self._daemons = daemons
        # Regions that the root has not by itself.
        self._further: list[str] = []
        # Never the user's own, which a host's files would hold for a while.
        self._secrets = {name: secrets.token_urlsafe(24) for name in SECRET_VARIABLES}

    def put_image(self, version: str) -> None:
        """What an operator has done before: a bucket with a VyOS image in it."""
        file = self.folder / "image.tar.gz"
        image.build(file, version)
        s3 = self.client("s3", HOME)
        s3.create_bucket(Bucket=IMAGE_BUCKET)
        s3.upload_file(str(file), IMAGE_BUCKET, IMAGE_KEY)

    def apply(self, version: str, dist: Path, more: dict[str, Any] | None = None,
              times: dict[str, float] = SHORT_TIMES, announce: Announce | None = None) -> dict[str, Any]:
        """init and apply, with more variables if need be; returns the root's outputs."""
        variables = {
            **times, "zip_directory": str(dist), "vyos_version": version,
            "elastic_ip_quota": ELASTIC_IP_QUOTA, "vyos_s3_bucket": IMAGE_BUCKET, "vyos_s3_key": IMAGE_KEY, "vyos_s3_region": HOME,
            **(more or {}),
        }
        routers = variables.get("topology", {}).get("routers", {}).values()
        regions = list(dict.fromkeys([*REGIONS, *(router["region"] for router in routers)]))
        variables = {"sites": {region: {"ami_id": self.ami(region)} for region in regions}, **variables}
        self._further = [region for region in regions if region not in REGIONS]
        return self.apply_root(variables, len(variables.get("existing_hosts", {})) > LARGEST_SANDBOXED, announce)

    def apply_root(self, variables: dict[str, Any], is_large: bool = False, announce: Announce | None = None) -> dict[str, Any]:
        """init and apply of a root with these variables and no others; returns its outputs."""
        self._copy_root()
        (self._working / "local.tfvars.json").write_text(json.dumps(variables, indent=1))
        if is_large:
            self._keep_state_in_bucket()
        self._terraform("init", "-input=false")
        parallelism = LARGE_PARALLELISM if is_large else USUAL_PARALLELISM
        self._terraform("apply", "-input=false", "-auto-approve", f"-parallelism={parallelism}",
                        "-var-file=local.tfvars.json", announce=announce)
        shown = subprocess.run(["terraform", "output", "-json"], cwd=self._working, env=self._environment(),
                               capture_output=True, text=True, check=True)
        return {name: output["value"] for name, output in json.loads(shown.stdout).items()}

    def client(self, service: str, region: str) -> Any:
        """A client of the emulators (their addresses are in this process's environment)."""
        return boto3.client(service, region_name=region)

    def _copy_root(self) -> None:
        """Only what is the root itself: no state, no tfvars, no provider of the user's own."""
        def is_foreign(folder: str, names: list[str]) -> list[str]:
            return [n for n in names if n in (".terraform", ".terraform.lock.hcl", "tests")
                    or n.endswith((".tfvars", ".tfvars.json")) or ".tfstate" in n]

        shutil.copytree(self._root, self._working, ignore=is_foreign)
        if self._further:
            command = [str(REPO / "scripts/regions"), "--root", str(self._working), *REGIONS, *self._further]
            if self._daemons.start(command, self._environment(), self._log, self.folder).wait() != 0:
                raise DeployFailed(f"scripts/regions failed, see {self._log}")

    def _keep_state_in_bucket(self) -> None:
        self.client("s3", HOME).create_bucket(Bucket=STATE_BUCKET)
        (self._working / "state_override.tf.json").write_text(json.dumps(STATE_OVERRIDE))

    def ami(self, region: str) -> str:
        """An image that the EC2 emulator knows."""
        images = self.client("ec2", region).describe_images(Owners=[CANONICAL])["Images"]
        return next(i["ImageId"] for i in images if i["Architecture"] == "x86_64")

    def _environment(self) -> dict[str, str]:
        environment = self._endpoints.environment()
        environment.update({name: value for name, value in os.environ.items()
                            if name.startswith("TF_") and not name.startswith(USERS_OWN)})
        plugins = self.folder.parents[1] / "terraform-plugins"
        plugins.mkdir(exist_ok=True)
        environment.setdefault("TF_PLUGIN_CACHE_DIR", str(plugins))
        environment.update(TF_IN_AUTOMATION="1", CHECKPOINT_DISABLE="1",
                           # the working copy has no lock file: without this the cache would not be used
                           TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE="1")
        return {**environment, **self._secrets}

    def _terraform(self, *arguments: str, announce: Announce | None = None) -> None:
        begin = self._log.stat().st_size if self._log.exists() else 0
        process = self._daemons.start(["terraform", *arguments, "-no-color"], self._environment(), self._log, self._working)
        if announce is not None:
            follow(process, self._log, begin, announce)
        if process.wait() != 0:
            text = self._log.read_text(errors="replace")
            errors = text[text.find("Error:"):] if "Error:" in text else text
            raise DeployFailed(f"terraform {arguments[0]} failed, see {self._log}:\n{errors[:2000].strip()}")
