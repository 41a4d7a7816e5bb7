"""The real upgrade.zip beside the stand-in of EKS, with Route 53 and EC2 of the emulators, whose clients no verb of the tool has."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, Account

sys.path.insert(0, str(ROOT / "Tests/Integration"))
from fakes.signature import Identity  # noqa: E402
from harness import unpack  # noqa: E402
from upgrading import TRAFFIC, UpgradeLab, cluster  # noqa: E402


@pytest.fixture
def lab(account: Account, pair: dict[str, Account], tmp_path: Path) -> Iterator[UpgradeLab]:
    environment = account.environment
    key = Identity(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], environment.get("AWS_SESSION_TOKEN"))
    lab = UpgradeLab(unpack("upgrade", tmp_path), tmp_path / "logs", key,
                     AWS_ENDPOINT_URL_ROUTE_53=environment.get("AWS_ENDPOINT_URL_ROUTE_53", environment["AWS_ENDPOINT_URL"]),
                     AWS_ENDPOINT_URL_EC2=pair["moto"].environment["AWS_ENDPOINT_URL"])
    lab.eks.add(cluster())
    try:
        yield lab
        lab.check_manners()
    finally:
        lab.stop()


def test_weights(lab: UpgradeLab, account: Account) -> None:
    """Both records of one name, of both emulators' zones; a change is known before the next."""
    zones = account.client("route53")
    zone = zones.create_hosted_zone(Name="example.com.", CallerReference="tool")["HostedZone"]["Id"].rsplit("/", 1)[1]
    lab.deployment = {"dev": {"traffic": {**TRAFFIC, "zone": zone}}}
    lab.eks.add(cluster("dev-green", "1.33"))
    lab.eks.clusters["dev-green"].addons = {"vpc-cni": "v1.20.0-eksbuild.1"}
    assert lab.run("execution", strategy="blue-green")["success_count"] == 1
    assert weights(zones, zone) == {"green": (100, 60, "green.example.com"), "blue": (0, 60, "blue.example.com")}
    assert lab.run("rollback", strategy="blue-green")["success_count"] == 1
    assert {name: weight for name, (weight, _, _) in weights(zones, zone).items()} == {"green": 0, "blue": 100}


def weights(zones: object, zone: str) -> dict[str, tuple[int, int, str]]:
    return {one["SetIdentifier"]: (one["Weight"], one["TTL"], one["ResourceRecords"][0]["Value"])
            for one in zones.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"] if one["Type"] == "CNAME"}


def test_free_addresses(lab: UpgradeLab, pair: dict[str, Account]) -> None:
    """EC2's own count of a subnet's free addresses; only moto has subnets."""
    ec2 = pair["moto"].client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    lab.eks.clusters["dev"].subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]]
    assert lab.run("reasoning")["success_count"] == 1
    lab.eks.clusters["dev"].subnets = ["subnet-00000000"]
    assert "InvalidSubnetID.NotFound" in str(lab.run("reasoning")["results"]["dev"])
