"""Nothing of a run outlives it."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local.processes import MARK, Daemons, StartFailed, free_port, sweep, wait_for

STUBBORN = "trap '' TERM; sleep 600 & echo $! > {0}; wait; wait"


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    # an ended process whose parent does not care is still in the table
    return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_stop_ends_a_stubborn_program_and_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.processes.STOP_SECONDS", 0.3)
    daemons, note = Daemons(), tmp_path / "child"
    process = daemons.start(["sh", "-c", STUBBORN.format(note)], dict(os.environ), tmp_path / "log")
    while not note.exists() or not note.read_text().strip():
        time.sleep(0.02)
    child = int(note.read_text())
    assert alive(child)
    daemons.stop()
    assert process.poll() is not None
    for _ in range(100):
        if not alive(child):
            break
        time.sleep(0.02)
    assert not alive(child)


def test_a_program_that_dies_is_reported_with_its_log(tmp_path: Path) -> None:
    daemons = Daemons()
    process = daemons.start([sys.executable, "-c", "raise SystemExit('no luck')"], dict(os.environ), tmp_path / "log")
    with pytest.raises(StartFailed, match=f"status 1; see {tmp_path}/log"):
        wait_for(f"http://127.0.0.1:{free_port()}/", process, tmp_path / "log")
    assert "no luck" in (tmp_path / "log").read_text()


def test_silence_is_reported(tmp_path: Path) -> None:
    daemons = Daemons()
    process = daemons.start(["sleep", "600"], dict(os.environ), tmp_path / "log")
    with pytest.raises(StartFailed, match="no answer"):
        wait_for(f"http://127.0.0.1:{free_port()}/", process, tmp_path / "log", seconds=0.3)
    daemons.stop()


def test_free_ports_can_be_bound() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port()))


def test_help_needs_nothing_installed() -> None:
    scripts = Path(__file__).resolve().parents[2]
    shown = subprocess.run([scripts / "run-local", "--help"], capture_output=True, text=True, check=True,
                           env={"PATH": os.environ["PATH"]})
    for option in ("--report", "--keep", "--input", "--vyos-version", "--fault", "--skip-build"):
        assert option in shown.stdout
    assert "simulated" in shown.stdout


def ends(process: int) -> bool:
    for _ in range(500):
        if not alive(process):
            return True
        time.sleep(0.02)
    return False


def test_a_program_ends_with_a_run_that_is_killed(tmp_path: Path) -> None:
    text = ("import os, sys; from pathlib import Path; from local.processes import Daemons\n"
            "print(Daemons().start(['sleep', '600'], dict(os.environ), Path(sys.argv[1])).pid, flush=True); sys.stdin.read()")
    scripts = str(Path(__file__).resolve().parents[2])
    with subprocess.Popen([sys.executable, "-c", text, str(tmp_path / "log")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True, env={**os.environ, "PYTHONPATH": scripts}) as run:
        assert run.stdout is not None
        program = int(run.stdout.readline())
        # Before setpriv has become the program, nothing ties it to the run yet; a sweep would find it.
        while Path(f"/proc/{program}/comm").read_text() != "sleep\n":
            time.sleep(0.02)
        run.kill()
    assert ends(program)


def test_a_sweep_ends_what_is_left_of_a_run(tmp_path: Path) -> None:
    def start(name: str) -> "subprocess.Popen[bytes]":
        # a program of the run, and one that it has started
        return subprocess.Popen(["sh", "-c", "sleep 600 & echo $!; wait"], stdout=subprocess.PIPE, start_new_session=True,
                                cwd=tmp_path, env={**os.environ, MARK: str(tmp_path / name)})

    left, other = start("run"), start("run-2")
    assert left.stdout is not None
    child = int(left.stdout.readline())
    sweep(tmp_path / "run")
    assert left.wait(10) == -9 and ends(child) and other.poll() is None
    sweep(tmp_path / "run-2")
    assert other.wait(10) == -9
