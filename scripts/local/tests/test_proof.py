"""What `scripts/lab prove` accepts, and what it does not."""

import pytest

from local import proof
from local.execution.progress import Progress
from local.fleet import faults

ROUTERS = {"a1": {"region": "A"}, "a2": {"region": "A"}, "b1": {"region": "B"}}
SAID = "a1: the commit failed: [[vpn]] failed; nothing was committed"


def broken(cause: str = f'phase2: 2 failed ["a1","a2"]: 1 of 3 routers succeeded; {SAID}; a2: no IPsec SA to a1',
           status: str = "FAILED", failed: tuple[str, ...] = ("a1", "a2")) -> Progress:
    return Progress(status, cause=cause, results={"phase2_result": {"failed": list(failed)}})


def mended(status: str = "SUCCEEDED", count: int = 3) -> Progress:
    results = {f"{phase}_result": {"success_count": 3} for phase in proof.PHASES}
    return Progress(status, results={**results, "phase3_result": {"success_count": count}})


def test_every_fault_has_its_words() -> None:
    assert set(proof.WANTED) | set(faults.NO_MATTER) == set(faults.KINDS)
    assert not set(proof.WANTED) & set(faults.NO_MATTER)


def test_a_sentence_is_one_routers() -> None:
    assert proof.sentence(broken().cause, "a1", ROUTERS) == SAID
    assert proof.sentence(broken().cause, "a2", ROUTERS) == "a2: no IPsec SA to a1"
    assert proof.sentence(broken().cause, "b1", ROUTERS) == ""
    diagnosed = "phase3: a2: key-mismatch: no IPsec SA; 1 of 3 routers succeeded; a1: key-mismatch at a2: no IPsec SA"
    assert proof.sentence(diagnosed, "a2", ROUTERS) == "a2: key-mismatch: no IPsec SA"
    assert proof.sentence(diagnosed, "a1", ROUTERS) == "a1: key-mismatch at a2: no IPsec SA"


def test_a_fault_that_is_noticed_and_named() -> None:
    assert proof.judge_broken("commit-fails", broken(), "a1", ROUTERS) == ""
    assert proof.judge_mended(mended(), 3) == ""


@pytest.mark.parametrize(("run", "wrong"), [
    (broken(status="SUCCEEDED"), "ended SUCCEEDED"),
    (broken(cause=f"phase3: {SAID}"), "it was not phase2"),
    (broken(cause="phase2: 1 failed; a2: the commit failed: x"), "is not what is said of a1"),
    (broken(cause="phase2: 1 failed; a1: something else; a2: the commit failed: x"), "is not what is said of a1"),
    (broken(failed=("a1", "b1")), "failed in the other region: b1"),
])
def test_a_fault_that_is_not(run: Progress, wrong: str) -> None:
    assert wrong in proof.judge_broken("commit-fails", run, "a1", ROUTERS)


@pytest.mark.parametrize("run", [mended(status="FAILED"), mended(count=2), Progress("SUCCEEDED")])
def test_a_repair_that_mends_less_than_everything(run: Progress) -> None:
    assert "after the repair" in proof.judge_mended(run, 3)


def test_a_fault_that_is_no_matter_leaves_all_healthy() -> None:
    assert proof.judge_no_matter(mended(), 3) == ""
    assert "no matter, but FAILED" in proof.judge_no_matter(mended(status="FAILED"), 3)
