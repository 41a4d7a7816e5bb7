"""Roots that were made before the engine, one of each orchestration, planned with this one: nothing is destroyed but what
docs/migration.md lists.

terraform/tests/before has what their states said of the machine, its functions and what tells of it.
"""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.emulators import start as emulators

from . import programs
from .machines import ROOT, VARIABLES

Change = dict[str, Any]
BEFORE = ROOT / "tests/before"
WATCHED = {"notify_email": "network@example.com", "monitoring_enabled": True}
MACHINE, MOVED_MACHINE = "aws_sfn_state_machine.sdwan", "module.rollout.aws_sfn_state_machine.machine"
ENGINE_RULE, ENGINE_TARGET = (f'module.rollout.aws_cloudwatch_event_{kind}.notified["engine"]' for kind in ("rule", "target"))


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, str], list[Change]]]:
    """Plans a state with an orchestration; the emulators answer who asks."""
    folder = tmp_path_factory.mktemp("migration")
    with programs.started() as daemons:
        environment = {**emulators.start(daemons, folder).environment(), "TF_DATA_DIR": str(folder / "data"), "TF_IN_AUTOMATION": "1",
                       "TF_VAR_vpn_psk": "a long shared key", "TF_VAR_ubuntu_password": "a long password",
                       **{name: value for name, value in os.environ.items() if name.startswith("TF_CLI")}}

        def terraform(*arguments: str) -> str:
            done = subprocess.run(["terraform", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        terraform("init", "-input=false", "-backend=false")
        [provider] = json.loads(terraform("version", "-json"))["provider_selections"]

        def plan(before: str, orchestration: str) -> list[Change]:
            name = f"{before}-{orchestration}"
            state, variables, file = (folder / f"{name}.{kind}" for kind in ("tfstate", "tfvars.json", "plan"))
            said = json.loads((BEFORE / f"{before}.json").read_text())
            for resource in said["resources"]:
                resource["provider"] = f'provider["{provider}"]'
            state.write_text(json.dumps(said))
            variables.write_text(json.dumps({**VARIABLES, **WATCHED, "zip_directory": str(ROOT / "tests/zips"),
                                             "orchestration": orchestration}))
            # What the state says has never been in these emulators.
            terraform("plan", "-input=false", "-refresh=false", f"-var-file={variables}", f"-state={state}", f"-out={file}")
            return json.loads(terraform("show", "-json", str(file)))["resource_changes"]

        yield plan


def destroyed(changes: list[Change]) -> set[str]:
    return {change["address"] for change in changes if "delete" in change["change"]["actions"]}


def moved(changes: list[Change]) -> dict[str, str]:
    return {change["previous_address"]: change["address"] for change in changes if "previous_address" in change}


def changed(changes: list[Change]) -> set[str]:
    return {change["address"] for change in changes if change["change"]["actions"] == ["update"]}


def test_a_synchronous_machine_only_moves(planned: Callable[[str, str], list[Change]]) -> None:
    changes = planned("synchronous", "synchronous")
    assert destroyed(changes) == set() and moved(changes)[MACHINE] == MOVED_MACHINE
    # Who may take the machine's role, and publish to the topic, is told more exactly than by the beginning of a name.
    assert {address for address in changed(changes) if address.startswith("module.rollout.")} == {
        "module.rollout.aws_iam_role.machine", "module.rollout.aws_sns_topic_policy.notifications[0]"}


def test_polling_becomes_the_engine(planned: Callable[[str, str], list[Change]]) -> None:
    changes = planned("polling", "rollout")
    # The targets' ids, and the rule's name, are others.
    assert destroyed(changes) == {"aws_cloudwatch_event_target.cancel[0]", ENGINE_RULE, ENGINE_TARGET}
    assert moved(changes)[MACHINE] == MOVED_MACHINE and MOVED_MACHINE in changed(changes)


@pytest.mark.parametrize("before, orchestration", [("synchronous", "rollout"), ("polling", "synchronous")])
def test_the_machine_outlives_a_change_of_orchestration(planned: Callable[[str, str], list[Change]], before: str,
                                                        orchestration: str) -> None:
    changes = planned(before, orchestration)
    assert moved(changes)[MACHINE] == MOVED_MACHINE and MOVED_MACHINE not in destroyed(changes)
    kept = ("aws_iam_role", "aws_cloudwatch_log_group", "aws_lambda_function.phase")
    assert not [address for address in destroyed(changes) if any(kind in address for kind in kept)]
