"""A network's name is in the name of all that is made, and nothing else has a name of its own."""

import re
from collections.abc import Iterator
from typing import Any

from local import documented

NAME = "blue-2"
# What stays whatever the network is called: the events' source and title, the metrics' namespace, the functions' variables
# and the tag that has the network's name for its value.
STAYS = re.compile(r'SDWAN_[A-Z]+|"sdwan"\s*:\s*"blue-2"|resourceTag/sdwan|"[Ss]ource"\s*:\s*\[?\s*"sdwan"|"SDWAN","[A-Z]')
ROLE_OF_A_ROUTER = ("nv-sdwan", "fra-sdwan", '"role":"sdwan"', '\\"role\\":\\"sdwan\\"')
# How resources are told from others of their kind in an account.
NAMES = ("name", "bucket_prefix", "function_name", "alarm_name", "dashboard_name")
# Policies are in their roles, targets in their rules.
WITHIN_ANOTHER = ("aws_iam_role_policy", "aws_cloudwatch_event_target")


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


def test_a_network_of_another_name_has_nothing_of_the_usual_one() -> None:
    made = documented.rendered("tests/names.tftest.hcl")
    kinds = {resource["type"] for resource in made}
    assert {"aws_iam_role", "aws_lambda_function", "aws_sqs_queue", "aws_sns_topic", "aws_dynamodb_table", "aws_s3_bucket", "aws_vpc"} <= kinds
    for resource in made:
        values = resource["values"]
        for at, text in texts(values):
            left = text
            for word in ROLE_OF_A_ROUTER:
                left = left.replace(word, "")
            assert "sdwan" not in STAYS.sub("", left).lower() or stays(resource, at), (resource["address"], at, text)
        for field in NAMES:
            if isinstance(name := values.get(field), str) and resource["mode"] == "managed" and resource["type"] not in WITHIN_ANOTHER:
                assert name.strip("/").removeprefix("aws/lambda/").removeprefix("aws/vendedlogs/states/").startswith(NAME), (resource["address"], name)


def stays(resource: dict[str, Any], at: str) -> bool:
    """Whether a text is allowed to have the usual name in it."""
    return (resource["type"], at) in {("aws_cloudwatch_metric_alarm", ".namespace")}
