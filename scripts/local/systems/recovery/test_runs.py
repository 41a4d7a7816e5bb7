"""scripts/run-local recovery as a user runs it: a healthy drill, and each fault ends as it must."""

import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ...network_file import REPO
from . import plan

JOBS = {"data": 2, "application": 3, "front": 2}


Ran = tuple[int, dict[str, Any], str]
REJECTED = "rejected"
# Each waits more than it computes.
AT_ONCE = 8


def drill(folder: Path, which: str | None) -> Ran:
    """Exit status, report and what was printed of a run with a fault, with none, or with the approval that is not given."""
    folder.mkdir()
    report = folder / "report.json"
    options = [] if which is None else ["--approve", "no"] if which == REJECTED else ["--fault", which]
    ran = subprocess.run([str(REPO / "scripts/run-local"), "recovery", "--skip-build", "--report", str(report), *options],
                         capture_output=True, text=True, timeout=600)
    assert report.is_file(), ran.stdout + ran.stderr
    return ran.returncode, json.loads(report.read_text()), ran.stdout


@pytest.fixture(scope="module")
def drills(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str | None, Future[Ran]]]:
    """All of them, some at the same time."""
    folder = tmp_path_factory.mktemp("drills")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {which: pool.submit(drill, folder / (which or "healthy"), which) for which in (None, *plan.FAULTS, REJECTED)}


def outcome(report: dict[str, Any]) -> dict[str, Any]:
    """The rollout's output, of a failed one its cause."""
    return report["output"] or json.loads(report["cause"])


def started(report: dict[str, Any]) -> list[list[str]]:
    """The servers of each job that was started, as they were asked for."""
    return [[one["sourceServerID"] for one in call["input"]["sourceServers"]]
            for call in report["jobs"] if call["operation"] == "StartRecovery" and call["status"] in (0, 202)]


@pytest.mark.parametrize("fault", [None, *plan.NO_MATTER])
def test_a_whole_drill(drills: dict[str | None, Future[Ran]], fault: str | None) -> None:
    status, report, printed = drills[fault].result()
    assert status == 0 and report["complaints"] == [], printed
    waves = {wave["name"]: wave for wave in outcome(report)["waves"]}
    assert {name: wave["status"] for name, wave in waves.items()} == dict.fromkeys(JOBS, "COMPLETED")
    steps = {name: {step["step"]: step for step in wave["steps"]} for name, wave in waves.items()}
    assert list(steps["data"]) == ["pre1", "recover", "post1"] and list(steps["front"]) == ["recover", "post1"]
    assert {name: each["recover"]["success_count"] for name, each in steps.items()} == JOBS
    # Each server in one job, of a drill, though an answer was lost.
    assert sorted(server for job in started(report) for server in job) == sorted(plan.SERVERS.values())
    assert all(call["input"]["isDrill"] is True for call in report["jobs"] if call["operation"] == "StartRecovery")
    assert "wave application waits for an approval" in printed and "wave application COMPLETED" in printed
    assert "7 of 7 recovery instances terminated" in printed and report["terminated"]
    # The history has the plan, the waves' ends, and the jobs.
    kept = {item["wave"]["S"]: item for item in report["history"]}
    assert set(kept) == {"-", *JOBS} and all(item["status"]["S"] == "COMPLETED" for item in kept.values())
    assert [step["recover"]["refs"][0] in kept[name]["steps"]["S"] for name, step in steps.items()] == [True] * 3


@pytest.mark.parametrize("fault,words", [
    ("launch-failed", "FAILED in the job"), ("skipped", "the server was skipped"), ("conversion-failed", "CONVERSION_FAIL")])
def test_one_server_fails(drills: dict[str | None, Future[Ran]], fault: str, words: str) -> None:
    status, report, printed = drills[fault].result()
    assert status == 1 and report["status"] == "FAILED" and report["error"] == "Rollout.PARTIAL" and report["complaints"] == [], printed
    waves = {wave["name"]: wave for wave in outcome(report)["waves"]}
    assert [wave["status"] for wave in waves.values()] == ["COMPLETED", "FAILED", "SKIPPED"], waves
    recover = waves["application"]["steps"][-1]
    assert recover["failed"] == [plan.SERVERS["app2"]] and words in recover["summary"]
    # Nothing was launched for the wave that depends on it; what was is terminated.
    assert len(started(report)) == 2 and report["terminated"]
    assert outcome(report)["start_at"].startswith("application")


def test_more_than_the_account_may(drills: dict[str | None, Future[Ran]]) -> None:
    status, report, printed = drills["quota"].result()
    assert status == 1 and report["error"] == "Rollout.PARTIAL" and report["complaints"] == [], printed
    waves = {wave["name"]: wave for wave in outcome(report)["waves"]}
    assert [wave["status"] for wave in waves.values()] == ["COMPLETED", "FAILED", "SKIPPED"]
    assert "ServiceQuotaExceededException" in waves["application"]["reason"] and len(started(report)) == 1


def test_rejected(drills: dict[str | None, Future[Ran]]) -> None:
    """The wave that nobody approves launches nothing, and the drill's instances go all the same."""
    status, report, printed = drills[REJECTED].result()
    assert status == 1 and report["error"] == "Rollout.CANCELLED", printed
    assert len(started(report)) == 1 and "2 of 2 recovery instances terminated" in printed
