"""The programs of docs/orchestration.md, each whole: they are what the page shows, and do what it says, over both emulators where
both have what they ask for."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT, Account

PAGE = ROOT / "docs/orchestration.md"
NAMES = ("configuration", "events", "functions", "machines")


@pytest.mark.parametrize("name", NAMES)
def test_the_page_shows_the_program(name: str) -> None:
    shown = re.findall(r"```swift\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert (ROOT / f"examples/orchestration/Sources/{name}/main.swift").read_text() in shown


def test_configuration(account: Account) -> None:
    assert account.run("configuration") == ["written: 5, then 0", "the same came out", "the password is a SecureString", "deleted: 5"]
    assert not account.client("ssm").get_parameters_by_path(Path="/shop", Recursive=True)["Parameters"]


def test_events(account: Account) -> None:
    sqs = account.client("sqs")
    url = sqs.create_queue(QueueName="example")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    assert account.run("events", QUEUE=queue) == ["the rule is there", 'targets: ["queue"]', "the event was put", "on: [false]", "left: 0"]


def test_functions(pair: dict[str, Account]) -> None:
    """moto runs no function without Docker."""
    said = pair["ministack"].run("functions", ZIP=str(ROOT / "dist/upgrade.zip"), ROLE=pair["ministack"].role)
    assert said == ["new: true, then false", "it is listed: true", "it ended with Event.Invalid", "it is listed: false"]


def test_machines(pair: dict[str, Account]) -> None:
    """moto answers 500 to a second execution, and keeps no history."""
    said = pair["ministack"].run("machines", ROLE=pair["ministack"].role)
    assert said == ['SUCCEEDED: {"ok": true}', "its history has events: true", "listed: true"]
