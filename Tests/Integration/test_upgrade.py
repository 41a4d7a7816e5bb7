"""Rows E1 to E8 of cluster upgrades over the real upgrade.zip, beside a stand-in of EKS that is as strict as the service."""

from __future__ import annotations

import functools
import itertools
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from harness import unpack
from upgrading import EXECUTION, TRAFFIC, UpgradeLab, cluster

from local.systems.upgrade.cluster import NodeGroup, Update


@pytest.fixture(scope="module")
def task_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack("upgrade", tmp_path_factory.mktemp("upgrade"))


@pytest.fixture
def lab(task_root: Path, tmp_path: Path) -> Iterator[UpgradeLab]:
    lab = UpgradeLab(task_root, tmp_path)
    lab.eks.add(cluster())
    try:
        yield lab
        lab.check_manners()
    finally:
        lab.stop()


def details(answer: dict, name: str = "dev") -> dict:
    return answer["results"][name]["details"]


def reasons(answer: dict, name: str = "dev") -> str:
    assert answer["failed"] == [name], answer
    return " | ".join(details(answer, name).get("reasons") or [answer["results"][name]["stderr"]])


def update_calls(lab: UpgradeLab) -> list[tuple[str, str]]:
    """What was begun, in order: the part and its version."""
    return [(update.name or update.kind, update.version) for update in lab.eks.clusters["dev"].updates]


WHOLE = [("vpc-cni", "v1.19.0-eksbuild.1"), ("cluster", "1.33"), ("kube-proxy", "v1.33.0-eksbuild.2"), ("vpc-cni", "v1.20.0-eksbuild.1"),
         ("a", "1.33"), ("b", "1.33")]

# The admission


def test_9_99_is_refused_by_name(lab: UpgradeLab) -> None:
    kind, words = lab.error("perception", lab.admit(target="9.99"))
    assert kind == "Input.Invalid" and "9.99" in words and "1.31, 1.32, 1.33, 1.34" in words
    assert not lab.services.events and not lab.eks.clusters["dev"].updates


@pytest.mark.parametrize(("event", "words"), [
    ({}, "target is missing"), ({"target": "1"}, "minor version"), ({"target": 1.33}, "must be a version"),
    ({"target": "1.33", "clusters": ["nobody"]}, "nobody"), ({"target": "1.30"}, "1.30 is no version"),
    ({"target": "1.33", "intervals": [10, 5, 100]}, "ascend"), ({"target": "1.33", "intervals": [10, 50]}, "end at 100"),
    ({"target": "1.33", "intervals": []}, "end at 100"), ({"target": "1.33", "intervals": [0, 100]}, "ascend"),
    ({"target": "1.33", "intervals": [10, 10, 100]}, "ascend"), ({"target": "1.33", "bake_seconds": 90000}, "bake_seconds"),
    ({"target": "1.33", "decommission": True}, "blue-green"), ({"target": "1.33", "strategy": "big-bang"}, "in-place, blue-green"),
    ({"target": "1.33", "node_groups_at_once": 0}, "node_groups_at_once")])
def test_what_no_rollout_may_say(lab: UpgradeLab, event: dict, words: str) -> None:
    """E7, and whatever else is known to be wrong before anything is told or changed."""
    kind, said = lab.error("perception", lab.admit(**event))
    assert kind == "Input.Invalid" and words in said, said
    assert not lab.services.events


def test_an_admission(lab: UpgradeLab) -> None:
    lab.deployment = {"dev": {}, "prod": {}}
    answer = lab.invocation("perception", lab.admit(target="1.33")).response
    assert answer["waves"][0]["items"] == ["dev", "prod"] and not lab.services.events


@pytest.mark.parametrize("timeout", [59, 86401])
@pytest.mark.parametrize("name", ["perception", "reasoning", "execution", "validation", "rollback"])
def test_times_that_no_step_has(lab: UpgradeLab, name: str, timeout: int) -> None:
    """E7."""
    assert "60 to 86400 seconds" in json.dumps(lab.run(name, timeout=timeout))
    assert not lab.eks.calls


def test_a_handler_that_there_is_not(lab: UpgradeLab) -> None:
    function = lab.function("bootstrap")
    assert function.bootstrap.wait() != 0 and any("_HANDLER" in line for line in function.bootstrap.logs())


# E1


def test_perception(lab: UpgradeLab) -> None:
    lab.eks.clusters["dev"].faults["insight"] = True
    answer = lab.run("perception")
    seen = details(answer)
    assert answer["success_count"] == 1 and seen["version"] == "1.32" and seen["status"] == "ACTIVE"
    assert seen["node_groups"] == {"a": "1.32 ACTIVE", "b": "1.32 ACTIVE"} and len(seen["addons"]) == 3
    assert seen["fargate_profiles"] == ["fp1", "fp2", "fp3"], "all pages"
    assert "Fargate" in " ".join(seen["notes"])
    assert len(seen["insights"]) == 1 and "flowcontrol" in seen["insights"][0]
    assert seen["standard_support_ends"] == "2027-01-15T08:00:00.000Z"
    assert len(lab.eks.made("StartInsightsRefresh")) == 1
    again = lab.run("perception")
    assert again["success_count"] == 1 and not lab.eks.clusters["dev"].updates


# E2


def test_a_plan(lab: UpgradeLab) -> None:
    plan = details(lab.run("reasoning"))["plan"]
    assert [step.split(":")[0] for step in plan] == ["add-on vpc-cni", "control plane", "bake", "add-on kube-proxy", "add-on vpc-cni",
                                                      "node group a", "node group b"]
    assert plan[1] == "control plane: 1.32 to 1.33" and not lab.eks.clusters["dev"].updates


def test_nothing_to_do(lab: UpgradeLab) -> None:
    lab.run("execution")
    assert details(lab.run("reasoning"))["plan"] == ["nothing to do"]


@pytest.mark.parametrize(("target", "words"), [("1.31", "older"), ("1.34", "1.33 next"), ("9.99", "skipped")])
def test_versions_that_can_not_be(lab: UpgradeLab, target: str, words: str) -> None:
    assert words in reasons(lab.run("reasoning", target=target))


def test_a_target_that_is_not_supported(lab: UpgradeLab) -> None:
    lab.eks.add(cluster("dev", "1.34"))
    said = reasons(lab.run("reasoning", target="1.35"))
    assert "1.35 is no version that EKS supports" in said


@pytest.mark.parametrize(("change", "words"), [
    (lambda c, lab: setattr(c, "status", "FAILED"), "FAILED, not ACTIVE"),
    (lambda c, lab: c.groups.update(a=NodeGroup("1.31")), "upgrade its nodes to 1.32 first"),
    (lambda c, lab: c.groups.update(a=NodeGroup("1.32", "DEGRADED", issues=[{"code": "AccessDenied", "message": "m", "resourceIds": []}])),
     "AccessDenied"),
    (lambda c, lab: c.faults.update(insight=True), "pass over insights with force"),
    (lambda c, lab: c.faults.update(addon="vpc-cni"), "add-on vpc-cni v1.18.0-eksbuild.1 has no version that goes with 1.32 and 1.33"),
    (lambda c, lab: lab.services.free.update({"subnet-1": 1, "subnet-2": 3}), "4 free addresses")])
def test_refusals(lab: UpgradeLab, change: object, words: str) -> None:
    change(lab.eks.clusters["dev"], lab)
    assert words in reasons(lab.run("reasoning"))
    assert not lab.eks.clusters["dev"].updates


def test_an_update_that_runs_is_waited_for_by_nobody(lab: UpgradeLab) -> None:
    lab.invocation("execution", lab.event(action="start"))
    lab.eks._go_on = lambda: None
    assert "wait until it has ended" in reasons(lab.run("reasoning"))


def test_force_passes_insights_only(lab: UpgradeLab) -> None:
    lab.eks.clusters["dev"].faults["insight"] = True
    assert lab.run("reasoning", force=True)["success_count"] == 1
    lab.services.free = {"subnet-1": 0, "subnet-2": 0}
    assert "free addresses" in reasons(lab.run("reasoning", force=True))


def test_nodes_of_ones_own_and_auto_mode(lab: UpgradeLab) -> None:
    dev = lab.eks.clusters["dev"]
    dev.auto, dev.groups["own"] = True, NodeGroup("1.32", ami="CUSTOM")
    notes = " | ".join(details(lab.run("reasoning"))["notes"])
    assert "own is skipped" in notes and "Auto Mode" in notes
    assert lab.run("execution")["success_count"] == 1 and dev.groups["own"].version == "1.32"
    assert "own" in " ".join(details(lab.run("validation"))["notes"])


MODEL = "us.example.model-v1:0"


@pytest.mark.parametrize("insight", [False, True])
def test_a_models_words_decide_nothing(lab: UpgradeLab, insight: bool) -> None:
    if insight:
        lab.eks.clusters["dev"].faults["insight"] = True
    without = lab.run("reasoning")
    assert not lab.services.asked and "advice" not in details(without)
    lab.services.words = f"{'All is well: go on' if insight else 'REFUSED: stop'}\n\x1b[31m" + "x" * 9000
    lab.function("reasoning", UPGRADE_ADVICE_MODEL=MODEL)
    answer = lab.run("reasoning")
    words = details(answer).pop("advice")
    assert words.startswith(lab.services.words[:10]) and "\x1b" not in words and len(words) <= 2000
    assert answer["results"]["dev"] == without["results"]["dev"] and answer["failed"] == without["failed"] == ["dev"] * insight
    (model, given), = lab.services.asked
    assert model == MODEL and "control plane: 1.32 to 1.33" in given["messages"][0]["content"][0]["text"]


def test_a_models_words_may_be_missing(lab: UpgradeLab) -> None:
    lab.services.words = None
    lab.function("reasoning", UPGRADE_ADVICE_MODEL=MODEL)
    answer = lab.run("reasoning")
    assert answer["success_count"] == 1 and len(lab.services.asked) == 1
    assert any(f"no advice of {MODEL}" in note and "AccessDeniedException" in note for note in details(answer)["notes"])


def test_what_no_model_is_called(lab: UpgradeLab) -> None:
    function = lab.function("reasoning", UPGRADE_ADVICE_MODEL="a model?")
    assert function.bootstrap.wait() != 0 and any("UPGRADE_ADVICE_MODEL" in line for line in function.bootstrap.logs())


# E3


def test_execution(lab: UpgradeLab) -> None:
    answer = lab.run("execution")
    assert answer["success_count"] == 1 and update_calls(lab) == WHOLE
    assert answer["refs"] == [update.id for update in lab.eks.clusters["dev"].updates]
    assert lab.run("validation")["success_count"] == 1
    before = len(lab.eks.clusters["dev"].updates)
    assert lab.run("execution")["success_count"] == 1 and len(lab.eks.clusters["dev"].updates) == before


def test_node_groups_at_once(lab: UpgradeLab) -> None:
    lab.run("execution", node_groups_at_once=2)
    a, b = lab.eks.clusters["dev"].updates[-2:]
    assert abs(a.created - b.created) < 30 and update_calls(lab) == WHOLE


def test_the_nodes_wait_for_the_bake(lab: UpgradeLab) -> None:
    lab.run("execution", bake_seconds=3000)
    updates = {update.name or update.kind: update for update in lab.eks.clusters["dev"].updates}
    assert updates["a"].created - updates["cluster"].created >= 3600


def test_a_plan_changes_nothing(lab: UpgradeLab) -> None:
    for name in ("perception", "reasoning", "execution", "validation", "rollback"):
        lab.run(name, mode="plan")
    assert not lab.eks.clusters["dev"].updates and not lab.services.events


def test_in_use_waits(lab: UpgradeLab) -> None:
    lab.eks.clusters["dev"].faults["in-use"] = 3
    assert lab.run("execution")["success_count"] == 1 and update_calls(lab) == WHOLE


@pytest.mark.parametrize(("fault", "status"), [("update-failed", "Failed"), ("cancelled", "Cancelled")])
def test_an_update_that_fails(lab: UpgradeLab, fault: str, status: str) -> None:
    lab.eks.clusters["dev"].faults[fault] = True
    said = reasons(lab.run("execution"))
    assert f"control plane's update {status}: IpNotAvailable: no free addresses (subnet-1)" in said
    assert update_calls(lab) == WHOLE[:2]


def test_pods_that_can_not_be_evicted(lab: UpgradeLab) -> None:
    lab.eks.clusters["dev"].faults["pod-eviction"] = "a"
    said = reasons(lab.run("execution"))
    assert "node group a's update Failed: PodEvictionFailure" in said and "ip-10-0-0-1.a" in said
    assert lab.run("execution", execution="arn:aws:states:us-east-1:123456789012:execution:upgrade:two", force_nodes=True)[
        "success_count"] == 1
    assert lab.eks.clusters["dev"].groups["a"].version == "1.33"


def test_insights_stop_execution_too(lab: UpgradeLab) -> None:
    lab.eks.clusters["dev"].faults["insight"] = True
    assert "InvalidStateException" in reasons(lab.run("execution"))
    assert [one.get("force") for one in lab.eks.made("UpdateClusterVersion")] == [None]


def test_what_is_not_answered_ends_nothing(lab: UpgradeLab) -> None:
    lab.eks.throttles = dict.fromkeys(("DescribeCluster", "UpdateClusterVersion", "DescribeUpdate", "UpdateNodegroupVersion"), 3)
    assert lab.run("execution")["success_count"] == 1 and update_calls(lab) == WHOLE


def test_one_cluster_says_nothing_of_another(lab: UpgradeLab) -> None:
    lab.deployment = {"dev": {}, "bad": {}}
    lab.eks.add(cluster("bad"))
    lab.eks.clusters["bad"].faults["update-failed"] = True
    answer = lab.run("execution", clusters=["dev", "bad"])
    assert answer["success_count"] == 1 and answer["failed"] == ["bad"] and update_calls(lab) == WHOLE


def test_so_many_clusters_at_once(lab: UpgradeLab) -> None:
    lab.deployment = {"dev": {}, "two": {}}
    lab.eks.add(cluster("two"))
    answer = lab.run("execution", clusters=["dev", "two"], maxConcurrency=1)
    assert answer["success_count"] == 2
    assert lab.eks.clusters["two"].updates[0].created >= lab.eks.clusters["dev"].updates[-1].created


def test_the_steps_time_is_over(lab: UpgradeLab) -> None:
    assert "timed out after 600 s" in json.dumps(lab.run("execution", timeout=600))


def survive(lab: UpgradeLab, name: str, most: int = 300, **fields: object) -> dict:
    """A step whose function may die at any call: the machine calls it again with what it has."""
    action, state, retries = "start", None, 0
    while True:
        most -= 1
        assert most > 0
        event = lab.event(action=action, state=state, retry_count=retries, **fields)
        function = lab._functions.get(name) or lab.function(name)
        invocation = function.runtime.invoke({key: value for key, value in event.items() if value is not None})
        while not invocation.done.wait(0.02):
            if not function.bootstrap.running():
                break
        if not invocation.done.is_set():
            lab.services.killing = None
            lab.function(name)
            retries += 1
            continue
        answer = invocation.response
        if answer["done"]:
            return answer
        lab.services.ahead += answer["wait_seconds"]
        state, action = answer["state"], "check"
        state["started"] -= answer["wait_seconds"]
        for known in (state.get("own") or {}).get("clusters", {}).values():
            if known.get("t"):
                known["t"] -= answer["wait_seconds"]


def upgraded(lab: UpgradeLab) -> None:
    """The cluster a moment after its upgrade."""
    dev = lab.eks.clusters["dev"] = cluster(version="1.33")
    dev.addons = {}
    dev.updates = [Update("cluster", "", "VersionUpdate", "1.33", lab.services.now(), "earlier", status="Successful")]


def blue_and_green(lab: UpgradeLab) -> None:
    """Two clusters, and records that say how much of the traffic each has."""
    lab.deployment = {"dev": {"traffic": {**TRAFFIC, "health": [lab.health_url]}}}
    lab.eks.add(cluster("dev-green", "1.33"))
    lab.eks.clusters["dev-green"].addons = {"vpc-cni": "v1.20.0-eksbuild.1"}


def shifts(lab: UpgradeLab) -> list[object]:
    """The weights in their order, each once: the same records twice are no change. At last whether the old cluster goes."""
    green = [change["green"] for change in lab.services.weights]
    return [*(weight for weight, _ in itertools.groupby(green)), len(lab.eks.made("DeleteCluster"))]


def without_groups(lab: UpgradeLab) -> None:
    blue_and_green(lab)
    lab.eks.clusters["dev"].groups = {}


@dataclass(frozen=True)
class Whole:
    """A step that changes something: what it begins with, what it is told, and all that it changes, in order."""

    step: str
    begin: Callable[[UpgradeLab], None]
    done: list[object]
    seen: Callable[[UpgradeLab], list[object]] = update_calls
    told: dict[str, object] = field(default_factory=dict)

    def lab(self, task_root: Path, folder: Path) -> UpgradeLab:
        lab = UpgradeLab(task_root, folder)
        lab.eks.add(cluster())
        self.begin(lab)
        return lab


WHOLES = {
    "upgrade": Whole("execution", lambda lab: None, WHOLE),
    "rollback": Whole("rollback", upgraded, [("cluster", "1.33"), ("a", "1.32"), ("b", "1.32"), ("cluster", "1.32")]),
    "traffic": Whole("execution", without_groups, [10, 25, 50, 75, 100, 1], shifts, {"strategy": "blue-green", "decommission": True}),
}


@pytest.fixture(scope="module")
def calls_of(task_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[int]]:
    """Every call that changes something with its neighbors, and every tenth; all with SDWAN_EVERY_CALL, which takes ten minutes."""

    @functools.cache
    def count(name: str) -> list[int]:
        whole = WHOLES[name]
        lab = whole.lab(task_root, tmp_path_factory.mktemp(name))
        try:
            lab.run(whole.step, bake_seconds=0, **whole.told)
            assert whole.seen(lab) == whole.done
            seen = lab.services.seen
            assert seen > 20 and len(lab.services.changing) >= 3
            near = {number + beside for number in lab.services.changing for beside in (-1, 0, 1)}
            step = 1 if os.environ.get("SDWAN_EVERY_CALL") else 10
            return sorted(number for number in near | set(range(1, seen + 1, step)) if number <= seen)
        finally:
            lab.stop()

    return count


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", WHOLES)
def test_killed_at_every_call(task_root: Path, tmp_path: Path, calls_of: Callable[[str], list[int]], name: str, is_after: bool) -> None:
    """Nothing is done twice, and nothing is left out."""
    whole = WHOLES[name]
    for number in calls_of(name):
        lab = whole.lab(task_root, tmp_path / str(number))
        lab.services.killing = number, is_after
        try:
            answer = survive(lab, whole.step, bake_seconds=0, **whole.told)
            assert lab.services.killing is None, f"nobody was killed at call {number}"
            assert answer["success_count"] == 1 and whole.seen(lab) == whole.done, (number, answer, whole.seen(lab))
            lab.check_manners()
        finally:
            lab.stop()


@pytest.mark.parametrize("name", WHOLES)
def test_every_answer_lost_once(task_root: Path, tmp_path: Path, calls_of: Callable[[str], list[int]], name: str) -> None:
    whole = WHOLES[name]
    for number in calls_of(name):
        lab = whole.lab(task_root, tmp_path / str(number))
        lab.services.lost = {number, number + 1}
        try:
            assert lab.run(whole.step, bake_seconds=0, **whole.told)["success_count"] == 1
            assert whole.seen(lab) == whole.done, (number, whole.seen(lab))
            lab.check_manners()
        finally:
            lab.stop()


@pytest.mark.parametrize("done", range(len(WHOLE)))
def test_resumed_from_any_state(lab: UpgradeLab, done: int) -> None:
    """Another execution goes on where the first was stopped, while its last update may still run."""
    answer = lab.invocation("execution", lab.event(action="start")).response
    while len(lab.eks.clusters["dev"].updates) <= done:
        answer = lab.check("execution", answer)
    other = "arn:aws:states:us-east-1:123456789012:execution:upgrade:two"
    assert lab.run("execution", execution=other)["success_count"] == 1 and update_calls(lab) == WHOLE


# E4


def test_validation_assumes_nothing(lab: UpgradeLab) -> None:
    lab.deployment = {"dev": {"health": [lab.health_url]}}
    dev = lab.eks.clusters["dev"]
    dev.groups["a"].issues = [{"code": "NodeCreationFailure", "message": "m", "resourceIds": []}]
    dev.addons["vpc-cni"], lab.services.health = "v1.20.0-eksbuild.1", 503
    said = reasons(lab.run("validation"))
    for words in ("has 1.32, not 1.33", "node group a has 1.32", "node group b has 1.32", "NodeCreationFailure",
                  "add-on vpc-cni is DEGRADED", "answers 503, not 2xx"):
        assert words in said, said


def test_what_comes_up_late_is_waited_for(lab: UpgradeLab) -> None:
    lab.deployment = {"dev": {"health": [lab.health_url]}}
    lab.run("execution")
    lab.services.health = 503
    answer = lab.invocation("validation", lab.event(action="start", validation_seconds=600)).response
    assert not answer["done"]
    lab.services.health = 204
    assert lab.check("validation", answer, validation_seconds=600)["success_count"] == 1


# E5


def test_rollback(lab: UpgradeLab) -> None:
    """Nodes first, where they moved."""
    lab.run("execution")
    answer = lab.run("rollback")
    assert answer["success_count"] == 1
    assert update_calls(lab)[len(WHOLE):] == [("a", "1.32"), ("b", "1.32"), ("cluster", "1.32")]
    assert lab.eks.clusters["dev"].updates[-1].type == "VersionRollback"


def test_one_owner(lab: UpgradeLab) -> None:
    """What the rule tells each function of an execution that ended without success begins nothing and takes nothing back: the
    machine's own step does that, once."""
    lab.run("execution")
    asked = len(lab.eks.calls)
    for name in ("perception", "reasoning", "execution", "validation", "rollback"):
        answer = lab.invocation(name, {"action": "cancel", "execution": EXECUTION}).response
        assert answer["cancelled_count"] == 0
    assert len(lab.eks.calls) == asked and update_calls(lab) == WHOLE


def test_rollback_of_what_did_not_move(lab: UpgradeLab) -> None:
    assert lab.run("rollback")["success_count"] == 1 and not lab.eks.clusters["dev"].updates


def test_rollback_while_the_upgrade_runs(lab: UpgradeLab) -> None:
    answer = lab.invocation("execution", lab.event(action="start")).response
    while len(lab.eks.clusters["dev"].updates) < 2:
        answer = lab.check("execution", answer)
    assert lab.run("rollback")["success_count"] == 1 and lab.eks.clusters["dev"].version == "1.32"


def test_what_another_execution_did_stays(lab: UpgradeLab) -> None:
    lab.run("execution")
    lab.services.execution_started = lab.services.now() + 3600
    answer = lab.run("rollback")
    assert answer["success_count"] == 1 and "keeps it" in " ".join(details(answer)["notes"]) and update_calls(lab) == WHOLE
    assert lab.run("rollback", any_upgrade=True)["success_count"] == 1 and lab.eks.clusters["dev"].version == "1.32"


def test_a_week_later(lab: UpgradeLab) -> None:
    lab.run("execution")
    for update in lab.eks.clusters["dev"].updates:
        update.created -= 8 * 86400
    assert "not possible: it was upgraded at" in reasons(lab.run("rollback", any_upgrade=True))
    assert update_calls(lab) == WHOLE


@pytest.mark.parametrize(("fault", "words"), [("expired-rollback", "InvalidRequestException"), ("rollback-insight", "insight ERROR")])
def test_a_rollback_that_can_not_be(lab: UpgradeLab, fault: str, words: str) -> None:
    lab.run("execution")
    lab.eks.clusters["dev"].faults[fault] = True
    said = reasons(lab.run("rollback"))
    assert "not possible: " in said and words in said


# E6


@pytest.fixture
def two(lab: UpgradeLab) -> UpgradeLab:
    blue_and_green(lab)
    return lab


def test_traffic(two: UpgradeLab) -> None:
    assert two.run("reasoning", strategy="blue-green")["success_count"] == 1
    assert two.run("execution", strategy="blue-green")["success_count"] == 1
    assert two.services.weights == [{"green": share, "blue": 100 - share} for share in (10, 25, 50, 75, 100)]
    assert two.run("validation", strategy="blue-green")["success_count"] == 1
    types = [event["DetailType"] for event in two.services.events]
    assert types.count("traffic.shifted") == 5 and types.count("cluster.provisioned") == 1 and "cluster.decommissioned" not in types
    assert two.eks.clusters["dev"].status == "ACTIVE" and not two.eks.made("DeleteCluster")


def test_a_failure_goes_back_at_once(two: UpgradeLab) -> None:
    answer = two.invocation("execution", two.event(action="start", strategy="blue-green")).response
    while len(two.services.weights) < 3:
        answer = two.check("execution", answer, strategy="blue-green")
    two.services.health = 500
    while not answer["done"]:
        answer = two.check("execution", answer, strategy="blue-green")
    said = reasons(answer)
    assert "all of the traffic is back at dev" in said and "answers 500" in said
    assert two.services.weights == [{"green": share, "blue": 100 - share} for share in (10, 25, 50, 0)]


def test_traffic_never_stays_half_way(two: UpgradeLab) -> None:
    answer = two.run("execution", strategy="blue-green", timeout=400)
    assert "back at dev" in reasons(answer) and two.services.weights[-1] == {"green": 0, "blue": 100}


def test_no_other_cluster(lab: UpgradeLab) -> None:
    assert "no other cluster" in reasons(lab.run("reasoning", strategy="blue-green"))
    lab.deployment = {"dev": {"traffic": TRAFFIC}}
    lab.function("reasoning")
    assert "ResourceNotFoundException" in json.dumps(lab.run("reasoning", strategy="blue-green"))


def test_a_green_cluster_that_is_not_ready_gets_nothing(two: UpgradeLab) -> None:
    two.eks.clusters["dev-green"].version = "1.32"
    assert "dev-green: the cluster has 1.32" in reasons(two.run("execution", strategy="blue-green"))
    assert not two.services.weights


@pytest.mark.parametrize(("protected", "groups", "words"), [
    (True, False, "deletion protection"), (False, True, "nodegroups"), (False, False, "")])
def test_decommission(two: UpgradeLab, protected: bool, groups: bool, words: str) -> None:
    dev = two.eks.clusters["dev"]
    dev.protected = protected
    if not groups:
        dev.groups = {}
    answer = two.run("execution", strategy="blue-green", decommission=True)
    assert answer["success_count"] == 1, json.dumps(answer)
    assert words in " ".join(details(answer).get("notes") or [])
    assert (dev.status == "DELETING") == (not words)


def test_rollback_of_traffic(two: UpgradeLab) -> None:
    two.run("execution", strategy="blue-green")
    assert two.run("rollback", strategy="blue-green")["success_count"] == 1
    assert two.services.weights[-1] == {"green": 0, "blue": 100}


# E8


def test_events(lab: UpgradeLab) -> None:
    for name in ("perception", "reasoning", "execution", "validation", "rollback"):
        lab.run(name)
    told = lab.services.events
    assert {event["Source"] for event in told} == {"eks-upgrade-agent"}
    assert [event["DetailType"] for event in told] == [
        "upgrade.started", "phase.started", "phase.completed", "phase.started", "phase.completed", "phase.started", "phase.completed",
        "phase.started", "validation.success", "phase.completed", "upgrade.completed", "rollback.triggered", "phase.started",
        "rollback.completed", "phase.completed"]
    assert all(event["Detail"]["cluster"] == "dev" and event["Detail"]["time"].endswith("Z") for event in told)
    assert len({event["Detail"]["id"] for event in told}) == len(told)


def test_events_of_failures(lab: UpgradeLab) -> None:
    lab.eks.clusters["dev"].faults["update-failed"] = True
    lab.run("execution")
    lab.run("validation")
    told = [event["DetailType"] for event in lab.services.events]
    assert told == ["phase.started", "phase.failed", "upgrade.failed",
                    "phase.started", "validation.failure", "phase.failed", "upgrade.failed"]
    assert "IpNotAvailable" in lab.services.events[1]["Detail"]["reasons"][0]


def test_events_that_are_not_taken_are_said(lab: UpgradeLab) -> None:
    lab.services.refuses_events = True
    answer = lab.run("reasoning")
    assert answer["success_count"] == 1 and "NotAuthorizedForSourceException" in " ".join(details(answer)["notes"])
