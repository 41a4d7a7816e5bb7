"""Background programs of a run: output into files, ended with the run whatever ends it."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

STOP_SECONDS = 5.0
# In the environment of every program of a run: the folder of its log, by which what is left of it is found.
MARK = "SDWAN_LOCAL_RUN"


class StartFailed(Exception):
    """A program of the run did not come up; the text names its log."""


class Daemons:
    """The programs a run has started, the newest last."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, argv: list[str], environment: dict[str, str], log: Path,
              folder: Path | None = None) -> subprocess.Popen[bytes]:
        """Start a program in a process group of its own, in its log's folder unless another is named.

        It ends with this process however that ends.
        """
        argv = ["setpriv", "--pdeathsig", "KILL", "--", *argv]
        with log.open("ab") as output:
            process = subprocess.Popen(argv, env={**environment, MARK: str(log.parent)}, cwd=folder or log.parent,
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                       start_new_session=True)
        self._running.append(process)
        return process

    def stop(self) -> None:
        """End them all, those that do not listen by force."""
        for process in self._running:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running:
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                pass
            _signal(process, signal.SIGKILL)  # also what it may have left in its group
            process.wait()
        self._running.clear()


def sweep(folder: Path) -> None:
    """End what a killed run may have left, however deep: every process with its mark."""
    mark = f"{MARK}={folder}".encode()
    # Until a look finds none: a program that is just being started has no environment to read for a moment.
    while _kill_marked(mark):
        time.sleep(0.05)


def _kill_marked(mark: bytes) -> int:
    """Kill the processes that have a mark in their environment; returns how many there were."""
    found = 0
    for entry in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in entry.read_bytes().split(b"\0"):
                os.kill(int(entry.parent.name), signal.SIGKILL)
                found += 1
        except OSError:
            pass  # it has ended, or is another user's
    return found


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


def free_port() -> int:
    """A TCP port of the loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 60.0) -> None:
    """Wait until a URL answers anything at all."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise StartFailed(f"{process.args[4]} ended with status {process.returncode}; see {log}")
        try:
            opener.open(url, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise StartFailed(f"no answer from {url} within {seconds:.0f} s; see {log}")
