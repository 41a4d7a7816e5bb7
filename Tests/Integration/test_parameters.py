"""Instance configurations from Parameter Store: all pages, all regions, and what is missing or malformed."""

from __future__ import annotations

import pytest
from harness import Lab
from network import NAMES, ROUTERS

TYPES = ["instance-id", "outside-eip", "outside-private-ip"]


def path(name: str, kind: str) -> str:
    return f"/sdwan/{name}/{kind}"


def change(lab: Lab, name: str, kind: str, value: str | None) -> None:
    parameters = lab.ssm.parameters[ROUTERS[name].region]
    if value is None:
        del parameters[path(name, kind)]
    else:
        parameters[path(name, kind)] = value


@pytest.mark.parametrize("page_size, empty_pages", [(10, False), (1, False), (4, True)])
def test_all_pages_of_all_regions_are_read(lab: Lab, page_size: int, empty_pages: bool) -> None:
    lab.ssm.page_size, lab.ssm.empty_pages = page_size, empty_pages
    result = lab.start("phase2").invoke().response
    assert {name: one["instance_id"] for name, one in result["results"].items()} == {
        name: router.instance_id for name, router in ROUTERS.items()}
    assert result["success_count"] == 4


def test_regions_are_read_at_the_same_time(lab: Lab) -> None:
    """Both regions are asked before either is done: page by page, a serial reader finishes one first."""
    lab.ssm.page_size = 1
    lab.start("phase1").invoke()
    calls = lab.ssm.made("GetParametersByPath")
    first = {region: min(call.at for call in calls if call.region == region) for region in ("us-east-1", "eu-central-1")}
    last = {region: max(call.at for call in calls if call.region == region) for region in first}
    assert max(first.values()) < min(last.values())


@pytest.mark.parametrize("phase", ["phase1", "phase2"])
@pytest.mark.parametrize("kind", TYPES)
def test_a_missing_parameter_fails_who_needs_it(lab: Lab, phase: str, kind: str) -> None:
    change(lab, "nv-sdwan", kind, None)
    result = lab.start(phase).invoke().response
    peer_too = phase == "phase2" and kind != "instance-id"
    assert sorted(result["failed"]) == (["nv-branch1", "nv-sdwan"] if peer_too else ["nv-sdwan"])
    for name in result["failed"]:
        one = result["results"][name]
        assert path("nv-sdwan", kind) in one["stderr"] and one["command_id"] == "" and one["status"] == "Failed"
        assert not lab.ssm.commands_for(ROUTERS[name].instance_id)


@pytest.mark.parametrize("kind, value", [
    ("instance-id", "i-XYZ"), ("instance-id", "i-0a1b2c3d4e5f60001; reboot"), ("instance-id", ""),
    ("outside-eip", "203.0.113.300"), ("outside-eip", "203.0.114"), ("outside-eip", "2001:db8::1"),
    ("outside-private-ip", "10.0.0.1'\nreboot"), ("outside-private-ip", "$(reboot)"), ("outside-private-ip", "010.0.0.1")])
def test_a_malformed_value_reaches_no_script(lab: Lab, kind: str, value: str) -> None:
    change(lab, "fra-branch1", kind, value)
    result = lab.start("phase2").invoke().response
    assert "fra-branch1" in result["failed"] and set(result["failed"]) <= {"fra-branch1", "fra-sdwan"}
    assert path("fra-branch1", kind) in result["results"]["fra-branch1"]["stderr"]
    assert not value or not [command for command in lab.ssm.commands if value in command.script]
    assert not lab.ssm.commands_for(ROUTERS["fra-branch1"].instance_id)


def test_a_router_without_any_parameter_fails_alone(lab: Lab) -> None:
    for kind in TYPES:
        change(lab, "fra-sdwan", kind, None)
    result = lab.start("phase1").invoke().response
    assert result["failed"] == ["fra-sdwan"] and result["fail_count"] == 1 and result["success_count"] == 3
    assert path("fra-sdwan", "instance-id") in result["results"]["fra-sdwan"]["stderr"]


def test_no_parameter_at_all_is_an_error(lab: Lab) -> None:
    lab.ssm.parameters.clear()
    error = lab.start("phase1", SSM_PARAM_PREFIX="/sdwan/elsewhere/").invoke().error
    assert error["errorType"] == "Parameters.NotFound"
    for word in ("/sdwan/elsewhere/", "us-east-1", "eu-central-1"):
        assert word in error["errorMessage"]


def test_another_prefix_and_foreign_parameters(lab: Lab) -> None:
    for region, parameters in lab.ssm.parameters.items():
        moved = {name.replace("/sdwan/", "/sdwan/blue/"): value for name, value in parameters.items()}
        lab.ssm.parameters[region] = moved | {"/sdwan/blue/someone-else/instance-id": "x", "/sdwan/blue/note": "y"}
    result = lab.start("phase2", SSM_PARAM_PREFIX="/sdwan/blue/").invoke().response
    assert sorted(result["results"]) == sorted(NAMES) and result["success_count"] == 4


def test_a_parameter_in_the_wrong_region_does_not_count(lab: Lab) -> None:
    change(lab, "nv-sdwan", "outside-eip", None)
    lab.ssm.parameters["eu-central-1"][path("nv-sdwan", "outside-eip")] = ROUTERS["nv-sdwan"].eip
    result = lab.start("phase1").invoke().response
    assert result["failed"] == ["nv-sdwan"]
