"""Hosts that exist on paper only, for networks too large for a sandbox each.

A script that is sent to such a host is read, not run: its configuration lines go through the same grammar
into the same simulated network as those of sandboxed hosts, and its questions are answered from there.
"""

import base64
import gzip
import json
import random
import re
import shlex
import threading
import time
from pathlib import Path

from .activity import ActivityLog
from .fleet import Instance
from .network_file import HOSTS
from .runcommand import CANCELLED, Outcome
from .vyos import show_bgp, show_interfaces, show_ipsec, tree
from .vyos.grammar import Grammar, Refused
from .vyos.model import Router
from .vyos.network import Worlds
from .vyos.ping import ping

# Seconds that a command takes, unless the file of the hosts says something else.
SHORTEST, LONGEST = 0.1, 1.0
SECRET = "the-same-key-for-all"
LONGEST_PLAIN = 20_000
VALUE = re.compile(r"^readonly (\w+)='(.*)'$", re.MULTILINE)
SET = re.compile(r"^(?:must|secretly)_set (.*)$", re.MULTILINE)
CONFIGURATION = re.compile(r"^configure_script\(\) \{\n  cat <<'SDWAN_END_OF_TEXT'\n(.*?)\nSDWAN_END_OF_TEXT$",
                           re.MULTILINE | re.DOTALL)


class PaperFleet:
    """The hosts of the file; all are online."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        written = json.loads((folder / HOSTS).read_text())
        self.version: str = written["version"]
        self.seconds: dict[str, list[float]] = written["seconds"]
        self.hosts: dict[str, dict[str, str]] = {host["name"]: host for host in written["hosts"]}
        self._instances = {host["instance_id"]: Instance(host["instance_id"], host["name"], host["region"],
                                                         host["outside_private_ip"]) for host in written["hosts"]}

    def online(self, region: str) -> dict[str, Instance]:
        return self.instances(region)

    def instances(self, region: str) -> dict[str, Instance]:
        return {id: host for id, host in self._instances.items() if host.region == region}


class PaperAgents:
    """Takes scripts as the agents of real hosts do, and does what they mean."""

    def __init__(self, fleet: PaperFleet) -> None:
        self.fleet = fleet
        self._activity = ActivityLog(fleet.folder)
        self._grammar = Grammar(fleet.version)
        self._worlds = Worlds({host["outside_eip"]: name for name, host in fleet.hosts.items()})
        self._lock = threading.Lock()
        self._routers: dict[str, Router] = {}
        self._cancelled: set[str] = set()

    def run(self, instance: Instance, command_id: str, comment: str, text: str, timeout: float) -> Outcome:
        phase = comment.split(" ")[0]
        started = time.time()
        self._activity.write(instance, command_id, comment, "start")
        time.sleep(min(random.Random(instance.name).uniform(*self.fleet.seconds.get(phase, (SHORTEST, LONGEST))), timeout))
        if command_id in self._cancelled:
            outcome = Outcome(-1, "", "", CANCELLED, CANCELLED)
        else:
            work = {"phase1": self._set_up, "phase2": self._configure, "phase3": self._answer}.get(phase, _echo)
            status, out, err = work(instance, text)
            ended = "Success" if status == 0 else "Failed"
            outcome = Outcome(status, out, err, ended, ended)
        self._activity.write(instance, command_id, comment, outcome.status, time.time() - started)
        return outcome

    def cancel(self, command_id: str, _instance_ids: list[str]) -> None:
        self._cancelled.add(command_id)

    def stop(self) -> None:
        """Nothing runs."""

    # The phases

    def _set_up(self, instance: Instance, text: str) -> tuple[int, str, str]:
        return self._commit(instance, {}, text)

    def _configure(self, instance: Instance, text: str) -> tuple[int, str, str]:
        router = self._routers.get(instance.name)
        if router is None:
            return 1, "", "sdwan: there is no container named router on this host: run phase 1 first\n"
        base = {section: below for section, below in router.tree.items() if section not in ("vpn", "protocols")}
        return self._commit(instance, json.loads(json.dumps(base)), text)

    def _commit(self, instance: Instance, wanted: tree.Tree, text: str) -> tuple[int, str, str]:
        try:
            for line in SET.findall(CONFIGURATION.findall(text)[0]):
                path = [SECRET if word == "@VPN_PSK@" else word for word in shlex.split(line)]
                self._grammar.check(path)
                tree.insert(self._grammar, wanted, path)
        except Refused as refusal:
            return 1, "", f"sdwan: refused: {refusal}\n"
        with self._lock:
            old = self._routers.get(instance.name)
            if old is not None and old.tree == wanted:
                return 0, "sdwan: configuration unchanged\nsdwan: configuration saved\n", ""
            now = time.time()
            self._routers[instance.name] = Router({"version": self.fleet.version, "cards": self._cards(instance),
                                                   "tree": wanted, "changed": dict.fromkeys(wanted, now)})
        return 0, "sdwan: configuration committed\nsdwan: configuration saved\n", ""

    def _cards(self, instance: Instance) -> dict[str, dict[str, str]]:
        return {"eth0": {"id": instance.name, "region": instance.region, "mac": "", "address": f"{instance.private_ip}/24"},
                "eth1": {"id": f"{instance.name}-inside", "region": instance.region, "mac": "", "address": "10.63.0.10/24"}}

    def _answer(self, instance: Instance, text: str) -> tuple[int, str, str]:
        with self._lock:
            router, world = self._routers.get(instance.name), self._worlds.of(list(self._routers.values()))
        if router is None:
            return 1, "", "sdwan: there is no container named router on this host: run phase 1 first\n"
        values = dict(VALUE.findall(text))
        answers = {"bgp-summary": (0, show_bgp.summary(world, router)), "interfaces": (0, show_interfaces.interfaces(router)),
                   "ip-route-bgp": (0, _wanted(show_bgp.routes(world, router), values["ROUTES"].split())),
                   "ipsec-sa": (0, show_ipsec.sa(world, router))}
        if values["SHOW_CONNECTIONS"] == "yes":
            answers["ipsec-connections"] = (0, show_ipsec.connections(world, router))
        for target in values["PING_TARGETS"].split():
            status, out, err = ping(world, router, ["-c", "3", "-W", "2", target])
            answers[f"ping-{target}"] = (status, out + err)
        return 0, _printed(answers), ""


def _echo(_instance: Instance, text: str) -> tuple[int, str, str]:
    """A command that is none of ours, like a wave's: there is nothing on paper that it could change."""
    return 0, f"not run, for the host exists on paper only: {text}\n", ""


def _wanted(routes: str, destinations: list[str]) -> str:
    """As phase 3's script does it: a routing table may be long."""
    kept, keep = [], False
    for line in routes.splitlines():
        if line.startswith("B"):
            keep = line.split()[1] in destinations
        if keep:
            kept.append(line + "\n")
    return "".join(kept)


def _printed(answers: dict[str, tuple[int, str]]) -> str:
    text = "".join(f"=====[ {name} ]=====\n{answer}\n=====[ end {name} {status} ]=====\n"
                   for name, (status, answer) in sorted(answers.items()))
    if len(text) <= LONGEST_PLAIN:
        return text
    return "=====[ gzip base64 ]=====\n" + base64.encodebytes(gzip.compress(text.encode())).decode()
