"""Rollouts by lot, against a model that says in plain Python what a rollout comes to."""

import os
import random
from typing import Any

import pytest

from .deployment import Deployment, Rollout
from .interpreter import Failed

STEPS = ["phase1", "phase2", "phase3"]
SEED = int(os.environ.get("SDWAN_TEST_SEED", "0")) or random.randrange(1, 10**9)
COUNT = 120
Json = dict[str, Any]


class Expected:
    """What the contract says of an input; `fail` says what fails in which step, `rejected` which waves nobody approves."""

    def __init__(self, given: Json, known: list[str], fail: dict[str, list[str]], rejected: list[str]) -> None:
        self.started: list[tuple[Any, ...]] = []
        self.waves: dict[str, str] = {}
        self._fail = fail
        first, _, at_step = given.get("start_at", "").partition(".")
        satisfied, stopped, is_before = set(), False, bool(first)
        is_plan = given.get("mode") == "plan"
        named = [item for wave in given["waves"] for item in wave.get("routers", [])]
        for wave in given["waves"]:
            name = wave["name"]
            is_before = is_before and name != first
            items = [item for item in wave.get("routers") or [item for item in known if item not in named]
                     if item in given.get("instances", known)]
            commands = ["pre1"] if "preCommands" in wave and not is_plan else []
            steps = [step for step in [*commands, *STEPS] if step in given.get("steps", [step])]
            if name == first and at_step:
                steps = steps[steps.index(at_step):]
            if is_before or not items or not steps:
                self.waves[name] = "SKIPPED"
                satisfied.add(name)
            elif stopped or not set(wave.get("dependsOn", [])) <= satisfied:
                self.waves[name] = "SKIPPED"
            elif wave.get("pauseBefore") and not is_plan and name in rejected:
                self.waves[name], stopped = "CANCELLED", True
            elif self._wave(wave, items, steps):
                self.waves[name] = "COMPLETED"
                satisfied.add(name)
            else:
                self.waves[name] = "FAILED"
                stopped = stopped or wave.get("onFailure") != "continue"
                if wave.get("onFailure") == "rollback" and not is_plan and "rollback" in given.get("steps", ["rollback"]):
                    self.started.append((name, "rollback", *items))
        ended = set(self.waves.values())
        self.status = ("CANCELLED" if "CANCELLED" in ended else "COMPLETED" if set(self.waves) == satisfied
                       else "PARTIAL" if "COMPLETED" in ended else "FAILED")

    def _wave(self, wave: Json, items: list[str], steps: list[str]) -> bool:
        most = str(wave.get("maxErrors", 0))
        allowed = len(items) * int(most[:-1]) // 100 if most.endswith("%") else int(most)
        left = items
        for step in steps:
            self.started.append((wave["name"], step, *left))
            failed = [item for item in left if item in self._fail.get(step, [])]
            if step == "pre1" and not wave["preCommands"][0]["required"]:
                continue
            left = [item for item in left if item not in failed]
            if len(items) - len(left) > allowed or not left:
                return False
        return True


def by_lot(lot: random.Random) -> tuple[Json, list[str], dict[str, list[str]], list[str]]:
    known = [f"r{number}" for number in range(lot.randint(1, 12))]
    cuts = sorted(lot.sample(range(1, len(known)), min(lot.randint(0, 4), len(known) - 1)))
    parts = [known[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(known)])]
    waves: list[Json] = []
    for number, part in enumerate(parts):
        wave: Json = {"name": f"w{number}", "routers": part}
        if number == len(parts) - 1 and lot.random() < 0.5:
            wave = {"name": f"w{number}", "rest": True}
        if waves and lot.random() < 0.5:
            wave["dependsOn"] = lot.sample([each["name"] for each in waves], lot.randint(1, len(waves)))
        for field, values in {"onFailure": ["stop", "continue", "rollback"], "maxErrors": [0, 1, 3, "10%", "50%", "100%"],
                              "pauseBefore": [True, False], "maxConcurrency": [1, 2, 100],
                              "preCommands": [[{"document": "D", "required": False}], [{"document": "D", "required": True}]]}.items():
            if lot.random() < 0.4:
                wave[field] = lot.choice(values)
        waves.append(wave)
    given: Json = {"waves": waves}
    if lot.random() < 0.3:
        given["instances"] = lot.sample(known, lot.randint(1, len(known)))
    if lot.random() < 0.3:
        given["steps"] = lot.choice([STEPS, ["phase2"], ["phase1", "phase3"], ["phase2", "rollback"]])
    if lot.random() < 0.2:
        given["mode"] = "plan"
    if lot.random() < 0.3:
        given["start_at"] = lot.choice(waves)["name"] + lot.choice(["", "." + given.get("steps", STEPS)[0]])
    fail = {step: lot.sample(known, lot.randint(0, len(known))) for step in ("pre1", *STEPS) if lot.random() < 0.35}
    return given, known, fail, [wave["name"] for wave in waves if lot.random() < 0.3]


@pytest.mark.parametrize("number", range(COUNT))
def test_a_rollout_by_lot(network: Deployment, number: int) -> None:
    print(f"SDWAN_TEST_SEED={SEED}")
    given, known, fail, rejected = by_lot(random.Random(SEED * 1000 + number))

    def approve(detail: Json) -> Json:
        if detail["wave"] in rejected:
            raise Failed("Rejected", "by lot")
        return {}
    run: Rollout = network.run(given, approve=approve, known=known, fail=fail)
    expected = Expected(given, known, fail, rejected)
    assert (run.status, run.waves, run.started()) == (expected.status, expected.waves, expected.started), (given, fail, rejected)
    if run.status != "COMPLETED":
        # With nothing in its way any more it ends where it goes on, and whatever had not completed has.
        again = network.run({**given, "start_at": run.summary["start_at"]}, known=known)
        assert again.status == "COMPLETED" and all(
            again.waves[name] == "COMPLETED" for name, status in run.waves.items()
            if status in ("FAILED", "CANCELLED")), (given, fail, rejected, run.summary)
