"""The fields of an event: what is known, what is ignored, what is refused."""

from __future__ import annotations

import pytest

from harness import Lab
from network import NAMES

REFUSED = [
    ({"instances": ["nv-sdwan", "atlantis"]}, "atlantis"),
    ({"instances": "nv-sdwan"}, "instances"),
    ({"instances": [1]}, "instances"),
    ({"mode": "plan"}, "plan"),
    ({"mode": "apply-it"}, "apply-it"),
    ({"mode": 5}, "mode"),
    ({"action": "start"}, "start"),
    ({"action": "check"}, "check"),
    ({"action": "cancel"}, "cancel"),
    ({"action": "dance"}, "dance"),
    ({"confirm": True}, "confirm"),
    ({"confirm": "yes"}, "confirm"),
    ({"recreate": "never"}, "recreate"),
    ({"recreate": "sometimes"}, "recreate"),
]


@pytest.mark.parametrize("phase", ["phase1", "phase2", "phase3"])
def test_what_does_not_exist_is_refused_before_anything_happens(lab: Lab, phase: str) -> None:
    function = lab.start(phase)
    for event, word in REFUSED:
        error = function.invoke(event).error
        assert error["errorType"] == "Event.Invalid" and word in error["errorMessage"], (event, error)
    assert not lab.ssm.commands


def test_an_unknown_router_is_answered_with_the_known_ones(lab: Lab) -> None:
    message = lab.start("phase1").invoke({"instances": ["atlantis"]}).error["errorMessage"]
    assert all(name in message for name in NAMES)


def test_instances_choose(lab: Lab) -> None:
    function = lab.start("phase2")
    for chosen in (["nv-sdwan"], ["fra-branch1", "nv-branch1"]):
        result = function.invoke({"instances": chosen, "mode": "apply", "action": "run"}).response
        assert sorted(result["results"]) == sorted(chosen) and result["success_count"] == len(chosen)
    assert len(lab.ssm.commands) == 3


def test_unknown_fields_and_earlier_results_are_ignored(lab: Lab) -> None:
    event = {"modus": "plan", "nested": {"mode": "plan", "instances": 5}, "number": 12345678901234567890,
             "phase1_result": {"results": {"nv-sdwan": {"status": "Failed"}}, "mode": "plan"}}
    assert lab.start("phase2").invoke(event).response["success_count"] == 4
