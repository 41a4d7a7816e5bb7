"""`sdwan recovery` as it is built, over the emulators: what it starts, asks, says and refuses, and its JSON."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ...network_file import REPO
from ...tool import HOME_REGION, PROGRAM
from .account import Account

AS_WANTED, FAILED, WRONG_USE, WAITS, REFUSED = 0, 1, 2, 4, 5


def sdwan(*words: str) -> tuple[int, str, str]:
    """Exit status, stdout and stderr; nobody is there to be asked."""
    ran = subprocess.run([PROGRAM, "recovery", *words, "--region", HOME_REGION], stdin=subprocess.DEVNULL, capture_output=True,
                         text=True, timeout=120, env=os.environ)
    return ran.returncode, ran.stdout, ran.stderr


def told(schema: str, *words: str, status: int = AS_WANTED) -> list[dict[str, Any]]:
    """What is printed as JSON, each line held against its schema; whoever follows an execution ends with its status."""
    code, printed, complaint = sdwan(*words, "--output", "json")
    assert code == status, printed + complaint
    lines = [json.loads(line) for line in printed.splitlines()]
    assert lines
    for line in lines:
        kind = "status" if schema == "watch" and "event" not in line else schema
        Draft202012Validator(json.loads((REPO / f"docs/schema/{kind}.json").read_text())).validate(line)
    return lines


@pytest.fixture
def waves(account: Account, tmp_path: Path) -> Iterator[str]:
    """A file with two waves, of which the second waits."""
    file = tmp_path / "waves.json"
    file.write_text(json.dumps([{"name": "one", "servers": account.servers()},
                                {"name": "two", "servers": account.servers(), "pauseBefore": True}]))
    yield str(file)


def servers(file: str) -> list[list[str]]:
    return [wave["servers"] for wave in json.loads(Path(file).read_text())]


def test_a_drill_from_its_start_to_its_end(account: Account, waves: str) -> None:
    [started] = told("started", "drill", "--waves", waves, "--detach")
    name = started["execution"]
    code, _, complaint = sdwan("watch", name, "--no-wait")
    assert code == WAITS and "sdwan recovery approve two, or sdwan recovery reject two" in complaint
    code, _, complaint = sdwan("approve", "one")
    assert code == WRONG_USE and "it is wave two that waits, not one" in complaint
    code, _, complaint = sdwan("terminate", name, "--yes")
    assert code == WRONG_USE and "sdwan recovery stop first" in complaint
    [answer] = told("answer", "approve", "two")
    assert answer["wave"] == "two" and answer["approved"] is True
    lines = told("watch", "watch", name)
    assert [line["status"] for line in lines if line.get("event") == "wave_ended"] == ["COMPLETED", "COMPLETED"]
    [history] = told("history", "history", "--last", "1")
    assert history["executions"][0]["name"] == name and history["executions"][0]["status"] == "SUCCEEDED"
    [ended] = told("recovery-terminate", "terminate", name, "--yes")
    assert (ended["terminated"], ended["failed"]) == (4, [])
    drills = [call["isDrill"] for call in account.calls("StartRecovery")
              if {one["sourceServerID"] for one in call["sourceServers"]} & {*sum(servers(waves), [])}]
    assert drills == [True, True]


def test_a_drill_that_is_rejected_and_goes_on(account: Account, waves: str) -> None:
    code, printed, complaint = sdwan("drill", "--waves", waves, "--approve", "no")
    assert code == FAILED and "Go on with two: sdwan recovery resume" in printed, printed + complaint
    assert not account.launched().keys() & set(servers(waves)[1])
    code, printed, complaint = sdwan("resume", "--yes", "--approve", "yes")
    assert code == AS_WANTED and "wave two COMPLETED" in printed, printed + complaint
    assert all(account.launched()[server] == 1 for wave in servers(waves) for server in wave)


def test_a_recovery_is_never_one_by_mistake(account: Account) -> None:
    mine = account.servers()
    code, _, complaint = sdwan("start", *mine)
    assert code == WRONG_USE and not account.launched().keys() & set(mine), complaint
    file = account.folder / "earnest.json"
    file.write_text(json.dumps([{"name": "one", "servers": mine}]))
    assert told("watch", "start", "--waves", str(file), "--yes")[-1]["execution"]["status"] == "SUCCEEDED"
    calls = [call for call in account.calls("StartRecovery") if call["sourceServers"][0]["sourceServerID"] == mine[0]]
    assert [call["isDrill"] for call in calls] == [False]
    code, _, complaint = sdwan("terminate", "--yes")
    assert code == REFUSED and "is no drill (START_RECOVERY); nothing was terminated" in complaint


@pytest.mark.parametrize("words,status,says", [
    (("drill", "--waves", "/nowhere"), WRONG_USE, "/nowhere is no file with a list of waves"),
    (("drill", "--type", "recovery"), WRONG_USE, "--type"), (("drill", "--columns", "3"), WRONG_USE, "--columns"),
    (("watch", "nobody"), WRONG_USE, "nobody"), (("approve",), WRONG_USE, "no wave waits"),
    (("drill", "--name", "elsewhere"), REFUSED, "elsewhere"),
])
def test_wrong_input(account: Account, words: tuple[str, ...], status: int, says: str) -> None:
    """One sentence, and nothing is started."""
    before = len(account.calls("StartRecovery"))
    code, printed, complaint = sdwan(*words)
    assert code == status and says in complaint and not printed, printed + complaint
    assert len(account.calls("StartRecovery")) == before


def test_the_pages_commands_are_there() -> None:
    """Every command line of docs/recovery.md, with its options."""
    page = (REPO / "docs/recovery.md").read_text()
    lines = {line.strip().rstrip("`") for line in re.findall(r"sdwan recovery [a-z][^`\n)]*", page)}
    verbs = {line.split()[2] for line in lines}
    assert {"drill", "approve", "terminate", "start"} <= verbs
    for line in lines:
        verb, *words = line.split()[2:]
        code, printed, _ = sdwan(verb, "--help")
        assert code == AS_WANTED and f"USAGE: sdwan recovery {verb}" in printed, line
        assert all(word.split("=")[0] in printed for word in words if word.startswith("--")), line


def test_help_says_what_the_deployment_is_called() -> None:
    code, printed, _ = sdwan("--help")
    assert code == AS_WANTED and "called recovery where no --name says otherwise" in " ".join(printed.split())
