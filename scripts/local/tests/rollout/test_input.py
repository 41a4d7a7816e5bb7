"""What an execution's input may be, and what it means."""

from typing import Any

import pytest

from .conftest import wave
from .deployment import Deployment

TWO = [wave("canary", "r1", "r2"), wave("rest", dependsOn=["canary"])]
STEPS = ["phase1", "phase2", "phase3"]


def test_without_waves_everything_is_one(network: Deployment) -> None:
    run = network.run({})
    assert (run.status, run.waves) == ("COMPLETED", {"all": "COMPLETED"})
    assert [step for _, step, *_ in run.started()] == STEPS and all(len(items) == 8 for _, _, *items in run.started())


def test_the_deployments_waves_are_the_default(network: Deployment) -> None:
    assert network.run({}, waves=TWO).waves == {"canary": "COMPLETED", "rest": "COMPLETED"}


def test_waves_come_with_the_execution(network: Deployment) -> None:
    run = network.run({"waves": [wave("one", "r3"), wave("two", "r5", "r4")]}, waves=TWO)
    assert run.started() == [("one", step, "r3") for step in STEPS] + [("two", step, "r5", "r4") for step in STEPS]
    assert (run.status, run.summary["left_out"]) == ("COMPLETED", 5)


@pytest.mark.parametrize("given", [[], [{"start_at": "all"}], "all", 7, True, None])
def test_what_is_no_object_is_refused(network: Deployment, given: Any) -> None:
    run = network.run(given)
    assert run.status == "Input.Invalid" and run.outcome.cause.startswith("the input must be a JSON object, such as {}")
    assert run.asked == [] and run.told == []


@pytest.mark.parametrize("given, words", [
    ({"action": "check"}, "action: the state machine itself sets this"),
    ({"wave": "a", "step": "b"}, "wave, step: the state machine itself sets this"),
    *(({field: 1}, f"{field}: the state machine itself sets this") for field in (
        "execution", "maxConcurrency", "reached", "retry_count", "state", "timeout")),
    ({"start_at": 3}, "start_at: 3 is no name; give WAVE or WAVE.STEP"),
    ({"start_at": ["all"]}, 'start_at: ["all"] is no name'),
    ({"start_at": False}, "start_at: false is no name"),
    ({"steps": "phase1"}, "steps: must be a list of names"),
    ({"instances": "r1"}, "instances: must be a list of names"),
    ({"instances": {"r1": 1}, "steps": 3}, "steps, instances: must be a list of names"),
])
def test_what_can_not_be_is_refused_before_any_call(network: Deployment, given: Any, words: str) -> None:
    run = network.run(given)
    assert run.status == "Input.Invalid" and run.outcome.cause.startswith(words)
    assert run.asked == [] and run.told == []


@pytest.mark.parametrize("given, words", [
    ({"start_at": "nobody"}, 'start_at: "nobody" is no wave, or no step that its wave has now: canary (phase1, phase2, phase3), rest'),
    ({"start_at": ""}, 'start_at: "" is no wave'),
    ({"start_at": "canary.phase4"}, 'start_at: "canary.phase4" is no wave'),
    ({"start_at": "phase2"}, 'start_at: "phase2" is no wave'),
    ({"start_at": "rest.phase1", "steps": ["phase2"]}, 'start_at: "rest.phase1" is no wave'),
    ({"steps": ["phase4"]}, "steps: phase4 are not all among phase1, phase2, phase3, rollback"),
    ({"steps": ["phase1", 3]}, "steps: phase1, 3 are not all among"),
    ({"steps": []}, "steps, instances: nothing is left to do in any wave"),
    ({"instances": []}, "steps, instances: nothing is left to do in any wave"),
    ({"waves": [wave("one", "r1")], "instances": ["r2"]}, "steps, instances: nothing is left to do in any wave"),
    ({"instances": ["r1", "nobody"]}, "instances: there is no nobody"),
    ({"waves": []}, "waves: must be a list of waves"),
    ({"waves": "canary"}, "waves: must be a list of waves"),
    ({"waves": [wave("a", "r1"), wave("a", "r2")]}, "wave a: a name of its own"),
    ({"waves": [wave("a", "r1", colour="blue")]}, "wave a: there is no field colour"),
    ({"waves": [{"name": "a", "routers": []}, wave("b", *[f"r{n}" for n in range(1, 9)])]}, "wave a: it is empty"),
    ({"waves": [wave("a", "r1", dependsOn=["b"]), wave("b", "r2")]}, "wave a: dependsOn b"),
    ({"waves": [wave("a", "r1", dependsOn=["a"])]}, "wave a: dependsOn a"),
    ({"waves": [wave("a", "r1"), wave("b", "r1")]}, "r1 is in two waves"),
    ({"waves": [wave("a", "r1", onFailure="undo")]}, "wave a: onFailure is stop"),
    ({"waves": [wave("a", "r1", maxErrors="half")]}, "wave a: maxErrors is a number"),
])
def test_a_bad_plan_is_refused_when_nothing_was_done_or_told(network: Deployment, given: Any, words: str) -> None:
    run = network.run(given, waves=TWO)
    assert (run.outcome.status, run.outcome.error) == ("FAILED", "Input.Invalid") and run.outcome.cause.startswith(words)
    assert [each["action"] for each in run.asked] == ["admit"] and run.told == []


def test_the_admission_gets_everything_that_was_given(network: Deployment) -> None:
    given = {"waves": TWO, "start_at": "rest.phase2", "instances": ["r3"], "mode": "apply", "mine": {"a": 1}}
    admission = network.run(given).asked[0]
    event = {"start_at": "rest.phase2", "instances": ["r3"], "mode": "apply", "mine": {"a": 1}}
    assert (admission["action"], admission["waves"], admission["event"]) == ("admit", TWO, event)
    assert [step["name"] for step in admission["steps"]] == STEPS and admission["undo"]["name"] == "rollback"
    assert admission["steps"][2]["timeout"] == 1800 and admission["execution"].startswith("arn:")


@pytest.mark.parametrize("answer", [{"waves": []}, {}, {"waves": [{"items": ["r1"]}]}, "words", None,
                                    {"waves": [{"name": "a", "items": ["r1"]}, {"name": "a", "items": ["r2"]}]},
                                    {"waves": [{"name": f"w{n}", "items": [f"r{n}"]} for n in range(101)]}])
def test_an_admission_that_names_no_plan_is_not_believed(network: Deployment, answer: Any) -> None:
    run = network.run({}, answer={"admit": answer})
    assert run.status == "Input.Invalid" and run.outcome.cause.startswith("waves: the admission gives ") and run.told == []


def test_an_admission_that_fails_is_told_with_its_own_error(network: Deployment) -> None:
    run = network.run({}, **{"raise": {"admit": ["AWS.AccessDeniedException", 'not "allowed" to \\ do:\nthis']}})
    assert (run.status, run.outcome.cause) == ("AWS.AccessDeniedException", 'not "allowed" to \\ do:\nthis')


def test_null_counts_as_absent(network: Deployment) -> None:
    run = network.run({"waves": None, "start_at": None, "instances": None, "steps": None, "mode": None, "action": None, "mine": None},
                      waves=TWO)
    assert run.waves == {"canary": "COMPLETED", "rest": "COMPLETED"}
    assert all(run_of not in each for each in run.asked for run_of in ("mine", "mode")) and "mine" not in run.asked[0]["event"]


def test_null_counts_as_absent_in_an_admitted_wave(network: Deployment) -> None:
    nothing = dict.fromkeys(("dependsOn", "pauseBefore", "onFailure", "maxErrors", "maxConcurrency", "steps"))
    run = network.run({}, answer={"admit": {"waves": [{"name": "a", "items": ["r1"], **nothing}], "left_out": None}})
    assert run.status == "COMPLETED" and [step for _, step, *_ in run.started()] == STEPS and "left_out" not in run.summary
    assert {each["maxConcurrency"] for each in run.asked[1:]} == {200}


def test_each_wave_keeps_the_items_that_are_asked_for(network: Deployment) -> None:
    run = network.run({"instances": ["r2", "r5"]}, waves=[wave("canary", "r1", "r2"), wave("more", "r3", "r4"), wave("rest")])
    assert {(name, *items) for name, _, *items in run.started()} == {("canary", "r2"), ("rest", "r5")}
    assert (run.status, run.waves) == ("COMPLETED", {"canary": "COMPLETED", "more": "SKIPPED", "rest": "COMPLETED"})
    assert run.reasons["more"] == "none of its instances is asked for"


def test_a_wave_that_is_left_empty_stands_in_no_others_way(network: Deployment) -> None:
    run = network.run({"instances": ["r5"]}, waves=TWO)
    assert (run.status, run.waves) == ("COMPLETED", {"canary": "SKIPPED", "rest": "COMPLETED"})


def test_what_else_is_given_is_every_steps_event(network: Deployment) -> None:
    run = network.run({"recreate": "never", "mine": [1, {"a": None}], "instances": ["r1"], "waves": TWO, "start_at": "canary"})
    for each in run.asked[1:]:
        assert (each["recreate"], each["mine"]) == ("never", [1, {"a": None}])
        assert not each.keys() & {"waves", "start_at", "steps"}


@pytest.mark.parametrize("start, first", [("canary", ("canary", "phase1")), ("canary.phase1", ("canary", "phase1")),
                                          ("canary.phase3", ("canary", "phase3")), ("rest", ("rest", "phase1")),
                                          ("rest.phase2", ("rest", "phase2"))])
def test_start_at(network: Deployment, start: str, first: tuple[str, str]) -> None:
    run = network.run({"start_at": start}, waves=TWO)
    every = [(name, step) for name in ("canary", "rest") for step in STEPS]
    assert [(name, step) for name, step, *_ in run.started()] == every[every.index(first):]
    assert run.status == "COMPLETED"


def test_what_is_before_start_at_counts_as_done(network: Deployment) -> None:
    waves = [wave("a", "r1"), wave("b", "r2", dependsOn=["a"]), wave("c", dependsOn=["a", "b"])]
    run = network.run({"start_at": "b.phase3"}, waves=waves)
    assert (run.status, run.waves) == ("COMPLETED", {"a": "SKIPPED", "b": "COMPLETED", "c": "COMPLETED"})
    assert run.reasons["a"] == "it is before start_at"


def test_a_step_of_start_at_belongs_to_its_wave_only(network: Deployment) -> None:
    run = network.run({"start_at": "a.phase3", "waves": [wave("a", "r1"), wave("b", "r2")]})
    assert run.started() == [("a", "phase3", "r1"), *(("b", step, "r2") for step in STEPS)]


@pytest.mark.parametrize("steps", [["phase2"], ["phase3", "phase1"], ["phase1", "rollback"]])
def test_steps(network: Deployment, steps: list[str]) -> None:
    """In the deployment's order, whatever order they are given in; the undo is done only where something fails."""
    run = network.run({"steps": steps, "instances": ["r1"]})
    assert run.started() == [("all", step, "r1") for step in STEPS if step in steps] and run.status == "COMPLETED"


def test_the_undo_alone_is_a_step(network: Deployment) -> None:
    run = network.run({"steps": ["rollback"], "waves": [wave("a", "r1", onFailure="rollback"), wave("b", "r2")]}, fail={"rollback": ["r1"]})
    assert run.started() == [("a", "rollback", "r1")] and run.asked[1]["mode"] == "rollback"
    assert run.waves == {"a": "FAILED", "b": "SKIPPED"} and run.summary["start_at"] == "a.rollback"


def test_steps_without_the_undo_leave_it_out(network: Deployment) -> None:
    waves = [wave("a", "r1", onFailure="rollback")]
    run = network.run({"steps": ["phase2"], "waves": waves}, fail={"phase2": ["r1"]})
    assert run.started() == [("a", "phase2", "r1")] and run.reasons["a"].endswith("; not rolled back")
    run = network.run({"steps": ["phase2", "rollback"], "waves": waves}, fail={"phase2": ["r1"]})
    assert run.started() == [("a", "phase2", "r1"), ("a", "rollback", "r1")]


def test_another_deployment_has_its_own_word(servers: Deployment, clusters: Deployment) -> None:
    both = ["s-1", "s-2"]
    run = servers.run({"servers": ["s-2"], "instances": ["mine"], "waves": [{"name": "a", "servers": both}]}, known=both)
    assert run.status == "COMPLETED" and run.asked[1]["servers"] == ["s-2"] and run.asked[1]["instances"] == ["mine"]
    run = clusters.run({"clusters": ["dev"]}, known=["dev", "prod"])
    assert [(each["step"], each["clusters"]) for each in run.asked if each["action"] == "start"] == [
        (step, ["dev"]) for step in ("perception", "reasoning", "execution", "validation")]
