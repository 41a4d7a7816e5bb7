"""What a local run leaves to the operator's tool, and in which order its words come."""

import argparse
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from local import kept, lab, run, tool
from local.dataplane.start import PROGRAMS
from local.execution.progress import Progress
from local.tool import Tool

WELL = Progress("SUCCEEDED", output={"phase3_result": {"success_count": 4}})
ILL = Progress("FAILED", "Phase.RoutersFailed", "phase3: a", results={"phase3_result": {"fail_count": 1}})


class FakeExecution:
    name = "0a1b"

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def ended(self) -> Progress:
        return self._progress


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tool that writes down what it is asked for, and ends with the status in the file `status`."""
    program, words = tmp_path / "sdwan", tmp_path / "words"
    program.write_text(f'#!/bin/sh\necho "sdwan $*" | tee -a {words}\nread -r status 2>/dev/null <{tmp_path}/status\n'
                       'exit "${status:-0}"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(tool, "PROGRAM", program)
    return words


def asked(words: Path) -> list[str]:
    return [line.removeprefix("sdwan ").removesuffix(" --region us-east-1") for line in words.read_text().splitlines()]


@pytest.mark.parametrize(("approve", "given"), [(None, "yes"), ("no", "no"), ("ask", "ask")])
def test_the_tool_follows_and_answers(said: Path, approve: str | None, given: str) -> None:
    # Nobody can be asked here.
    assert run.follow(FakeExecution(WELL), Tool({}), approve) is WELL
    assert asked(said) == [f"watch 0a1b --approve {given}"]


def test_an_execution_is_waited_for_where_the_tool_cant_follow_it(said: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said.with_name("status").write_text("5\n")
    assert run.follow(FakeExecution(ILL), Tool({}), None) is ILL
    assert "the tool could not follow it" in capsys.readouterr().out


@pytest.mark.parametrize(("progress", "event", "words"), [
    (WELL, "{}", ["graph --format text --execution 0a1b"]), (ILL, "{}", ["why", "graph --format text --execution 0a1b"]),
    (WELL, '{"mode": "plan"}', ["plan"])])
def test_what_came_of_it(said: Path, progress: Progress, event: str, words: list[str]) -> None:
    run.explain(FakeExecution(progress), progress, Tool({}), event)
    assert asked(said) == words


@pytest.mark.parametrize(("progress", "reported"), [(WELL, {"phase3_result": {"success_count": 4}}), (ILL, {
    "status": "FAILED", "error": "Phase.RoutersFailed", "cause": "phase3: a", "phase3_result": {"fail_count": 1}})])
def test_the_verdict_is_the_last_line(said: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], progress: Progress,
                                      reported: dict[str, Any]) -> None:
    report, page, taken = tmp_path / "report.json", tmp_path / "report.html", tmp_path / "footprint.json"
    run.conclude(FakeExecution(progress), progress, Tool({}), report, page, taken)
    assert capfd.readouterr().out.splitlines()[-1] == f"execution {progress.status}"
    assert json.loads(report.read_text()) == reported
    assert asked(said) == [f"report 0a1b --html {page} --footprint {taken}"]


def test_an_interrupted_run_lets_the_tool_leave_the_terminal_as_it_was(tmp_path: Path) -> None:
    program = tmp_path / "sdwan"
    program.write_text(f"#!/bin/sh\ntrap 'echo restored >{tmp_path}/restored; exit 130' TERM\necho up >{tmp_path}/up\n"
                       "while :; do sleep 0.05; done\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    text = (f"import signal, sys; from pathlib import Path; from local import tool; tool.PROGRAM = Path('{program}')\n"
            "signal.signal(signal.SIGTERM, lambda *_: sys.exit(143)); tool.Tool({}).run('watch')")
    with subprocess.Popen([sys.executable, "-c", text], env={**os.environ, "PYTHONPATH": str(Path(run.__file__).parents[1])}) as process:
        while not (tmp_path / "up").exists():
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 143
    assert (tmp_path / "restored").exists()


def a_lab(folder: Path) -> kept.Kept:
    return kept.Kept(os.getpid(), str(folder), {}, "arn", {"a": {}}, "1.3", "real", {}, "http://127.0.0.1:1/key/")


def test_the_labs_status_is_the_tools(said: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert lab.status(a_lab(tmp_path), argparse.Namespace()) == 0
    shown = capfd.readouterr().out
    assert "page: http://127.0.0.1:1/key/" in shown and "broken: nothing" in shown
    assert asked(said) == ["status --endpoint local"]


@pytest.mark.parametrize(("kind", "starts"), [("real", 1), ("on paper", 0)])
def test_a_kept_run_has_a_page_where_there_is_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, starts: int) -> None:
    class Interrupted(Exception):
        pass

    def pause() -> None:
        kept_as.append(kept.Kept.read())
        raise Interrupted

    started, kept_as = [], []
    monkeypatch.setattr(kept, "FILE", tmp_path / "lab.json")
    monkeypatch.setattr(kept, "_works_in", lambda _: True)
    monkeypatch.setattr(run.Page, "start", lambda *_: started.append(1) or argparse.Namespace(address="http://127.0.0.1:1/k/"))
    monkeypatch.setattr(run.signal, "pause", pause)
    with pytest.raises(Interrupted):
        run._keep(kept.Kept(os.getpid(), str(tmp_path), {}, "arn", {}, "1.3", kind, {}), Tool({}))
    assert len(started) == starts and kept_as[0].page.startswith("http" if starts else "none") and not (tmp_path / "lab.json").exists()


def test_the_labs_runs_take_approvals(said: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab.handle, "start", lambda *_: FakeExecution(WELL))
    assert lab.run(a_lab(tmp_path), lab.parser().parse_args(["run", "--approve", "no"])) == 0
    assert asked(said) == [f"{words} --endpoint local" for words in (
        "watch 0a1b --approve no", "graph --format text --execution 0a1b", f"report 0a1b --html {tmp_path / 'report.html'}")]


def test_the_lab_promises_only_programs_that_it_needs_itself() -> None:
    promised = lab.DESCRIPTION.partition("beside its daemons (")[2].partition(")")[0].split(", ")
    assert len(promised) > 3 and set(promised) <= set(PROGRAMS)


def test_the_labs_log_is_its_owners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulators' keys and the page's address are in it."""
    log = tmp_path / "lab.log"
    log.write_text("of an earlier lab")
    log.chmod(0o644)
    monkeypatch.setattr(lab, "LOG", log)
    monkeypatch.setattr(lab.Kept, "read", lambda: None)
    monkeypatch.setattr(lab.sys, "executable", "/bin/false")
    with pytest.raises(lab.NotUp):
        lab.up([])
    assert stat.S_IMODE(log.stat().st_mode) == 0o600 and "earlier" not in log.read_text()
