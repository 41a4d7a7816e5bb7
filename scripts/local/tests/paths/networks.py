"""Two networks in one account and region, each made by an apply of its own, over hosts on paper."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3

from local import network_file
from local.network_file import REPO
from local.processes import Daemons

from .. import roles
from ..machines import Machines, bootstrap
from .network import VERSION, PaperRun

REGION = "us-east-1"
CALLER = Path(__file__).with_name("calling_function.py")
# The functions of blue and green know their hosts one by one. Those of large, of which there is no more than its roles, know
# its own by their tag, because they are more than fifty.
COUNTS = {"blue": 4, "green": 4, "large": 51}
VARIABLES = {"zip_directory": str(REPO / "dist"), "vyos_version": VERSION, "orchestration": "rollout", "history_table": True,
             "ssm_poll_interval": 0.2, "verify_timeout": 4, "online_timeout": 0}


def routers(name: str) -> dict[str, dict[str, Any]]:
    return {f"{name}-{number}": {"region": REGION, "role": "branch", "loopback": f"10.255.0.{number}/32", "asn": 65001 + number % 2}
            for number in range(COUNTS[name])}


def tunnel(name: str) -> dict[str, Any]:
    return {"name": "one", "ends": [{"router": f"{name}-{number}", "vti": "vti0", "address": f"169.254.100.{number + 1}/30"}
                                    for number in range(2)]}


class Networks(Machines):
    """Both use the same addresses inside, and know nothing of each other."""

    parallelism = 10

    def __init__(self, folder: Path, daemons: Daemons) -> None:
        named = {router: name for name in COUNTS for router in routers(name)}
        self.hosts = network_file.invent(folder, {router: {"region": REGION} for router in named}, VERSION, {}, named)
        super().__init__(folder, daemons)
        self.routers = {host["instance_id"]: router for router, host in self.hosts.items()}
        self.arns: dict[str, str] = {}
        self._callers: set[str] = set()

    def variables(self, name: str) -> dict[str, Any]:
        return {**VARIABLES, "name": name, "tags": {"team": name}, "topology": {"routers": routers(name), "tunnels": [tunnel(name)]},
                "existing_hosts": {router: self.hosts[router] for router in routers(name)}}

    def apply(self, name: str, *targets: str, state: str = "", **variables: Any) -> None:
        """A network from a state of its own."""
        self._do("apply", name, state or name, variables, *(f"-target={target}" for target in targets))
        machines = self.client.list_state_machines()["stateMachines"]
        self.arns.update({machine["name"]: machine["stateMachineArn"] for machine in machines})

    def destroy(self, name: str) -> None:
        self._do("destroy", name, name, {})

    def _do(self, verb: str, name: str, state: str, variables: dict[str, Any], *more: str) -> None:
        file = self.folder / f"{state}.tfvars.json"
        file.write_text(json.dumps({"vyos_s3_bucket": "images", "vyos_s3_key": "vyos.tar.gz", **self.variables(name), **variables}))
        self._terraform(verb, "-input=false", "-auto-approve", "-no-color", f"-parallelism={self.parallelism}", f"-var-file={file}",
                        f"-state={self.folder / f'{state}.tfstate'}", *more)

    def start(self, name: str, **event: Any) -> PaperRun:
        self.arn = self.arns[name]
        return PaperRun(self, **event)

    def copied(self, role: str) -> str:
        """The name of a role that may do what another one may, and which a function of ours has: it makes calls in its name."""
        name = f"as-{role}"
        if name not in self._callers:
            self._callers.add(name)
            arn = roles.role(name, "lambda", {"ssm:ListCommands": "*"})
            packed = BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                bootstrap(archive, CALLER.read_text())
            self.functions.create_function(FunctionName=name, Role=arn, Runtime="provided.al2023", Handler="bootstrap", Timeout=60,
                                           Code={"ZipFile": packed.getvalue()})
        self.give(name, self.statements(role))
        return name

    def statements(self, role: str) -> list[dict[str, Any]]:
        iam = boto3.client("iam")
        [policy] = iam.list_role_policies(RoleName=role)["PolicyNames"]
        return list(iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]["Statement"])

    def give(self, role: str, statements: list[dict[str, Any]]) -> None:
        boto3.client("iam").put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": statements}))

    def call(self, role: str, service: str, operation: str, arguments: dict[str, Any]) -> str:
        """How AWS answers the copied role: "done", or the error's code."""
        payload = json.dumps({"service": service, "operation": operation, "arguments": arguments})
        answer = self.functions.invoke(FunctionName=role, Payload=payload)
        text = answer["Payload"].read().decode()
        assert "FunctionError" not in answer, text
        return str(json.loads(text))
