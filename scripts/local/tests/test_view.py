"""What is shown and reported of an execution, from its history and the hosts' activity."""

import io
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from local.execution import plan
from local.execution.progress import Execution, Progress, report
from local.execution.rollout import elsewhere
from local.execution.state import State
from local.execution.verification import failure, table, verified
from local.execution.view import LiveView, LogView, work_in
from local.fleet.activity import ActivityLog


def at(second: float) -> datetime:
    return datetime.fromtimestamp(second, timezone.utc)


class FakeStates:
    """The two calls of Step Functions that an execution is read by."""

    def __init__(self, described: dict[str, Any], events: list[dict[str, Any]]) -> None:
        self.described, self.events = described, events

    def describe_execution(self, **_: str) -> dict[str, Any]:
        return self.described

    def get_paginator(self, _: str) -> "FakeStates":
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        for event in self.events:
            yield {"events": [event]}


HISTORY = [
    {"type": "TaskStateEntered", "timestamp": at(10), "stateEnteredEventDetails": {"name": "Phase1", "input": "{}"}},
    {"type": "TaskStateExited", "timestamp": at(20), "stateExitedEventDetails": {
        "name": "Phase1", "output": '{"phase1_result": {"fail_count": 1, "results": {"a": {"status": "Failed", "stderr": "no\\nroom"}}}}'}},
    {"type": "FailStateEntered", "timestamp": at(21), "stateEnteredEventDetails": {"name": "Failed", "input": "[1]"}},
]
ACTIVITY = """\
{"time": 11.0, "router": "a", "command_id": "1", "event": "start", "seconds": 0}
{"time": 12.0, "router": "b", "command_id": "2", "event": "start", "seconds": 0}
{"time": 14.0, "router": "a", "command_id": "1", "event": "Failed", "seconds": 3.0}
{"time": 30.0, "router": "c", "command_id": "3", "event": "start", "seconds": 0}
"""
# One command for two routers.
SHARED = """\
{"time": 11.0, "router": "a", "command_id": "1", "event": "start", "seconds": 0}
{"time": 11.5, "router": "b", "command_id": "1", "event": "start", "seconds": 0}
{"time": 14.0, "router": "a", "command_id": "1", "event": "Failed", "seconds": 3.0}
{"time": 15.0, "router": "b", "command_id": "1", "event": "Success", "seconds": 3.5}
"""


def failed(tmp_path: Path) -> Progress:
    (tmp_path / "activity.jsonl").write_text(ACTIVITY)
    described = {"status": "FAILED", "error": "Phase.RoutersFailed", "cause": "phase1: a"}
    return Execution(FakeStates(described, HISTORY), "arn", ActivityLog(tmp_path)).progress()


def test_a_failed_execution_reports_its_phases(tmp_path: Path) -> None:
    assert report(failed(tmp_path)) == {
        "status": "FAILED", "error": "Phase.RoutersFailed", "cause": "phase1: a",
        "phase1_result": {"fail_count": 1, "results": {"a": {"status": "Failed", "stderr": "no\nroom"}}}}


def test_a_succeeded_execution_reports_its_output(tmp_path: Path) -> None:
    client = FakeStates({"status": "SUCCEEDED", "output": '{"phase3_result": 1, "x": 2}'}, [])
    assert report(Execution(client, "arn", ActivityLog(tmp_path / "none")).progress()) == {"phase3_result": 1, "x": 2}


def test_commands_belong_to_the_state_they_began_in(tmp_path: Path) -> None:
    progress = failed(tmp_path)
    assert [(w.router, w.status, w.seconds) for w in work_in(progress, progress.stages[0])] == [
        ("a", "Failed", 3.0), ("b", "running", None)]
    assert work_in(progress, State("Phase2", "Task", 15.0, 29.0)) == []


def test_a_command_for_two_routers_is_told_of_each(tmp_path: Path) -> None:
    progress = failed(tmp_path)
    progress.activity = [json.loads(line) for line in SHARED.splitlines()]
    assert [(w.router, w.status, w.seconds) for w in work_in(progress, progress.stages[0])] == [("a", "Failed", 3.0), ("b", "done", 3.5)]


def test_log_lines_come_once_and_in_order(tmp_path: Path) -> None:
    out = io.StringIO()
    view = LogView(out)
    view(failed(tmp_path))
    first = out.getvalue()
    view(failed(tmp_path))
    assert out.getvalue() == first
    assert [line.split(" s  ")[1] for line in first.splitlines()] == [
        "Phase1 entered", "Phase1 a running", "Phase1 b running", "Phase1 a Failed after 3.0 s",
        "Phase1 ended after 10.0 s", "Failed entered", "execution FAILED"]


def test_failure_names_error_cause_and_last_words(tmp_path: Path) -> None:
    assert failure(failed(tmp_path)).splitlines() == [
        "error: Phase.RoutersFailed", "cause: phase1: a", "phase1 a: Failed", "    no", "    room"]


def test_table() -> None:
    healthy = {"status": "Success", "details": {"ipsec": "ok", "bgp": "ok", "interfaces": "ok", "ping": {"10.0.0.1": "ok"}}}
    lines = table({"b": {"status": "TimedOut"}, "a": healthy}).splitlines()
    assert lines[2].split() == ["a", "ok", "ok", "ok", "10.0.0.1", "ok", "Success"]
    assert lines[3].split() == ["b", "-", "-", "-", "-", "TimedOut"]


def test_the_live_view_draws_over_itself_and_fits_the_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "3")
    out = io.StringIO()
    view = LiveView(out)
    view(failed(tmp_path))
    assert out.getvalue().count("\n") == 2 and "\033[2A" not in out.getvalue() and "Failed" in out.getvalue()
    view(failed(tmp_path))
    assert out.getvalue().count("\033[2A") == 1


def entered(second: float, kind: str, name: str) -> dict[str, Any]:
    return {"type": f"{kind}StateEntered", "timestamp": at(second), "stateEnteredEventDetails": {"name": name, "input": "{}"}}


def left(second: float, kind: str, name: str, output: str = "{}") -> dict[str, Any]:
    return {"type": f"{kind}StateExited", "timestamp": at(second), "stateExitedEventDetails": {"name": name, "output": output}}


def passed(second: float, kind: str, name: str) -> list[dict[str, Any]]:
    return [entered(second, kind, name), left(second, kind, name)]


def progress_of(tmp_path: Path, events: list[dict[str, Any]], **described: str) -> Progress:
    (tmp_path / "activity.jsonl").write_text(ACTIVITY)
    return Execution(FakeStates({"status": "RUNNING", **described}, events), "arn", ActivityLog(tmp_path)).progress()


def asked(second: float, wave: str, step: str, action: str = "start") -> dict[str, Any]:
    payload = {"wave": wave, "step": step, "action": action, "instances": ["a", "b"]}
    return {"type": "TaskScheduled", "timestamp": at(second), "taskScheduledEventDetails": {
        "resource": "invoke", "parameters": json.dumps({"FunctionName": "f", "Payload": payload})}}


def answered(second: float, **answer: Any) -> dict[str, Any]:
    return {"type": "TaskSucceeded", "timestamp": at(second), "taskSucceededEventDetails": {"output": json.dumps({"Payload": answer})}}


def worked(second: float, wave: str, step: str, action: str, **answer: Any) -> list[dict[str, Any]]:
    """A call of a step's function, over in half a second."""
    return [entered(second, "Task", "Work"), asked(second, wave, step, action), answered(second + 0.5, **answer),
            left(second + 0.5, "Task", "Work"), *passed(second + 0.5, "Choice", "Working")]


PENDING = {"done": False, "wait_seconds": 15, "state": "aa"}
DONE = {"done": True, "success_count": 1, "fail_count": 1, "failed": ["a"], "summary": "1 of 2 routers succeeded; a: no room"}
RESULTS = {"a": {"status": "Failed", "stderr": "no room"}, "b": {"status": "Success"}}
BEGUN = [
    *passed(8, "Pass", "Begin"), entered(8, "Task", "Admit"), answered(9, waves=[]), left(9, "Task", "Admit"),
    *passed(9, "Task", "ExecutionStarted"), *passed(9.5, "Task", "WaveStarted"), *passed(9.6, "Task", "StepStarted"),
    *worked(10, "canary", "phase1", "start", **PENDING), entered(10.6, "Wait", "Pause"), left(13, "Wait", "Pause"),
]
ENDED = [*worked(13, "canary", "phase1", "check", results=RESULTS, state="zz", **DONE), *passed(15, "Pass", "StepEnded"),
         *passed(15, "Wait", "StepPause")]
WAVES = [
    *BEGUN, *ENDED, entered(15.1, "Task", "Approval"),
    {"type": "TaskScheduled", "timestamp": at(15.1), "taskScheduledEventDetails": {
        "resource": "putEvents.waitForTaskToken", "parameters": json.dumps({"Entries": [{"Detail": {"wave": "rest"}}]})}},
    left(19, "Task", "Approval"), *worked(20, "rest", "phase3", "start", success_count=78, fail_count=2, failed=["a"], done=True,
                                          summary="78 of 80", results={}, results_uri="s3://bucket/one"),
    *passed(35, "Pass", "StepEnded"), entered(35, "Wait", "StepPause"), left(36, "Wait", "StepPause"), entered(36, "Fail", "Failed"),
]
CAUSE = json.dumps({"status": "PARTIAL", "start_at": "canary.phase1", "waves": [
    {"name": "canary", "status": "FAILED", "reason": "a", "steps": [{"step": "phase1", "unknown_count": 2}]},
    {"name": "rest", "status": "COMPLETED", "reason": "", "steps": []}]})


def test_a_step_that_is_asked_again_is_one_stage(tmp_path: Path) -> None:
    running = progress_of(tmp_path, BEGUN)
    assert [(s.name, s.entered, s.ended) for s in running.stages] == [("admission", 8, 9), ("canary.phase1", 10, None)]
    over = progress_of(tmp_path, [*BEGUN, *ENDED])
    assert [(s.name, s.entered, s.ended) for s in over.stages] == [("admission", 8, 9), ("canary.phase1", 10, 15)]
    # the router that failed did so long after the first look
    assert [(w.router, w.status) for w in work_in(over, over.stages[1])] == [("a", "Failed"), ("b", "running")]


def test_a_step_of_one_name_in_the_next_wave_is_another_stage(tmp_path: Path) -> None:
    history = [*BEGUN, *ENDED, *worked(16, "rest", "phase1", "start", **PENDING)]
    assert [s.name for s in progress_of(tmp_path, history).stages] == ["admission", "canary.phase1", "rest.phase1"]


def test_a_failed_rollout_reports_its_waves(tmp_path: Path) -> None:
    progress = progress_of(tmp_path, WAVES, status="FAILED", error="Rollout.PARTIAL", cause=CAUSE)
    reported = report(progress)
    assert (reported["status"], reported["error"], reported["cause"]) == ("FAILED", "Rollout.PARTIAL", CAUSE)
    canary, rest = reported["waves"]
    found = {**{name: value for name, value in DONE.items() if name != "done"}, "results": RESULTS}
    assert canary == {"name": "canary", "status": "FAILED", "reason": "a", "steps": [{"step": "phase1", "unknown_count": 2}],
                      "phase1_result": found}
    assert rest["name"] == "rest" and rest["phase3_result"]["success_count"] == 78
    assert report(progress_of(tmp_path, WAVES, status="FAILED", cause="cut {"))["waves"][0].keys() == {"name", "phase1_result"}


@pytest.mark.parametrize("where, words", [({}, "the function's log"), ({"results_uri": "s3://b/1"}, "s3://b/1")])
def test_where_the_rest_is(where: dict[str, Any], words: str) -> None:
    result = {"success_count": 119, "fail_count": 1, "results": {"a": {}}, **where}
    assert elsewhere(result) == f"119 of 120 routers succeeded; the results of 119 are in {words}"
    assert elsewhere({"success_count": 1, "fail_count": 0, "results": {"a": {}}}) == ""


def test_a_rollout_shows_each_wave_and_where_the_rest_is(tmp_path: Path) -> None:
    progress = progress_of(tmp_path, WAVES, status="FAILED", cause=CAUSE)
    assert [(s.name, s.kind) for s in progress.stages] == [
        ("admission", "Task"), ("canary.phase1", "Task"), ("rest.approval", "Wait"), ("rest.phase3", "Task"), ("rest.pause", "Wait"),
        ("Failed", "Fail")]
    assert [w.router for w in work_in(progress, progress.stages[1])] == ["a", "b"]
    assert verified(progress).split("\n") == [
        "wave canary", "phase 3 was not reached: there is nothing to verify", "", "wave rest",
        "78 of 80 routers succeeded; the results of 80 are in s3://bucket/one"]
    assert failure(progress).splitlines()[1:] == [
        "wave canary: FAILED: a", "    phase1: how it ended is not known of 2 routers", "wave rest: COMPLETED",
        'go on with {"start_at": "canary.phase1"}', "canary phase1 a: Failed", "    no room"]


def test_a_plan_of_a_rollout_is_shown_wave_by_wave(tmp_path: Path) -> None:
    results = {"a": {"status": "Success", "details": {"diff": ["+ x"]}}}
    history = [*passed(8, "Pass", "Begin"), *(event for wave in ("canary", "rest") for event in worked(
        10, wave, "phase2", "start", done=True, success_count=1, fail_count=0, failed=[], summary="1 of 1", results=results))]
    assert plan.shown(progress_of(tmp_path, history, status="SUCCEEDED")).splitlines() == [
        "wave canary, phase 2, what is configured in it: 1 of 1", "a", "  + x", "",
        "wave rest, phase 2, what is configured in it: 1 of 1", "a", "  + x"]


def test_what_is_printed_in_between_stays(tmp_path: Path) -> None:
    out = io.StringIO()
    view = LiveView(out)
    view(failed(tmp_path))
    view.leave()
    view(failed(tmp_path))
    assert "\033[4A" not in out.getvalue()
    view(failed(tmp_path))
    assert out.getvalue().count("\033[4A") == 1


PLANNED = [
    {"type": "TaskStateEntered", "timestamp": at(10), "stateEnteredEventDetails": {"name": "Phase1", "input": "{}"}},
    {"type": "TaskStateExited", "timestamp": at(20), "stateExitedEventDetails": {"name": "Phase1", "output": json.dumps({
        "phase1_result": {"summary": "2 of 2", "results": {"a": {"status": "Success", "details": {"diff": []}}}},
        "phase2_result": {"summary": "1 of 2", "results": {
            "a": {"status": "Success", "details": {
                "diff": ["- interfaces vti vti9", "~ x secret ******"], "foreign": ["interfaces vti vti7"]}},
            "b": {"status": "Failed", "details": {}}}}})}},
]


def test_a_plan_is_shown_and_not_an_empty_table(tmp_path: Path) -> None:
    (tmp_path / "activity.jsonl").write_text("")
    progress = Execution(FakeStates({"status": "SUCCEEDED"}, PLANNED), "arn", ActivityLog(tmp_path)).progress()
    assert plan.shown(progress).splitlines() == [
        "phase 1, the router itself: 2 of 2", "a", "  nothing would change", "",
        "phase 2, what is configured in it: 1 of 2", "a", "  - interfaces vti vti9", "  ~ x secret ******",
        "    interfaces vti vti7 (not ours, stays)"]
    assert plan.shown(failed(tmp_path)) == ""


@pytest.mark.parametrize("ill, cell", [
    (0, "798 others ok"), (2, "10.0.0.0 fail, 10.0.0.1 fail, 796 others ok"),
    (10, ", ".join(f"10.0.0.{n} fail" for n in range(8)) + ", 2 more not ok, 788 others ok")])
def test_a_hubs_pings_are_counted(ill: int, cell: str) -> None:
    pings = {f"10.0.{n // 250}.{n % 250}": "fail" if n < ill else "ok" for n in range(798)}
    row = table({"hub": {"status": "Failed", "details": {"ping": pings}}}).splitlines()[-1]
    assert row.split("-  ")[-1].strip() == f"{cell}  Failed"
