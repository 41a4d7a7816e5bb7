"""scripts/run-local upgrade as a user runs it: two upgrades and a way back, and each fault ends as it must."""

import json
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from ...network_file import REPO
from . import plan

WHOLE = ["vpc-cni v1.19.0-eksbuild.1", "cluster 1.33", "kube-proxy v1.33.0-eksbuild.2", "vpc-cni v1.20.0-eksbuild.1", "a 1.33", "b 1.33"]
BACK = ["a 1.32", "b 1.32", "cluster 1.32"]
RUNS: dict[str, list[str]] = {"healthy": [], **{fault: ["--fault", fault] for fault in plan.FAULTS}, "rejected": ["--approve", "no"]}


@dataclass(frozen=True)
class Run:
    """Exit status, report and what was printed."""

    status: int
    report: dict[str, Any]
    printed: str

    def waves(self, execution: int = 0) -> dict[str, dict[str, Any]]:
        told = self.report["executions"][execution]
        return {wave["name"]: wave for wave in (json.loads(told["cause"]) if "cause" in told else told)["waves"]}

    def done(self, cluster: str) -> list[str]:
        """The updates of a cluster that EKS has taken, in order; a token's second call is none."""
        taken = [call["input"] for call in self.report["changes"] if call["status"] == 200]
        by_token = {given["clientRequestToken"]: given for given in taken if cluster in (given.get("name"), given.get("clusterName"))}
        assert len(by_token) == sum(cluster in (given.get("name"), given.get("clusterName")) for given in taken), "asked for twice"
        return [f"{given.get('nodegroupName') or given.get('addonName') or 'cluster'} {given.get('version') or given.get('addonVersion')}"
                for given in by_token.values()]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Run]]:
    """All runs at once: most of a run is waiting for what Terraform's provider waits for."""
    folder = tmp_path_factory.mktemp("upgrade")

    def one(name: str) -> Run:
        report = folder / f"{name}.json"
        ended = subprocess.run([str(REPO / "scripts/run-local"), "upgrade", "--skip-build", "--report", str(report), *RUNS[name]],
                               capture_output=True, text=True, timeout=900)
        assert report.is_file(), ended.stdout + ended.stderr
        return Run(ended.returncode, json.loads(report.read_text()), ended.stdout)

    with ThreadPoolExecutor(len(RUNS)) as pool:
        asked = {name: pool.submit(one, name) for name in RUNS}
        try:
            yield lambda name: asked[name].result()
        finally:
            pool.shutdown(cancel_futures=True)


def test_two_waves_and_a_way_back(run: Callable[[str], Run]) -> None:
    ran = run("healthy")
    assert ran.status == 0 and ran.report["complaints"] == [], ran.printed
    assert ran.report["statuses"] == ["SUCCEEDED", "FAILED"] and ran.report["versions"] == {"dev": "1.33", "prod": "1.32", "edge": "1.32"}
    assert {name: wave["status"] for name, wave in ran.waves().items()} == {
        "development": "COMPLETED", "production": "COMPLETED", "edge": "SKIPPED"}
    assert "wave production waits for an approval" in ran.printed
    assert ran.done("dev") == WHOLE and ran.done("prod") == ran.done("edge") == WHOLE + BACK and ran.report["taken_back"]
    planned = ran.printed.split("what an upgrade of edge would do")[1].split("==>")[0]
    steps = ["add-on vpc-cni: v1.18.0-eksbuild.1 to v1.19.0-eksbuild.1", "control plane: 1.32 to 1.33", "bake", "add-on kube-proxy",
             "add-on vpc-cni: v1.19.0-eksbuild.1 to v1.20.0-eksbuild.1", "node group a: 1.32 to 1.33", "node group b: 1.32 to 1.33"]
    assert [line.strip()[:len(step)] for step, line in zip(steps, planned.split("\nedge\n")[1].splitlines())] == steps, planned
    edge = ran.waves(1)["edge"]
    assert edge["status"] == "FAILED" and "NodeCreationFailure" in edge["reason"] and "rollback: done" in edge["reason"]
    assert [step["step"] for step in edge["steps"]] == ["perception", "reasoning", "execution", "validation", "rollback"]


def test_busy(run: Callable[[str], Run]) -> None:
    ran = run("in-use")
    assert ran.status == 0 and ran.report["complaints"] == [] and ran.report["statuses"] == ["SUCCEEDED"], ran.printed
    assert [call["status"] for call in ran.report["changes"] if call["status"] != 200] == [409] * 3
    assert ran.done("dev") == ran.done("prod") == WHOLE


@pytest.mark.parametrize(("fault", "step", "words", "done"), [
    ("insight", "reasoning", "insight ERROR: Deprecated APIs", []),
    ("addon", "reasoning", "add-on vpc-cni v1.18.0-eksbuild.1 has no version that goes with 1.32 and 1.33", []),
    ("update-failed", "execution", "the control plane's update Failed: IpNotAvailable: no free addresses (subnet-1)", WHOLE[:2]),
    ("pod-eviction", "execution", "node group a's update Failed: PodEvictionFailure", WHOLE[:5])])
def test_what_stops_a_wave(run: Callable[[str], Run], fault: str, step: str, words: str, done: list[str]) -> None:
    ran = run(fault)
    assert ran.status == 1 and ran.report["complaints"] == [] and ran.report["statuses"] == ["FAILED"], ran.printed
    waves = ran.waves()
    assert [wave["status"] for wave in waves.values()] == ["FAILED", "SKIPPED", "SKIPPED"]
    last = waves["development"]["steps"][-1]
    assert last["step"] == step and last["failed"] == ["dev"] and words in last["summary"], last
    assert ran.done("dev") == done and ran.done("prod") == ran.done("edge") == []
    assert ran.report["versions"] == {"dev": "1.33" if fault == "pod-eviction" else "1.32", "prod": "1.32", "edge": "1.32"}


def test_no_way_back(run: Callable[[str], Run]) -> None:
    """EKS refuses, and nobody calls that done."""
    ran = run("expired-rollback")
    assert ran.status == 1 and ran.report["complaints"] == [] and ran.report["statuses"] == ["SUCCEEDED", "FAILED"], ran.printed
    edge = ran.waves(1)["edge"]
    last = edge["steps"][-1]
    assert last["step"] == "rollback" and last["failed"] == ["edge"] and "not possible" in last["summary"], last
    assert "rollback: done" not in edge["reason"] and ran.report["versions"]["edge"] == "1.33"
    assert ran.done("edge")[:6] == WHOLE


def test_rejected(run: Callable[[str], Run]) -> None:
    """The wave that nobody approves changes nothing."""
    ran = run("rejected")
    assert ran.status == 1 and ran.report["statuses"][0] == "FAILED", ran.printed
    assert ran.waves()["production"]["status"] == "CANCELLED" and ran.done("dev") == WHOLE and ran.done("prod") == []
