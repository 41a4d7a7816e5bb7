"""A network's name is in the name of all that is made, and nothing else has a name of its own."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from local import documented

NAME = "blue-2"
KINDS = {"aws_iam_role", "aws_lambda_function", "aws_sqs_queue", "aws_sns_topic", "aws_dynamodb_table", "aws_s3_bucket", "aws_vpc",
         "aws_sfn_state_machine", "aws_cloudwatch_event_rule", "aws_cloudwatch_log_group", "aws_ssm_parameter", "aws_instance"}
# What stays whatever the network is called: the events' source, the metrics' namespace, the functions' variables, the tag
# that has the network's name for its value, and what a router is.
STAYS = re.compile(r'SDWAN_[A-Z]+|resourceTag/sdwan|"[Ss]ource"\s*:\s*\[?\s*"sdwan"|"SDWAN","[A-Z]|\b(nv|fra)-sdwan\b'
                   r'|\\*"role\\*":\\*"sdwan\\*"')
STAYS_AT = {("aws_cloudwatch_metric_alarm", ".namespace")}
# How resources are told from others of their kind in an account.
NAMES = ("name", "bucket_prefix", "function_name", "alarm_name", "dashboard_name")
# What has no name but that of what it belongs to, or that of a router.
OF_ANOTHER = ("aws_iam_role_policy", "aws_cloudwatch_event_target", "aws_lambda_permission", "aws_lambda_function_event_invoke_config")
FOLDERS = re.compile("^(/aws/lambda/|/aws/vendedlogs/states/|/)")
Resource = dict[str, Any]


@pytest.fixture(scope="module")
def made() -> list[Resource]:
    resources = [each for each in documented.rendered("tests/named.tftest.hcl") if each["mode"] == "managed"]
    assert {resource["type"] for resource in resources} >= KINDS
    return resources


def texts(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a value, and where it is."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from texts(each, f"{at}.{key}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from texts(each, f"{at}[{number}]")
    elif isinstance(value, str):
        yield at, value


def test_nothing_has_the_usual_name(made: list[Resource]) -> None:
    found = [(resource["address"], at, text) for resource in made for at, text in texts(resource["values"])
             if "sdwan" in STAYS.sub("", text).lower() and (resource["type"], at) not in STAYS_AT]
    assert found == []


def test_every_name_begins_with_the_networks(made: list[Resource]) -> None:
    found = [(resource["address"], resource["values"][field]) for resource in made if resource["type"] not in OF_ANOTHER for field in NAMES
             if resource["values"].get(field) and not FOLDERS.sub("", resource["values"][field]).startswith(NAME)]
    assert found == []


def test_hosts_are_told_by_the_network(made: list[Resource]) -> None:
    hosts = [resource for resource in made if resource["type"] == "aws_instance"]
    assert len(hosts) == 4 and {host["values"]["tags"]["sdwan"] for host in hosts} == {NAME}
