"""A bad environment is an init error that names the variable, its value and what is allowed."""

from __future__ import annotations

import json

import pytest
from harness import ERROR_TYPE_HEADER, Function, Lab
from network import ROUTERS, topology

BAD = [
    ("phase1", "SSM_TIMEOUT", "abc", "second"),
    ("phase2", "SSM_TIMEOUT", "0", "second"),
    ("phase3", "SSM_TIMEOUT", "-5", "second"),
    ("phase1", "SSM_POLL_INTERVAL", "fast", "second"),
    ("phase2", "SSM_PARAM_PREFIX", "sdwan", "/"),
    ("phase1", "SDWAN_REGIONS", ",", "region"),
    ("phase1", "SDWAN_REGIONS", "us-east-1.evil/", "region"),
    ("phase2", "AWS_REGION", "us-east-1.evil/", "region"),
    ("phase1", "SDWAN_REGIONS", "us-east-1,cn-north-1", "aws, the partition"),
    ("phase2", "AWS_USE_FIPS_ENDPOINT", "perhaps", "true or false"),
    ("phase3", "AWS_USE_DUALSTACK_ENDPOINT", "true", "AWS_ENDPOINT_URL"),
    ("phase1", "AWS_USE_FIPS_ENDPOINT", "true", "AWS_ENDPOINT_URL"),
    ("phase2", "SDWAN_REGIONS", "us-east-1,mars base", "region"),
    ("phase3", "SDWAN_VERIFY_TIMEOUT", "soon", "second"),
    ("phase1", "VYOS_VERSION", "2.0", "1.4"),
    ("phase2", "VYOS_VERSION", "2.0", "1.5"),
    ("phase3", "VYOS_VERSION", "1.30", "1.3"),
    ("phase1", "SDWAN_TOPOLOGY", '{"routers": [', "JSON"),
    ("phase2", "SDWAN_TOPOLOGY", "[]", ""),
    ("phase3", "SDWAN_TOPOLOGY", "{}", ""),
    ("phase1", "AWS_MAX_ATTEMPTS", "many", ""),
    ("phase1", "AWS_CA_BUNDLE", "/no/such/bundle.pem", ""),
    ("phase1", "AWS_ENDPOINT_URL", "not a url", ""),
    ("phase1", "VYOS_S3_BUCKET", "a", ""),
]


def init_error(function: Function) -> dict:
    report = function.runtime.wait_init_error()
    assert function.bootstrap.wait() != 0
    assert ERROR_TYPE_HEADER.fullmatch(report.headers["Lambda-Runtime-Function-Error-Type"])
    assert [call.path.rsplit("/", 2)[1:] for call in function.runtime.calls] == [["init", "error"]]
    body = json.loads(report.body)
    assert body["errorType"] == "Configuration.Invalid"
    return body


@pytest.mark.parametrize("phase, variable, value, allowed", BAD)
def test_a_bad_value(lab: Lab, phase: str, variable: str, value: str, allowed: str) -> None:
    function = lab.start(phase, **{variable: value})
    message = init_error(function)["errorMessage"]
    assert variable in message and value[:10] in message and allowed in message, message
    assert any(variable in line for line in function.bootstrap.logs())
    assert not lab.ssm.calls


@pytest.mark.parametrize("variable", ["VYOS_S3_BUCKET", "VYOS_S3_REGION", "VYOS_S3_KEY"])
def test_phase_1_alone_requires_the_image(lab: Lab, variable: str) -> None:
    assert variable in init_error(lab.start("phase1", without=(variable,)))["errorMessage"]


def test_an_empty_one_is_one_that_nobody_has_set(lab: Lab) -> None:
    assert "VYOS_S3_BUCKET is not set" in init_error(lab.start("phase1", VYOS_S3_BUCKET=""))["errorMessage"]
    optional = ("SSM_PARAM_PREFIX", "SSM_TIMEOUT", "SSM_POLL_INTERVAL", "SDWAN_REGIONS", "SDWAN_TOPOLOGY", "VYOS_VERSION",
                "SDWAN_VERIFY_TIMEOUT", "SDWAN_RECREATE", "SDWAN_ONLINE_TIMEOUT", "SDWAN_RESULTS", "VYOS_S3_SHA256",
                "AWS_REGION", "AWS_CA_BUNDLE", "AWS_MAX_ATTEMPTS", "AWS_ENDPOINT_URL_SSM", "AWS_USE_FIPS_ENDPOINT",
                "AWS_USE_DUALSTACK_ENDPOINT", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_LAMBDA_LOG_LEVEL",
                "AWS_LAMBDA_LOG_FORMAT", "LAMBDA_TASK_ROOT")
    assert lab.start("phase1", **dict.fromkeys(optional, "")).invoke().response["success_count"] == 4


def test_the_other_phases_do_not(lab: Lab) -> None:
    lab.start("phase2").runtime.wait_parked()
    lab.start("phase3").runtime.wait_parked()


def test_defaults_hold_where_nothing_is_said(lab: Lab) -> None:
    ours = ("SSM_PARAM_PREFIX", "SSM_TIMEOUT", "SDWAN_REGIONS", "VYOS_VERSION", "SDWAN_TOPOLOGY", "SDWAN_VERIFY_TIMEOUT")
    for phase, timeout in (("phase1", "600"), ("phase2", "300")):
        before = len(lab.ssm.commands)
        assert lab.start(phase, without=ours).invoke().response["success_count"] == 4
        sent = lab.ssm.commands[before:]
        assert [command.body["Parameters"]["executionTimeout"] for command in sent] == [[timeout]] * 4


@pytest.mark.parametrize("old, new, culprit", [
    ("eu-central-1", "us-east-9x", "us-east-9x"), ("65002", "65001", "65001"), ("10.255.1.1/32", "10.255.0.1/32", "10.255.0.1"),
    ("169.254.100.2/30", "169.254.100.4/30", "169.254.100.4"), ("169.254.100.2/30", "169.254.100.6/30", "169.254.100"),
    ('"router": "fra-branch1"', '"router": "nv-branch1"', "region"), ("branch1", "branch'1", "branch'1")])
def test_a_network_that_cannot_be(lab: Lab, old: str, new: str, culprit: str) -> None:
    text = topology(ROUTERS)
    assert old in text
    message = init_error(lab.start("phase2", SDWAN_TOPOLOGY=text.replace(old, new)))["errorMessage"]
    assert "SDWAN_TOPOLOGY" in message and culprit in message, message


def test_routers_of_a_region_that_is_not_named_fail(lab: Lab) -> None:
    result = lab.start("phase1", SDWAN_REGIONS="us-east-1").invoke().response
    assert sorted(result["failed"]) == ["fra-branch1", "fra-sdwan"] and result["success_count"] == 2
    for name in result["failed"]:
        assert "SDWAN_REGIONS" in result["results"][name]["stderr"] and "eu-central-1" in result["results"][name]["stderr"]
