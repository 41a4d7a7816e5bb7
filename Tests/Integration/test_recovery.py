"""recovery.zip, row by row of what disaster recovery has to do (docs/recovery.md), against a strict stand-in of the service."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.run_command import Outcome
from harness import unpack
from recovering import EXECUTION, RecoveryLab, server

from local.systems.recovery.world import Fault, Server

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


@pytest.mark.parametrize("kind", ["drill", "recovery"])
@pytest.mark.parametrize("state", ["STALLED", "INITIAL_SYNC", "DISCONNECTED", "CREATING_SNAPSHOT"])
def test_r2_replication(lab: RecoveryLab, state: str, kind: str) -> None:
    """In earnest too: it is `force` that says that the site is gone."""
    lab.world.servers[server(2)].replication = state
    answer = lab.start(execution_type=kind)
    assert answer["failed"] == [server(1), server(2)] and f"{server(2)} ({state})" in answer["summary"]
    assert "with force: true" in answer["summary"] and nothing_changed(lab)
    assert lab.start(execution_type=kind, force=True)["done"] is False and len(lab.made("StartRecovery")) == 1


@pytest.mark.parametrize("word", ["true", 1, ["true"], {}])
def test_r2_force_is_said_and_not_guessed(lab: RecoveryLab, word: object) -> None:
    lab.world.servers[server(2)].replication = "STALLED"
    assert "force must be" in lab.start(force=word)["summary"] and nothing_changed(lab)


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
    assert "20 jobs run, and this takes 1 more; 20 may" in lab.start()["summary"]
    assert nothing_changed(lab)


def test_r2_more_jobs_than_there_is_room_for(lab: RecoveryLab) -> None:
    """Three are needed, and two would still run: none is started."""
    lab.world.add(*(Server(server(number), f"host{number}") for number in range(1, 320)))
    for number in range(301, 319):
        lab.drs.service.begin("LAUNCH", "START_DRILL", [server(number)])
    assert "18 jobs run, and this takes 3 more; 20 may" in lab.start(250, maxConcurrency=300)["summary"]
    assert nothing_changed(lab)
    assert lab.start(200, maxConcurrency=300)["done"] is False and len(lab.made("StartRecovery")) == 2


def test_r2_of_all_servers_before_any_is_launched(lab: RecoveryLab) -> None:
    """Also where an attempt before this one came to nothing."""
    lab.world.add(*(Server(server(number), f"host{number}") for number in range(1, 201)))
    lab.world.servers[server(150)].replication = "STALLED"
    for fields in ({}, {"retry_count": 1}):
        lab.world.faults = [Fault("DescribeSourceServers", "throttled")]
        answer = lab.start(200, **fields)
        assert answer["done"] is False
        assert f"{server(150)} (STALLED)" in lab.check(answer, 200)["summary"] and nothing_changed(lab)


def test_r2_the_admission_counts_the_jobs_of_a_wave(lab: RecoveryLab) -> None:
    lab.world.add(*(Server(server(number), f"host{number}") for number in range(1, 101)))
    waves = [{"name": "db", "servers": [server(number) for number in range(1, 101)], "maxConcurrency": 4}]
    kind, text = lab.error(**lab.admit(waves, execution_type="drill"))
    assert kind == "Input.Invalid" and text.startswith("wave db: 100 servers, 4 at once, take 25 jobs"), text


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


def test_r5_a_snapshot_that_failed_and_an_older_one(lab: RecoveryLab) -> None:
    """The service goes on with the older one: the failure in the log is not the end."""
    for number in (1, 2):
        lab.world.servers[server(number)].outcome = "previous-snapshot"
    lab.world.early = 300
    answer, _ = lab.follow(lab.start())
    assert answer["success_count"] == 2


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


def test_r8_a_part_of_the_servers_in_a_job_of_somebody_else(lab: RecoveryLab) -> None:
    """A drill like this one, but of another: it is not taken for this one because it has one of its servers."""
    lab.world.faults = [Fault("StartRecovery", "conflict")]
    job = lab.drs.service.begin("LAUNCH", "START_DRILL", [server(2)])
    lab.world.hidden = 1
    answer = lab.start()
    assert answer["fail_count"] == 2 and f"it is the job {job.id} (START_DRILL), which is not this wave's" in answer["summary"]


@pytest.mark.parametrize("outcome", ["skipped", "absent"])
@pytest.mark.parametrize("kind", ["lost", "broken"])
def test_r8_a_job_that_leaves_servers_out(lab: RecoveryLab, outcome: str, kind: str) -> None:
    """It does not tell all of its servers, and is found all the same."""
    lab.world.servers[server(2)].outcome = outcome
    lab.world.faults = [Fault("StartRecovery", kind, executed=True)]
    answer, _ = lab.follow(lab.start())
    assert answer["failed"] == [server(2)] and len(lab.made("StartRecovery")) == 1


def test_r8_a_job_that_skips_everybody(lab: RecoveryLab) -> None:
    """Nobody takes part in it: its log alone names its servers."""
    for number in (1, 2):
        lab.world.servers[server(number)].outcome = "skipped"
    lab.world.faults = [Fault("StartRecovery", "lost", executed=True)]
    lab.world.hidden = 1
    answer = lab.start()
    lab.drs.pass_time(600)
    answer, _ = lab.follow(answer)
    assert answer["fail_count"] == 2 and "skipped" in answer["summary"] and len(lab.made("StartRecovery")) == 1


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
            while not first.done.is_set() and function.bootstrap.process.poll() is None:
                time.sleep(0.01)
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


@pytest.mark.parametrize("count", [2, 150])
def test_r8_every_answer_lost(root: Path, tmp_path: Path, count: int) -> None:
    """Whatever answer does not come: each server is in one job, and all are launched."""
    number, calls = 0, 1
    while number < calls:
        number += 1
        lab = RecoveryLab(root, tmp_path / str(number))
        lab.world.add(*(Server(server(one), f"host{one}") for one in range(1, count + 1)))
        try:
            lab.drs.losing = number
            answer, _ = lab.follow(lab.start(count, maxConcurrency=100), count, maxConcurrency=100)
            assert answer["success_count"] == count, (number, answer["summary"])
            started = [one.id for job in lab.drs.service.jobs for one in job.servers]
            assert sorted(started) == [server(one) for one in range(1, count + 1)], number
            calls = lab.drs.seen
            lab.check_manners()
        finally:
            lab.stop()
    assert number > 10


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
    # Whoever does not need it need not mend it first.
    groups(lab, db=value, web=json.dumps([server(3)]))
    assert lab.invoke(**lab.admit([{"name": "w", "groups": ["web"]}], execution_type="drill"))["waves"][0]["items"] == [server(3)]


def test_r10_servers_of_other_plans(lab: RecoveryLab) -> None:
    """The deployment's waves are not all that the account has; what is left out is told."""
    lab.function(RECOVERY_WAVES=json.dumps([{"name": "w", "servers": [server(1), server(2)]}]))
    answer = lab.invoke(**lab.admit(execution_type="recovery"))
    assert [wave["items"] for wave in answer["waves"]] == [[server(1), server(2)]] and answer["left_out"] == 3


def test_r10_a_server_in_two_waves(lab: RecoveryLab) -> None:
    groups(lab, db='{"tag": {"Tier": "db"}}')
    waves = [{"name": "one", "servers": [server(2)]}, {"name": "two", "groups": ["db"]}]
    kind, text = lab.error(**lab.admit(waves, execution_type="drill"))
    assert kind == "Input.Invalid" and text == f"{server(2)} is in two waves, one and two"


WRONG = [0, -1, 10**30, "", "s-1", [], {}, [[]], [None], {"a": 1}, True, "\u0000", "x" * 5000]


@pytest.mark.parametrize("field", ["servers", "execution", "timeout", "maxConcurrency", "mode", "wave", "step", "force", "state"])
def test_r10_values_of_a_wrong_kind(lab: RecoveryLab, field: str) -> None:
    """Whatever stands in a field: the answer is a failure or a wave of the two servers that were asked for, and nobody dies."""
    for action in ("start", "check"):
        for value in WRONG:
            told = lab.asked(**{**lab.event(action=action), field: value})
            assert told.json.get("errorType", "Event.Invalid") == "Event.Invalid", (field, value, told.json)
    sent = {one["sourceServerID"] for call in lab.made("StartRecovery") for one in call["sourceServers"]}
    assert sent <= {server(1), server(2)} and all(call["isDrill"] for call in lab.made("StartRecovery"))


@pytest.mark.parametrize("action,field", [
    ("terminate", "execution"), ("terminate", "state"), ("start_wave", "wave"), ("start_wave", "execution_id"),
    ("check_wave_status", "wave_result")])
def test_r10_values_of_a_wrong_kind_in_other_actions(lab: RecoveryLab, action: str, field: str) -> None:
    good = {"terminate": {"execution": EXECUTION}, "start_wave": {"wave": {"WaveNumber": 1, "Servers": [server(1)]}}}.get(action, {})
    for value in WRONG:
        told = lab.asked(**{"action": action, "execution_type": "drill", **good, field: value})
        assert told.json.get("errorType", "Event.Invalid") in ("Event.Invalid", "Termination.Refused"), (value, told.json)
    assert not lab.made("TerminateRecoveryInstances")


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


def test_r12_not_on_what_an_earlier_drill_has_left(lab: RecoveryLab) -> None:
    instances = launched(lab)
    for instance in instances.values():
        lab.host(instance)
    # A recovery of long ago, and an instance that goes just now, of the same servers.
    old = [{**entry, "recoveryInstanceID": f"i-0000000000000000{place}", "ec2InstanceID": f"i-0000000000000000{place}", **more}
           for entry in list(lab.drs.service.instances.values())
           for place, more in enumerate([{"isDrill": False}, {"ec2InstanceState": "SHUTTING-DOWN"}, {"ec2InstanceState": "TERMINATED"}])]
    new = lab.drs.service.instances
    lab.drs.service.instances = {str(place): one for place, one in enumerate([*old, *new.values()])}
    assert document(lab, "post1", parameters={"commands": ["true"]})["success_count"] == 2
    assert {host for command in lab.ssm.commands for host in command.invocations} == set(instances.values())


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
    lab.states.outputs.append(answer)


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


def test_r13_not_a_drill_that_this_one_only_speaks_of(lab: RecoveryLab) -> None:
    """A refusal names a job of somebody else's: that is not this execution's."""
    for kind in ("START_DRILL", "START_RECOVERY"):
        other = lab.drs.service.begin("LAUNCH", kind, [server(4)])
        refused = lab.start(servers=[server(4)])
        assert other.id in refused["summary"]
        told(lab, refused)
        lab.drs.pass_time(600)
    assert "nothing of the drill is left" in terminate(lab)["summary"] and not lab.made("TerminateRecoveryInstances")
    answer, _ = lab.follow(lab.start())
    told(lab, answer)
    assert terminate(lab)["success_count"] == 2
    assert [entry["sourceServerID"] for entry in lab.drs.service.instances.values()] == [server(4)]


def test_r13_not_before_it_has_launched(lab: RecoveryLab) -> None:
    """A stopped execution's job goes on, and what it launches would be left for ever."""
    told(lab, lab.start())
    answer = lab.invoke(action="terminate", execution=EXECUTION)
    assert answer["done"] is False and "still launches" in answer["summary"]
    assert terminate(lab)["success_count"] == 2 and not lab.drs.service.instances


def test_r13_of_a_job_that_somebody_has_deleted(lab: RecoveryLab) -> None:
    answer, _ = lab.follow(lab.start())
    told(lab, answer)
    lab.drs.service.jobs.clear()
    assert terminate(lab)["success_count"] == 2 and not lab.drs.service.instances


@pytest.mark.parametrize("seconds,failed", [(90, []), (1e9, [server(1), server(2)])])
def test_r13_instances_that_linger(lab: RecoveryLab, seconds: float, failed: list[str]) -> None:
    """The job is completed before they are gone: looked at again, for ten minutes."""
    answer, _ = lab.follow(lab.start())
    told(lab, answer)
    lab.world.lingers = seconds
    answer = lab.invoke(action="terminate", execution=EXECUTION)
    looks = 0
    while not answer["done"]:
        looks += 1
        lab.drs.pass_time(answer["wait_seconds"])
        if answer["state"].get("completed"):
            answer["state"]["completed"] -= answer["wait_seconds"]
        answer = lab.invoke(action="terminate", execution=EXECUTION, state=answer["state"])
    assert answer["failed"] == failed and answer["success_count"] == 2 - len(failed) and looks < 20
    assert len(lab.made("TerminateRecoveryInstances")) == 1


def test_r13_more_than_a_call_takes(lab: RecoveryLab) -> None:
    """Three hundred: two calls, and the first one's answer is lost."""
    lab.world.add(*(Server(server(number), f"host{number}") for number in range(1, 301)))
    answer, _ = lab.follow(lab.start(300, maxConcurrency=300), 300, maxConcurrency=300)
    told(lab, answer)
    lab.world.faults = [Fault("TerminateRecoveryInstances", "lost", executed=True)]
    answer = terminate(lab)
    assert answer["success_count"] == 300 and not lab.drs.service.instances
    assert [len(job.servers) for job in lab.drs.service.jobs if job.kind == "TERMINATE"] == [100, 200]


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


@pytest.mark.parametrize("count", [2, 250])
def test_former_names_asked_twice(lab: RecoveryLab, count: int) -> None:
    """Whoever got no answer asks again, and gets the jobs that run; a drill that has ended is another one's."""
    lab.world.add(*(Server(server(number), f"host{number}") for number in range(1, count + 1)))
    asked = {"action": "start_wave", "execution_type": "drill", "execution_id": "e-1",
             "wave": {"WaveNumber": 1, "Servers": [server(number) for number in range(1, count + 1)]}}
    first, again = lab.invoke(**asked), lab.invoke(**asked)
    assert again["job_ids"] == first["job_ids"] == [job.id for job in reversed(lab.drs.service.jobs)]
    lab.drs.pass_time(600)
    assert not set(lab.invoke(**asked)["job_ids"]) & set(first["job_ids"])


def test_former_names_keep_force(lab: RecoveryLab) -> None:
    """Also for what is started by a later question."""
    lab.world.servers[server(2)].replication = "STALLED"
    lab.world.faults = [Fault("StartRecovery", "throttled")]
    answer = lab.invoke(action="start_wave", wave={"Servers": [server(1), server(2)]}, execution_type="drill", force=True)
    assert answer["status"] == "IN_PROGRESS" and not answer["job_ids"]
    answer = lab.invoke(action="check_wave_status", wave_result=answer)
    assert answer["status"] == "IN_PROGRESS" and len(answer["job_ids"]) == 1


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
