"""Kills a script at one of its commands, and runs it once more."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from .world import CARDS, World

KILLED = -9
SAMPLE_SECONDS = 0.05
MONITOR = b"[lxc monitor]"


@dataclass(frozen=True)
class Case:
    """One kill: what was killed where, how it ended, and how long a working router was away."""

    script: str
    start: str
    when: str
    step: int
    call: str
    away: float
    problem: str

    @property
    def is_good(self) -> bool:
        return not self.problem


class Away:
    """How long no container named router ran: seen by its monitor among the machine's processes."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Away:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        last = time.monotonic()
        while not self._ended.wait(SAMPLE_SECONDS):
            now = time.monotonic()
            if not any(_is_monitor(entry) for entry in Path("/proc").glob("[0-9]*/cmdline")):
                self.seconds += now - last
            last = now


def _is_monitor(entry: Path) -> bool:
    try:
        words = entry.read_bytes().rstrip(b"\0")
    except OSError:
        return False
    return words.startswith(MONITOR) and words.endswith(b" router")


def kill(world: World, name: str, script: str, start: str, step: int, when: str) -> Case | None:
    """None when the script ended before that step. The world has to be in the state `start`, and is in a good one afterwards
    if the case is."""
    had_router = start != "bare"
    with Away() as away:
        killed = world.run(script, step, when)
        if killed.returncode != KILLED:
            problem = "" if killed.returncode == 0 else f"it failed without being killed: {killed.stderr[-300:]}"
            return Case(name, start, when, step, "(none)", 0, problem) if problem else None
        world.settle()
    problem = _state_after_kill(world) if had_router else ""
    call = next((c for c in world.calls() if c.startswith(f"{step} ")), f"{step} ?")
    again = world.run(script)
    world.settle()
    if again.returncode != 0:
        problem = problem or f"the next run failed: {again.stderr[-300:]}"
    problem = problem or end_state(world)
    return Case(name, start, when, step, call.partition(" ")[2][:60], away.seconds if had_router else 0, problem)


def _state_after_kill(world: World) -> str:
    found = world.containers().get("router")
    return "" if found == "RUNNING" else f"after the kill the router is {found or 'not there'}"


def end_state(world: World) -> str:
    """What is not as it should be after a run that succeeded; nothing where all is well."""
    containers = world.containers()
    if containers != {"router": "RUNNING"}:
        return f"containers: {containers}"
    if not world.do("lxc config get router user.sdwan-state").strip():
        return "the router has no mark"
    if world.do("lxc config get router boot.autostart").strip() != "true":
        return "the router does not start with its host"
    cards = world.inside("cat /sys/class/net/eth0/address /sys/class/net/eth1/address").split()
    if cards != [CARDS["ens6"], CARDS["ens7"]]:
        return f"cards: {cards}"
    if "interfaces ethernet eth0 description OUTSIDE" not in world.inside("cat /config/config.boot"):
        return "the base configuration is not saved"
    images = world.do("lxc image list --format csv -c F").split()
    aliases = dict(line.split(",")[:2] for line in world.do("lxc image alias list --format csv").split())
    if len(images) != 1 or set(aliases) != {"sdwan", "vyos"}:
        return f"images: {images}, aliases: {aliases}"
    if left := world.leftovers().split():
        return f"left over: {left}"
    if secrets := world.inside("ls /tmp").split():
        return f"left over in the router: {secrets}"
    return _commits(world)


def _commits(world: World) -> str:
    """Two commits never overlap: each that began has ended, or was killed, before the next one begins."""
    lines = world.inside("cat /config/commits 2>/dev/null || true").split("\n")
    running = ""
    for verb, process in (line.split() for line in lines if line):
        if verb == "end" and process != running:
            return f"commit {process} ended while {running or 'none'} ran"
        running = process if verb == "begin" else ""
    return ""
