"""Run Command on our hosts: a script is a file that root runs, it can time out and be cancelled."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import accidents, faults
from .activity import ActivityLog
from .instances import Fleet, Instance

# The environment with an instance's credentials, as its metadata service gives them.
Keys = Callable[[Instance], dict[str, str]]
CANCELLED = "Cancelled"
TIMED_OUT = "TimedOut"


@dataclass
class Outcome:
    """What became of one script on one host."""

    exit_code: int
    stdout: str
    stderr: str
    status: str
    detail: str


class Agents:
    """Runs scripts in the hosts' sandboxes and writes each one's beginning and end to a log."""

    def __init__(self, fleet: Fleet, environment: dict[str, str], keys: Keys) -> None:
        self.fleet = fleet
        self._environment = environment
        self._keys = keys
        self._activity = ActivityLog(fleet.folder)
        self._lock = threading.Lock()
        self._running: dict[tuple[str, str], subprocess.Popen[bytes]] = {}
        self._cancelled: set[tuple[str, str]] = set()

    def run(self, instance: Instance, command_id: str, comment: str, text: str, timeout: float) -> Outcome:
        """Run `text` to its end, to `timeout` seconds or to its cancellation."""
        sandbox = self.fleet.sandbox(instance)
        folder = sandbox.folder / "commands" / command_id
        folder.mkdir(parents=True)
        # outside of what the host's root can write: a link of theirs must lead nobody astray
        script, document = folder / "_script.sh", f"/opt/amazon/ssm/{command_id}/_script.sh"
        script.write_text(text + "\n")
        script.chmod(0o700)
        # A text without a first line `#!` goes to sh, as the agent's script runner would do it.
        argv = [document] if text.startswith("#!") else ["/bin/sh", document]
        wrong = faults.read(self.fleet.folder)
        environment = {**self._environment, **self._keys(instance), "AWS_REGION": instance.region, "AWS_DEFAULT_REGION": instance.region,
                       **wrong.host_environment.get(instance.name, {})}
        self._activity.write(instance, command_id, comment, "start")
        for accident in wrong.accidents:
            # a command's comment begins with its phase
            if accident.router == instance.name and comment.startswith(accident.phase):
                accidents.perform(accident, sandbox)
        started = time.monotonic()
        command = sandbox.command(argv, environment, instance.name in wrong.full, (script, document))
        outcome = self._execute((command_id, instance.id), command, folder, timeout)
        self._activity.write(instance, command_id, comment, outcome.status, time.monotonic() - started)
        return outcome

    def cancel(self, command_id: str, instance_ids: list[str]) -> None:
        """Kill a command's process groups; one that has not begun yet ends as it begins."""
        with self._lock:
            for key in ((command_id, instance_id) for instance_id in instance_ids):
                self._cancelled.add(key)
                if key in self._running:
                    _kill_group(self._running[key])

    def stop(self) -> None:
        """Leave no script behind."""
        with self._lock:
            for process in self._running.values():
                _kill_group(process)

    def _execute(self, key: tuple[str, str], argv: list[str], folder: Path, timeout: float) -> Outcome:
        status, detail = "", ""
        with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True)
            with self._lock:
                self._running[key] = process
                if key in self._cancelled:
                    _kill_group(process)
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                _kill_group(process)
                process.wait()
                status, detail = TIMED_OUT, "ExecutionTimedOut"
            with self._lock:
                del self._running[key]
                if key in self._cancelled:
                    status = detail = CANCELLED
        if not status:
            status = detail = "Success" if process.returncode == 0 else "Failed"
        read = [(folder / name).read_text(errors="replace") for name in ("stdout", "stderr")]
        return Outcome(process.returncode, read[0], read[1], status, detail)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
