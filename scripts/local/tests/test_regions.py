"""scripts/regions: the Terraform root with other regions than it has by itself."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from local.network_file import REPO

COMMAND = REPO / "scripts/regions"
USUAL = ["us-east-1", "eu-central-1"]
TOPOLOGY = json.loads((REPO / "examples/regions.json").read_text())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    copy = tmp_path / "terraform"
    shutil.copytree(REPO / "terraform", copy, ignore=shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfvars", "tests"))
    return copy


def regions(root: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([COMMAND, "--root", root, *arguments], env={**os.environ, **environment}, capture_output=True, text=True,
                          check=False)


def texts(root: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in root.glob("*.tf")}


def terraform(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["terraform", *arguments, "-no-color"], cwd=root, capture_output=True, text=True, check=False)


def test_the_committed_files_are_what_it_writes(root: Path) -> None:
    before = texts(root)
    assert regions(root, "--check").returncode == 0 and regions(root, *reversed(USUAL)).returncode == 0
    assert texts(root) == before


def test_a_changed_file_is_found(root: Path) -> None:
    (root / "instances-virginia.tf").write_text((root / "instances-virginia.tf").read_text().replace("var.name", '"sdwan"'))
    (root / "instances-mars.tf").write_text("")
    found = regions(root, "--check")
    assert found.returncode == 1 and "instances-mars.tf, instances-virginia.tf: not what" in found.stderr


def test_ten_regions_are_valid_and_formatted(root: Path) -> None:
    ten = [*USUAL, "ap-southeast-2", "ap-south-1", "eu-west-1", "eu-west-2", "us-west-2", "ca-central-1", "sa-east-1", "eu-north-1"]
    assert regions(root, *ten).returncode == 0
    assert re.findall(r'vpc_cidr = "(10\.\d+)\.', (root / "regions.tf").read_text()) == [f"10.{number}" for number in range(10, 101, 10)]
    assert terraform(root, "fmt", "-check").stdout == ""
    assert terraform(root, "init", "-input=false", "-backend=false").returncode == 0
    assert terraform(root, "validate").returncode == 0


def test_a_region_keeps_its_addresses_and_goes_without_a_trace(root: Path) -> None:
    before = texts(root)
    assert regions(root, *USUAL, "eu-west-1", "eu-west-2").returncode == 0
    assert regions(root, *USUAL, "eu-west-2").returncode == 0
    assert '"eu-west-2"    = { vpc_cidr = "10.40.0.0/16" }' in (root / "regions.tf").read_text()
    assert not (root / "instances-eu-west-1.tf").exists()
    assert regions(root, *USUAL).returncode == 0 and texts(root) == before


@pytest.mark.parametrize("names, said", [
    (["eu-central-9"], "AWS provider 5.100 does not know eu-central-9"),
    (["us-east-1", "virginia"], "does not know virginia"),
    (["us-east-1", "cn-north-1"], "are of different partitions"),
    (["$(id)"], "does not know $(id)")])
def test_what_can_not_be_is_refused_by_name(root: Path, names: list[str], said: str) -> None:
    before = texts(root)
    refused = regions(root, *names)
    assert refused.returncode == 1 and said in refused.stderr and texts(root) == before


def test_a_region_with_something_in_the_state_stays(root: Path, tmp_path: Path) -> None:
    """Its provider is needed to destroy it."""
    program = tmp_path / "bin/terraform"
    program.parent.mkdir()
    program.write_text("""#!/bin/sh
echo 'aws_ssm_parameter.frankfurt["fra-sdwan/instance-id"]'
echo 'module.frankfurt[0].aws_vpc.site'
echo 'module.virginia[0].aws_vpc.site'
""")
    program.chmod(0o755)
    (root / ".terraform").mkdir()
    before, path = texts(root), f"{program.parent}:{os.environ['PATH']}"
    refused = regions(root, "us-east-1", "eu-west-1", PATH=path)
    assert refused.returncode == 1 and "eu-central-1 has 2 resources in Terraform's state" in refused.stderr and texts(root) == before
    assert "scripts/regions us-east-1 eu-west-1 again" in refused.stderr
    assert regions(root, *USUAL, "eu-west-1", PATH=path).returncode == 0


def test_a_state_that_can_not_be_read_is_no_empty_one(root: Path, tmp_path: Path) -> None:
    program = tmp_path / "bin/terraform"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'Error: no credentials' >&2\nexit 1\n")
    program.chmod(0o755)
    (root / ".terraform").mkdir()
    refused = regions(root, "us-east-1", PATH=f"{program.parent}:{os.environ['PATH']}")
    assert refused.returncode == 1 and "can't be read, and may have things in eu-central-1: Error: no credentials" in refused.stderr


def test_where_nobody_can_look_it_is_said(root: Path) -> None:
    done = regions(root, "us-east-1")
    assert done.returncode == 0 and "nobody has looked whether its state has things in eu-central-1" in done.stderr
    assert "frankfurt" not in "".join(texts(root)[name] for name in ("regions.tf", "topology.tf"))


def test_a_topology_with_another_region_is_refused_with_the_command_that_helps(root: Path) -> None:
    """What the plan says is said to a shell as it stands."""
    (root / "all.auto.tfvars.json").write_text(json.dumps({
        **TOPOLOGY, "vyos_s3_bucket": "images", "vyos_s3_key": "vyos.tar.gz", "ubuntu_password": "a long password",
        "vpn_psk": "a long shared key", "zip_directory": str(REPO / "terraform/tests/zips")}))
    (root / "network.tftest.hcl").write_text("".join(
        f'mock_provider "aws" {{\n{alias}  source = "{REPO}/terraform/tests/mocks/virginia"\n}}\n' for alias in (
            "", '  alias = "virginia"\n', '  alias = "frankfurt"\n', '  alias = "ap-southeast-2"\n'))
        + 'run "plan" {\n  command = plan\n  variables {\n    elastic_ip_quota = 10\n  }\n}\n')
    assert terraform(root, "init", "-input=false", "-backend=false").returncode == 0
    refused = terraform(root, "test")
    said = " ".join((refused.stdout + refused.stderr).split())
    assert refused.returncode == 1 and 'syd-branch1 is in "ap-southeast-2", syd-sdwan is in "ap-southeast-2"' in said
    command = said.split("This command gives it the others: ")[1].split(" This was checked")[0].split()
    assert command[0] == "scripts/regions"
    written = regions(root, *command[1:])
    assert written.returncode == 0 and "now run terraform init" in written.stdout
    assert terraform(root, "init", "-input=false", "-backend=false").returncode == 0
    done = terraform(root, "test")
    assert done.returncode == 0, done.stdout + done.stderr
