"""recovery.zip, row by row of what disaster recovery has to do (docs/recovery.md), against a strict stand-in of the service."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.run_command import Outcome
from harness import unpack
from local.systems.recovery.world import Fault, Server
from recovering import EXECUTION, RecoveryLab, server

CHANGES = ("StartRecovery", "TerminateRecoveryInstances")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack("recovery", tmp_path_factory.mktemp("task-root"))


@pytest.fixture
def lab(root: Path, tmp_path: Path) -> Iterator[RecoveryLab]:
    lab = RecoveryLab(root, tmp_path)
    try:
        yield lab
        lab.check_manners()
    finally:
        lab.stop()


def nothing_changed(lab: RecoveryLab) -> bool:
    return not any(lab.made(operation) for operation in CHANGES) and not lab.ssm.commands


# R1


def test_r1_a_drill_is_started(lab: RecoveryLab) -> None:
    answer = lab.start()
    assert lab.made("StartRecovery") == [
        {"sourceServers": [{"sourceServerID": server(1)}, {"sourceServerID": server(2)}], "isDrill": True}]
    assert answer["done"] is False and answer["wait_seconds"] == 15
    assert answer["state"]["own"]["jobs"] == [lab.drs.service.jobs[0].id]


@pytest.mark.parametrize("word,is_drill", [("drill", True), ("DRILL", True), ("recovery", False), ("Recovery", False)])
def test_r1_the_type_in_any_case(lab: RecoveryLab, word: str, is_drill: bool) -> None:
    lab.start(execution_type=word)
    assert [call["isDrill"] for call in lab.made("StartRecovery")] == [is_drill]


def test_r1_a_hundred_in_a_job(lab: RecoveryLab) -> None:
    lab.world.add(*(Server(server(number), f"host{number}") for number in range(1, 251)))
    answer = lab.start(250, maxConcurrency=200)
    sent = [[one["sourceServerID"] for one in call["sourceServers"]] for call in lab.made("StartRecovery")]
    # Two jobs have all that may be at work; the third has to wait.
    assert [len(job) for job in sent] == [100, 100] and sent[0][0] == server(1) and sent[1][-1] == server(200)
    answer, _ = lab.follow(answer, 250, maxConcurrency=200)
    sent = [one["sourceServerID"] for call in lab.made("StartRecovery") for one in call["sourceServers"]]
    assert sent == [server(number) for number in range(1, 251)] and len(lab.made("StartRecovery")) == 3
    assert answer["success_count"] == 250 and len(answer["refs"]) == 3


# R2


@pytest.mark.parametrize("state", ["STALLED", "INITIAL_SYNC", "DISCONNECTED"])
def test_r2_replication(lab: RecoveryLab, state: str) -> None:
    lab.world.servers[server(2)].replication = state
    answer = lab.start()
    assert answer["failed"] == [server(1), server(2)] and f"{server(2)} ({state})" in answer["summary"]
    assert nothing_changed(lab)
    assert lab.start(force=True)["done"] is False


def test_r2_no_such_server(lab: RecoveryLab) -> None:
    answer = lab.start(servers=[server(1), server(9)])
    assert f"there are no such source servers: {server(9)}" in answer["summary"] and nothing_changed(lab)


def test_r2_in_a_running_job(lab: RecoveryLab) -> None:
    job = lab.drs.service.begin("LAUNCH", "START_DRILL", [server(2)])
    answer = lab.start()
    assert f"the job {job.id} (START_DRILL) has {server(2)}, and runs" in answer["summary"] and nothing_changed(lab)


def test_r2_more_than_may_be_at_work(lab: RecoveryLab) -> None:
    lab.world.add(*(Server(server(number), f"host{number}") for number in range(1, 602)))
    assert "501 servers; 500 may be" in lab.start(501)["summary"]
    assert "take 21 jobs; 20 are possible" in lab.start(21, maxConcurrency=1)["summary"]
    for first in range(101, 481, 20):
        lab.drs.service.begin("LAUNCH", "START_DRILL", [server(number) for number in range(first, first + 20)])
    lab.drs.service.begin("LAUNCH", "START_DRILL", [server(490)])
    assert "20 jobs run; 20 may" in lab.start()["summary"]
    assert nothing_changed(lab)


def test_r2_the_admission_looks_too(lab: RecoveryLab) -> None:
    lab.world.servers[server(2)].replication = "STALLED"
    kind, text = lab.error(**lab.admit([{"name": "db", "servers": [server(2)]}], execution_type="drill"))
    assert kind == "Input.Invalid" and text.startswith(f"wave db: not replicated continuously: {server(2)} (STALLED)")
    assert nothing_changed(lab)


# R3


def test_r3_patient_pauses(lab: RecoveryLab) -> None:
    answer = lab.start()
    waits = []
    for _ in range(6):
        waits.append(answer["wait_seconds"])
        lab.drs.pass_time(waits[-1])
        answer = lab.check(answer)
        assert answer["done"] is False and answer["progress"]["running_count"] == 2
    assert waits == [15, 30, 60, 60, 60, 60]


# R4


@pytest.mark.parametrize("tells", [True, False])
def test_r4_all_launched(lab: RecoveryLab, tells: bool) -> None:
    lab.world.tells_instances = tells
    answer, _ = lab.follow(lab.start())
    assert (answer["success_count"], answer["fail_count"], answer["failed"]) == (2, 0, [])
    assert answer["refs"] == [lab.drs.service.jobs[0].id]
    instances = {entry["sourceServerID"]: entry["ec2InstanceID"] for entry in lab.drs.service.instances.values()}
    assert {name: result["instance_id"] for name, result in answer["results"].items()} == instances
    assert bool(lab.made("DescribeRecoveryInstances")) is not tells


# R5


@pytest.mark.parametrize("outcome,words", [
    ("launch-failed", "FAILED in the job JOB: LAUNCH_FAILED: InsufficientInstanceCapacity"),
    ("conversion-failed", "CONVERSION_FAIL: the conversion server could not mount"),
    ("snapshot-failed", "SNAPSHOT_FAIL: the snapshot of the staging volume failed"),
    ("terminated", "TERMINATED in the job JOB"),
    ("skipped", "skipped: the server was skipped: the server is not ready"),
    ("absent", "skipped: it takes no part in the job JOB"),
])
def test_r5_one_server_fails(lab: RecoveryLab, outcome: str, words: str) -> None:
    lab.world.servers[server(2)].outcome = outcome
    answer, _ = lab.follow(lab.start())
    assert answer["failed"] == [server(2)] and answer["success_count"] == 1
    assert answer["results"][server(2)]["stderr"].startswith(words.replace("JOB", lab.drs.service.jobs[0].id))
    assert answer["results"][server(1)]["status"] == "Success"


# R6


def test_r6_completed_before_its_servers(lab: RecoveryLab) -> None:
    lab.world.early = 300
    answer, _ = lab.follow(lab.start())
    assert answer["success_count"] == 2


def test_r6_no_result(lab: RecoveryLab) -> None:
    lab.world.servers[server(2)].outcome = "stuck"
    answer = lab.start()
    while not answer["state"]["own"].get("open"):
        lab.drs.pass_time(answer["wait_seconds"])
        answer = lab.check(answer)
        assert answer["done"] is False
    # Less than ten minutes later it is looked at again, then no more.
    answer["state"]["own"]["open"]["0"] -= 590
    answer = lab.check(answer)
    assert answer["done"] is False and answer["progress"]["pending"] == [server(2)]
    answer["state"]["own"]["open"]["0"] -= 20
    answer = lab.check(answer)
    assert answer["failed"] == [server(2)] and "no result" in answer["results"][server(2)]["stderr"]


# R7


def test_r7_a_job_that_is_not_listed_yet(lab: RecoveryLab) -> None:
    answer = lab.start()
    lab.world.hidden = 3
    answer, _ = lab.follow(answer)
    assert answer["success_count"] == 2 and len(lab.made("StartRecovery")) == 1


@pytest.mark.parametrize("kind", ["throttled", "broken", "lost"])
@pytest.mark.parametrize("operation", ["DescribeSourceServers", "DescribeJobs", "DescribeRecoveryInstances", "DescribeJobLogItems"])
def test_r7_what_is_not_answered_is_asked_again(lab: RecoveryLab, operation: str, kind: str) -> None:
    lab.world.tells_instances = False
    lab.world.servers[server(2)].outcome = "launch-failed"
    lab.world.faults = [Fault(operation, kind, times=5)]
    answer, _ = lab.follow(lab.start())
    assert answer["failed"] == [server(2)] and answer["success_count"] == 1
    assert len(lab.made("StartRecovery")) == 1 and "LAUNCH_FAILED" in answer["summary"]


def test_r7_throttled_to_the_end(lab: RecoveryLab) -> None:
    answer = lab.start(timeout=1)
    lab.world.faults = [Fault("DescribeJobs", "throttled", times=99)]
    time.sleep(1)
    answer = lab.check(answer, timeout=1)
    assert answer["fail_count"] == 2 and "timed out after 1 s; the job goes on" in answer["summary"]
    assert "ThrottlingException" in answer["summary"] and answer["refs"] == [lab.drs.service.jobs[0].id]


# R8


@pytest.mark.parametrize("kind", ["lost", "broken"])
def test_r8_the_answer_is_lost(lab: RecoveryLab, kind: str) -> None:
    lab.world.faults = [Fault("StartRecovery", kind, executed=True)]
    answer, _ = lab.follow(lab.start())
    assert answer["success_count"] == 2 and len(lab.drs.service.jobs) == 1 and len(lab.made("StartRecovery")) == 1


def test_r8_the_answer_is_lost_and_the_list_lags(lab: RecoveryLab) -> None:
    lab.world.faults = [Fault("StartRecovery", "lost", executed=True)]
    lab.world.hidden = 3
    answer, _ = lab.follow(lab.start())
    assert answer["success_count"] == 2 and len(lab.drs.service.jobs) == 1


def test_r8_a_conflict_with_itself(lab: RecoveryLab) -> None:
    """An attempt before this one has started it: nobody told this one."""
    first = lab.start()
    answer, _ = lab.follow(lab.start(retry_count=1))
    assert len(lab.drs.service.jobs) == 1 and answer["refs"] == first["state"]["own"]["jobs"]


def test_r8_an_older_drill_is_not_this_one(lab: RecoveryLab) -> None:
    """The same servers, the same type: but before the execution began."""
    old = lab.drs.service.begin("LAUNCH", "START_DRILL", [server(1), server(2)])
    old.created -= 1800
    answer = lab.start(retry_count=1)
    assert len(lab.drs.service.jobs) == 2 and answer["state"]["own"]["jobs"] != [old.id]


def test_r8_a_job_of_somebody_else(lab: RecoveryLab) -> None:
    lab.world.faults = [Fault("StartRecovery", "conflict")]
    job = lab.drs.service.begin("LAUNCH", "START_RECOVERY", [server(2)])
    lab.world.hidden = 1  # the look before does not show it
    answer = lab.start()
    assert answer["fail_count"] == 2 and job.id in answer["summary"] and "START_RECOVERY" in answer["summary"]
    assert len(lab.drs.service.jobs) == 1


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize("count", [2, 250])
def test_r8_killed_at_every_call(root: Path, tmp_path: Path, count: int, is_after: bool) -> None:
    """Whatever call the function dies at, before or after it took effect: each server is in one job."""
    number, survived = 0, False
    while not survived:
        number += 1
        lab = RecoveryLab(root, tmp_path / str(number))
        lab.world.add(*(Server(server(one), f"host{one}") for one in range(1, count + 1)))
        try:
            lab.drs.killing = number, is_after
            function = lab.function()
            first = function.runtime.invoke(json.dumps(lab.event(count, action="start")).encode())
            function.bootstrap.process.wait(60) if not first.done.wait(2) and number <= lab.drs.seen else None
            survived = first.done.is_set() and lab.drs.seen < number
            lab.drs.killing = None
            lab.function()
            answer = first.json if first.done.is_set() and not first.failed else lab.start(count, retry_count=1)
            answer, _ = lab.follow(answer, count)
            assert answer["success_count"] == count, (number, answer["summary"])
            started = [one.id for job in lab.drs.service.jobs for one in job.servers]
            assert sorted(started) == [server(one) for one in range(1, count + 1)], number
            lab.check_manners()
        finally:
            lab.stop()
    assert number > 3


# R9


@pytest.mark.parametrize("kind,code", [
    ("quota", "ServiceQuotaExceededException"), ("denied", "AccessDeniedException"), ("uninitialized", "UninitializedAccountException")])
def test_r9_refused_at_once(lab: RecoveryLab, kind: str, code: str) -> None:
    lab.world.faults = [Fault("StartRecovery", kind)]
    answer = lab.start()
    assert answer["done"] and answer["fail_count"] == 2 and code in answer["summary"]
    assert len(lab.made("StartRecovery")) == 1 and not lab.drs.service.jobs


def test_r9_the_second_job_is_refused(lab: RecoveryLab) -> None:
    """What runs is watched to its end; what was not started failed."""
    lab.world.add(*(Server(server(number), f"host{number}") for number in range(1, 201)))
    lab.world.faults = [Fault("StartRecovery", "lost", times=0)]
    answer = lab.start(200, maxConcurrency=100)
    lab.world.faults = [Fault("StartRecovery", "quota")]
    answer, _ = lab.follow(answer, 200, maxConcurrency=100)
    assert answer["success_count"] == 100 and answer["fail_count"] == 100 and len(answer["refs"]) == 1
    assert "ServiceQuotaExceededException" in answer["summary"]


# R10


def groups(lab: RecoveryLab, **values: str) -> None:
    lab.ssm.parameters["us-east-1"] = {f"/recovery/groups/{name}": value for name, value in values.items()}


def test_r10_groups(lab: RecoveryLab) -> None:
    groups(lab, db='{"tag": {"Tier": "db"}}', web=json.dumps([server(3), server(5)]))
    lab.world.page = 2
    waves = [{"name": "one", "groups": ["db"]}, {"name": "two", "groups": ["web"], "servers": [server(4)], "dependsOn": ["one"]}]
    answer = lab.invoke(**lab.admit(waves, execution_type="Drill"))
    assert [wave["items"] for wave in answer["waves"]] == [[server(1), server(2)], [server(4), server(3), server(5)]]
    assert nothing_changed(lab)


@pytest.mark.parametrize("wave,words", [
    ({"groups": ["cache"]}, 'waves[0] (w).groups names "cache"; there are db, web'),
    ({"servers": ["s-1"]}, 'waves[0] (w).servers names "s-1"; there are s-'),
    ({"servers": []}, "waves[0] (w) must have one of servers, groups, items or rest: true"),
    ({"servers": [server(1)], "server": [server(2)]}, 'waves[0] (w) has no field "server"'),
    ({"groups": ["none"]}, "waves[0] (w) is empty: nothing is left for it"),
    ({"servers": [server(1)], "preCommands": [{"document": "Acme-Check"}]}, "waves[0] (w) runs the document"),
])
def test_r10_refused(lab: RecoveryLab, wave: dict, words: str) -> None:
    groups(lab, db='{"tag": {"Tier": "db"}}', web=json.dumps([server(3)]), **({"none": "[]"} if "none" in str(wave) else {}))
    kind, text = lab.error(**lab.admit([{"name": "w", **wave}], execution_type="drill"))
    assert kind == "Input.Invalid" and text.startswith(words), text
    assert nothing_changed(lab)


@pytest.mark.parametrize("value", ["nonsense", "{}", '{"tag": {}}', '["s-unknown"]'])
def test_r10_a_group_that_is_none(lab: RecoveryLab, value: str) -> None:
    groups(lab, db=value)
    kind, text = lab.error(**lab.admit([{"name": "w", "groups": ["db"]}], execution_type="drill"))
    assert kind == "Input.Invalid" and "/recovery/groups/db" in text


@pytest.mark.parametrize("word", [None, "", "dril", "recover", "production", " drill", "drill ", 1, True, ["drill"]])
def test_r10_a_typing_error_starts_nothing(lab: RecoveryLab, word: object) -> None:
    kind, text = lab.error(**lab.admit([{"name": "w", "servers": [server(1)]}], **({} if word is None else {"execution_type": word})))
    assert kind == "Input.Invalid" and "execution_type" in text, text
    if isinstance(word, str):
        assert f'"{word}"' in text
    # A machine that did not ask the admission is no way around it.
    assert "execution_type" in lab.start(execution_type=word)["summary"]
    assert nothing_changed(lab) and not lab.drs.service.calls


def test_r10_no_type_of_the_deployments_own(lab: RecoveryLab) -> None:
    lab.function(RECOVERY_WAVES=json.dumps([{"name": "w", "rest": True, "execution_type": ["drill"]}]))
    kind, text = lab.error(**lab.admit(execution_type="drill"))
    assert "execution_type" in text


# R11


def test_r11_timed_out(lab: RecoveryLab) -> None:
    answer = lab.start(timeout=1)
    time.sleep(1)
    answer = lab.check(answer, timeout=1)
    assert answer["fail_count"] == 2 and "timed out after 1 s; the job goes on" in answer["summary"]
    assert answer["refs"] == [lab.drs.service.jobs[0].id] and not lab.made("TerminateRecoveryInstances")


# R12


def launched(lab: RecoveryLab) -> dict[str, str]:
    lab.follow(lab.start())
    return {entry["sourceServerID"]: entry["ec2InstanceID"] for entry in lab.drs.service.instances.values()}


def document(lab: RecoveryLab, step: str, **command: object) -> dict:
    event = lab.event(step=step, mode="command", timeout=600, command={"document": "AWS-RunShellScript", **command})
    answer = lab.invoke(**event, action="start")
    for _ in range(30):
        if answer["done"]:
            return answer
        time.sleep(0.1)
        answer = lab.invoke(**event, action="check", state=answer["state"])
    raise AssertionError(answer)


def test_r12_after_the_wave(lab: RecoveryLab) -> None:
    lab.ssm.documents["AWS-RunShellScript"] = {"commands", "executionTimeout", "WaveId"}
    for instance in launched(lab).values():
        lab.host(instance)
    answer = document(lab, "post1", parameters={"commands": ["true"]})
    assert answer["success_count"] == 2
    sent = [command.body["Parameters"] for command in lab.ssm.commands]
    # ExecutionId is offered too, and the document does not declare it.
    assert all(one["WaveId"] == ["db"] and "ExecutionId" not in one for one in sent), sent


def test_r12_a_server_that_is_stopped_on_purpose(lab: RecoveryLab) -> None:
    lab.world.servers[server(2)].outcome = "stopped"
    instances = launched(lab)
    lab.host(instances[server(1)])
    answer = document(lab, "post1", parameters={"commands": ["true"]})
    assert answer["success_count"] == 2 and f"{server(2)}: its recovery instance is STOPPED" in answer["summary"]
    assert [list(command.invocations) for command in lab.ssm.commands] == [[instances[server(1)]]]


def test_r12_not_known_for_a_while(lab: RecoveryLab) -> None:
    for instance in launched(lab).values():
        lab.host(instance)
    lab.world.faults = [Fault("DescribeRecoveryInstances", "throttled", times=4)]
    assert document(lab, "post1", parameters={"commands": ["true"]})["success_count"] == 2


def test_r12_before_the_wave(lab: RecoveryLab) -> None:
    lab.host("i-0123456789abcdef0")
    answer = document(lab, "pre1", instances=["i-0123456789abcdef0"], parameters={"commands": ["true"]})
    # As many as the wave's servers: the machine refuses another count.
    assert answer["success_count"] == 2 and not lab.made("StartRecovery")


def test_r12_before_the_wave_and_failed(lab: RecoveryLab) -> None:
    lab.host("i-0123456789abcdef0").outcome = Outcome("Failed", stderr="no backup\n")
    answer = document(lab, "pre1", instances=["i-0123456789abcdef0"], parameters={"commands": ["false"]})
    assert answer["fail_count"] == 2 and answer["failed"] == [server(1), server(2)] and "no backup" in answer["summary"]


# R13


def terminate(lab: RecoveryLab) -> dict:
    answer: dict = {"done": False, "wait_seconds": 0}
    for _ in range(30):
        answer = lab.invoke(action="terminate", execution=EXECUTION, state=answer.get("state"))
        if answer["done"]:
            return answer
        lab.drs.pass_time(answer["wait_seconds"])
    raise AssertionError(answer)


def told(lab: RecoveryLab, answer: dict) -> None:
    lab.states.outputs.append({name: answer[name] for name in ("done", "refs", "state") if name in answer})


def test_r13_a_drill_ends(lab: RecoveryLab) -> None:
    answer, _ = lab.follow(lab.start())
    told(lab, answer)
    mine = sorted(lab.drs.service.instances)
    # Another drill of somebody else's goes on.
    lab.drs.service.begin("LAUNCH", "START_DRILL", [server(4)]).created -= 3600
    answer = terminate(lab)
    assert (answer["success_count"], answer["fail_count"]) == (2, 0)
    assert lab.made("TerminateRecoveryInstances") == [{"recoveryInstanceIDs": mine}]
    assert [entry["sourceServerID"] for entry in lab.drs.service.instances.values()] == [server(4)]
    assert "nothing of the drill is left" in terminate(lab)["summary"]


def test_r13_never_a_recovery(lab: RecoveryLab) -> None:
    answer, _ = lab.follow(lab.start(execution_type="recovery"), execution_type="recovery")
    told(lab, answer)
    kind, text = lab.error(action="terminate", execution=EXECUTION)
    assert "is no drill (START_RECOVERY); nothing was terminated" in text and not lab.made("TerminateRecoveryInstances")


@pytest.mark.parametrize("operation,kind,executed", [
    ("TerminateRecoveryInstances", "lost", True), ("TerminateRecoveryInstances", "throttled", False),
    ("DescribeJobs", "throttled", False), ("DescribeRecoveryInstances", "broken", False)])
def test_r13_whatever_is_lost(lab: RecoveryLab, operation: str, kind: str, executed: bool) -> None:
    answer, _ = lab.follow(lab.start())
    told(lab, answer)
    lab.world.faults = [Fault(operation, kind, executed=executed)]
    assert terminate(lab)["success_count"] == 2
    assert len([job for job in lab.drs.service.jobs if job.kind == "TERMINATE"]) == 1


# What the replaced system's callers say


def test_former_names(lab: RecoveryLab) -> None:
    groups(lab, web=json.dumps([server(3)]))
    wave = {"WaveNumber": 1, "Servers": [server(1), server(1)], "ProtectionGroups": ["web"], "PlanId": "plan"}
    answer = lab.invoke(action="start_wave", wave=wave, execution_id="e-1", execution_type="DRILL")
    assert answer["status"] == "IN_PROGRESS" and answer["wave_number"] == 1 and answer["job_id"] == lab.drs.service.jobs[0].id
    assert [one["sourceServerID"] for one in lab.made("StartRecovery")[0]["sourceServers"]] == [server(1), server(3)]
    for _ in range(20):
        if answer["status"] != "IN_PROGRESS":
            break
        lab.drs.pass_time(answer["wait_seconds"])
        answer = lab.invoke(action="check_wave_status", wave_result=answer)
    assert answer["status"] == "COMPLETED" and answer["job_status"] == "COMPLETED" and answer["failed_servers"] == []
    assert {name: one["status"] for name, one in answer["server_statuses"].items()} == {server(1): "LAUNCHED", server(3): "LAUNCHED"}
    assert all(one["instance_id"].startswith("i-") and one["timestamp"] for one in answer["server_statuses"].values())


def test_former_names_of_a_failure(lab: RecoveryLab) -> None:
    lab.world.servers[server(2)].outcome = "launch-failed"
    answer = lab.invoke(action="start_wave", wave={"WaveNumber": 2, "Servers": [server(1), server(2)]}, execution_type="recovery")
    while answer["status"] == "IN_PROGRESS":
        lab.drs.pass_time(answer["wait_seconds"])
        answer = lab.invoke(action="check_wave_status", wave_result=answer)
    assert answer["status"] == "FAILED" and answer["failed_servers"] == [server(2)]


def test_former_names_want_a_type(lab: RecoveryLab) -> None:
    kind, text = lab.error(action="start_wave", wave={"WaveNumber": 1, "Servers": [server(1)]})
    assert kind == "Event.Invalid" and "execution_type" in text and not lab.drs.service.calls


def test_an_unknown_action(lab: RecoveryLab) -> None:
    kind, text = lab.error(action="begin")
    known = "admit, start, check, cancel, terminate, start_wave, check_wave_status"
    assert kind == "Event.Invalid" and text == f'the event\'s field action is "begin"; allowed: {known}'


def test_a_plan_changes_nothing(lab: RecoveryLab) -> None:
    answer = lab.start(mode="plan")
    assert answer["success_count"] == 2 and nothing_changed(lab)
    assert "would be launched (drill)" in answer["results"][server(1)]["details"]["note"]


def test_a_cancelled_execution(lab: RecoveryLab) -> None:
    """A job can't be stopped; what runs on hosts is."""
    lab.start()
    answer = lab.invoke(action="cancel", execution=EXECUTION)
    assert answer["cancelled_count"] == 0 and not lab.made("TerminateRecoveryInstances")
