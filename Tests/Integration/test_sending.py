"""Commands: all routers at once, every end told truly, nothing sent twice."""

from __future__ import annotations

import json

import pytest
from fakes import faults
from fakes.run_command import Outcome
from harness import Lab
from network import NAMES, ROUTERS

PHASES = ["phase1", "phase2", "phase3"]
ENDS = [
    ("Success", "Success", "Success"),
    ("Failed", "Failed", "Failed"),
    ("Cancelled", "Cancelled", "Failed"),
    ("Failed", "Undeliverable", "Failed"),
    ("Failed", "Terminated", "Failed"),
    ("Cancelled", "Terminated", "Failed"),
    ("Failed", "AccessDenied", "Failed"),
    ("Failed", "InvalidPlatform", "Failed"),
    ("TimedOut", "TimedOut", "TimedOut"),
    ("TimedOut", "DeliveryTimedOut", "TimedOut"),
    ("TimedOut", "ExecutionTimedOut", "TimedOut"),
    ("TimedOut", "Delivery Timed Out", "TimedOut"),
    ("Failed", "DeliveryTimedOut", "TimedOut"),
    ("Failed", "ExecutionTimedOut", "TimedOut"),
]


def host(lab: Lab, name: str):
    return lab.ssm.hosts[ROUTERS[name].instance_id]


def test_all_routers_run_at_the_same_time(lab: Lab) -> None:
    """No command ends before the last one was sent: a serial function would never finish."""
    lab.outcome(Outcome(ends_when=lambda: len(lab.ssm.commands) == 4))
    assert lab.start("phase1").invoke().response["success_count"] == 4
    spans = [lab.ssm.invocation(router.instance_id) for router in ROUTERS.values()]
    assert max(span.started for span in spans) < min(span.ended for span in spans)


@pytest.mark.parametrize("phase", ["phase1", "phase2"])
def test_the_result_has_its_shape(lab: Lab, phase: str) -> None:
    lab.outcome(Outcome(stdout="out", stderr="err"))
    result = lab.start(phase).invoke().response
    assert (result["phase"], result["success_count"], result["fail_count"], result["failed"]) == (phase, 4, 0, [])
    assert result["summary"] == "4 of 4 routers succeeded"
    assert set(result["results"]) == set(NAMES)
    for name, one in result["results"].items():
        [command] = lab.ssm.commands_for(ROUTERS[name].instance_id)
        assert command.region == ROUTERS[name].region
        assert (one["status"], one["command_id"], one["instance_id"], one["stdout"], one["stderr"]) == (
            "Success", command.command_id, ROUTERS[name].instance_id, "out", "err")


def test_every_end_is_told_truly(lab: Lab) -> None:
    function = lab.start("phase1")
    for start in range(0, len(ENDS), 4):
        chunk = dict(zip(NAMES, ENDS[start : start + 4]))
        for name, (status, details, _) in chunk.items():
            host(lab, name).outcome = Outcome(status, details, stdout="printed", stderr="" if status == "Success" else "why")
        result = function.invoke({"instances": list(chunk)}).response
        assert {name: one["status"] for name, one in result["results"].items()} == {
            name: expected for name, (_, _, expected) in chunk.items()}
        for name, (_, details, expected) in chunk.items():
            one = result["results"][name]
            assert one["stdout"] == "printed"
            told = expected == "Success" or "why" in one["stderr"]
            assert told and (details in ("Success", "Failed") or details.split()[0] in one["stderr"]), (name, one)
        bad = [name for name, end in chunk.items() if end[2] != "Success"]
        assert sorted(result["failed"]) == sorted(bad) and result["fail_count"] == len(bad)
        assert all(name in result["summary"] for name in bad) and len(result["summary"]) <= 2000


def test_a_failure_without_output_still_carries_stderr(lab: Lab) -> None:
    host(lab, "nv-sdwan").outcome = Outcome("Failed", code=100)
    one = lab.start("phase1").invoke().response["results"]["nv-sdwan"]
    assert one["status"] == "Failed" and "100" in one["stderr"]


def test_an_invocation_that_is_not_there_yet_is_waited_for(lab: Lab) -> None:
    lab.outcome(Outcome(unseen=4, stages=("Pending", "Delayed", "InProgress", "Cancelling")))
    assert lab.start("phase1").invoke().response["success_count"] == 4


def test_a_command_that_never_ends_is_cancelled(lab: Lab) -> None:
    host(lab, "fra-sdwan").outcome = Outcome(never_ends=True)
    result = lab.start("phase1", SSM_TIMEOUT="2").invoke().response
    one = result["results"]["fra-sdwan"]
    assert (one["status"], result["success_count"], result["failed"]) == ("TimedOut", 3, ["fra-sdwan"])
    assert one["stderr"] and lab.ssm.cancelled == [one["command_id"]]


def test_shortly_before_the_deadline_it_returns_what_it_has(lab: Lab) -> None:
    host(lab, "nv-branch1").outcome = Outcome(never_ends=True)
    function = lab.start("phase1", SSM_TIMEOUT="600")
    invocation = function.invoke(seconds=8)
    results = invocation.response["results"]
    assert {name: one["status"] for name, one in results.items()} == dict.fromkeys(NAMES, "Success") | {
        "nv-branch1": "TimedOut"}
    assert "deadline" in results["nv-branch1"]["stderr"]
    assert function.invoke({"instances": ["nv-sdwan"]}).response["success_count"] == 1


@pytest.mark.parametrize("seconds", [-5, 0.5])
def test_a_deadline_that_is_past_still_gets_an_answer(lab: Lab, seconds: float) -> None:
    lab.outcome(Outcome(never_ends=True))
    function = lab.start("phase1")
    late = function.invoke(seconds=seconds)
    assert late.failed or late.response["fail_count"] == 4
    lab.outcome(Outcome())
    assert function.invoke().response["success_count"] == 4


@pytest.mark.parametrize("phase", PHASES)
def test_delivery_and_execution_have_timeouts_of_their_own(lab: Lab, phase: str) -> None:
    lab.start(phase, SSM_TIMEOUT="7").invoke()
    assert len(lab.ssm.commands) >= 4
    for command in lab.ssm.commands:
        assert command.body["Parameters"]["executionTimeout"] == ["7"]
        assert command.body["TimeoutSeconds"] >= 30
        assert len(command.invocations) == 1


def test_a_host_that_is_offline_does_not_spoil_the_others(lab: Lab) -> None:
    host(lab, "nv-sdwan").online = False
    result = lab.start("phase1", SDWAN_ONLINE_TIMEOUT="0.5").invoke().response
    one = result["results"]["nv-sdwan"]
    assert (one["status"], one["command_id"], one["instance_id"]) == ("Failed", "", ROUTERS["nv-sdwan"].instance_id)
    assert "InvalidInstanceId" in one["stderr"] and result["success_count"] == 3
    assert len(lab.ssm.made("SendCommand")) == 4


@pytest.mark.parametrize("code, status", [("AccessDeniedException", "Failed"), ("ThrottlingException", "TimedOut")])
def test_a_send_that_is_refused_fails_that_router_alone(lab: Lab, code: str, status: str) -> None:
    """Who is throttled is so until the time is over."""
    lab.ssm.inject(faults.error(code, operation="SendCommand", instance=ROUTERS["fra-branch1"].instance_id, times=1e9))
    result = lab.start("phase1").invoke(seconds=12).response
    one = result["results"]["fra-branch1"]
    assert one["status"] == status and code in one["stderr"] and result["failed"] == ["fra-branch1"]


@pytest.mark.parametrize("fault", [
    faults.reset(executed=True), faults.reset_during(), faults.error("InternalServerError", 500, executed=True),
    faults.truncate(), faults.html(502, executed=True)], ids=lambda fault: fault.kind)
@pytest.mark.parametrize("hidden", [0, 2])
def test_a_lost_answer_does_not_send_twice(lab: Lab, fault: faults.Fault, hidden: int) -> None:
    instance = ROUTERS["nv-sdwan"].instance_id
    lab.ssm.hidden_listings = hidden
    lab.ssm.inject(faults.Fault(**(vars(fault) | {"operation": "SendCommand", "instance": instance})))
    result = lab.start("phase1").invoke().response
    [command] = lab.ssm.commands_for(instance)
    assert result["success_count"] == 4 and result["results"]["nv-sdwan"]["command_id"] == command.command_id


@pytest.mark.parametrize("code", ["ThrottlingException", "RequestLimitExceeded"])
def test_a_throttled_send_is_repeated(lab: Lab, code: str) -> None:
    instance = ROUTERS["nv-sdwan"].instance_id
    lab.ssm.inject(faults.error(code, operation="SendCommand", instance=instance))
    assert lab.start("phase1").invoke().response["success_count"] == 4
    assert len(lab.ssm.commands_for(instance)) == 1 and len(lab.ssm.made("SendCommand")) == 5


def test_lost_requests_are_sent_again_and_lost_answers_are_not(lab: Lab) -> None:
    """One request never arrives; the other does, but its answer never comes."""
    lost, late = (ROUTERS[name].instance_id for name in ("nv-sdwan", "fra-sdwan"))
    lab.ssm.inject(faults.reset(operation="SendCommand", instance=lost))
    lab.ssm.inject(faults.hang(operation="SendCommand", instance=late, executed=True))
    result = lab.start("phase1").invoke().response
    assert result["success_count"] == 4
    assert len(lab.ssm.commands_for(lost)) == len(lab.ssm.commands_for(late)) == 1
    assert result["results"]["fra-sdwan"]["command_id"] == lab.ssm.commands_for(late)[0].command_id
    assert len(lab.ssm.made("SendCommand")) == 5


def test_a_command_that_can_neither_be_seen_nor_sent_is_no_success(lab: Lab) -> None:
    """Every answer to SendCommand is lost and the history shows nothing: at most what was sent exists."""
    instance = ROUTERS["nv-sdwan"].instance_id
    lab.ssm.inject(faults.reset(operation="SendCommand", instance=instance, times=1e9))
    lab.ssm.inject(faults.error("AccessDeniedException", operation="ListCommands", times=1e9))
    invocation = lab.start("phase1").invoke(seconds=9)
    one = invocation.response["results"]["nv-sdwan"]
    assert one["status"] in ("Failed", "TimedOut") and one["command_id"] == "" and one["stderr"]
    assert len(lab.ssm.made("SendCommand")) == 4


@pytest.mark.parametrize("denied, status", [(("ListCommands",), "Success"),
                                            (("ListCommands", "ListCommandInvocations"), "TimedOut")])
def test_without_a_look_at_the_history_nothing_is_sent_again(lab: Lab, denied: tuple[str, ...], status: str) -> None:
    """The answer is lost and ListCommands is denied: the command may be running, which only the other list tells."""
    instance = ROUTERS["nv-sdwan"].instance_id
    lab.ssm.inject(faults.reset(operation="SendCommand", instance=instance, executed=True))
    for operation in denied:
        lab.ssm.inject(faults.error("AccessDeniedException", operation=operation, times=1e9))
    one = lab.start("phase1", SSM_TIMEOUT="15").invoke().response["results"]["nv-sdwan"]
    assert len(lab.ssm.commands_for(instance)) == 1
    assert one["status"] == status and (status == "Success" or "AccessDenied" in one["stderr"])


def test_each_run_sends_anew(lab: Lab) -> None:
    """A command of an earlier run on the same host is not taken for this run's."""
    function = lab.start("phase1")
    function.invoke()
    lab.ssm.inject(faults.reset(operation="SendCommand", instance=ROUTERS["nv-sdwan"].instance_id, executed=True))
    result = function.invoke().response
    newest = lab.ssm.commands_for(ROUTERS["nv-sdwan"].instance_id)
    assert len(newest) == 2 and result["results"]["nv-sdwan"]["command_id"] == newest[-1].command_id


@pytest.mark.parametrize("text", ["x", "é☃", '"\\', "\x01\x1b[0m", "line\n"])
def test_a_result_stays_under_64_kb(lab: Lab, text: str) -> None:
    long = lambda size: "HEAD" + (text * size)[: size - 8] + "TAIL"  # noqa: E731
    lab.outcome(Outcome(stdout=long(24_000), stderr=long(8_000)))
    invocation = lab.start("phase1").invoke()
    assert len(invocation.result.body) < 64 * 1024
    for one in invocation.response["results"].values():
        assert one["stdout"].startswith("HEAD") and one["stdout"].endswith("TAIL")
        assert one["stderr"].startswith("HEAD") and one["stderr"].endswith("TAIL")
    assert json.loads(invocation.result.body.decode("utf-8"))
