"""What is shown and reported of an execution, from its history and the hosts' activity."""

import io
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from local.execution import plan
from local.execution.progress import Execution, Progress, State, report
from local.execution.rollout import elsewhere
from local.execution.stages import stages
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
    assert [(w.router, w.status, w.seconds) for w in work_in(progress, progress.states[0])] == [
        ("a", "Failed", 3.0), ("b", "running", None)]
    assert work_in(progress, State("Phase2", "Task", 15.0, 29.0)) == []


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


POLLING = [
    *passed(9, "Task", "ExecutionStarted"), *passed(9.5, "Task", "Phase1Announced"),
    entered(10, "Task", "Phase1"), left(10.5, "Task", "Phase1"), *passed(10.5, "Choice", "Phase1Done"),
    entered(10.6, "Wait", "Phase1Poll"), left(13, "Wait", "Phase1Poll"),
]


def progress_of(tmp_path: Path, events: list[dict[str, Any]], **described: str) -> Progress:
    (tmp_path / "activity.jsonl").write_text(ACTIVITY)
    return Execution(FakeStates({"status": "RUNNING", **described}, events), "arn", ActivityLog(tmp_path)).progress()


def test_a_phase_that_polls_is_one_stage(tmp_path: Path) -> None:
    running = progress_of(tmp_path, POLLING)
    assert [(s.name, s.entered, s.ended) for s in stages(running)] == [("Phase1", 10, None)]
    again = [entered(13, "Task", "Phase1"), left(15, "Task", "Phase1"), *passed(15, "Choice", "Phase1Done")]
    over = progress_of(tmp_path, [*POLLING, *again, *passed(15, "Task", "Phase1Reported"), entered(15, "Wait", "Phase1Wait")])
    assert [(s.name, s.entered, s.ended) for s in stages(over)] == [("Phase1", 10, 15), ("Phase1Wait", 15, None)]
    # the router that failed did so long after the first look
    assert [(w.router, w.status) for w in work_in(over, stages(over)[0])] == [("a", "Failed"), ("b", "running")]


def answered(second: float, **answer: Any) -> dict[str, Any]:
    return {"type": "TaskSucceeded", "timestamp": at(second), "taskSucceededEventDetails": {"output": json.dumps(answer)}}


BATCH = {"success_count": 1, "fail_count": 1, "failed": ["a"], "summary": "1 of 2 routers succeeded; a: no room"}
RESULTS = {"a": {"status": "Failed", "stderr": "no room"}, "b": {"status": "Success"}}
WAVES = [
    *passed(9, "Task", "canary.started"), *passed(9, "Task", "canary.phase1.announced"), entered(10, "Map", "canary.phase1"),
    answered(11, done=False, results={}), answered(14, done=True, results=RESULTS),
    left(15, "Map", "canary.phase1", json.dumps({"phase1": [BATCH]})), *passed(15, "Task", "canary.phase1.reported"),
    entered(20, "Map", "rest.phase3"), left(35, "Map", "rest.phase3", json.dumps(
        {"phase3": [BATCH | {"success_count": 40, "results_uri": "s3://bucket/one"}, BATCH | {"success_count": 38}]})),
]
CAUSE = json.dumps({"status": "PARTIAL", "waves": [{"name": "canary", "status": "FAILED", "reason": "a"}]})


def test_a_failed_rollout_reports_its_waves(tmp_path: Path) -> None:
    progress = progress_of(tmp_path, WAVES, status="FAILED", error="Rollout.PARTIAL", cause=CAUSE)
    reported = report(progress)
    assert (reported["status"], reported["error"], reported["cause"]) == ("FAILED", "Rollout.PARTIAL", CAUSE)
    canary, rest = reported["waves"]
    assert canary == {"name": "canary", "status": "FAILED", "reason": "a", "phase1_result": {**BATCH, "results": RESULTS}}
    assert rest["name"] == "rest" and rest["phase3_result"]["success_count"] == 78
    assert report(progress_of(tmp_path, WAVES, status="FAILED", cause="cut {"))["waves"][0].keys() == {"name", "phase1_result"}


@pytest.mark.parametrize("where, words", [
    ({}, "the function's log"), ({"results_uri": "s3://b/1"}, "s3://b/1"),
    ({"results_uris": ["s3://b/1", "s3://b/2", "s3://b/3", "s3://b/4"]}, "s3://b/1, s3://b/2 and 2 more objects")])
def test_where_the_rest_is(where: dict[str, Any], words: str) -> None:
    result = {"success_count": 119, "fail_count": 1, "results": {"a": {}}, **where}
    assert elsewhere(result) == f"119 of 120 routers succeeded; the results of 119 are in {words}"
    assert elsewhere({"success_count": 1, "fail_count": 0, "results": {"a": {}}}) == ""


def test_a_rollout_shows_each_wave_and_where_the_rest_is(tmp_path: Path) -> None:
    progress = progress_of(tmp_path, WAVES, status="FAILED", cause=CAUSE)
    assert [s.name for s in stages(progress)] == ["canary.phase1", "rest.phase3"]
    assert [w.router for w in work_in(progress, stages(progress)[0])] == ["a", "b"]
    assert verified(progress).split("\n") == [
        "wave canary", "phase 3 was not reached: there is nothing to verify", "", "wave rest",
        "78 of 80 routers succeeded; the results of 80 are in s3://bucket/one"]
    assert failure(progress).splitlines()[2:] == ["canary phase1 a: Failed", "    no room"]


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
