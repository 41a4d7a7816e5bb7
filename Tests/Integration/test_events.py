"""The fields of an event: what is known, what is ignored, what is refused."""

from __future__ import annotations

import pytest
from fakes.run_command import Outcome
from harness import Lab
from network import NAMES, ROUTERS

STATE = {"started": 1, "asked": 0, "wait": 15, "names": "0123456789ab", "execution": "one", "items": "4w"}
REFUSED = [
    ({"instances": ["nv-sdwan", "atlantis"]}, "atlantis"),
    ({"instances": "nv-sdwan"}, "instances"),
    ({"instances": [1]}, "instances"),
    ({"mode": "apply-it"}, "apply-it"),
    ({"mode": 5}, "mode"),
    ({"action": "check"}, "state"),
    ({"action": "check", "state": {}}, "state"),
    ({"action": "check", "state": STATE}, "other routers"),
    ({"action": "check", "state": STATE | {"items": "3w"}}, "about 3 routers"),
    ({"action": "check", "state": STATE | {"items": "4e:s:../../mine"}}, "state"),
    ({"action": "check", "execution": "one", "state": STATE}, "not that of an execution"),
    ({"action": "cancel"}, "execution"),
    ({"action": "dance"}, "dance"),
    ({"confirm": "yes"}, "confirm"),
    ({"recreate": "sometimes"}, "recreate"),
    ({"mode": "command"}, "command"),
    ({"command": {"document": "Acme-Backup"}}, "mode command"),
    ({"mode": "command", "command": {"document": "rm -rf"}}, "rm -rf"),
]


@pytest.mark.parametrize("phase", ["phase1", "phase2", "phase3"])
def test_what_does_not_exist_is_refused_before_anything_happens(lab: Lab, phase: str) -> None:
    function = lab.start(phase)
    for event, word in REFUSED:
        error = function.invoke(event).error
        assert error["errorType"] == "Event.Invalid" and word in error["errorMessage"], (event, error)
    assert not lab.ssm.commands


@pytest.mark.parametrize("event, word", [
    (b'{"instances": ["nv-sdwan"], "instances": ["fra-sdwan"]}', "instances"),
    (b'{"mode": "plan", "mo\\u0064e": "apply"}', "mode"),
    (b'{"phase1_result": {"x": 1, "x": 2}}', "x"),
    (b'{"phase1_result": "\xff"}', "UTF-8"), (b'{"phase1_result": "\xed\xa0\x80"}', "UTF-8"), (b"\xef\xbb\xbf{}", "UTF-8"),
    ("{}".encode("utf-16"), "UTF-8"), (b'{"x": 1,}', "name"), (b"{'x': 1}", "name"), (b'{"x": NaN}', "value"),
    (b"[]", "an array instead of an object"), (b"null", "null instead of an object"), (b"17", "a number instead of an object"),
    (b'"text"', "a text instead of an object"), (b"", "empty instead of an object")])
def test_an_event_that_is_not_quite_json(lab: Lab, event: bytes, word: str) -> None:
    error = lab.start("phase1").invoke(event).error
    assert error["errorType"] == "Event.Invalid" and word in error["errorMessage"], error
    assert not lab.ssm.calls


def test_an_unknown_router_is_answered_with_the_known_ones(lab: Lab) -> None:
    message = lab.start("phase1").invoke({"instances": ["atlantis"]}).error["errorMessage"]
    assert all(name in message for name in NAMES)


def test_instances_choose(lab: Lab) -> None:
    function = lab.start("phase2")
    for chosen in (["nv-sdwan"], ["fra-branch1", "nv-branch1"]):
        result = function.invoke({"instances": chosen, "mode": "apply", "action": "run"}).response
        assert sorted(result["results"]) == sorted(chosen) and result["success_count"] == len(chosen)
    assert len(lab.ssm.commands) == 3


def test_unknown_fields_and_earlier_results_are_ignored(lab: Lab) -> None:
    event = {"modus": "plan", "nested": {"mode": "plan", "instances": 5}, "number": 12345678901234567890,
             "phase1_result": {"results": {"nv-sdwan": {"status": "Failed"}}, "mode": "plan"}}
    assert lab.start("phase2").invoke(event).response["success_count"] == 4


def test_a_plan_sends_nothing_that_could_commit(lab: Lab) -> None:
    told = "\n".join([
        "=====[ container ]=====", "sdwan: plan: the router is running", "=====[ end container 0 ]=====",
        "=====[ plan ]=====", "plan - interfaces vti vti9", "plan + interfaces vti vti0 mtu 1422", "plan = interfaces vti vti7",
        "=====[ end plan 0 ]=====", "=====[ plan-lines ]=====", "3", "=====[ end plan-lines 0 ]=====", ""])
    lab.outcome(Outcome("Success", stdout=told))
    result = lab.start("phase2").invoke({"mode": "plan", "instances": ["nv-sdwan"]}).response
    assert result["success_count"] == 1 and "plan: 1 of 1 would change; nv-sdwan: 1 set, 1 deleted" in result["summary"]
    [command] = lab.ssm.commands
    code = "\n".join(line for line in command.script.splitlines() if not line.lstrip().startswith("#"))
    assert "must_set interfaces vti vti0 address" in code
    assert not [word for word in ("my_commit", "configure_script", "save_configuration", "load ") if word in code]
    router = result["results"]["nv-sdwan"]
    assert router["stdout"].startswith("#!/bin/bash\n") and "my_commit" in router["stdout"]
    assert router["details"]["diff"] == ["- interfaces vti vti9", "+ interfaces vti vti0 mtu 1422"]
    assert router["details"]["foreign"] == ["interfaces vti vti7"]


def test_both_plans_together_tell_of_the_router_that_an_apply_would_leave(lab: Lab) -> None:
    lab.outcome(Outcome("Success", stdout="sdwan: plan: the router is unwanted\n"))
    event = {"mode": "plan", "instances": ["nv-sdwan"]}
    first = lab.start("phase1").invoke(event).response
    details = first["results"]["nv-sdwan"]["details"]
    assert details["container"] == "anew" and details["diff"][:2] == ["- container router", "+ container router"]
    assert "made anew" in first["summary"] and "readonly PLAN='yes'\n" in lab.ssm.commands[0].script
    second = lab.start("phase2").invoke(event | {"phase1_result": first}).response
    diff = second["results"]["nv-sdwan"]["details"]["diff"]
    assert len(lab.ssm.commands) == 1 and all(line.startswith("+ ") for line in diff)
    assert "+ interfaces loopback lo address 10.255.0.1/32" in diff


def test_confirm_and_recreate_reach_the_script(lab: Lab) -> None:
    lab.start("phase2").invoke({"confirm": True, "instances": ["nv-sdwan"]})
    lab.start("phase1", SDWAN_RECREATE="never").invoke({"instances": ["nv-sdwan"]})
    lab.start("phase1", SDWAN_RECREATE="never").invoke({"recreate": "changed", "instances": ["nv-sdwan"]})
    scripts = [command.script for command in lab.ssm.commands]
    for script, line in zip(scripts, ("CONFIRM='yes'", "RECREATE='never'", "RECREATE='changed'"), strict=True):
        assert f"readonly {line}\n" in script


@pytest.mark.parametrize("phase", ["phase1", "phase2", "phase3"])
def test_a_command_is_sent_as_it_is(lab: Lab, phase: str) -> None:
    lab.ssm.documents["Acme-Backup"] = {"to", "days"}
    lab.outcome(Outcome(stdout="saved"))
    command = {"document": "Acme-Backup", "parameters": {"to": ["s3://x", "é \"'$(id)"], "days": ["7"]}}
    event = {"mode": "command", "command": command, "execution": "arn:run", "wave": "canary.pre1", "retry_count": 0}
    function = lab.start(phase)
    result = function.invoke(event).response
    assert result["phase"] == phase and result["success_count"] == 4
    assert {one["stdout"] for one in result["results"].values()} == {"saved"}
    assert all(sent.body["DocumentName"] == "Acme-Backup" and sent.body["Parameters"] == command["parameters"]
               and sent.comment.startswith("command ") for sent in lab.ssm.commands)
    assert function.invoke({**event, "retry_count": 1}).response["success_count"] == 4
    assert len(lab.ssm.commands) == 4


def test_a_command_that_never_ends_is_cancelled_at_its_own_time(lab: Lab) -> None:
    lab.ssm.documents["Acme-Backup"] = set()
    lab.ssm.hosts[ROUTERS["fra-sdwan"].instance_id].outcome = Outcome(never_ends=True)
    event = {"mode": "command", "command": {"document": "Acme-Backup"}, "timeout": 2}
    result = lab.start("phase2").invoke(event).response
    one = result["results"]["fra-sdwan"]
    assert (one["status"], result["failed"], lab.ssm.cancelled) == ("TimedOut", ["fra-sdwan"], [one["command_id"]])
    assert "after 2 s (timeout)" in one["stderr"]


def test_a_document_that_does_not_exist_fails_with_its_name(lab: Lab) -> None:
    result = lab.start("phase1").invoke({"mode": "command", "command": {"document": "Acme-Nothing"}}).response
    assert result["fail_count"] == 4 and "InvalidDocument" in result["summary"]
