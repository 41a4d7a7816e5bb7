"""scripts/invoke: a function on this machine, called as Lambda calls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from fakes.runtime_api import RuntimeAPI
from harness import Lab, zip_path

from local.contract import quotas

ROOT = Path(__file__).parents[2]
INVOKE = ROOT / "scripts/invoke"
# A function in Python, for what no function of ours does. `act` is each test's own.
FUNCTION = """#!{python}
import json, os, signal, subprocess, sys, time, urllib.error, urllib.request
API = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime"

def call(path, body=None, **headers):
    request = urllib.request.Request(API + path, body, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()

nth = 0
{start}
while True:
    _, headers, event = call("/invocation/next")
    mine = "/invocation/" + headers["Lambda-Runtime-Aws-Request-Id"]
    nth += 1
    {act}
    call(mine + "/response", event)
"""


def function(folder: Path, act: str = "pass", start: str = "") -> Path:
    """A bootstrap that echoes, after it has acted."""
    path = folder / "bootstrap"
    path.write_text(FUNCTION.format(python=sys.executable, act=act, start=start))
    path.chmod(0o755)
    return path


def zipped(folder: Path, mode: int = 0o755, name: str = "bootstrap", function: Path | None = None) -> Path:
    path = folder / "dist" / "worker.zip"
    path.parent.mkdir()
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, function.read_bytes() if function else b"#!/bin/true\n")
    return path


def invoke(*words: str | Path, event: bytes | str = "{}", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([INVOKE, words[0], "-", *words[1:]], capture_output=True, text=isinstance(event, str), input=event,
                          env=os.environ | environment)


def refused(result: subprocess.CompletedProcess[str]) -> str:
    assert (result.returncode, result.stdout) == (2, "")
    assert "usage: scripts/invoke" in result.stderr and "Traceback" not in result.stderr
    return result.stderr


def test_an_answer_a_log_a_time_and_the_memory(tmp_path: Path) -> None:
    result = invoke(function(tmp_path, 'print("this is the log", flush=True)'), event='{"a": 1}')
    assert (result.returncode, result.stdout) == (0, '{"a": 1}\n')
    lines = result.stderr.splitlines()
    assert lines[0] == "this is the log" and len(lines) == 2
    assert lines[1].startswith("==> started in ") and "answer after" in lines[1] and lines[1].endswith(" MiB")


def test_an_event_from_a_file_for_a_zip_of_another_package(tmp_path: Path) -> None:
    zipped(tmp_path, function=function(tmp_path))
    (tmp_path / "event.json").write_text("[1, 2]")
    words = [INVOKE, "worker", tmp_path / "event.json", "--package-path", tmp_path]
    assert subprocess.run(words, capture_output=True, check=True).stdout == b"[1, 2]\n"


def test_one_process_takes_all_events(tmp_path: Path) -> None:
    result = invoke(function(tmp_path, "event = b'[%d, %d]' % (os.getpid(), nth)"), "--count", "4")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len({pid for pid, _ in answers}) == 1 and [nth for _, nth in answers] == [1, 2, 3, 4]
    assert "then 3 in" in result.stderr and "median" in result.stderr


def test_an_error_is_1(tmp_path: Path) -> None:
    act = """call(mine + "/error", b'{"errorType": "X.Y", "errorMessage": "no"}'); continue"""
    result = invoke(function(tmp_path, act))
    assert (result.returncode, json.loads(result.stdout)["errorType"]) == (1, "X.Y")


def test_one_error_among_answers_is_1(tmp_path: Path) -> None:
    act = """
    if nth == 2:
        call(mine + "/error", b'{"errorType": "X.Y", "errorMessage": "no"}'); continue"""
    result = invoke(function(tmp_path, act), "--count", "3")
    assert result.returncode == 1 and len(result.stdout.splitlines()) == 3
    assert "1 of 3 errors" in result.stderr


def test_a_start_that_fails_is_1_and_says_why() -> None:
    """Phase 1 without the variables that it needs: its own report, from its own zip."""
    result = invoke("phase1")
    assert (result.returncode, json.loads(result.stdout)["errorType"]) == (1, "Configuration.Invalid")
    assert "did not start" in result.stderr and "VYOS_S3_BUCKET" in result.stderr


@pytest.mark.parametrize("how, words", [
    ("sys.exit(3)", "exit status 3"), ("sys.exit(0)", "without providing a reason"),
    ("os.kill(os.getpid(), signal.SIGKILL)", "signal: SIGKILL")])
def test_a_process_that_ends_is_1(tmp_path: Path, how: str, words: str) -> None:
    at_the_second = invoke(function(tmp_path, f"if nth == 2: {how}"), "--count", "5")
    assert at_the_second.returncode == 1
    first, second = at_the_second.stdout.splitlines()
    assert first == "{}" and json.loads(second)["errorType"] == "Runtime.ExitError" and words in second
    assert "3 of 5 were not handed to it" in at_the_second.stderr
    at_the_start = invoke(function(tmp_path, start=how))
    assert at_the_start.returncode == 1 and words in json.loads(at_the_start.stdout)["errorMessage"]


def test_a_process_that_answers_and_does_not_come_back_is_1(tmp_path: Path) -> None:
    result = invoke(function(tmp_path, 'call(mine + "/response", event); sys.exit(0)'), "--count", "2")
    assert (result.returncode, result.stdout) == (1, "{}\n")
    assert "did not come back" in result.stderr and "1 of 2 were not handed to it" in result.stderr


@pytest.mark.parametrize("where", ["act", "start"])
def test_a_function_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path, where: str) -> None:
    hang = f"""
    child = subprocess.Popen(["sleep", "1000"]); open("{tmp_path}/child", "w").write(str(child.pid)); time.sleep(1000)"""
    hang = hang if where == "act" else hang.strip()
    result = invoke(function(tmp_path, **{where: hang}), "--timeout", "1", "--count", "2")
    assert result.returncode == 1
    error = json.loads(result.stdout)
    assert error["errorType"] == "Sandbox.Timedout" and "timed out after 1.00 seconds" in error["errorMessage"]
    assert not Path(f"/proc/{(tmp_path / 'child').read_text()}/cmdline").exists() or \
        not Path(f"/proc/{(tmp_path / 'child').read_text()}/cmdline").read_bytes()


def test_who_ends_the_call_ends_the_function(tmp_path: Path) -> None:
    path = function(tmp_path, 'print(os.getpid(), flush=True); time.sleep(1000)')
    with subprocess.Popen([INVOKE, path, "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stderr
        process.stdin.write("{}")
        process.stdin.close()
        pid = int(process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_environment_is_lambdas_and_what_is_given(tmp_path: Path) -> None:
    path = function(tmp_path, "event = json.dumps(dict(os.environ)).encode()")
    result = invoke(path, "--env", "COLOUR=blue=green", "--env", "SECRET", "--env", "AWS_REGION=eu-central-1",
                    SECRET="hush", NOBODYS="business", AWS_ACCESS_KEY_ID="mine", HOME="/root")
    told = json.loads(result.stdout)
    assert (told["COLOUR"], told["SECRET"]) == ("blue=green", "hush")
    assert told["AWS_REGION"] == told["AWS_DEFAULT_REGION"] == "eu-central-1"
    assert told["LAMBDA_TASK_ROOT"] == str(tmp_path) and told["AWS_LAMBDA_FUNCTION_NAME"] == "bootstrap"
    assert not {"NOBODYS", "AWS_ACCESS_KEY_ID", "HOME", "PYTHONPATH"} & told.keys()


def test_the_largest_answer_and_one_byte_more(tmp_path: Path) -> None:
    path = function(tmp_path, 'status = call(mine + "/response", b"1" * json.loads(event))[0]\n    if status == 202: continue\n'
                              '    call(mine + "/error", b"%d" % status); continue')
    largest = invoke(path, event=str(quotas.ANSWER))
    assert largest.returncode == 0 and len(largest.stdout) == quotas.ANSWER + 1
    one_more = invoke(path, event=str(quotas.ANSWER + 1))
    assert (one_more.returncode, one_more.stdout) == (1, "413\n")


def test_a_runtime_that_breaks_a_rule_is_1(tmp_path: Path) -> None:
    result = invoke(function(tmp_path, 'call(mine + "/response", event)'))
    assert (result.returncode, result.stdout) == (1, "{}\n")
    assert "broke a rule of the Runtime API: POST" in result.stderr and "/response: 403" in result.stderr


def test_an_answer_that_is_no_json_is_told(tmp_path: Path) -> None:
    result = invoke(function(tmp_path, "event = b'hello'"))
    assert result.returncode == 0 and "no JSON" in result.stderr


def test_a_web_page_gets_nothing_from_the_runtime_api(tmp_path: Path) -> None:
    path = function(tmp_path, 'event = b"[%d, %d]" % (call("/x", Host="evil.example")[0], call("/x", Origin="http://a.b")[0])')
    assert json.loads(invoke(path).stdout) == [403, 403]


def test_a_real_package_over_a_fake_systems_manager(lab: Lab) -> None:
    """The verification of four routers, whose commands answer nothing: everything that --env hands over is used."""
    names = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "SSM_TIMEOUT", "SSM_POLL_INTERVAL",
             "SDWAN_VERIFY_TIMEOUT")
    own = {name: value for name, value in lab.environment("phase3", RuntimeAPI()).items() if name in names}
    words = [word for name in own for word in ("--env", name)]
    result = invoke("phase3", *words, "--count", "2", **own)
    assert result.returncode == 0, result.stderr
    assert [json.loads(line)["phase"] for line in result.stdout.splitlines()] == ["phase3", "phase3"]


@pytest.mark.parametrize("event", ["", "{", "NaN", "[Infinity]"])
def test_an_event_that_lambda_refuses(tmp_path: Path, event: str) -> None:
    assert "no JSON" in refused(invoke(function(tmp_path), event=event))


def test_an_event_that_is_no_text(tmp_path: Path) -> None:
    result = invoke(function(tmp_path), event=b'"\xff"')
    assert result.returncode == 2 and b"no JSON" in result.stderr


def test_the_largest_event_and_one_byte_more(tmp_path: Path) -> None:
    path = function(tmp_path, "event = b'%d' % len(event)")
    assert invoke(path, event='"' + "x" * (quotas.PAYLOAD - 2) + '"').stdout == f"{quotas.PAYLOAD}\n"
    assert "Lambda takes" in refused(invoke(path, event='"' + "x" * (quotas.PAYLOAD - 1) + '"'))


@pytest.mark.parametrize("words, complaint", [
    (["--env", "1A=x"], "begin with a letter"), (["--env", "A=x"], "two at least"), (["--env", "A-B=x"], "begin with a letter"),
    (["--env", "=x"], "begin with a letter"), (["--env", "NOT_SET_HERE"], "not set here"),
    (["--env", "AWS_LAMBDA_RUNTIME_API=127.0.0.1:1"], "Lambda sets"), (["--env", "LAMBDA_TASK_ROOT=/"], "Lambda sets"),
    (["--count", "0"], "from 1"), (["--count", "x"], "invalid"),
    (["--timeout", "901"], "900"), (["--timeout", "0"], "900"), (["--timeout", "nan"], "900")])
def test_options_that_lambda_would_refuse(tmp_path: Path, words: list[str], complaint: str) -> None:
    assert complaint in refused(invoke(function(tmp_path), *words))


def test_variables_that_are_too_many(tmp_path: Path) -> None:
    """Counted as JSON. A session's token is Lambda's own and does not count."""
    largest = "BIG=" + "x" * (quotas.ENVIRONMENT - len('{"BIG":""}'))
    token = ["--env", "AWS_SESSION_TOKEN=" + "x" * 2000]
    assert invoke(function(tmp_path), "--env", largest, *token).returncode == 0
    assert "bytes; Lambda gives" in refused(invoke(function(tmp_path), "--env", largest + "x"))


def test_a_name_that_there_is_not(tmp_path: Path) -> None:
    zipped(tmp_path)
    complaint = refused(invoke("waiter", "--package-path", tmp_path))
    assert "there are: worker" in complaint and "scripts/package" in complaint
    assert "no file" in refused(invoke(tmp_path / "nothing.zip"))
    assert "no file" in refused(invoke(f"{tmp_path}/"))


def test_code_that_lambda_could_not_start(tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("words")
    assert "neither a zip nor a program" in refused(invoke(text))
    text.chmod(0o755)
    assert "Exec format" in refused(invoke(text))


@pytest.mark.parametrize("entry, complaint", [
    ({"mode": 0o644}, "executable for all"), ({"mode": 0o750}, "executable for all"), ({"name": "bin/bootstrap"}, "at its root")])
def test_zips_that_lambda_could_not_start(tmp_path: Path, entry: dict, complaint: str) -> None:
    assert complaint in refused(invoke(zipped(tmp_path, **entry)))


def test_the_zips_of_the_project_are_startable() -> None:
    """What is refused above is not refused here: the zip of a phase reaches its own start."""
    assert "did not start" in invoke(zip_path("phase1")).stderr
