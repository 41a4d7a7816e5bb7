"""The roles that Terraform makes allow what a run does, and nothing else: the root's own network, in sandboxes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.deploy import Deployment
from local.emulators import start as emulators
from local.emulators.credentials import ACCOUNT
from local.emulators.ledger import Books
from local.execution.progress import Execution, Progress
from local.network_file import REPO

from . import permissions, programs

VERSION = "1.3"
HOSTS = ("sdwan-host-us-east-1", "sdwan-host-eu-central-1")
ROLES = ("sdwan-lambda", "sdwan-state-machine", *HOSTS)
KEY, TUNNELS = "/sdwan-secrets/vpn-psk", ("nv", "fra")
CANCELLING = "sdwan-lambda may ssm:{} on *, which nothing uses"


class Deployed:
    """The system in the emulators; executions of it, and its policies changed by hand."""

    def __init__(self, folder: Path, daemons: Any) -> None:
        self.folder = folder
        endpoints = emulators.start(daemons, folder)
        programs.enter(endpoints.environment())
        deployment = Deployment(folder, REPO / "terraform", endpoints, daemons)
        deployment.put_image(VERSION)
        self.machine = deployment.apply(VERSION, REPO / "dist")["state_machine_arn"]
        self._iam = boto3.client("iam")

    def run(self, **event: Any) -> Progress:
        states = boto3.client("stepfunctions", region_name="us-east-1")
        return Execution.start(states, self.machine, json.dumps(event)).ended()

    def own_keys(self) -> None:
        """From now on each tunnel has a key of its own."""
        for region in ("us-east-1", "eu-central-1"):
            ssm = boto3.client("ssm", region_name=region)
            key = ssm.get_parameter(Name=KEY, WithDecryption=True)["Parameter"]["Value"]
            for tunnel in TUNNELS:
                ssm.put_parameter(Name=f"{KEY}/{tunnel}", Value=f"{key}-of-{tunnel}", Type="SecureString")

    @property
    def books(self) -> Books:
        return Books(self.folder)

    def statements(self, role: str) -> list[dict[str, Any]]:
        name = self._iam.list_role_policies(RoleName=role)["PolicyNames"][0]
        return list(self._iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"])

    def allow(self, role: str, statements: list[dict[str, Any]]) -> None:
        name = self._iam.list_role_policies(RoleName=role)["PolicyNames"][0]
        self._iam.put_role_policy(RoleName=role, PolicyName=name,
                                  PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}))


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with programs.started() as daemons:
        yield Deployed(tmp_path_factory.mktemp("permissions"), daemons)


@pytest.fixture(scope="module")
def ran(deployed: Deployed) -> Progress:
    """Of two executions the second, in which every tunnel gets a key of its own."""
    first = deployed.run()
    assert first.succeeded, first.cause
    deployed.own_keys()
    return deployed.run(start_at="phase2")


def test_a_tunnel_has_the_key_of_its_own(deployed: Deployed, ran: Progress) -> None:
    """Each host has read it, and the tunnels are up with it."""
    assert ran.succeeded, ran
    readers = {use.role for use in deployed.books.uses for grant in use.grants if grant.resource.endswith("/vpn-psk/*")}
    assert readers == set(HOSTS)


def test_a_run_is_allowed_all_that_it_does(deployed: Deployed, ran: Progress) -> None:
    assert ran.succeeded, ran
    assert deployed.books.complaints == []
    assert {use.role for use in deployed.books.uses} == set(ROLES)


def test_a_run_needs_all_that_it_is_allowed(deployed: Deployed, ran: Progress) -> None:
    print("\n" + permissions.table(deployed.books))
    # An execution that nothing disturbs cancels nothing and loses no answer: the tests of the paths do.
    # And four routers' commands are asked for one by one.
    expected = [CANCELLING.format(action) for action in ("CancelCommand", "ListCommandInvocations", "ListCommands")]
    assert permissions.unused(deployed.books, ROLES) == expected


def test_what_is_said_to_be_awss_own_is_in_the_policies(deployed: Deployed, ran: Progress) -> None:
    granted = {(grant.role, grant.action) for grant in deployed.books.granted}
    for role in ROLES:
        said = next(known for beginning, known in permissions.OF_AWS.items() if role.startswith(beginning))
        assert set(said) <= {action for name, action in granted if name == role}


@pytest.mark.parametrize("role, action, event, told", [
    ("sdwan-lambda", "ssm:SendCommand", {"start_at": "phase3"}, "ssm:SendCommand on resource: arn:aws:"),
    ("sdwan-lambda", "ssm:GetParametersByPath", {"start_at": "phase3"}, "ssm:GetParametersByPath on resource: arn:aws:ssm:"),
    ("sdwan-lambda", "ssm:GetCommandInvocation", {"start_at": "phase3"}, "ssm:GetCommandInvocation on resource: *"),
    ("sdwan-state-machine", "lambda:InvokeFunction", {"start_at": "phase3"}, "lambda:InvokeFunction on resource: arn:aws:lambda:"),
    (HOSTS[0], "ssm:GetParameter", {"start_at": "phase2"}, "does this host's role allow ssm:GetParameter on it?"),
    (HOSTS[1], "s3:GetObject", {"recreate": "always"}, "403"),
])
def test_without_a_permission_the_run_fails_and_names_it(deployed: Deployed, ran: Progress, role: str, action: str,
                                                         event: dict[str, Any], told: str) -> None:
    whole = deployed.statements(role)
    deployed.allow(role, [without for s in whole if (without := less(s, action)) is not None])
    try:
        progress = deployed.run(**event)
    finally:
        deployed.allow(role, whole)
    assert not progress.succeeded
    assert told in f"{progress.error} {progress.cause}", progress
    assert any(refusal["action"] == action and f"assumed-role/{role}/" in refusal["who"] for refusal in deployed.books.refused)


def test_what_the_functions_pass_over_is_complained_of(deployed: Deployed, ran: Progress) -> None:
    """Phase 1 goes on without knowing who is online; the run still fails, because AWS would refuse the question."""
    role, action = "sdwan-lambda", "ssm:DescribeInstanceInformation"
    whole = deployed.statements(role)
    deployed.allow(role, [without for s in whole if (without := less(s, action)) is not None])
    try:
        assert deployed.run(recreate="never").succeeded
    finally:
        deployed.allow(role, whole)
    assert f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/sdwan-phase1 may not {action} on *" in deployed.books.complaints


def test_one_permission_more_is_named(deployed: Deployed, ran: Progress) -> None:
    role, more = "sdwan-state-machine", {"Effect": "Allow", "Action": "states:DeleteStateMachine", "Resource": "*"}
    whole = deployed.statements(role)
    before = permissions.unused(deployed.books, ROLES)
    deployed.allow(role, [*whole, more])
    try:
        assert deployed.run(start_at="phase3").succeeded
        added = set(permissions.unused(deployed.books, ROLES)) - set(before)
    finally:
        deployed.allow(role, whole)
    assert added == {f"{role} may states:DeleteStateMachine on *, which nothing uses"}


def less(statement: dict[str, Any], action: str) -> dict[str, Any] | None:
    """A statement without an action; nothing where it has no other."""
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    left = [one for one in actions if one != action]
    return {**statement, "Action": left} if left else None
