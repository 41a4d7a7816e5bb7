"""Thousands of items, the longest names and texts: what fits, fits, and what does not is refused with words."""

import json
from typing import Any

import pytest

from .conftest import wave
from .deployment import Deployment, Rollout
from .interpreter import LIMIT
from .worker import LARGEST

LONGEST_CAUSE = 30_000


def names(count: int, length: int) -> list[str]:
    return [f"{number:0{length}}" for number in range(count)]


def size(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def ended(run: Rollout) -> Rollout:
    """What every end of a rollout promises, whatever it was."""
    assert run.outcome.error in ("", f"Rollout.{run.summary['status']}"), run.outcome
    assert size(run.summary) < LONGEST_CAUSE and len(run.outcome.cause.encode()) < LONGEST_CAUSE
    assert run.outcome.largest <= LIMIT and max(size(detail) for _, detail in run.told) < 100_000
    return run


def test_four_thousand_items(network: Deployment) -> None:
    many = names(4000, 12)
    waves = [wave("canary", *many[:10]), wave("half", *many[10:2000], maxErrors="10%"), wave("rest", maxErrors=5)]
    lost = many[10:200]
    run = ended(network.run({"waves": waves}, known=many, fail={"phase1": lost}))
    assert run.status == "COMPLETED" and run.waves == {"canary": "COMPLETED", "half": "COMPLETED", "rest": "COMPLETED"}
    done = {(each["wave"], each["step"]): each for each in run.asked if each["action"] == "start"}
    assert done["half", "phase2"]["instances"] == many[200:2000] and done["rest", "phase3"]["instances"] == many[2000:]
    assert done["rest", "phase3"]["reached"] == many
    found = run.summary["waves"][1]["steps"][0]
    assert (found["fail_count"], found["failed"]) == (190, lost[:20])


def test_four_thousand_of_four_thousand_chosen(network: Deployment) -> None:
    many = names(4000, 10)
    run = ended(network.run({"instances": many}, known=many))
    assert run.status == "COMPLETED" and run.asked[-1]["instances"] == many


def test_all_of_four_thousand_fail(network: Deployment) -> None:
    many = names(4000, 12)
    run = ended(network.run({"waves": [wave("all", maxErrors="50%", onFailure="rollback")]}, known=many, fail={"phase2": many}))
    assert run.reasons["all"].startswith("phase2: 4000 of 4000 failed (2000 may)") and run.asked[-1]["step"] == "rollback"
    assert run.summary["waves"][0]["steps"][1]["failed"] == many[:20]


def test_at_the_limit_and_above_it(network: Deployment) -> None:
    """Of the longest names a host can have, as many as a message carries beside those that were reached."""
    length = 63
    fits = next(count for count in range(2000, 0, -1) if 2 * size(names(count, length)) + 20 * count + 3000 < LARGEST)
    many = names(fits, length)
    run = ended(network.run({"waves": [wave("all", maxErrors="60%", onFailure="rollback")]}, known=many, fail={"phase1": many[:fits // 2]}))
    assert run.status == "COMPLETED" and run.outcome.largest > LIMIT / 2
    more = names(fits + 100, length)
    refused = network.run({}, known=more)
    assert refused.status == "Input.Invalid" and refused.outcome.cause.startswith("a step's message: ") and refused.told == []


@pytest.mark.parametrize("count", [1, 7, 50, 100])
@pytest.mark.parametrize("letter", ["x", "ü", "€", "\U0001f310", '"', "\n"])
def test_a_cause_stays_below_its_limit(network: Deployment, count: int, letter: str) -> None:
    """As many waves as there may be, with the longest names, each failing with as long a summary as a function gives."""
    of_each = 30 if count <= 50 else 15
    many = names(count * of_each, 63)
    waves = [wave(f"{number:040}", *many[number * of_each:][:of_each], onFailure="continue") for number in range(count)]
    answer = {"done": True, "success_count": 0, "fail_count": of_each, "failed": many[:of_each], "summary": letter * 3000,
              "results_uri": "s3://" + "b" * 200, "refs": ["r" * 64] * 40}
    run = ended(network.run({"waves": waves, "steps": ["phase2"]}, known=many, answer={"phase2": answer}))
    assert len(run.waves) == count and set(run.waves.values()) == {"FAILED"} and run.summary["start_at"].endswith(".phase2")
    assert all(reason.startswith(f"phase2: {of_each} of {of_each} failed") for reason in run.reasons.values())
    if count == 1:
        [step] = run.summary["waves"][0]["steps"]
        assert len(step["failed"]) == 20 and len(step["summary"]) == 600 and len(step["refs"]) == 20


def test_what_fits_is_whole_and_only_what_does_not_is_shortened(network: Deployment) -> None:
    many = names(12, 63)
    waves = [wave(f"w{number:02}", many[number], onFailure="continue") for number in range(12)]
    answer = {"done": True, "success_count": 0, "fail_count": 1, "failed": ["r1"], "summary": "y" * 3000}
    run = ended(network.run({"waves": waves}, known=many, answer={"phase1": answer}))
    assert all(len(each["steps"][0]["summary"]) == 600 for each in run.summary["waves"])


def test_the_longest_error(network: Deployment) -> None:
    run = ended(network.run({}, **{"raise": {"phase1": ["AWS.X", "\\\"ü" * 9000]}}))
    assert run.reasons["all"].startswith('phase1: AWS.X: \\"ü') and run.summary["waves"][0]["steps"][0]["error"] == "AWS.X"


def test_an_answer_that_is_too_large_is_no_end_of_the_execution(network: Deployment) -> None:
    """States.ALL does not catch it; its own name does."""
    answer = {"done": True, "success_count": 8, "fail_count": 0, "results": "x" * 270_000}
    run = network.run({}, answer={"phase2": answer})
    assert run.status == "FAILED" and run.reasons["all"].startswith("phase2: States.DataLimitExceeded: ")
    refused = network.run({}, answer={"admit": {"waves": [], "mine": "x" * 270_000}})
    assert refused.status == "States.DataLimitExceeded" and refused.told == []
