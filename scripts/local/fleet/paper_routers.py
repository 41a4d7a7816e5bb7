"""The routers of hosts on paper: what a phase's script says is done to a simulated network.

A script's configuration lines go through the same grammar into the same network as those of sandboxed hosts,
and its questions are answered from there. Every router's configuration lies in the run's folder `paper`.
"""

import base64
import copy
import gzip
import re
import shlex
import threading
import time
from pathlib import Path

from ..vyos import defects, marks, tree
from ..vyos.grammar import Grammar, Refused
from ..vyos.model import Router
from ..vyos.network import Worlds
from ..vyos.simulated import Simulated
from . import paper_plan
from .faults import DEFECT, OTHER_VALUES, Faults
from .instances import Instance, write_atomically

FOLDER = "paper"
PLAN = "plan "
# What a plan's script says of a way back.
GOING_BACK = "there is no previous configuration"
PHASES = ("phase1", "phase2", "phase3", f"{PLAN}phase1", f"{PLAN}phase2")
SECRET, OTHER_SECRET = "the-same-key-for-all", "another-key"
LONGEST_PLAIN = 20_000
LOG_LINES = 40
VALUE = re.compile(r"^readonly (\w+)='(.*)'$", re.MULTILINE)
SET = re.compile(r"^(?:must|may|secretly)_set (.*)$", re.MULTILINE)
EXECUTION = re.compile(r"^execution='(.*)'$", re.MULTILINE)
NO_ROUTER = "sdwan: there is no container named router on this host"

Answer = tuple[int, str, str]


class PaperRouters:
    """All routers of a run; those that phase 1 has not made are not there."""

    def __init__(self, folder: Path, version: str, hosts: dict[str, dict[str, str]]) -> None:
        self._folder = folder / FOLDER
        self._version = version
        self._grammar, self._defective = Grammar(version), Grammar(version, defects.UNKNOWN_NODE)
        self._worlds = Worlds({host["outside_eip"]: name for name, host in hosts.items()})
        self._lock = threading.Lock()
        self._routers: dict[str, Router] = {}
        # What phase 1 has given each.
        self._base: dict[str, tree.Tree] = {}
        # Whose change phase 2's was, and the configuration before it.
        self._previous: dict[str, tuple[str, tree.Tree]] = {}

    def follow(self, instance: Instance, phase: str, text: str, wrong: Faults) -> Answer:
        """Do what a phase's script means; exit status, stdout, stderr."""
        if phase not in PHASES:
            # One of a wave's commands.
            return 0, f"not run, for the host exists on paper only: {text}\n", ""
        if phase.startswith(PLAN):
            return self._plan(instance, phase.removeprefix(PLAN), text, wrong)
        if phase == "phase1":
            return self._set_up(instance, text, wrong)
        if instance.name not in self._routers:
            return 1, "", f"{NO_ROUTER}: run phase 1 first\n"
        if phase == "phase3":
            return self._answer(instance, text, wrong)
        if rollback := _text(text, "rollback_script"):
            return self._roll_back(instance, rollback)
        return self._configure(instance, _text(text, "configure_script"), wrong)

    # Phases 1 and 2

    def _set_up(self, instance: Instance, text: str, wrong: Faults) -> Answer:
        if dict(VALUE.findall(text)).get("RECREATE") == "never" and instance.name in self._routers:
            return 0, "sdwan: the router is as wanted and was left alone\n", ""
        self._previous.pop(instance.name, None)
        base: tree.Tree = {}
        answer = self._commit(instance, base, _text(text, "configure_script"), wrong)
        self._base[instance.name] = base
        return answer

    def _configure(self, instance: Instance, script: str, wrong: Faults) -> Answer:
        old = self._routers[instance.name].tree
        answer = self._commit(instance, copy.deepcopy(self._base[instance.name]), script, wrong)
        execution = EXECUTION.findall(script)
        # A second change of the same execution keeps what was there before the first.
        if "committed" in answer[1] and execution and self._previous.get(instance.name, ("", {}))[0] != execution[-1]:
            self._previous[instance.name] = (execution[-1], old)
        return answer

    def _roll_back(self, instance: Instance, script: str) -> Answer:
        execution, previous = self._previous.get(instance.name, (None, {}))
        asked = EXECUTION.findall(script)[-1]
        if asked and asked != execution:
            return 0, "sdwan: configuration unchanged: nothing that this execution has changed is left to take back\n", ""
        if execution is None:
            return 1, "", "sdwan: there is no previous configuration\n"
        self._put(instance, previous)
        del self._previous[instance.name]
        return 0, "sdwan: configuration saved\nsdwan: configuration restored\n", ""

    def _plan(self, instance: Instance, phase: str, text: str, wrong: Faults) -> Answer:
        values, router = dict(VALUE.findall(text)), self._routers.get(instance.name)
        if router is None:
            found = "absent"
        else:
            found = "unwanted" if phase == "phase1" and values.get("RECREATE") == "always" else "running"
        said = paper_plan.CONTAINER.format(found)
        if phase == "phase1":
            return 0, said, ""
        answers = {"container": (0, said)}
        if router is not None:
            try:
                wanted = self._planned(instance, _text(text, "plan_script"), wrong)
            except Refused as refusal:
                return 1, "", f"sdwan: refused: {refusal}\n"
            told = None if wanted is None else paper_plan.lines(router.tree, wanted)
            if told is None:
                answers |= {"plan": (7, "sdwan: there is nothing to go back to\n"), "plan-lines": (0, "0\n")}
            else:
                shown = paper_plan.slice_of(told, int(values["FIRST_LINE"]), int(values["MOST_LINES"]))
                answers |= {"plan": (0, "".join(f"plan {line}\n" for line in shown)), "plan-lines": (0, f"{len(told)}\n")}
        return 0, _printed(answers), ""

    def _planned(self, instance: Instance, script: str, wrong: Faults) -> tree.Tree | None:
        """The configuration that a plan is about: the wanted one, or the previous; none where there is none to go back to."""
        if GOING_BACK in script:
            return self._previous[instance.name][1] if instance.name in self._previous else None
        return self._taken(instance, copy.deepcopy(self._base[instance.name]), script, wrong)

    def _taken(self, instance: Instance, into: tree.Tree, script: str, wrong: Faults) -> tree.Tree:
        """A configuration with a script's lines; raises Refused."""
        environment = wrong.host_environment.get(instance.name, {})
        secret = OTHER_SECRET if OTHER_VALUES in environment else SECRET
        grammar = self._defective if environment.get(DEFECT) == defects.GRAMMAR else self._grammar
        for line in SET.findall(script):
            # A tunnel's own key is another one than the common key, and the same at both ends.
            path = [secret + word.strip("@").removeprefix("VPN_PSK") if word.startswith("@VPN_PSK") else word
                    for word in shlex.split(line)]
            grammar.check(path)
            tree.insert(grammar, into, path)
        return into

    def _commit(self, instance: Instance, base: tree.Tree, script: str, wrong: Faults) -> Answer:
        try:
            wanted = self._taken(instance, base, script, wrong)
        except Refused as refusal:
            return 1, "", f"sdwan: refused: {refusal}\n"
        old = self._routers.get(instance.name)
        if old is not None and old.tree == wanted:
            return 0, "sdwan: configuration unchanged\nsdwan: configuration saved\n", ""
        self._put(instance, copy.deepcopy(wanted))
        return 0, "sdwan: configuration committed\nsdwan: configuration saved\n", ""

    def _put(self, instance: Instance, wanted: tree.Tree) -> None:
        router = Router({"version": self._version, "cards": _cards(instance), "tree": wanted,
                         "changed": dict.fromkeys(wanted, time.time())})
        with self._lock:
            self._routers[instance.name] = router
        write_atomically(self._folder / f"{instance.name}.json", wanted)

    # Phase 3

    def _answer(self, instance: Instance, text: str, wrong: Faults) -> Answer:
        with self._lock:
            router, world = self._routers[instance.name], self._worlds.of([*self._routers.values()], _marks(wrong))
        values, view = dict(VALUE.findall(text)), Simulated(world, router)
        tables = {"ipsec-sa": view.sa, "ipsec-connections": view.connections, "bgp-summary": view.bgp_summary,
                  "interfaces": view.interfaces, "ike-sa": view.ike_sa,
                  "ip-route-bgp": lambda: _wanted(view.bgp_routes(), values["ROUTES"].split()),
                  "ipsec-log": lambda: "".join(view.ipsec_log().splitlines(keepends=True)[-LOG_LINES:])}
        answers = {name: (0, tables[name]()) for name in values["QUESTIONS"].split()}
        asked = {f"ping-{target}": ["-c", "3", "-W", "2", target] for target in values["PING_TARGETS"].split()}
        asked |= {f"full-size-ping-{target}": ["-c", "1", "-W", "2", "-M", "do", "-s", values["FULL_SIZE"], target]
                  for target in values["FULL_SIZE_TARGETS"].split()}
        for name, arguments in asked.items():
            status, out, err = view.ping(arguments)
            answers[name] = (status, out + err)
        return 0, _printed(answers), ""


def _marks(wrong: Faults) -> marks.Marks:
    """The accidents that a simulated router knows; here they happen at once."""
    found: dict[str, frozenset[str]] = {}
    for accident in wrong.accidents:
        if accident.kind in marks.ALL:
            found[accident.router] = found.get(accident.router, frozenset()) | {accident.kind}
    return found


def _text(script: str, name: str) -> str:
    """One of a script's texts; empty where it has none of that name."""
    found = re.search(rf"^{name}\(\) \{{\n(?:  router_library\n)?  cat <<'SDWAN_END_OF_TEXT'\n(.*?)\nSDWAN_END_OF_TEXT$", script,
                      re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def _cards(instance: Instance) -> dict[str, dict[str, str]]:
    return {"eth0": {"id": instance.name, "region": instance.region, "mac": "", "address": f"{instance.private_ip}/24"},
            "eth1": {"id": f"{instance.name}-inside", "region": instance.region, "mac": "", "address": "10.63.0.10/24"}}


def _wanted(routes: str, destinations: list[str]) -> str:
    """As phase 3's script does it: a routing table may be long."""
    kept, keep, wanted = [], False, set(destinations)
    for line in routes.splitlines():
        if line.startswith("B"):
            keep = line.split()[1] in wanted
        if keep:
            kept.append(line + "\n")
    return "".join(kept)


def _printed(answers: dict[str, tuple[int, str]]) -> str:
    text = "".join(f"=====[ {name} ]=====\n{answer}\n=====[ end {name} {status} ]=====\n"
                   for name, (status, answer) in sorted(answers.items()))
    if len(text) <= LONGEST_PLAIN:
        return text
    return "=====[ gzip base64 ]=====\n" + base64.encodebytes(gzip.compress(text.encode())).decode()
