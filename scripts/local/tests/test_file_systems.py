"""EFS for functions: refused where Lambda refuses, and mounted as the access point has it."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ..emulators.file_systems import NETWORK_ACTIONS, FileSystems
from ..emulators.roles import Role

POINT = "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-1"
ROLE = "arn:aws:iam::123456789012:role/reader"
CONFIG = {"FunctionName": "reader", "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:reader", "Role": ROLE,
          "FileSystemConfigs": [{"Arn": POINT, "LocalMountPath": "/mnt/efs"}]}
EVERYTHING = {*(f"ec2:{action}" for action in NETWORK_ACTIONS), "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"}


class World:
    """One function's Lambda, with two zones, and a judge that allows what is said."""

    def __init__(self, folder: Path, allowed: set[str], targets: tuple[str, ...] = ("a", "b")) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.started: list[list[str]] = []
        self.allowed = allowed
        roles = SimpleNamespace(of_arn=lambda arn: Role("reader", ROLE, {}, []) if arn == ROLE else None)
        self.runtime = SimpleNamespace(
            subprocess=SimpleNamespace(Popen=lambda argv, **_: self.started.append(argv), PIPE=-1),
            ProvidedWorker=type("Worker", (), {"_spawn": lambda worker: self.runtime.subprocess.Popen(["bootstrap"], cwd="/code")}))
        self.lambdas = SimpleNamespace(_create_function=lambda data: "made")
        efs = SimpleNamespace(
            _access_points={"fsap-1": {"AccessPointArn": POINT, "FileSystemId": "fs-1", "RootDirectory": {"Path": "/lambda"},
                                       "PosixUser": {"Uid": 1000, "Gid": 1001}}},
            _mount_targets={
                zone: {"FileSystemId": "fs-1", "AvailabilityZoneName": zone, "LifeCycleState": "available"} for zone in targets})
        ec2 = SimpleNamespace(_subnets={f"subnet-{zone}": {"AvailabilityZone": zone} for zone in "ab"})
        FileSystems(folder, roles, self).install(self.runtime, self.lambdas, efs, ec2)

    def allows(self, role: Role, who: str, action: str, resource: str, region: str, context: dict[str, Any] | None = None) -> bool:
        self.asked.append((action, context or {}))
        return action in self.allowed

    def spawn(self, config: dict[str, Any]) -> list[str]:
        worker = self.runtime.ProvidedWorker()
        worker.config = config
        worker._spawn()
        return self.started[-1]


def test_it_is_mounted_as_the_access_points_user(tmp_path: Path) -> None:
    world = World(tmp_path, EVERYTHING)
    argv = world.spawn(CONFIG)
    assert argv[0] == "bwrap" and argv[-1] == "bootstrap"
    folder = tmp_path / "efs/fs-1/lambda"
    place = argv.index("/mnt/efs")
    assert argv[place - 2:place] == ["--bind", str(folder)] and folder.is_dir()
    assert argv[argv.index("--uid") + 1] == "1000" and argv[argv.index("--gid") + 1] == "1001"
    assert ("elasticfilesystem:ClientMount", {"elasticfilesystem:AccessPointArn": POINT}) in world.asked


def test_who_may_not_write_has_it_read_only(tmp_path: Path) -> None:
    argv = World(tmp_path, EVERYTHING - {"elasticfilesystem:ClientWrite"}).spawn(CONFIG)
    assert argv[argv.index("/mnt/efs") - 2] == "--ro-bind"


@pytest.mark.parametrize("missing", sorted(EVERYTHING - {"elasticfilesystem:ClientWrite"}))
def test_a_role_that_may_not(tmp_path: Path, missing: str) -> None:
    with pytest.raises(RuntimeError):
        World(tmp_path, EVERYTHING - {missing}).spawn(CONFIG)


def test_a_function_without_a_file_system_is_started_as_ever(tmp_path: Path) -> None:
    world = World(tmp_path, set())
    assert world.spawn({**CONFIG, "FileSystemConfigs": []}) == ["bootstrap"] and not world.asked


@pytest.mark.parametrize("subnets, targets", [(["subnet-a", "subnet-b"], ("a",)), ([], ("a", "b")), (["subnet-a"], ())])
def test_a_function_that_could_not_reach_it_is_not_made(tmp_path: Path, subnets: list[str], targets: tuple[str, ...]) -> None:
    """What an apply meets that makes functions before the mount targets."""
    world = World(tmp_path, EVERYTHING, targets)
    answer = world.lambdas._create_function({**CONFIG, "VpcConfig": {"SubnetIds": subnets}})
    assert answer[0] == 400 and b"mount targets" in answer[2]
    assert world.lambdas._create_function({**CONFIG, "FileSystemConfigs": []}) == "made"


def test_a_function_that_reaches_it_is_made(tmp_path: Path) -> None:
    assert World(tmp_path, EVERYTHING).lambdas._create_function({**CONFIG, "VpcConfig": {"SubnetIds": ["subnet-a", "subnet-b"]}}) == "made"
