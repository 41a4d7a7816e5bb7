"""The emulators, and machines made of a few states."""

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.emulators import start as emulators

from .. import programs, roles

REGION = "us-east-1"
ENDED_WITHIN = 60
Definition = dict[str, Any]


class Emulator:
    """Step Functions and its neighbors, each asked by boto3."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Whom a machine may call is no matter of these tests.
        self._role = roles.role("machines", "states", {"lambda:InvokeFunction": "*", "events:PutEvents": "*"})
        self.states = boto3.client("stepfunctions", region_name=REGION)

    def client(self, service: str) -> Any:
        return boto3.client(service, region_name=REGION)

    def make(self, definition: Definition | str) -> str:
        """A machine's ARN."""
        text = definition if isinstance(definition, str) else json.dumps(definition)
        return self.states.create_state_machine(name=f"m-{uuid.uuid4()}", definition=text, roleArn=self._role)["stateMachineArn"]

    def start(self, definition: Definition | str, given: Any = None) -> str:
        """An execution's ARN; without an input it gets {}."""
        text = json.dumps({} if given is None else given, ensure_ascii=False)
        return self.states.start_execution(stateMachineArn=self.make(definition), input=text)["executionArn"]

    def run(self, definition: Definition | str, given: Any = None) -> dict[str, Any]:
        """What came of an execution."""
        return self.ended(self.start(definition, given))

    def ended(self, execution: str) -> dict[str, Any]:
        end = time.monotonic() + ENDED_WITHIN
        while (described := self.states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            assert time.monotonic() < end, "the execution does not end"
            time.sleep(0.05)
        return described

    def outcome(self, definition: Definition | str, given: Any = None) -> Any:
        """The output of an execution that succeeded, else its error."""
        end = self.run(definition, given)
        return json.loads(end["output"]) if end["status"] == "SUCCEEDED" else end["error"]


@pytest.fixture(scope="package")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with programs.started() as daemons:
        folder = tmp_path_factory.mktemp("strict")
        programs.enter(emulators.start(daemons, folder).environment())
        yield Emulator(folder)


def single(**state: Any) -> Definition:
    """A machine of one state, which ends it."""
    return {"StartAt": "Only", "States": {"Only": {"End": True, **state}}}


def choice(*rules: dict[str, Any], **fields: Any) -> Definition:
    """A Choice between Yes and No: each rule leads to Yes, and what none fits to No."""
    return {"StartAt": "Ask", "States": {
        "Ask": {"Type": "Choice", "Choices": [{"Next": "Yes", **rule} for rule in rules], "Default": "No", **fields},
        "Yes": {"Type": "Pass", "Result": "yes", "End": True}, "No": {"Type": "Pass", "Result": "no", "End": True}}}
