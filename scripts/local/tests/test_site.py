"""A site that is changed while it stands, in the EC2 emulator: in which order Terraform does it."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.emulators import start as emulators
from local.network_file import REPO

from . import programs, roles

PROFILE = "hosts"
# As many as one security group of a router holds.
ONE_GROUP = 29
TAGS = {"team": "network"}


class Site:
    """A hub and its branches."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = {**environment, "TF_IN_AUTOMATION": "1",
                             **{name: value for name, value in os.environ.items() if name.startswith("TF_CLI")}}
        image = boto3.client("ec2", region_name="us-east-1").describe_images()["Images"][0]["ImageId"]
        fixed = {"name": "sdwan", "source": str(REPO / "terraform/modules/site"), "availability_zone": "us-east-1a",
                 "vpc_cidr": "10.10.0.0/16", "ami_id": image, "instance_type": "t3.medium", "root_volume_gib": 16,
                 "instance_profile": PROFILE, "management": "nat", "outside_open": False, "routers": "${var.routers}"}
        (folder / "main.tf.json").write_text(json.dumps({
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
            "provider": {"aws": {"region": "us-east-1", "default_tags": {"tags": TAGS}}},
            "variable": {"routers": {"type": "map(list(string))"}}, "module": {"site": fixed}}))
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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with programs.started() as daemons:
        environment = emulators.start(daemons, folder).environment()
        programs.enter(environment)
        roles.instance_profile(PROFILE, {"ssm:UpdateInstanceInformation": "*"})
        (folder / "root").mkdir()
        made = Site(folder / "root", environment)
        # One more than fits, so that the hub has two groups.
        made.apply(ONE_GROUP + 1)
        yield made


@pytest.fixture(scope="module")
def vpc(site: Site) -> str:
    """The site's."""
    return next(each["VpcId"] for each in boto3.client("ec2", region_name="us-east-1").describe_vpcs()["Vpcs"] if not each["IsDefault"])


def test_a_hub_gives_up_a_group_when_its_card_has_let_go_of_it(site: Site) -> None:
    """EC2 keeps a group that a card has, so an apply that began with the group would never end."""
    said = site.apply(ONE_GROUP)
    card, group = (next(number for number, line in enumerate(said) if line.startswith(f"module.site.{begun}")) for begun in (
        'aws_network_interface.outside["hub"]: Modifications complete', 'aws_security_group.outside["hub/2"]: Destroying'))
    assert card < group


# What EC2 has made with the VPC is its own: its first group, rules of it, its first route table.
@pytest.mark.parametrize("kind, call, is_own", [
    ("Vpcs", "describe_vpcs", lambda each: True), ("Subnets", "describe_subnets", lambda each: True),
    ("NetworkInterfaces", "describe_network_interfaces", lambda each: each["Description"].startswith(("hub", "b0"))),
    ("NatGateways", "describe_nat_gateways", lambda each: True), ("Instances", "describe_instances", lambda each: True),
    ("SecurityGroups", "describe_security_groups", lambda each: each["GroupName"] != "default"),
    ("RouteTables", "describe_route_tables", lambda each: not any(one["Main"] for one in each["Associations"]))])
def test_all_of_a_vpc_has_the_tags(vpc: str, kind: str, call: str, is_own: Callable[[Any], bool]) -> None:
    ec2 = boto3.client("ec2", region_name="us-east-1")
    answer = getattr(ec2, call)(**{"Filter" if call == "describe_nat_gateways" else "Filters": [{"Name": "vpc-id", "Values": [vpc]}]})
    found = [each for one in answer.get("Reservations", [answer]) for each in one[kind] if is_own(each)]
    assert found and [each for each in found if bare(each)] == []


@pytest.mark.parametrize("kind, call", [("Volumes", "describe_volumes"), ("Addresses", "describe_addresses"),
                                        ("InternetGateways", "describe_internet_gateways")])
def test_all_of_an_account_has_the_tags(vpc: str, kind: str, call: str) -> None:
    """RunInstances makes the volumes: the provider hands their tags over."""
    found = getattr(boto3.client("ec2", region_name="us-east-1"), call)()[kind]
    assert found and [each for each in found if bare(each)] == []


def bare(each: dict[str, Any]) -> bool:
    return bool(TAGS.items() - {tag["Key"]: tag["Value"] for tag in each.get("Tags", each.get("TagSet", []))}.items())
