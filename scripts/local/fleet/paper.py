"""Hosts that exist on paper only: for networks too large for a sandbox each, and for tests that have to be fast.

A script that is sent to such a host is read, not run (paper_routers.py).
"""

import json
import random
import threading
import time
from collections import defaultdict
from pathlib import Path

from ..network_file import HOSTS
from . import faults
from .activity import ActivityLog
from .instances import Instance
from .paper_routers import PaperRouters
from .runcommand import CANCELLED, Outcome

# Seconds that a command takes, unless the file of the hosts says something else.
SHORTEST, LONGEST = 0.1, 1.0


class PaperFleet:
    """The hosts of the file; all are online but those with that fault."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        written = json.loads((folder / HOSTS).read_text())
        self.version: str = written["version"]
        self.seconds: dict[str, list[float]] = written["seconds"]
        self.hosts: dict[str, dict[str, str]] = {host["name"]: host for host in written["hosts"]}
        self._instances = {host["instance_id"]: Instance(host["instance_id"], host["name"], host["region"],
                                                         host["outside_private_ip"], network=host["network"])
                           for host in written["hosts"]}

    def online(self, region: str) -> dict[str, Instance]:
        offline = faults.read(self.folder).offline
        return {id: host for id, host in self.instances(region).items() if host.name not in offline}

    def instances(self, region: str) -> dict[str, Instance]:
        return {id: host for id, host in self._instances.items() if host.region == region}

    def takes(self, instance: Instance, phase: str) -> float:
        """Seconds that a phase's command takes on a host."""
        return random.Random(instance.name).uniform(*self.seconds.get(phase, (SHORTEST, LONGEST)))


class PaperAgents:
    """Takes scripts as the agents of real hosts do; a command can hang and be cancelled."""

    def __init__(self, fleet: PaperFleet) -> None:
        self.fleet = fleet
        self._activity = ActivityLog(fleet.folder)
        self._routers = PaperRouters(fleet.folder, fleet.version, fleet.hosts)
        # By command and instance: one command may be for many.
        self._cancelled: defaultdict[tuple[str, str], threading.Event] = defaultdict(threading.Event)

    def run(self, instance: Instance, command_id: str, comment: str, text: str, timeout: float) -> Outcome:
        # A plan's comment says so before its phase.
        words = comment.split(" ")
        phase = " ".join(words[:2]) if words[0] == "plan" else words[0]
        started = time.time()
        self._activity.write(instance, command_id, comment, "start")
        wrong = faults.read(self.fleet.folder)
        hangs = wrong.hanging.get(instance.name) == phase
        takes = None if hangs else min(self.fleet.takes(instance, phase), timeout)
        if self._cancelled[command_id, instance.id].wait(takes):
            outcome = Outcome(-1, "", "", CANCELLED, CANCELLED)
        else:
            status, out, err = self._routers.follow(instance, phase, text, wrong)
            ended = "Success" if status == 0 else "Failed"
            outcome = Outcome(status, out, err, ended, ended)
        self._cancelled.pop((command_id, instance.id), None)
        self._activity.write(instance, command_id, comment, outcome.status, time.time() - started)
        return outcome

    def cancel(self, command_id: str, instance_ids: list[str]) -> None:
        for instance_id in instance_ids:
            self._cancelled[command_id, instance_id].set()

    def stop(self) -> None:
        """Nothing runs."""
