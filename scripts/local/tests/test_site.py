"""A site that is changed while it stands, in the EC2 emulator: in which order Terraform does it."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from local.emulators import start as emulators
from local.network_file import REPO

from . import programs, roles

PROFILE = "hosts"
# As many as one security group of a router holds.
ONE_GROUP = 29


class Site:
    """A hub and its branches."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = {**environment, "TF_IN_AUTOMATION": "1",
                             **{name: value for name, value in os.environ.items() if name.startswith("TF_CLI")}}
        image = boto3.client("ec2", region_name="us-east-1").describe_images()["Images"][0]["ImageId"]
        fixed = {"source": str(REPO / "terraform/modules/site"), "availability_zone": "us-east-1a", "vpc_cidr": "10.10.0.0/16",
                 "ami_id": image, "instance_type": "t3.medium", "root_volume_gib": 16, "instance_profile": PROFILE,
                 "management": "nat", "outside_open": False, "routers": "${var.routers}"}
        (folder / "main.tf.json").write_text(json.dumps({
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
            "provider": {"aws": {"region": "us-east-1"}}, "variable": {"routers": {"type": "map(list(string))"}},
            "module": {"site": fixed}}))
        self._terraform("init", "-input=false")

    def apply(self, branches: int) -> list[str]:
        """What Terraform says it does, in its order."""
        names = [f"b{number}" for number in range(branches)]
        (self._folder / "site.tfvars.json").write_text(json.dumps({"routers": {"hub": names, **{name: ["hub"] for name in names}}}))
        return self._terraform("apply", "-input=false", "-auto-approve", "-var-file=site.tfvars.json").splitlines()

    def _terraform(self, *arguments: str) -> str:
        done = subprocess.run(["terraform", *arguments, "-no-color"], cwd=self._folder, env=self._environment,
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr
        return done.stdout


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with programs.started() as daemons:
        environment = emulators.start(daemons, tmp_path).environment()
        programs.enter(environment)
        roles.instance_profile(PROFILE, {"ssm:UpdateInstanceInformation": "*"})
        folder = tmp_path / "root"
        folder.mkdir()
        yield Site(folder, environment)


def test_a_hub_gives_up_a_group_when_its_card_has_let_go_of_it(site: Site) -> None:
    """EC2 keeps a group that a card has, so an apply that began with the group would never end."""
    site.apply(ONE_GROUP + 1)
    said = site.apply(ONE_GROUP)
    card, group = (next(number for number, line in enumerate(said) if line.startswith(f"module.site.{begun}")) for begun in (
        'aws_network_interface.outside["hub"]: Modifications complete', 'aws_security_group.outside["hub/2"]: Destroying'))
    assert card < group
