"""EFS for functions: MiniStack's Lambda keeps a function's file system as words; here the function has it, as its access point
gives it: a folder of the run, in a sandbox, as the access point's user.

What Lambda looks at before is looked at here: that each of the function's zones has a mount target when the function is made,
and that the function's role may mount and be put into a network.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem-efs.html;
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html, "Required IAM permissions".
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from .access import Judge
from .credentials import ACCOUNT, session_arn
from .roles import Role, Roles

FOLDER = "efs"
NETWORK_ACTIONS = ("CreateNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets", "DeleteNetworkInterface",
                   "AssignPrivateIpAddresses", "UnassignPrivateIpAddresses")
WITHOUT_TARGETS = ("EFS file system {} does not have mount targets created in all availability zones the function will execute in. "
                   "Please create EFS mount targets in each availability zone your function has a subnet in.")
Config = dict[str, Any]


class FileSystems:
    """Stands between MiniStack's Lambda and the processes that it starts."""

    def __init__(self, folder: Path, roles: Roles, judge: Judge) -> None:
        self._folder = folder / FOLDER
        self._roles = roles
        self._judge = judge
        self._starting: ContextVar[Config | None] = ContextVar("starting", default=None)

    def install(self, runtime: ModuleType, lambdas: ModuleType, efs: ModuleType, ec2: ModuleType) -> None:
        self._efs, self._ec2 = efs, ec2
        spawn, create, processes = runtime.ProvidedWorker._spawn, lambdas._create_function, runtime.subprocess

        def spawned(worker: Any, *given: Any, **more: Any) -> Any:
            with self._of(worker.config):
                return spawn(worker, *given, **more)

        def popen(argv: list[str], **more: Any) -> Any:
            config = self._starting.get()
            return processes.Popen([*(self.sandbox(config, more["cwd"]) if config else []), *argv], **more)

        runtime.ProvidedWorker._spawn = spawned
        runtime.subprocess = SimpleNamespace(**{**vars(processes), "Popen": popen})
        lambdas._create_function = lambda data: self._refusal(data) or create(data)

    @contextlib.contextmanager
    def _of(self, config: Config) -> Iterator[None]:
        token = self._starting.set(config if config.get("FileSystemConfigs") else None)
        try:
            yield
        finally:
            self._starting.reset(token)

    def sandbox(self, config: Config, code: str) -> list[str]:
        """What stands in front of a function's program, so that it has its file systems. Raises where AWS would not mount."""
        role = self._roles.of_arn(config["Role"])
        if role is None:
            raise RuntimeError(f"The role {config['Role']} cannot be found.")
        who = session_arn(role.name, config["FunctionName"])
        for action in NETWORK_ACTIONS:
            if not self._judge.allows(role, who, f"ec2:{action}", "*", _region(config)):
                raise RuntimeError(f"The provided execution role does not have permissions to call {action} on EC2")
        # Not --die-with-parent: a thread counts as a parent, and the one that starts a function soon ends. Whose Runtime API is
        # gone ends by itself.
        argv = ["bwrap", "--unshare-user", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp",
                "--tmpfs", "/mnt", "--ro-bind", code, code]
        for wanted in config["FileSystemConfigs"]:
            argv += self._mount(wanted, role, who, _region(config))
        return [*argv, "--chdir", code, "--"]

    def _mount(self, wanted: Config, role: Role, who: str, region: str) -> list[str]:
        point = self._point(wanted["Arn"])
        if point is None:
            raise RuntimeError(f"EFSMountFailureException: there is no access point {wanted['Arn']}")
        system = f"arn:aws:elasticfilesystem:{region}:{ACCOUNT}:file-system/{point['FileSystemId']}"
        context = {"elasticfilesystem:AccessPointArn": point["AccessPointArn"]}
        if not self._judge.allows(role, who, "elasticfilesystem:ClientMount", system, region, context):
            raise RuntimeError(f"EFSMountFailureException: {who} may not mount {system}")
        may_write = self._judge.allows(role, who, "elasticfilesystem:ClientWrite", system, region, context)
        folder = self._folder / point["FileSystemId"] / point["RootDirectory"]["Path"].strip("/")
        folder.mkdir(parents=True, exist_ok=True)
        user = point["PosixUser"]
        return ["--uid", str(user["Uid"]), "--gid", str(user["Gid"]),
                "--bind" if may_write else "--ro-bind", str(folder), wanted["LocalMountPath"]]

    def _point(self, arn: str) -> Config | None:
        return next((point for point in self._efs._access_points.values() if point["AccessPointArn"] == arn), None)

    def _refusal(self, data: Config) -> Any:
        """What CreateFunction answers to a function whose file system it can't reach."""
        # Not above: MiniStack reads its settings as soon as anything of it is imported.
        from ministack.core.responses import error_response_json

        subnets = (data.get("VpcConfig") or {}).get("SubnetIds") or []
        zones = {self._ec2._subnets[subnet]["AvailabilityZone"] for subnet in subnets if subnet in self._ec2._subnets}
        for wanted in data.get("FileSystemConfigs") or []:
            point = self._point(wanted["Arn"])
            reached = {target["AvailabilityZoneName"] for target in self._efs._mount_targets.values()
                       if point and target["FileSystemId"] == point["FileSystemId"] and target["LifeCycleState"] == "available"}
            if not zones or not zones <= reached:
                return error_response_json("InvalidParameterValueException", WITHOUT_TARGETS.format(wanted["Arn"]), 400)
        return None


def _region(config: Config) -> str:
    return config["FunctionArn"].split(":")[3]
