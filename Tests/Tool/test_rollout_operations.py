"""Each command of docs/operations.md over a lab, in the page's order: it ends as the page says, and its JSON keeps to docs/schema."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from labs import REPO, Lab, lab, seen
from page import Block, blocks

# They would ask.
ASKING = ("up", "resume", "rollback", "rotate-psk")
# They change something: once is enough, and as JSON, which says more.
CHANGING = (*ASKING, "stop", "approve", "reject", "watch")
BLOCKS = blocks()
done: set[str] = set()


@pytest.mark.parametrize("block", BLOCKS, ids=[f"{block.title}: {block.commands[0]}" for block in BLOCKS])
def test_the_commands_of_the_page(rollout: Lab, block: Block) -> None:
    for words in block.before:
        prepare(rollout, words)
    assert len(block.ends) == len(block.commands)
    for command, status in zip(block.commands, block.ends):
        words = shlex.split(command)
        assert words[0] == "sdwan", f"{command}: what is no command of the tool stands in a block of its own kind"
        verb = words[1]
        if verb in CHANGING and command in done and "--approve" in words:
            continue
        if verb == "rollback":
            done.clear()
        done.add(command)
        words = words[1:] + (["--yes"] if verb in ASKING else [])
        if verb not in CHANGING:
            assert rollout.sdwan(*words, status=status).strip(), f"{command} prints nothing"
        rollout.json(*words, status=status)


def prepare(network: Lab, words: str) -> None:
    if words == "until waiting":
        running(network)
        network.until(lambda page: page.get("waits_for") == "others", "wave others waits")
    elif words == "until working":
        running(network)
        network.until(lambda page: any(wave["name"] == "others" and wave["status"] == "RUNNING" and wave.get("step")
                                       for wave in page.get("waves", [])), "wave others works")
    else:
        lab(*words.split())


def running(network: Lab) -> None:
    if network.json("status", status=None)[-1]["execution"]["status"] != "RUNNING":
        network.sdwan("up", "--detach", "--yes")


def test_a_rejected_wave_and_a_status_that_says_so(rollout: Lab) -> None:
    rollout.settle()
    rollout.json("up", "--detach", "--yes")
    rollout.until(lambda page: page.get("waits_for") == "others", "wave others waits")
    assert "sdwan approve others" in rollout.sdwan("status", status=None)
    rollout.sdwan("approve", "canary", status=2)
    rollout.json("reject", "others", "--reason", "not on a Friday")
    page = rollout.until(lambda page: page["execution"]["status"] == "FAILED", "the rollout ends")
    waves = {wave["name"]: wave for wave in page["waves"]}
    assert waves["others"]["status"] == "CANCELLED" and "not on a Friday" in waves["others"]["reason"]
    assert page["start_at"] == "others"
    rollout.sdwan("approve", status=2)


def test_waves_of_its_own(rollout: Lab, tmp_path: Path) -> None:
    rollout.settle()
    file = tmp_path / "waves.json"
    file.write_text(json.dumps([{"name": "one", "routers": ["nv-sdwan", "nv-branch1"]}]))
    lines = rollout.json("up", "--waves", str(file), "--from", "one.phase3", "--yes")
    assert [line["stage"] for line in lines if line.get("event") == "stage_began"] == ["phase3"]
    assert [(wave["name"], wave["status"]) for wave in lines[-1]["waves"]] == [("one", "COMPLETED")]
    # The others' verdicts are those of an older execution.
    page = rollout.json("status")[-1]
    executions = {router["router"]: router["execution"] for router in page["routers"]}
    assert executions["nv-sdwan"] == page["execution"]["name"] != executions["fra-sdwan"]


def test_the_readme_points_to_commands_that_there_are(rollout: Lab) -> None:
    text = (REPO / "README.md").read_text()
    assert "docs/operations.md" in text


def test_every_schema_is_held_against_something() -> None:
    """Runs last: what no command prints any more is no schema."""
    known = {file.stem for file in (REPO / "docs/schema").glob("*.json")}
    assert known - seen == set(), "nothing was held against these"
