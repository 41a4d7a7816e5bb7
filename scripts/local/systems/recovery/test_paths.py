"""The rollout engine with the real recovery.zip in the emulator: where it stops, goes on, waits and dies, jobs are started once."""

import json
import time
import uuid
from typing import Any

import pytest

from ...emulators.interference import AFTER, BEFORE, FIELD, KILLS
from ...execution.progress import Execution
from .account import COUNT, Account, name


def ended(execution: Execution) -> tuple[str, dict[str, str], dict[str, Any]]:
    """How it ended, how each wave did, and all of its output."""
    progress = execution.ended()
    output = progress.output or json.loads(progress.cause)
    return progress.error, {wave["name"]: wave["status"] for wave in output["waves"]}, output


def test_a_failed_wave_stops_the_rest_and_start_at_goes_on(account: Account) -> None:
    first, broken, third = account.servers(), account.servers(is_broken=True), account.servers()
    waves = [{"name": "one", "servers": first}, {"name": "two", "servers": broken, "dependsOn": ["one"]},
             {"name": "three", "servers": third}]
    error, statuses, output = ended(account.start(*waves))
    assert error == "Rollout.PARTIAL" and statuses == {"one": "COMPLETED", "two": "FAILED", "three": "SKIPPED"}
    assert output["start_at"] == "two.recover" and not account.launched().keys() & set(third)
    # Where it ended, with the one that can be launched only.
    error, statuses, _ = ended(account.start(*waves, start_at=output["start_at"], servers=[*first, broken[0], *third]))
    assert not error and statuses["two"] == statuses["three"] == "COMPLETED"
    assert [account.launched()[server] for server in (*first, *broken, *third)] == [1, 1, 2, 1, 1, 1]


def test_a_failed_wave_lets_others_continue_but_not_those_that_depend_on_it(account: Account) -> None:
    broken, dependent, other = account.servers(is_broken=True), account.servers(), account.servers()
    error, statuses, _ = ended(account.start(
        {"name": "one", "servers": broken, "onFailure": "continue"}, {"name": "two", "servers": dependent, "dependsOn": ["one"]},
        {"name": "three", "servers": other}))
    assert error == "Rollout.PARTIAL" and statuses == {"one": "FAILED", "two": "SKIPPED", "three": "COMPLETED"}
    assert not account.launched().keys() & set(dependent)


def test_within_its_errors_a_wave_goes_on(account: Account) -> None:
    servers = account.servers(is_broken=True)
    error, statuses, output = ended(account.start({"name": "one", "servers": servers, "maxErrors": "50%"}))
    assert not error and statuses == {"one": "COMPLETED"}
    # What failed is told, and how many of the account's servers no wave has.
    assert output["waves"][0]["steps"][0]["failed"] == [servers[1]] and output["left_out"] == COUNT - 2


def test_an_approval_that_nobody_gives(account: Account) -> None:
    first, second = account.servers(), account.servers()
    execution = account.start({"name": "one", "servers": first}, {"name": "two", "servers": second, "pauseBefore": True})
    error, statuses, output = ended(execution)
    assert error == "Rollout.CANCELLED" and statuses == {"one": "COMPLETED", "two": "CANCELLED"} and output["start_at"] == "two"
    assert not account.launched().keys() & set(second)
    # What its first wave has launched is terminated all the same, and nothing else.
    assert account.terminate(execution)["success_count"] == 2 and "nothing" in account.terminate(execution)["summary"]


def test_a_stopped_execution_launches_nothing_more(account: Account) -> None:
    first, second = account.servers(), account.servers()
    before = len(account.calls("TerminateRecoveryInstances"))
    execution = account.start({"name": "one", "servers": first}, {"name": "two", "servers": second})
    while '"drsjob-' not in account.history(execution):
        assert account.states.describe_execution(executionArn=execution.arn)["status"] == "RUNNING"
        time.sleep(0.05)
    account.states.stop_execution(executionArn=execution.arn, error="Operator.Stopped", cause="a test")
    assert execution.ended().status == "ABORTED"
    assert not account.calls("TerminateRecoveryInstances")[before:]
    # The job goes on, and what it launches is not forgotten.
    assert account.terminate(execution)["success_count"] == 2
    assert len(account.calls("TerminateRecoveryInstances")) == before + 1
    assert [account.launched()[server] for server in (*first, *second)] == [1, 1, 0, 0]


@pytest.mark.parametrize("event,words", [
    ({"execution_type": "dril"}, 'execution_type is "dril"'), ({"execution_type": None}, "execution_type is missing"),
    ({"start_at": "four"}, "four"), ({"servers": ["s-unknown"]}, "s-unknown"), ({"mode": "rollback"}, "mode rollback"),
])
def test_refused_before_anything(account: Account, event: dict[str, Any], words: str) -> None:
    before = len(account.calls("StartRecovery"))
    progress = account.start({"name": "one", "servers": [name(0)]}, **event).ended()
    assert progress.error == "Input.Invalid" and words in progress.cause, progress
    assert len(account.calls("StartRecovery")) == before


def test_whenever_the_function_dies_each_server_is_launched_once(account: Account) -> None:
    """Killed at every call of every step, before the call is done or after it; Step Functions tries again."""
    runs = {}
    for call in range(1, 5):
        for moment in (BEFORE, AFTER):
            first, second = account.servers(), account.servers()
            wish = {"id": str(uuid.uuid4()), "kill": {"call": call, "moment": moment}}
            waves = {"name": "one", "servers": first}, {"name": "two", "servers": second, "dependsOn": ["one"]}
            runs[call, moment] = account.start(*waves, **{FIELD: wish}), wish["id"], first + second
    kills = []
    for which, (execution, _, servers) in runs.items():
        error, statuses, _ = ended(execution)
        assert not error and statuses == {"one": "COMPLETED", "two": "COMPLETED"}, (which, error, statuses)
        assert {account.launched()[server] for server in servers} == {1}, which
    ids = {identity: which for which, (_, identity, _) in runs.items()}
    kills = [kill for kill in map(json.loads, (account.folder / KILLS).read_text().splitlines()) if kill["id"] in ids]
    met = {(kill["action"], kill["moment"], kill["operation"]) for kill in kills}
    for moment in (BEFORE, AFTER):
        assert {("start", moment, "DescribeSourceServers"), ("start", moment, "StartRecovery"),
                ("check", moment, "DescribeJobs"), ("check", moment, "DescribeRecoveryInstances")} <= met, sorted(met)
